"""Convolution in two directions: columns along the width, and results for every height of the kernel, added up by rows.

Where C x K x K' numbers of columns go with each place in the usual way, here are C x K' of columns and O x K of results: fewer
to move, and products that are less flat. Only for a vertical stride of 1, as it works on every row of the input.
"""

from __future__ import annotations

from collections.abc import Iterator
from math import prod

import numpy as np

from .....ops.convolution import Conv
from .....ops.geometry import explicit
from ...kernels import Array, Pass
from ..algorithms.pooling import span
from ..task import Task
from .base import CHUNK, Layer, Seat, activate, through

__all__ = ["RowConvolution", "is_able", "saves"]


def is_able(task: Task) -> bool:
    """Whether a convolution can work by rows."""
    operator = task.operator
    return type(operator) is Conv and len(operator.kernel_size) == 2 and operator.stride[0] == 1


def saves(task: Task) -> bool:
    """Whether working by rows moves fewer numbers than making all columns, for about sixteen samples."""
    operator = _operator(task)
    (tall, wide), (outputs, height, width) = operator.kernel_size, task.outputs[0].type.shape
    channels = task.inputs[0].type.shape[0]
    places, weights = 16 * height * width, outputs * channels // operator.groups * tall * wide
    usual = 3 * channels * tall * wide * places
    return (3 * channels * wide + 2 * outputs * tall) * places + 6 * weights < usual


OUTSIDE = slice(0, 0), slice(0, 0)
"""Of a weight that meets nothing but padding."""


