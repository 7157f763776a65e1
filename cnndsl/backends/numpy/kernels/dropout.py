"""Dropout, with the random bits that all backends share."""

from __future__ import annotations

from ....ops.dropout import Dropout
from ...random_bits import dropout_mask
from .base import Array, Kernel, kernel

__all__ = ["DropoutKernel"]


@kernel(Dropout)
class DropoutKernel(Kernel[Dropout]):
    """Multiplication by a random 0 or 1/(1 - p)."""

    def forward(self, x: Array) -> Array:
        self.noise = self._draw(x) if self.run.training else None
        return x if self.noise is None else x * self.noise

    def backward(self, gradient: Array) -> tuple[Array, ...]:
        return (gradient if self.noise is None else gradient * self.noise,)

    def _draw(self, x: Array) -> Array:
        p = self.operator.p
        scale = 0.0 if p == 1 else 1 / (1 - p)
        return dropout_mask(x.shape, p, self.run.seed, self.path, self.run.step).astype(x.dtype) * scale
