"""The same numbers in another order: backward puts them back."""

from __future__ import annotations

import numpy as np

from ....ops.rearrange import ChannelShuffle, Permute, PixelShuffle, Reshape
from .base import Array, Kernel, kernel

__all__ = ["ChannelShuffleKernel", "PermuteKernel", "PixelShuffleKernel", "ReshapeKernel"]


@kernel(Reshape)
class ReshapeKernel(Kernel[Reshape]):
    """A change of shape alone."""

    def forward(self, x: Array) -> Array:
        self.shape = x.shape
        return x.reshape(len(x), *self.operator.shape)

    def backward(self, gradient: Array) -> tuple[Array, ...]:
        return (gradient.reshape(self.shape),)


@kernel(Permute)
class PermuteKernel(Kernel[Permute]):
    """A change of the order of axes."""

    def forward(self, x: Array) -> Array:
        self.axes = (0, *(axis + 1 for axis in self.operator.dims))
        return x.transpose(self.axes)

    def backward(self, gradient: Array) -> tuple[Array, ...]:
        return (gradient.transpose(np.argsort(self.axes)),)


@kernel(ChannelShuffle)
class ChannelShuffleKernel(Kernel[ChannelShuffle]):
    """Channels as a table with a row per group, read column by column."""

    def forward(self, x: Array) -> Array:
        return _dealt(x, self.operator.groups)

    def backward(self, gradient: Array) -> tuple[Array, ...]:
        return (_dealt(gradient, gradient.shape[1] // self.operator.groups),)


def _dealt(x: Array, rows: int) -> Array:
    return x.reshape(len(x), rows, -1, *x.shape[2:]).swapaxes(1, 2).reshape(x.shape)


@kernel(PixelShuffle)
class PixelShuffleKernel(Kernel[PixelShuffle]):
    """N x C*r*r x H x W, seen as N x C x r x r x H x W, put in the order N x C x H x r x W x r."""

    def forward(self, x: Array) -> Array:
        batch, channels, height, width = x.shape
        factor = self.operator.upscale_factor
        count = channels // factor**2
        blocks = x.reshape(batch, count, factor, factor, height, width).transpose(0, 1, 4, 2, 5, 3)
        return blocks.reshape(batch, count, height * factor, width * factor)

    def backward(self, gradient: Array) -> tuple[Array, ...]:
        batch, count, height, width = gradient.shape
        factor = self.operator.upscale_factor
        blocks = gradient.reshape(batch, count, height // factor, factor, width // factor, factor)
        return (blocks.transpose(0, 1, 3, 5, 2, 4).reshape(batch, -1, height // factor, width // factor),)
