"""Where the windows of an operator lie on a padded batch: the loop over kernel offsets that convolution and pooling share."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from ....ops.geometry import Window, dilated
from .base import Array

__all__ = ["Windows"]


class Windows:
    """The windows over images of one size; ``output`` is how many there are along height and width."""

    def __init__(self, window: Window, sizes: tuple[int, int]) -> None:
        self.window = window
        self.sizes = sizes
        self.output = window.output(sizes)

    def starts(self, axis: int) -> Array:
        """Where each window starts on an axis, in places of the input; negative in the padding."""
        return np.arange(self.output[axis]) * self.window.stride[axis] - self.window.padding[axis][0]

    def pad(self, x: Array, value: float = 0.0) -> Array:
        """The batch with its padding, and behind it what the last windows under ceil mode reach over."""
        (before_height, height), (before_width, width) = (self._extent(axis) for axis in (0, 1))
        if (height, width) == x.shape[2:]:
            return x
        padded = np.full((*x.shape[:2], height, width), value, x.dtype)
        padded[:, :, before_height : before_height + x.shape[2], before_width : before_width + x.shape[3]] = x
        return padded

    def empty(self, like: Array) -> Array:
        """Zeros of the shape of a padded batch, for ``like`` of N x C x anything."""
        return np.zeros((*like.shape[:2], self._extent(0)[1], self._extent(1)[1]), like.dtype)

    def crop(self, padded: Array) -> Array:
        """The part of a padded batch that is not padding."""
        top, left = self._extent(0)[0], self._extent(1)[0]
        return padded[:, :, top : top + self.sizes[0], left : left + self.sizes[1]]

    def offsets(self) -> Iterator[tuple[int, int]]:
        """The elements of a window as (row, column), in reading order."""
        return iter(np.ndindex(*self.window.kernel_size))

    def at(self, padded: Array, offset: tuple[int, int]) -> Array:
        """The view N x C x O x O' of a padded batch that holds one element of every window."""
        rows, columns = (self._slice(axis, place) for axis, place in enumerate(offset))
        return padded[:, :, rows, columns]

    def _slice(self, axis: int, place: int) -> slice:
        start, stride = place * self.window.dilation[axis], self.window.stride[axis]
        return slice(start, start + (self.output[axis] - 1) * stride + 1, stride)

    def _extent(self, axis: int) -> tuple[int, int]:
        """Padding in front, and the whole extent."""
        before, after = self.window.padding[axis]
        reach = (self.output[axis] - 1) * self.window.stride[axis]
        reach += dilated(self.window.kernel_size[axis], self.window.dilation[axis])
        return before, max(before + self.sizes[axis] + after, reach)
