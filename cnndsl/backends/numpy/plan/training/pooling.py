"""Pooling: along the width first, then along the height; backwards the other way round."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import reduce
from math import prod
from typing import Any, ClassVar

import numpy as np

from .....ir import Value
from ...kernels import Array, Pass
from ...kernels.counts import counted
from ..algorithms.pooling import shifts
from ..task import Task
from .base import CHUNK, Layer, Seat, activate, through

__all__ = ["GlobalMean", "Maximum", "Mean"]

Part = tuple[Any, Any]
"""Which windows have an element inside the input, and where it lies there, as indices."""


class _Pooling(Layer):
    """Channels in blocks that stay in the cache."""

    join: ClassVar[Callable[..., Any]]
    start: ClassVar[float]

    def __init__(self, seat: Seat) -> None:
        super().__init__(seat)
        window, (_, height, width) = self.operator.window(), seat.task.inputs[0].type.shape
        _, rows, columns = seat.task.outputs[0].type.shape
        self.tall: list[Part] = [
            ((slice(None), into), (slice(None), of)) for into, of in shifts(window.along(0), height, 0, rows)
        ]
        self.wide: list[Part] = [
            ((slice(None), slice(None), into), (slice(None), slice(None), of))
            for into, of in shifts(window.along(1), width, 0, columns)
        ]
        self.covers = all(
            window.along(axis).stride == window.kernel_size[axis]
            and window.along(axis).extent == window.kernel_size[axis]
            for axis in (0, 1)
        )

    @staticmethod
    def scratch(task: Task, samples: int) -> int:
        (_, height, _), (_, rows, columns) = task.inputs[0].type.shape, task.outputs[0].type.shape
        return 4 * _channels(task, samples) * max(height, rows) * columns * samples

    def _blocks(self) -> Iterator[tuple[slice, list[Array]]]:
        """Channels, and working memory: the result of the first direction and three like it."""
        (count, height, _), (_, rows, columns) = (each.type.shape for each in self._ends)
        step, samples = _channels(self.seat.task, self.seat.samples), self.seat.samples
        size = step * max(height, rows) * columns * samples
        for start in range(0, count, step):
            shape = (min(step, count - start), height, columns, samples)
            memories = [self.seat.scratch[place * size :][: prod(shape)].reshape(shape) for place in range(3)]
            spare = self.seat.scratch[3 * size : 4 * size]
            yield slice(start, start + step), [*memories, spare]

    @property
    def _ends(self) -> tuple[Value, Value]:
        return self.seat.task.inputs[0], self.seat.task.outputs[0]

    def _join(self, x: Array, parts: list[Part], out: Array) -> None:
        """Join shifted parts of an array."""
        whole = [part for part in parts if out[part[0]].shape == out.shape]
        rest = [part for part in parts if part not in whole[:2]]
        if not whole:
            out[...] = self.start
        elif len(whole) == 1:
            out[...] = x[whole[0][1]]
        else:
            self.join(x[whole[0][1]], x[whole[1][1]], out=out)
        for into, of in rest:
            self.join(out[into], x[of], out=out[into])

    def forward(self, run: Pass) -> None:
        x, y = self.seat.inputs[0], self.seat.outputs[0]
        for channels, (scratch, *_) in self._blocks():
            narrow = self.narrow(channels, scratch)
            self._join(x[channels], self.wide, narrow)
            self._join(narrow, self.tall, y[channels])
            self.scale(y[channels])
            activate(self.seat.task.activation, y[channels])

    def narrow(self, channels: slice, scratch: Array) -> Array:
        """Where windows go that are joined along the width only."""
        return scratch

    def scale(self, y: Array) -> None:
        """What is done to the joined windows."""

    def _clear(self, into: Array, parts: list[Part]) -> None:
        """Zeros where not every place gets exactly one number."""
        if not self.covers or sum(into[of].size for _, of in parts) < into.size:
            into[...] = 0

    def _before_activation(self, gradient: Array, y: Array, spare: Array) -> Array:
        out = spare[: gradient.size].reshape(gradient.shape)
        through(self.seat.task.activation, y, gradient, out)
        return out


def _channels(task: Task, samples: int) -> int:
    """How many channels are pooled at a time."""
    channels, height, width = task.inputs[0].type.shape
    return max(1, min(channels, CHUNK // (height * width * samples)))


class Maximum(_Pooling):
    """The largest number; of equal ones the first in reading order gets the gradient."""

    join = np.maximum
    start = -np.inf

    def __init__(self, seat: Seat) -> None:
        super().__init__(seat)
        (channels, height, _), (*_, width) = (each.type.shape for each in self._ends)
        self._narrow = np.empty((channels, height, width, seat.samples), seat.scratch.dtype)

    def narrow(self, channels: slice, scratch: Array) -> Array:
        """The backward pass wants it again."""
        return self._narrow[channels]

    def backward(self, gradients: tuple[Array, ...], into: tuple[Array | None, ...]) -> None:
        if into[0] is None:
            return
        x, y = self.seat.inputs[0], self.seat.outputs[0]
        for channels, (_, by_narrow, given, spare) in self._blocks():
            left, narrow = self._before_activation(gradients[0][channels], y[channels], spare), self._narrow[channels]
            self._route(left, y[channels], narrow, self.tall, by_narrow, given)
            self._route(by_narrow, narrow, x[channels], self.wide, into[0][channels], given)

    def _route(self, left: Array, best: Array, x: Array, parts: list[Part], into: Array, spare: Array) -> None:
        """Give each window's gradient to its first best element; ``left`` is what is still to be given."""
        self._clear(into, parts)
        is_whole = self.covers and all(left[window].shape == left.shape for window, _ in parts)
        for place, (window, of) in enumerate(parts):
            rest, target = left[window], into[of]
            if is_whole and place == len(parts) - 1:
                target[...] = rest
                return
            given = spare.reshape(-1)[: rest.size].reshape(rest.shape)
            given[...] = x[of]  # copies of short lines are faster than sums of them
            np.multiply(rest, given == best[window], out=given)
            np.subtract(rest, given, out=rest)
            if self.covers:
                target[...] = given
            else:
                np.add(target, given, out=target)


