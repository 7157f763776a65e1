"""Convolution as one matrix product per group (im2col; Chellapilla et al. 2006)."""

from __future__ import annotations

from math import prod

import numpy as np

from ....ops.convolution import Conv
from ....ops.convolution_kinds import Depthwise
from ....ops.lines import Conv1d
from .base import Array, Kernel, channel_sum, kernel, spread
from .windows import Windows

__all__ = ["ConvKernel", "DepthwiseKernel"]


@kernel(Conv1d)
@kernel(Conv)
class ConvKernel(Kernel[Conv]):
    """Filters G x O/G x K times columns G x K x N*P, for G groups, K weights per filter and P windows per sample."""

    def forward(self, x: Array) -> Array:
        self.windows = Windows(self.operator.window(), x.shape[2:])
        self.columns = self._gather(x)
        y = self._by_sample(self._filters() @ self.columns, x.shape[0])
        if self.operator.bias:
            y += spread(self.tensors["bias"], y)
        return y

    def backward(self, gradient: Array) -> tuple[Array, ...]:
        if self.operator.bias:
            self.gradients["bias"] = channel_sum(gradient)
        by_filter = self._by_filter(gradient)
        weight = by_filter @ self.columns.swapaxes(1, 2)
        self.gradients["weight"] = weight.reshape(self.tensors["weight"].shape)
        if not self.input_needed:
            return ()
        return (self._scatter(self._filters().swapaxes(1, 2) @ by_filter, gradient.shape[0]),)

    def _filters(self) -> Array:
        groups = self.operator.groups
        return self.tensors["weight"].reshape(groups, self.operator.out_channels // groups, -1)

    def _gather(self, x: Array) -> Array:
        """Columns G x K x N*P: under each weight, what it is multiplied by."""
        batch, channels = x.shape[:2]
        padded = self.windows.pad(x)
        count = prod(self.operator.kernel_size)
        columns = np.empty((channels, count, batch, *self.windows.output), x.dtype)
        for place, offset in enumerate(self.windows.offsets()):
            columns[:, place] = self.windows.at(padded, offset).swapaxes(0, 1)
        return columns.reshape(self.operator.groups, -1, batch * prod(self.windows.output))

    def _scatter(self, columns: Array, batch: int) -> Array:
        """The reverse of gathering: what lies in several windows gets the sum."""
        columns = columns.reshape(-1, prod(self.operator.kernel_size), batch, *self.windows.output)
        padded = self.windows.empty(columns[:, 0].swapaxes(0, 1))
        for place, offset in enumerate(self.windows.offsets()):
            self.windows.at(padded, offset)[...] += columns[:, place].swapaxes(0, 1)
        return self.windows.crop(padded)

    def _by_sample(self, y: Array, batch: int) -> Array:
        """G x O/G x N*P as the batch, N x O x output."""
        y = y.reshape(self.operator.out_channels, batch, *self.windows.output)
        return np.ascontiguousarray(y.swapaxes(0, 1))

    def _by_filter(self, gradient: Array) -> Array:
        """The batch, N x O x output, as G x O/G x N*P."""
        groups = self.operator.groups
        return gradient.swapaxes(0, 1).reshape(groups, self.operator.out_channels // groups, -1)


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
