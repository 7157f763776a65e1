"""What a layer of a training plan is: forwards and backwards, in arrays that it is given."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

import numpy as np

from .....ops import Operator
from .....ops.activation import Relu, Sigmoid, Tanh
from .....ops.rectifiers import Relu6
from .....record import Record
from ...kernels import Array, Pass
from ...kernels.activation import logistic
from ..task import Task

__all__ = ["CHUNK", "IN_PLACE", "Layer", "Seat", "activate", "through"]

CHUNK = 256 * 1024
"""Numbers of working memory that a layer goes through at a time."""

IN_PLACE: tuple[type[Operator], ...] = (Relu, Relu6, Tanh, Sigmoid)
"""Activations whose slope can be told from their result, so that they may overwrite what they are given."""


class Seat(Record):
    """What a layer is planned with: its task, the samples of a part, its tensors by short names, and its result's array."""

    task: Task
    samples: int
    tensors: Mapping[str, Array]
    inputs: tuple[Array, ...]
    outputs: tuple[Array, ...]
    scratch: Array
    needed: tuple[bool, ...]
    """Of which inputs the gradient is wanted."""


class Layer:
    """One task. ``forward`` fills the outputs; ``backward`` fills those of ``into`` that are not None."""

    rereads: ClassVar[bool] = True
    """Whether ``backward`` looks at the inputs again."""

    def __init__(self, seat: Seat) -> None:
        self.seat = seat
        self.gradients: dict[str, Array] = {}
        """Those by parameters, by short names, which ``backward`` writes."""

    @property
    def operator(self) -> Any:
        return self.seat.task.operator

    @staticmethod
    def scratch(task: Task, samples: int) -> int:
        """How many numbers of working memory it needs."""
        return 0

    def forward(self, run: Pass) -> None:
        raise NotImplementedError

    def backward(self, gradients: tuple[Array, ...], into: tuple[Array | None, ...]) -> None:
        raise NotImplementedError


def activate(operator: Operator | None, x: Array) -> None:
    """Apply an activation in place."""
    if operator is None:
        return
    if isinstance(operator, Relu | Relu6):
        line = x.reshape(len(x), -1)
        np.maximum(line, np.zeros(line.shape[1], x.dtype), out=line)  # beside a number it is three times as slow
        if isinstance(operator, Relu6):
            np.minimum(line, np.full(line.shape[1], 6, x.dtype), out=line)
    elif isinstance(operator, Tanh):
        np.tanh(x, out=x)
    else:
        x[...] = logistic(x)


def through(operator: Operator | None, y: Array, gradient: Array, out: Array) -> None:
    """The gradient before an activation, given its result and the gradient after it."""
    if isinstance(operator, Relu):
        np.multiply(gradient, y > 0, out=out)
    elif isinstance(operator, Relu6):
        np.multiply(gradient, (y > 0) & (y < 6), out=out)
    elif isinstance(operator, Tanh):
        slope = 1 - y * y
        np.multiply(gradient, slope, out=out)
    elif isinstance(operator, Sigmoid):
        slope = y * (1 - y)
        np.multiply(gradient, slope, out=out)
    else:
        out[...] = gradient
