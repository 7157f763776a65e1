"""Pooling of windows: along the height first, then along the width, each by whole rows of channels."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial, reduce
from typing import TYPE_CHECKING, Any

import numpy as np

from .....ops.geometry import WindowAxis
from ...kernels.counts import counted
from .base import CACHE, Algorithm, Call, Unit, carve, pieces, room

if TYPE_CHECKING:
    from ...kernels import Array

__all__ = ["GlobalMean", "Maximum", "Mean", "shifts", "span"]


class _Pooling(Algorithm):
    """Windows are joined by ``join``, from ``start`` on; padding is left out."""

    join: Callable[..., Any]
    start: float

    def units(self) -> list[Unit]:
        samples, height, width, channels = self.job.output.shape
        down, right = self.job.operator.window().stride
        return pieces(samples, height, max(1, CACHE // (width * right * channels * (down + 1) + width * channels)))

    def scratch(self) -> int:
        return max(room(self._shape(unit)) for unit in self.units())

    def calls(self, unit: Unit, scratch: Array) -> list[Call]:
        start, end, top, bottom = unit
        window, x, out = (
            self.job.operator.window(),
            self.job.inputs[0][start:end],
            self.job.output[start:end, top:bottom],
        )
        (narrow,) = carve(scratch, self._shape(unit))
        tall = [(slice(None), part) for part in shifts(window.along(0), x.shape[1], top, bottom)]
        wide = [(slice(None), slice(None), part) for part in shifts(window.along(1), x.shape[2], 0, out.shape[2])]
        calls = self._joined(x, narrow, [((axis, into), (axis, of)) for axis, (into, of) in tall])
        calls += self._joined(narrow, out, [((*axes, into), (*axes, of)) for *axes, (into, of) in wide])
        return [*calls, *self.scaled(out, top, bottom), *self.finish(out)]

    def scaled(self, out: Array, top: int, bottom: int) -> list[Call]:
        return []

    def _joined(self, x: Array, out: Array, parts: list[Any]) -> list[Call]:
        """Join shifted parts of an array into another."""
        whole = [part for part in parts if out[part[0]].shape == out.shape]
        if not whole:
            calls: list[Call] = [partial(np.copyto, out, self.start)]
            return calls + [partial(self.join, out[into], x[of], out=out[into]) for into, of in parts]
        first, *rest = [*whole, *(part for part in parts if part not in whole)]
        if not rest:
            return [partial(np.copyto, out, x[first[1]])]
        if rest[0] in whole:
            second, *rest = rest
            calls = [partial(self.join, x[first[1]], x[second[1]], out=out)]
        else:
            calls = [partial(np.copyto, out, x[first[1]])]
        return calls + [partial(self.join, out[into], x[of], out=out[into]) for into, of in rest]

    def _shape(self, unit: Unit) -> tuple[int, ...]:
        start, end, top, bottom = unit
        return end - start, bottom - top, *self.job.inputs[0].shape[2:]


def shifts(axis: WindowAxis, size: int, start: int, end: int) -> list[tuple[slice, slice]]:
    """For each element of the windows start to end: which of them have it inside the input, and where it lies there."""
    found = (span(axis, element, size, start, end) for element in range(axis.kernel_size))
    return [each for each in found if each is not None]


def span(axis: WindowAxis, element: int, size: int, start: int, end: int) -> tuple[slice, slice] | None:
    """For one element of the windows start to end what :func:`shifts` says; None if it is inside for none of them."""
    shift = element * axis.dilation - axis.before
    first = max(start, -(shift // axis.stride))
    last = min(end, (size - 1 - shift) // axis.stride + 1)
    if first >= last:
        return None
    begin = first * axis.stride + shift
    return slice(first - start, last - start), slice(begin, begin + (last - first - 1) * axis.stride + 1, axis.stride)


class Maximum(_Pooling):
    """The largest number."""

    name = "maximum"
    join = np.maximum
    start = -np.inf


class Mean(_Pooling):
    """The sum by the number of elements that count."""

    name = "mean"
    join = np.add
    start = 0.0

    def scaled(self, out: Array, top: int, bottom: int) -> list[Call]:
        sizes = self.job.inputs[0].shape[1:3]
        counts = reduce(np.multiply.outer, (counted(self.job.operator, sizes, axis) for axis in (0, 1)))
        factors = (1 / counts[top:bottom]).astype(self.job.dtype)
        if (factors == factors.flat[0]).all():
            return [partial(np.multiply, out, factors.flat[0], out)]
        return [partial(np.multiply, out, factors[..., np.newaxis], out)]


class GlobalMean(Algorithm):
    """The mean over all places."""

    name = "global mean"

    def calls(self, unit: Unit, scratch: Array) -> list[Call]:
        x, out = self.job.inputs[0], self.job.output
        flat = x.reshape(len(x), -1, x.shape[-1])
        assert np.shares_memory(flat, x)
        return [partial(np.mean, flat, axis=1, out=out.reshape(len(x), -1))]
