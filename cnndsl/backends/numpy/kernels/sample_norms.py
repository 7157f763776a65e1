"""Normalisations that look at one sample alone."""

from __future__ import annotations

import numpy as np

from ....ops.sample_norms import GroupNorm, InstanceNorm, LayerNorm, LocalResponseNorm
from .base import Array, Kernel, channel_sum, kernel, spread

__all__ = ["GroupNormKernel", "InstanceNormKernel", "LayerNormKernel", "LocalResponseNormKernel"]


class _Standard:
    """(x - mean)/sqrt(variance + eps) over the last axis, and its gradient."""

    def __init__(self, x: Array, eps: float) -> None:
        deviation = x - x.mean(axis=-1, keepdims=True)
        variance = (deviation * deviation).mean(axis=-1, keepdims=True)
        self.inverse = 1 / np.sqrt(variance + x.dtype.type(eps))
        self.normal: Array = deviation * self.inverse

    def backward(self, gradient: Array) -> Array:
        # Mean and variance move with x: take off what they carry back.
        mean = gradient.mean(axis=-1, keepdims=True)
        correlation = (gradient * self.normal).mean(axis=-1, keepdims=True)
        by_input: Array = self.inverse * (gradient - mean - self.normal * correlation)
        return by_input


@kernel(LayerNorm)
class LayerNormKernel(Kernel[LayerNorm]):
    """Standard along one axis, which is moved to the end for it; then weight and bias there."""

    def forward(self, x: Array) -> Array:
        self.standard = _Standard(self._last(x), self.operator.eps)
        y = self.standard.normal
        if self.operator.elementwise_affine:
            y = y * self.tensors["weight"] + self.tensors["bias"]
        return self._back(y)

    def backward(self, gradient: Array) -> tuple[Array, ...]:
        gradient = self._last(gradient)
        if self.operator.elementwise_affine:
            before = tuple(range(gradient.ndim - 1))
            self.gradients["weight"] = (gradient * self.standard.normal).sum(axis=before)
            self.gradients["bias"] = gradient.sum(axis=before)
            gradient = gradient * self.tensors["weight"]
        return (self._back(self.standard.backward(gradient)),) if self.input_needed else ()

    def _last(self, x: Array) -> Array:
        return np.moveaxis(x, self.operator.axis + 1, -1)

    def _back(self, x: Array) -> Array:
        return np.moveaxis(x, -1, self.operator.axis + 1)


class _GroupedKernel(Kernel[GroupNorm | InstanceNorm]):
    """Standard over groups of channels with all their places; then weight and bias per channel."""

    def groups(self, channels: int) -> int:
        raise NotImplementedError

    def forward(self, x: Array) -> Array:
        self.standard = _Standard(self._grouped(x), self.operator.eps)
        self.normal = self.standard.normal.reshape(x.shape)
        if not self.operator.affine:
            return self.normal
        return self.normal * spread(self.tensors["weight"], x) + spread(self.tensors["bias"], x)

    def backward(self, gradient: Array) -> tuple[Array, ...]:
        shape = gradient.shape
        if self.operator.affine:
            self.gradients["weight"] = channel_sum(gradient * self.normal)
            self.gradients["bias"] = channel_sum(gradient)
            gradient = gradient * spread(self.tensors["weight"], gradient)
        return (self.standard.backward(self._grouped(gradient)).reshape(shape),) if self.input_needed else ()

    def _grouped(self, x: Array) -> Array:
        return x.reshape(len(x), self.groups(x.shape[1]), -1)


@kernel(GroupNorm)
class GroupNormKernel(_GroupedKernel):
    """The groups of the operator."""

    def groups(self, channels: int) -> int:
        assert isinstance(self.operator, GroupNorm)
        return self.operator.num_groups


@kernel(InstanceNorm)
class InstanceNormKernel(_GroupedKernel):
    """A group for every channel."""

    def groups(self, channels: int) -> int:
        return channels


@kernel(LocalResponseNorm)
class LocalResponseNormKernel(Kernel[LocalResponseNorm]):
    """x * (k + alpha * sum of squares)^-beta over neighbouring channels."""

    def forward(self, x: Array) -> Array:
        self.x = x
        self.before = self.operator.size // 2
        self.total = self.operator.k + self.operator.factor * self._neighbours(x * x, self.before)
        self.scale = self.total**-self.operator.beta
        return np.asarray(x * self.scale)

    def backward(self, gradient: Array) -> tuple[Array, ...]:
        # x_j is in the sums of those channels whose neighbour j is: the window turned round
        after = self.operator.size - 1 - self.before
        carried = self._neighbours(gradient * self.x * self.scale / self.total, after)
        return (gradient * self.scale - 2 * self.operator.factor * self.operator.beta * self.x * carried,)

    def _neighbours(self, x: Array, before: int) -> Array:
        """The sums over ``size`` channels, of which ``before`` lie before the middle."""
        channels, sums = x.shape[1], np.zeros_like(x)
        for shift in range(max(-before, 1 - channels), min(self.operator.size - before, channels)):
            sums[:, max(0, -shift) : channels - max(0, shift)] += x[:, max(0, shift) : channels - max(0, -shift)]
        return sums
