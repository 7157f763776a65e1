"""Further rectifiers."""

from __future__ import annotations

import numpy as np

from ....ops.rectifiers import HardSigmoid, HardSwish, Maxout, Prelu, Relu6
from .base import Array, Kernel, channel_sum, kernel, spread

__all__ = ["HardSigmoidKernel", "HardSwishKernel", "MaxoutKernel", "PreluKernel", "Relu6Kernel"]


@kernel(Relu6)
class Relu6Kernel(Kernel[Relu6]):
    """min(max(x, 0), 6)."""

    def forward(self, x: Array) -> Array:
        self.y = np.clip(x, 0, 6)
        return self.y

    def backward(self, gradient: Array) -> tuple[Array, ...]:
        return (gradient * ((self.y > 0) & (self.y < 6)),)


@kernel(HardSigmoid)
class HardSigmoidKernel(Kernel[HardSigmoid]):
    """min(max(x + 3, 0), 6)/6."""

    def forward(self, x: Array) -> Array:
        self.inside = (x > -3) & (x < 3)
        y: Array = np.clip(x + 3, 0, 6) / 6
        return y

    def backward(self, gradient: Array) -> tuple[Array, ...]:
        return (gradient * self.inside / 6,)


@kernel(HardSwish)
class HardSwishKernel(Kernel[HardSwish]):
    """x * min(max(x + 3, 0), 6)/6; the slope is x/3 + 1/2 between -3 and 3."""

    def forward(self, x: Array) -> Array:
        self.x = x
        y: Array = x * np.clip(x + 3, 0, 6) / 6
        return y

    def backward(self, gradient: Array) -> tuple[Array, ...]:
        slope = np.where(self.x >= 3, 1, self.x / 3 + 0.5)
        return (np.where(self.x > -3, gradient * slope, 0),)


@kernel(Prelu)
class PreluKernel(Kernel[Prelu]):
    """x, or weight * x."""

    def forward(self, x: Array) -> Array:
        self.x = x
        return np.where(x > 0, x, x * spread(self.tensors["weight"], x))

    def backward(self, gradient: Array) -> tuple[Array, ...]:
        by_channel = channel_sum(gradient * np.minimum(self.x, 0))
        shared = self.operator.num_parameters == 1
        self.gradients["weight"] = by_channel.sum(keepdims=True) if shared else by_channel
        if not self.input_needed:
            return ()
        return (np.where(self.x > 0, gradient, gradient * spread(self.tensors["weight"], gradient)),)


@kernel(Maxout)
class MaxoutKernel(Kernel[Maxout]):
    """The largest of every few channels; those that tie share the gradient."""

    def forward(self, x: Array) -> Array:
        grouped = x.reshape(len(x), -1, self.operator.pieces, *x.shape[2:])
        y = grouped.max(axis=2)
        winners = grouped == y[:, :, np.newaxis]
        self.shares = winners / winners.sum(axis=2, keepdims=True).astype(x.dtype)
        self.shape = x.shape
        return np.asarray(y)

    def backward(self, gradient: Array) -> tuple[Array, ...]:
        return ((gradient[:, :, np.newaxis] * self.shares).reshape(self.shape),)
