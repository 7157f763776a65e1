"""What is left out at random, with the random bits that all backends share."""

from __future__ import annotations

from typing import ClassVar

from ....ops.dropout import Dropout, Dropout2d, StochasticDepth
from ...random_bits import dropout_mask
from .base import Array, Kernel, kernel

__all__ = ["Dropout2dKernel", "DropoutKernel", "StochasticDepthKernel"]


class _NoiseKernel(Kernel[Dropout | Dropout2d | StochasticDepth]):
    """Multiplication by a random 0 or 1/(1 - p), one for each place along the first ``axes`` axes; None for all of them."""

    axes: ClassVar[int | None] = None

    def forward(self, x: Array) -> Array:
        self.noise = self._draw(x) if self.run.training else None
        return x if self.noise is None else x * self.noise

    def backward(self, gradient: Array) -> tuple[Array, ...]:
        return (gradient if self.noise is None else gradient * self.noise,)

    def _draw(self, x: Array) -> Array:
        p, drawn = self.operator.p, x.shape[: self.axes]
        scale = 0.0 if p == 1 else 1 / (1 - p)
        run = self.run
        kept = dropout_mask(drawn, p, run.seed, self.path, run.step, run.start).astype(x.dtype) * scale
        return kept.reshape(*drawn, *(1,) * (x.ndim - len(drawn)))


@kernel(Dropout)
class DropoutKernel(_NoiseKernel):
    """Every number by itself."""


@kernel(Dropout2d)
class Dropout2dKernel(_NoiseKernel):
    """Channels of samples."""

    axes = 2


@kernel(StochasticDepth)
class StochasticDepthKernel(_NoiseKernel):
    """Whole samples."""

    axes = 1
