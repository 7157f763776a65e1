"""Pooling to a given size."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from ....ops.adaptive import AdaptiveAvgPool, AdaptiveMaxPool, adaptive_window
from .base import Array, Kernel, kernel

__all__ = ["AdaptiveAvgPoolKernel", "AdaptiveMaxPoolKernel"]


@kernel(AdaptiveAvgPool)
class AdaptiveAvgPoolKernel(Kernel[AdaptiveAvgPool]):
    """A product from both sides: the rows of one matrix average over heights, those of the other over widths."""

    def forward(self, x: Array) -> Array:
        height, width = self.operator.output_size
        self.rows = _means(x.shape[2], height).astype(x.dtype)
        self.columns = _means(x.shape[3], width).astype(x.dtype)
        y: Array = self.rows @ x @ self.columns.T
        return y

    def backward(self, gradient: Array) -> tuple[Array, ...]:
        return (self.rows.T @ gradient @ self.columns,)


def _means(size: int, output: int) -> Array:
    """The matrix, output x size, that turns a line into the means of its windows."""
    matrix = np.zeros((output, size))
    for place in range(output):
        start, end = adaptive_window(place, size, output)
        matrix[place, start:end] = 1 / (end - start)
    return matrix


@kernel(AdaptiveMaxPool)
class AdaptiveMaxPoolKernel(Kernel[AdaptiveMaxPool]):
    """The maximum of each window; the first of equal ones gets the gradient."""

    def forward(self, x: Array) -> Array:
        self.shape = x.shape
        self.winners = np.empty((*x.shape[:2], *self.operator.output_size), np.intp)
        y = np.empty(self.winners.shape, x.dtype)
        for top, left, rows, columns in self._windows():
            flat = x[:, :, rows, columns].reshape(*x.shape[:2], -1)
            winner = flat.argmax(axis=2)
            self.winners[:, :, top, left] = winner
            y[:, :, top, left] = np.take_along_axis(flat, winner[..., np.newaxis], axis=2)[..., 0]
        return y

    def backward(self, gradient: Array) -> tuple[Array, ...]:
        by_input = np.zeros(self.shape, gradient.dtype)
        samples, channels = np.indices(self.shape[:2])
        for top, left, rows, columns in self._windows():
            row, column = np.divmod(self.winners[:, :, top, left], columns.stop - columns.start)
            by_input[samples, channels, rows.start + row, columns.start + column] += gradient[:, :, top, left]
        return (by_input,)

    def _windows(self) -> Iterator[tuple[int, int, slice, slice]]:
        """The row and column of each output, and the rows and columns of its window."""
        height, width = self.operator.output_size
        for top, left in np.ndindex(height, width):
            rows = adaptive_window(top, self.shape[2], height)
            columns = adaptive_window(left, self.shape[3], width)
            yield top, left, slice(*rows), slice(*columns)
