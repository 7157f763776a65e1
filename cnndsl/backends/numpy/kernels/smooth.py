"""Smooth activations. Each formula is written so that no number overflows that need not."""

from __future__ import annotations

from math import erf, pi, sqrt

import numpy as np

from ....ops.smooth import Gelu, Selu, Silu, Softplus
from .activation import logistic
from .base import Array, Kernel, kernel

__all__ = ["GeluKernel", "SeluKernel", "SiluKernel", "SoftplusKernel"]


@kernel(Selu)
class SeluKernel(Kernel[Selu]):
    """scale * x, or scale * alpha * (e^x - 1)."""

    def forward(self, x: Array) -> Array:
        self.x = x
        return Selu.scale * np.where(x > 0, x, Selu.alpha * np.expm1(np.minimum(x, 0)))

    def backward(self, gradient: Array) -> tuple[Array, ...]:
        slope = np.where(self.x > 0, 1, Selu.alpha * np.exp(np.minimum(self.x, 0)))
        return (gradient * Selu.scale * slope,)


@kernel(Gelu)
class GeluKernel(Kernel[Gelu]):
    """x * P(x), where P is the distribution of normal numbers or 1/2 + tanh(...)/2."""

    def forward(self, x: Array) -> Array:
        self.x = x
        self.share, self.slope = self._tanh(x) if self.operator.approximate == "tanh" else self._exact(x)
        return x * self.share

    def backward(self, gradient: Array) -> tuple[Array, ...]:
        return (gradient * (self.share + self.x * self.slope),)

    @staticmethod
    def _exact(x: Array) -> tuple[Array, Array]:
        """P and its derivative: (1 + erf(x/sqrt(2)))/2 and the density e^(-x^2/2)/sqrt(2 pi)."""
        share = (1 + _erf(x * sqrt(0.5))) / 2
        return share, np.exp(-x * x / 2) / sqrt(2 * pi)

    @staticmethod
    def _tanh(x: Array) -> tuple[Array, Array]:
        """P and its derivative: (1 + tanh t)/2 and (1 - tanh^2 t)/2 * dt/dx for t = sqrt(2/pi) * (x + 0.044715 x^3)."""
        tanh = np.tanh(sqrt(2 / pi) * (x + 0.044715 * x * x * x))
        return (1 + tanh) / 2, (1 - tanh * tanh) / 2 * sqrt(2 / pi) * (1 + 3 * 0.044715 * x * x)


def _erf(x: Array) -> Array:
    """The error function, which NumPy lacks."""
    return np.array([erf(number) for number in x.ravel().tolist()], x.dtype).reshape(x.shape)


@kernel(Silu)
class SiluKernel(Kernel[Silu]):
    """x * sigmoid(x)."""

    def forward(self, x: Array) -> Array:
        self.x, self.gate = x, logistic(x)
        return x * self.gate

    def backward(self, gradient: Array) -> tuple[Array, ...]:
        return (gradient * self.gate * (1 + self.x * (1 - self.gate)),)


@kernel(Softplus)
class SoftplusKernel(Kernel[Softplus]):
    """log(1 + e^(beta*x))/beta = max(x, 0) + log(1 + e^-|beta*x|)/beta, and x itself above the threshold."""

    def forward(self, x: Array) -> Array:
        self.scaled = x * self.operator.beta
        bend = np.log1p(np.exp(-np.abs(self.scaled))) / self.operator.beta
        return np.where(self.scaled > self.operator.threshold, x, np.maximum(x, 0) + bend)

    def backward(self, gradient: Array) -> tuple[Array, ...]:
        straight = self.scaled > self.operator.threshold
        return (gradient * np.where(straight, 1, logistic(self.scaled)),)
