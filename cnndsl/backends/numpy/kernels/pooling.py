"""Pooling: the maximum or the mean of windows, and of whole images."""

from __future__ import annotations

from functools import reduce
from math import prod

import numpy as np

from ....ops.lines import AvgPool1d, MaxPool1d
from ....ops.pooling import AvgPool, GlobalAvgPool, GlobalMaxPool, MaxPool
from .base import Array, Kernel, kernel
from .counts import counted
from .windows import Windows

__all__ = ["AvgPoolKernel", "GlobalAvgPoolKernel", "GlobalMaxPoolKernel", "MaxPoolKernel"]


@kernel(MaxPool1d)
@kernel(MaxPool)
class MaxPoolKernel(Kernel[MaxPool]):
    """Remembers for each window which of its elements won: the first of equal ones, and not a number before all."""

    def forward(self, x: Array) -> Array:
        self.windows = Windows(self.operator.window(), x.shape[2:])
        padded = self.windows.pad(x, -np.inf)
        best = np.full((*x.shape[:2], *self.windows.output), -np.inf, x.dtype)
        self.winner = self._first_inside()
        for place, offset in enumerate(self.windows.offsets()):
            candidate = self.windows.at(padded, offset)
            better = (candidate > best) | np.isnan(candidate)
            self.winner = np.where(better, place, self.winner)
            best = np.maximum(best, candidate)
        return best

    def backward(self, gradient: Array) -> tuple[Array, ...]:
        padded = self.windows.empty(gradient)
        for place, offset in enumerate(self.windows.offsets()):
            self.windows.at(padded, offset)[...] += gradient * (self.winner == place)
        return (self.windows.crop(padded),)

    def _first_inside(self) -> Array:
        """For each window the first element that is not padding: it wins where all numbers are minus infinity."""
        places = np.ix_(*map(self._skipped, self.windows.axes))
        return np.ravel_multi_index(places, self.operator.kernel_size)

    def _skipped(self, axis: int) -> Array:
        skipped = -(self.windows.starts(axis) // self.operator.dilation[axis])
        return np.asarray(np.clip(skipped, 0, self.operator.kernel_size[axis] - 1))


@kernel(AvgPool1d)
@kernel(AvgPool)
class AvgPoolKernel(Kernel[AvgPool]):
    """The sum of each window over the number of its elements that count."""

    def forward(self, x: Array) -> Array:
        self.windows = Windows(self.operator.window(), x.shape[2:])
        padded = self.windows.pad(x)
        total = np.zeros((*x.shape[:2], *self.windows.output), x.dtype)
        for offset in self.windows.offsets():
            total += self.windows.at(padded, offset)
        counts = (counted(self.operator, self.windows.sizes, axis) for axis in self.windows.axes)
        self.counts = reduce(np.multiply.outer, counts).astype(x.dtype)
        mean: Array = total / self.counts
        return mean

    def backward(self, gradient: Array) -> tuple[Array, ...]:
        share = gradient / self.counts
        padded = self.windows.empty(gradient)
        for offset in self.windows.offsets():
            self.windows.at(padded, offset)[...] += share
        return (self.windows.crop(padded),)


@kernel(GlobalAvgPool)
class GlobalAvgPoolKernel(Kernel[GlobalAvgPool]):
    """The mean over all places of a channel."""

    def forward(self, x: Array) -> Array:
        self.shape = x.shape
        return np.asarray(x.mean(axis=tuple(range(2, x.ndim)), keepdims=True))

    def backward(self, gradient: Array) -> tuple[Array, ...]:
        return (np.broadcast_to(gradient / prod(self.shape[2:]), self.shape),)


@kernel(GlobalMaxPool)
class GlobalMaxPoolKernel(Kernel[GlobalMaxPool]):
    """The maximum over all places of a channel; the first of equal ones gets the gradient."""

    def forward(self, x: Array) -> Array:
        self.shape = x.shape
        flat = x.reshape(*x.shape[:2], -1)
        self.winner = flat.argmax(axis=2)[:, :, np.newaxis]
        return np.take_along_axis(flat, self.winner, axis=2).reshape(*x.shape[:2], *(1,) * (x.ndim - 2))

    def backward(self, gradient: Array) -> tuple[Array, ...]:
        flat = np.zeros((*self.shape[:2], prod(self.shape[2:])), gradient.dtype)
        np.put_along_axis(flat, self.winner, gradient.reshape(self.winner.shape), axis=2)
        return (flat.reshape(self.shape),)