class Mean(_Pooling):
    """The sum by the number of elements that count."""

    join = np.add
    start = 0.0

    def __init__(self, seat: Seat) -> None:
        super().__init__(seat)
        sizes = seat.task.inputs[0].type.shape[1:]
        counts = reduce(np.multiply.outer, (counted(self.operator, sizes, axis) for axis in (0, 1)))
        self.factors = (1 / counts).astype(seat.scratch.dtype)[..., np.newaxis]
        if (self.factors == self.factors.flat[0]).all():
            self.factors = self.factors.flat[0]

    def scale(self, y: Array) -> None:
        np.multiply(y, self.factors, out=y)

    def backward(self, gradients: tuple[Array, ...], into: tuple[Array | None, ...]) -> None:
        if into[0] is None:
            return
        for channels, (by_narrow, *_, spare) in self._blocks():
            share = self._before_activation(gradients[0][channels], self.seat.outputs[0][channels], spare)
            self.scale(share)
            self._spread(share, self.tall, by_narrow)
            self._spread(by_narrow, self.wide, into[0][channels])

    def _spread(self, share: Array, parts: list[Part], into: Array) -> None:
        self._clear(into, parts)
        for window, of in parts:
            if self.covers:
                into[of] = share[window]
            else:
                np.add(into[of], share[window], out=into[of])


class GlobalMean(Layer):
    """The mean over all places."""

    def forward(self, run: Pass) -> None:
        x, y = self.seat.inputs[0], self.seat.outputs[0]
        np.mean(x.reshape(len(x), -1, x.shape[-1]), axis=1, out=y.reshape(len(x), -1))

    def backward(self, gradients: tuple[Array, ...], into: tuple[Array | None, ...]) -> None:
        if into[0] is None:
            return
        x = into[0].reshape(len(into[0]), -1, into[0].shape[-1])
        x[...] = gradients[0].reshape(len(x), 1, -1) / x.shape[1]
