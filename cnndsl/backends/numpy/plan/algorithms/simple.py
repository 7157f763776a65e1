"""Sums, products, normalisations and activations by themselves, concatenations, and copies into another order."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from ..weights import factors
from .base import Algorithm, Call, Unit, activate

if TYPE_CHECKING:
    from ...kernels import Array

__all__ = ["Activation", "Concatenation", "Flattening", "Normalisation", "Product", "Sum"]


class Sum(Algorithm):
    """Two by two."""

    name = "sum"
    join: ClassVar[Callable[..., Any]] = np.add

    def calls(self, unit: Unit, scratch: Array) -> list[Call]:
        (first, *others), out = self.job.inputs, self.job.output
        calls: list[Call] = [partial(self.join, first, others[0], out)] if others else [partial(np.copyto, out, first)]
        calls += [partial(self.join, out, other, out) for other in others[1:]]
        return [*calls, *self.finish(out)]


class Product(Sum):
    """Two by two; extents of 1 are repeated."""

    name = "product"
    join = np.multiply


class Normalisation(Algorithm):
    """A factor and a summand per channel."""

    name = "scale and shift"

    def calls(self, unit: Unit, scratch: Array) -> list[Call]:
        node, tensors, out = self.job.task.node, self.job.store.tensors, self.job.output
        scale = self.job.weights("scale", lambda: factors(node, tensors)[0])
        shift = self.job.weights("shift", lambda: factors(node, tensors)[1])
        scaled = partial(np.multiply, self.job.inputs[0], scale, out)
        return [scaled, partial(np.add, out, shift, out), *self.finish(out)]


class Activation(Algorithm):
    """A function of one number, on a copy."""

    name = "activation"

    def calls(self, unit: Unit, scratch: Array) -> list[Call]:
        out = self.job.output
        return [partial(np.copyto, out, self.job.inputs[0]), *activate(self.job.operator, out)]


class Concatenation(Algorithm):
    """Copies of those parts that do not lie in their place already."""

    name = "concat"

    def calls(self, unit: Unit, scratch: Array) -> list[Call]:
        calls: list[Call] = []
        start = 0
        for x in self.job.inputs:
            place = self.job.output[..., start : start + x.shape[-1]]
            start += x.shape[-1]
            if place.ctypes.data != x.ctypes.data:
                calls.append(partial(np.copyto, place, x))
        return calls


class Flattening(Algorithm):
    """The numbers of a sample in the order of the language: channels first."""

    name = "flatten"

    def calls(self, unit: Unit, scratch: Array) -> list[Call]:
        x = np.moveaxis(self.job.inputs[0], -1, 1)
        return [partial(np.copyto, self.job.output.reshape(x.shape), x)]
