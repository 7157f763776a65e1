"""Transposed convolution: forward is what backward is in a convolution, and the reverse."""

from __future__ import annotations

import numpy as np

from ....ops.convolution_kinds import ConvTranspose
from .base import Array, Kernel, channel_sum, kernel

__all__ = ["ConvTransposeKernel"]


@kernel(ConvTranspose)
class ConvTransposeKernel(Kernel[ConvTranspose]):
    """Each weight sends the whole input, as one product over channels, to every stride-th place of the output."""

    def forward(self, x: Array) -> Array:
        self.x = x
        canvas = np.zeros((len(x), self.operator.out_channels, *self._extents()), x.dtype)
        for row, column in np.ndindex(*self.operator.kernel_size):
            self._at(canvas, row, column)[...] += _apply(self._filter(row, column).swapaxes(1, 2), x)
        y = self._inside(canvas)
        return y + self.tensors["bias"][:, np.newaxis, np.newaxis] if self.operator.bias else y

    def backward(self, gradient: Array) -> tuple[Array, ...]:
        if self.operator.bias:
            self.gradients["bias"] = channel_sum(gradient)
        canvas = np.zeros((*gradient.shape[:2], *self._extents()), gradient.dtype)
        self._inside(canvas)[...] = gradient
        by_weight = np.empty_like(self.tensors["weight"])
        by_input = np.zeros_like(self.x)
        for row, column in np.ndindex(*self.operator.kernel_size):
            part = self._at(canvas, row, column)
            by_weight[:, :, row, column] = self._correlation(part)
            if self.input_needed:
                by_input += _apply(self._filter(row, column), part)
        self.gradients["weight"] = by_weight
        return (by_input,) if self.input_needed else ()

    def _extents(self) -> tuple[int, ...]:
        """Height and width before the padding is taken off; no smaller than the windows reach."""
        operator = self.operator
        axes = zip(
            self.x.shape[2:],
            operator.stride,
            operator.kernel_size,
            operator.dilation,
            operator.output_padding,
            strict=True,
        )
        return tuple((size - 1) * stride + (kernel - 1) * gap + 1 + more for size, stride, kernel, gap, more in axes)

    def _at(self, canvas: Array, row: int, column: int) -> Array:
        """The view of the places that one weight sends the input to."""
        (height, width), (down, right) = self.x.shape[2:], self.operator.stride
        top, left = row * self.operator.dilation[0], column * self.operator.dilation[1]
        return canvas[:, :, top : top + (height - 1) * down + 1 : down, left : left + (width - 1) * right + 1 : right]

    def _inside(self, canvas: Array) -> Array:
        """The view without the padding."""
        vertical, horizontal = self.operator.padding
        return canvas[:, :, vertical : canvas.shape[2] - vertical, horizontal : canvas.shape[3] - horizontal]

    def _filter(self, row: int, column: int) -> Array:
        """One weight of every filter: G x C/G x O/G."""
        weight = self.tensors["weight"][:, :, row, column]
        return weight.reshape(self.operator.groups, -1, weight.shape[1])

    def _correlation(self, part: Array) -> Array:
        """The gradient by one weight of every filter, C x O/G."""
        groups = self.operator.groups
        x, part = _by_group(self.x, groups), _by_group(part, groups)
        return (x @ part.swapaxes(1, 2)).reshape(self.x.shape[1], -1)


def _by_group(x: Array, groups: int) -> Array:
    """A batch N x C x H x W as G x C/G x N*H*W."""
    return x.swapaxes(0, 1).reshape(groups, x.shape[1] // groups, -1)


def _apply(matrices: Array, x: Array) -> Array:
    """A matrix per group, G x O x C, times the channels of a batch."""
    y = matrices @ _by_group(x, len(matrices))
    return y.reshape(-1, x.shape[0], *x.shape[2:]).swapaxes(0, 1)
