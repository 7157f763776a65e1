"""Convolution: products of matrices over blocks of rows, whose columns are made again for the gradient of the weights."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from math import prod

import numpy as np
from numpy.lib.stride_tricks import as_strided

from .....ops.convolution import Conv
from .....ops.geometry import explicit
from ...kernels import Array, Pass
from ..task import Task
from .base import CHUNK, Layer, activate, through

__all__ = ["Convolution"]


class Convolution(Layer):
    """Columns G x K*C/G x R*W*N for R rows of the result at a time."""

    @staticmethod
    def scratch(task: Task, samples: int) -> int:
        rows, line = _rows(task, samples), _line(task)
        (_, _, width), operator = task.outputs[0].type.shape, _convolution(task)
        columns = line * operator.groups * rows * width * samples
        padded = prod(_padded(task)) * samples
        return columns + 2 * padded + prod(task.outputs[0].type.shape) * samples

    def forward(self, run: Pass) -> None:
        y = self.seat.outputs[0]
        x = self._padded_input()
        weight = self._weight
        bias = self.seat.tensors.get("bias")
        for start, end in self._blocks():
            columns = self._columns(x, start, end)
            np.matmul(weight, columns, out=self._grouped(y[:, start:end]))
            block = y[:, start:end].reshape(len(y), -1)
            if bias is not None:
                block += bias[:, np.newaxis]
            activate(self.seat.task.activation, block)

    def backward(self, gradients: tuple[Array, ...], into: tuple[Array | None, ...]) -> None:
        gradient = self._before_activation(gradients[0])
        x = self._padded_input()
        by_weight = self.gradients["weight"].reshape(self._weight.shape)
        if "bias" in self.gradients:
            self.gradients["bias"][...] = gradient.reshape(len(gradient), -1).sum(axis=1)
        by_padded = None if into[0] is None else self._target(into[0])
        for start, end in self._blocks():
            columns = self._columns(x, start, end)
            part = self._grouped(gradient[:, start:end])
            if start == 0:
                np.matmul(part, columns.swapaxes(1, 2), out=by_weight)
            else:
                by_weight += part @ columns.swapaxes(1, 2)
            if by_padded is not None:
                np.matmul(self._weight.swapaxes(1, 2), part, out=columns)
                self._scatter(columns, by_padded, start, end)
        if by_padded is not None and into[0] is not None and by_padded is not into[0]:
            into[0][...] = self._crop(by_padded)

    @property
    def _weight(self) -> Array:
        """G x O/G x K*C/G."""
        weight = self.seat.tensors["weight"]
        groups = self.operator.groups
        return weight.reshape(groups, len(weight) // groups, -1)

    def _before_activation(self, gradient: Array) -> Array:
        if self.seat.task.activation is None:
            return gradient
        out = self._memory(2, gradient.shape)
        through(self.seat.task.activation, self.seat.outputs[0], gradient, out)
        return out

    def _blocks(self) -> Iterator[tuple[int, int]]:
        rows, height = _rows(self.seat.task, self.seat.samples), self.seat.outputs[0].shape[1]
        return ((start, min(start + rows, height)) for start in range(0, height, rows))

    def _grouped(self, y: Array) -> Array:
        """The view G x O/G x R*W*N of some rows of a result."""
        groups = self.operator.groups
        grouped = y.reshape(groups, len(y) // groups, -1)
        assert np.shares_memory(grouped, y)
        return grouped

    @cached_property
    def _memories(self) -> list[Array]:
        """Columns; the padded input and its gradient; the gradient before the activation."""
        task, samples = self.seat.task, self.seat.samples
        rows, width = _rows(task, samples), task.outputs[0].type.shape[2]
        columns = _line(task) * self.operator.groups * rows * width * samples
        padded = prod(_padded(task)) * samples
        edges = np.cumsum([columns, padded * 2, prod(task.outputs[0].type.shape) * samples])
        return np.split(self.seat.scratch[: edges[-1]], edges[:-1])

    def _memory(self, place: int, shape: tuple[int, ...], offset: int = 0) -> Array:
        return self._memories[place][offset : offset + prod(shape)].reshape(shape)

    def _padded_input(self) -> Array:
        x, shape = self.seat.inputs[0], _padded(self.seat.task)
        if shape == x.shape[:3]:
            return x
        padded = self._memory(1, (*shape, x.shape[3]))
        padded[...] = 0
        self._crop(padded)[...] = x
        return padded

    def _target(self, into: Array) -> Array:
        """Zeros to add the gradient by the padded input to; without padding that by the input itself."""
        shape = _padded(self.seat.task)
        target = (
            into if shape == into.shape[:3] else self._memory(1, (*shape, into.shape[3]), prod(shape) * into.shape[3])
        )
        target[...] = 0
        return target

    def _crop(self, padded: Array) -> Array:
        (top, _), (left, _) = self.operator.padding
        _, height, width, _ = self.seat.inputs[0].shape
        return padded[:, top : top + height, left : left + width]

    def _columns(self, x: Array, start: int, end: int) -> Array:
        columns = self._memory(0, self._column_shape(end - start))
        columns[...] = self._windows(x, start, end)
        return columns.reshape(self.operator.groups, -1, prod(columns.shape[3:]))

    def _column_shape(self, rows: int) -> tuple[int, ...]:
        return len(self.seat.inputs[0]), *self.operator.kernel_size, rows, *self.seat.outputs[0].shape[2:]

    def _windows(self, x: Array, start: int, end: int) -> Array:
        """The view C x K x K' x R x W x N of what each weight meets."""
        channel, row, column, sample = x.strides
        (down, right), (gap, gap_right) = self.operator.stride, self.operator.dilation
        strides = (channel, gap * row, gap_right * column, down * row, right * column, sample)
        return as_strided(x[:, start * down :], self._column_shape(end - start), strides)

    def _scatter(self, columns: Array, padded: Array, start: int, end: int) -> None:
        """Add what each weight gives to the places that it met."""
        columns = columns.reshape(self._column_shape(end - start))
        seen = self._windows(padded, start, end)
        for place in np.ndindex(*self.operator.kernel_size):
            target = seen[(slice(None), *place)]
            np.add(target, columns[(slice(None), *place)], out=target)


def _convolution(task: Task) -> Conv:
    assert isinstance(task.operator, Conv)
    return task.operator


def _line(task: Task) -> int:
    """The numbers that a window of one group sees."""
    operator = _convolution(task)
    return prod((*operator.kernel_size, task.inputs[0].type.shape[0] // operator.groups))


def _rows(task: Task, samples: int) -> int:
    """How many rows of the result are made at a time."""
    _, height, width = task.outputs[0].type.shape
    return max(1, min(height, CHUNK // (_line(task) * _convolution(task).groups * width * samples)))


def _padded(task: Task) -> tuple[int, int, int]:
    """Channels, height and width of the input with its padding."""
    channels, height, width = task.inputs[0].type.shape
    (top, bottom), (left, right) = explicit(_convolution(task).padding)
    return channels, height + top + bottom, width + left + right
