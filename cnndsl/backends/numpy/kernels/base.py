"""What a kernel is, and which kernel runs which operator.

To give an operator a kernel: subclass :class:`Kernel`, register it with :func:`kernel`, and list its module in
:data:`FAMILIES`. A kernel is written to be read; speed beyond that is the business of other plans, which are tested
against these.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from importlib import import_module
from typing import Any, Generic, TypeVar

import numpy as np

from ....diagnostics import Diagnostic, DiagnosticError, Label
from ....diagnostics.kinds import training
from ....ir import Node
from ....ops import Operator
from ....record import Record

__all__ = ["Array", "Kernel", "Pass", "channel_sum", "find_kernel", "kernel", "kernel_of", "registered", "spread"]

Array = np.ndarray[tuple[int, ...], np.dtype[Any]]

OperatorT = TypeVar("OperatorT", bound=Operator)
KernelT = TypeVar("KernelT", bound="type[Kernel[Any]]")


class Pass(Record):
    """One run over a batch: in training mode or not, and what keys its random numbers.

    ``start`` is the place of the first sample, where they are a part of a batch.
    """

    training: bool = False
    seed: int = 0
    step: int = 0
    start: int = 0


class Kernel(Generic[OperatorT]):
    """One node in one pass: ``forward`` keeps on the instance what ``backward`` needs.

    Arrays carry the batch as their first axis and are all of the network's dtype; a kernel neither writes to the arrays that
    it is given nor changes their dtype. ``tensors`` holds the parameters and buffers of the node by their short names; only
    buffers may be written to, in place.
    """

    def __init__(
        self, operator: OperatorT, path: str, tensors: Mapping[str, Array], run: Pass, *, input_needed: bool
    ) -> None:
        self.operator = operator
        self.path = path
        self.tensors = tensors
        self.run = run
        self.input_needed = input_needed
        self.gradients: dict[str, Array] = {}

    def forward(self, *inputs: Any, **none: Any) -> Array | tuple[Array, ...]:
        """The output for these inputs; a tuple if the node has several."""
        raise NotImplementedError

    def backward(self, *gradients: Any, **none: Any) -> tuple[Array, ...]:
        """The gradient by each input, given that by each output; those by parameters go into ``gradients``.

        A kernel with parameters returns nothing unless ``input_needed``: the first layer of a network saves much by it.
        """
        raise NotImplementedError


FAMILIES = (
    "activation",
    "adaptive",
    "convolution",
    "dropout",
    "learned",
    "linear",
    "merge",
    "normalization",
    "pooling",
    "pooling_kinds",
    "rearrange",
    "rectifiers",
    "resize",
    "sample_norms",
    "smooth",
    "transposed",
)
"""The modules that register kernels. They are imported for the first kernel: most predictions use none."""

_KERNELS: dict[type[Operator], type[Kernel[Any]]] = {}


def kernel(operator: type[Operator]) -> Callable[[KernelT], KernelT]:
    """Register the decorated class as the kernel of an operator."""

    def register(class_: KernelT) -> KernelT:
        _KERNELS[operator] = class_
        return class_

    return register


def registered() -> frozenset[type[Operator]]:
    """The operators that have a kernel."""
    return frozenset(_kernels())


@cache
def _kernels() -> Mapping[type[Operator], type[Kernel[Any]]]:
    for family in FAMILIES:
        import_module(f".{family}", __package__)
    return _KERNELS


def kernel_of(operator: type[Operator]) -> type[Kernel[Any]]:
    """The kernel of an operator that has one."""
    return _kernels()[operator]


def find_kernel(node: Node) -> type[Kernel[Any]]:
    """The kernel that runs the operator of a node; that of a base class does not count.

    Raises:
        DiagnosticError: E0433 if there is none.
    """
    if type(node.operator) in _kernels():
        return kernel_of(type(node.operator))
    raise DiagnosticError(
        Diagnostic(
            training.BACKEND_LIMITATION,
            f"the numpy backend cannot run `{node.operator.name}` at `{node.path}`",
            Label(node.span, "it has no kernel for this layer yet"),
            help=("use `--backend torch`",),
        )
    )


def channel_sum(x: Array) -> Array:
    """The sum over the batch and all axes after the channels."""
    return np.asarray(x.sum(axis=(0, *range(2, x.ndim))))


def spread(per_channel: Array, like: Array) -> Array:
    """One number per channel, shaped to go with a batch N x C x ..."""
    return per_channel.reshape(-1, *(1,) * (like.ndim - 2))