class RowConvolution(Layer):
    """Rows of the input at a time: columns G x C/G*K' x R*W*N, results G x O/G*K x R*W*N."""

    def __init__(self, seat: Seat) -> None:
        super().__init__(seat)
        operator = _operator(seat.task)
        (self.tall, self.wide), self.groups = operator.kernel_size, operator.groups
        self.top, self.gap = explicit(operator.padding)[0][0], operator.dilation[0]
        along, width = operator.window().along(1), seat.inputs[0].shape[2]
        spans = [span(along, element, width, 0, seat.outputs[0].shape[2]) for element in range(self.wide)]
        self.spans = [(element, *(found or OUTSIDE)) for element, found in enumerate(spans)]

    @staticmethod
    def scratch(task: Task, samples: int) -> int:
        kept = prod(task.outputs[0].type.shape) * samples if task.activation is not None else 0
        return _rows(task, samples) * _per_row(task, samples) + kept

    def forward(self, run: Pass) -> None:
        x, y = self.seat.inputs[0], self.seat.outputs[0]
        bias = self.seat.tensors.get("bias")
        y[...] = 0 if bias is None else bias.reshape(-1, 1, 1, 1)
        weight = self._weight()
        for start, end in self._blocks():
            columns, results = self._memory(end - start)
            self._fill(columns, x[:, start:end])
            np.matmul(weight, self._matrix(columns), out=self._matrix(results))
            for element, rows, of in self._heights(start, end):
                np.add(y[:, rows], results[:, element, of], out=y[:, rows])
        activate(self.seat.task.activation, y)

    def backward(self, gradients: tuple[Array, ...], into: tuple[Array | None, ...]) -> None:
        gradient = self._before_activation(gradients[0])
        if "bias" in self.gradients:
            self.gradients["bias"][...] = gradient.reshape(len(gradient), -1).sum(axis=1)
        x, by_input, weight = self.seat.inputs[0], into[0], self._weight()
        by_weight = np.zeros_like(weight)
        if by_input is not None:
            by_input[...] = 0
        for start, end in self._blocks():
            columns, results = self._memory(end - start)
            self._fill(columns, x[:, start:end])
            self._lift(results, gradient, start, end)
            by_weight += self._matrix(results) @ self._matrix(columns).swapaxes(1, 2)
            if by_input is not None:
                np.matmul(weight.swapaxes(1, 2), self._matrix(results), out=self._matrix(columns))
                self._spread(columns, by_input[:, start:end])
        self._give_weight(by_weight)

    def _weight(self) -> Array:
        """G x O/G*K x C/G*K'."""
        weight = self.seat.tensors["weight"].swapaxes(1, 2)
        return weight.reshape(self.groups, len(weight) // self.groups * self.tall, -1)

    def _give_weight(self, by_weight: Array) -> None:
        shape = self.seat.tensors["weight"].shape
        self.gradients["weight"][...] = by_weight.reshape(shape[0], shape[2], shape[1], shape[3]).swapaxes(1, 2)

    def _blocks(self) -> Iterator[tuple[int, int]]:
        height, rows = self.seat.inputs[0].shape[1], _rows(self.seat.task, self.seat.samples)
        return ((start, min(start + rows, height)) for start in range(0, height, rows))

    def _memory(self, rows: int) -> tuple[Array, Array]:
        """Columns C x K' x R x W x N and results O x K x R x W x N."""
        (channels, *_), (outputs, _, *places) = self.seat.inputs[0].shape, self.seat.outputs[0].shape
        shapes = (channels, self.wide, rows, *places), (outputs, self.tall, rows, *places)
        size = prod(shapes[0])
        scratch = self.seat.scratch
        return scratch[:size].reshape(shapes[0]), scratch[size : size + prod(shapes[1])].reshape(shapes[1])

    def _matrix(self, x: Array) -> Array:
        return x.reshape(self.groups, len(x) // self.groups * x.shape[1], -1)

    def _fill(self, columns: Array, x: Array) -> None:
        """What each weight along the width meets; zeros in the padding."""
        for element, into, of in self.spans:
            columns[:, element, :, : into.start] = 0
            columns[:, element, :, into.stop :] = 0
            columns[:, element, :, into] = x[:, :, of]

    def _spread(self, columns: Array, by_input: Array) -> None:
        """The reverse of filling."""
        for element, into, of in self.spans:
            np.add(by_input[:, :, of], columns[:, element, :, into], out=by_input[:, :, of])

    def _heights(self, start: int, end: int) -> Iterator[tuple[int, slice, slice]]:
        """For each height of the kernel the rows of the output that some rows of the input add to, and which of these do."""
        height = self.seat.outputs[0].shape[1]
        for element in range(self.tall):
            shift = self.top - element * self.gap
            first, last = max(0, start + shift), min(height, end + shift)
            if first < last:
                yield element, slice(first, last), slice(first - shift - start, last - shift - start)

    def _lift(self, results: Array, gradient: Array, start: int, end: int) -> None:
        """The reverse of adding up: under each height of the kernel the gradient of the row that it added to."""
        if start + self.top < (self.tall - 1) * self.gap or end + self.top > len(gradient[0]):
            results[...] = 0
        for element, rows, of in self._heights(start, end):
            results[:, element, of] = gradient[:, rows]

    def _before_activation(self, gradient: Array) -> Array:
        if self.seat.task.activation is None:
            return gradient
        rows, samples = _rows(self.seat.task, self.seat.samples), self.seat.samples
        out = self.seat.scratch[rows * _per_row(self.seat.task, samples) :][: gradient.size].reshape(gradient.shape)
        through(self.seat.task.activation, self.seat.outputs[0], gradient, out)
        return out


def _operator(task: Task) -> Conv:
    assert isinstance(task.operator, Conv)
    return task.operator


def _per_row(task: Task, samples: int) -> int:
    """The numbers of columns and results that go with a row of the input."""
    (outputs, _, width), (tall, wide) = task.outputs[0].type.shape, _operator(task).kernel_size
    return (task.inputs[0].type.shape[0] * wide + outputs * tall) * width * samples


def _rows(task: Task, samples: int) -> int:
    """How many rows of the input are taken at a time."""
    return max(1, min(task.inputs[0].type.shape[1], CHUNK // _per_row(task, samples)))
