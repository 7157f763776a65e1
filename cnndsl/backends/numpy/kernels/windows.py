"""Where the windows of an operator lie on a padded batch: the loop over kernel offsets that convolution and pooling share."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from ....ops.geometry import Window, dilated
from .base import Array

__all__ = ["Windows"]


class Windows:
    """The windows over images or lines of one size; ``output`` is how many there are along each axis."""

    def __init__(self, window: Window, sizes: tuple[int, ...]) -> None:
        self.window = window
        self.sizes = sizes
        self.axes = range(len(sizes))
        self.output = window.output(sizes)
        self._extents = tuple(map(self._extent, self.axes))
        """Those of a padded sample."""

    def starts(self, axis: int) -> Array:
        """Where each window starts on an axis, in places of the input; negative in the padding."""
        return np.arange(self.output[axis]) * self.window.stride[axis] - self.window.padding[axis][0]

    def pad(self, x: Array, value: float = 0.0) -> Array:
        """The batch with its padding, and after it what the last windows under ceil mode reach over."""
        if self._extents == x.shape[2:]:
            return x
        padded = np.full((*x.shape[:2], *self._extents), value, x.dtype)
        self.crop(padded)[...] = x
        return padded

    def empty(self, like: Array) -> Array:
        """Zeros of the shape of a padded batch, for ``like`` of N x C x anything."""
        return np.zeros((*like.shape[:2], *self._extents), like.dtype)

    def crop(self, padded: Array) -> Array:
        """The view of a padded batch that is not padding."""
        inside = (
            slice(before, before + size) for (before, _), size in zip(self.window.padding, self.sizes, strict=True)
        )
        return padded[:, :, *inside]

    def offsets(self) -> Iterator[tuple[int, ...]]:
        """The elements of a window by their places along each axis, in reading order."""
        return iter(np.ndindex(*self.window.kernel_size))

    def at(self, padded: Array, offset: tuple[int, ...]) -> Array:
        """The view of a padded batch, N x C x output, that holds one element of every window."""
        return padded[:, :, *map(self._slice, self.axes, offset)]

    def _slice(self, axis: int, place: int) -> slice:
        start, stride = place * self.window.dilation[axis], self.window.stride[axis]
        return slice(start, start + (self.output[axis] - 1) * stride + 1, stride)

    def _extent(self, axis: int) -> int:
        reach = (self.output[axis] - 1) * self.window.stride[axis]
        reach += dilated(self.window.kernel_size[axis], self.window.dilation[axis])
        return max(self.sizes[axis] + sum(self.window.padding[axis]), reach)
