"""Operators that are another one in disguise: those on lines, and depthwise convolution."""

from __future__ import annotations

from typing import Any

import numpy as np

from ....ops.convolution_kinds import Depthwise
from ....ops.lines import AvgPool1d, Conv1d, MaxPool1d
from .base import Array, Kernel, kernel
from .convolution import ConvKernel
from .pooling import AvgPoolKernel, MaxPoolKernel

__all__ = ["AvgPool1dKernel", "Conv1dKernel", "DepthwiseKernel", "MaxPool1dKernel"]


class _LineKernel(Kernel[Any]):
    """The kernel ``inner`` of images, on images of one row."""

    inner: type[Kernel[Any]]

    def forward(self, x: Array) -> Array:
        tensors = {name: _rowed(tensor) if name == "weight" else tensor for name, tensor in self.tensors.items()}
        image = self.inner(self.operator.lowered(), self.path, tensors, self.run, input_needed=self.input_needed)
        self.image = image
        return np.asarray(image.forward(x[:, :, np.newaxis]))[:, :, 0]

    def backward(self, gradient: Array) -> tuple[Array, ...]:
        parts = self.image.backward(gradient[:, :, np.newaxis])
        for name, part in self.image.gradients.items():
            self.gradients[name] = part.reshape(self.tensors[name].shape)
        return tuple(part[:, :, 0] for part in parts)


def _rowed(weight: Array) -> Array:
    """The weight O x C x K of lines as one O x C x 1 x K of images."""
    return weight[:, :, np.newaxis]


@kernel(Conv1d)
class Conv1dKernel(_LineKernel):
    """Convolution of images of one row."""

    inner = ConvKernel


@kernel(MaxPool1d)
class MaxPool1dKernel(_LineKernel):
    """The maximum over windows of one row."""

    inner = MaxPoolKernel


@kernel(AvgPool1d)
class AvgPool1dKernel(_LineKernel):
    """The mean over windows of one row."""

    inner = AvgPoolKernel


@kernel(Depthwise)
class DepthwiseKernel(Kernel[Depthwise]):
    """Convolution with as many groups as channels."""

    def forward(self, x: Array) -> Array:
        operator = self.operator.convolution(x.shape[1])
        self.inner = ConvKernel(operator, self.path, self.tensors, self.run, input_needed=self.input_needed)
        return self.inner.forward(x)

    def backward(self, gradient: Array) -> tuple[Array, ...]:
        parts = self.inner.backward(gradient)
        self.gradients = self.inner.gradients
        return parts
