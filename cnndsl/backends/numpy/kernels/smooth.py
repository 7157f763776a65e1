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
        if self.operator.approximate == "tanh":
            self.share = (1 + np.tanh(sqrt(2 / pi) * (x + 0.044715 * x * x * x))) / 2
        else:
            self.share = (1 + _erf(x * sqrt(0.5))) / 2
        return x * self.share

    def backward(self, gradient: Array) -> tuple[Array, ...]:
        return (gradient * (self.share + self.x * self._slope()),)

    def _slope(self) -> Array:
        """dP/dx: the density e^(-x^2/2)/sqrt(2 pi), or (1 - tanh^2 t)/2 * dt/dx for t = sqrt(2/pi) * (x + 0.044715 x^3)."""
        if self.operator.approximate != "tanh":
            density: Array = np.exp(-self.x * self.x / 2) / sqrt(2 * pi)
            return density
        slope: Array = 2 * self.share * (1 - self.share) * sqrt(2 / pi) * (1 + 3 * 0.044715 * self.x * self.x)
        return slope


OVER = (
    -2.72614225801306e-10, 2.77068142495902e-08, -2.10102402082508e-06, -5.69250639462346e-05, -7.34990630326855e-04,
    -2.95459980854025e-03, -1.60960333262415e-02,
)  # fmt: skip
UNDER = (
    -1.45660718464996e-05,
    -2.13374055278905e-04,
    -1.68282697438203e-03,
    -7.37332916720468e-03,
    -1.42647390514189e-02,
)
"""x OVER(x^2)/UNDER(x^2) is erf(x) up to 4, within 4.2e-7 in float32: the coefficients of Eigen (``generic_fast_erf``)."""

PART = 1 << 14
"""Numbers that stay in the cache while they go through all terms."""


def _erf(x: Array) -> Array:
    """The error function, which NumPy lacks: one number after the other, and in float32 as a quotient of polynomials."""
    line = x.reshape(-1)
    if x.dtype != np.float32:
        return np.array([erf(number) for number in line.tolist()], x.dtype).reshape(x.shape)
    y = np.empty_like(line)
    for start in range(0, len(line), PART):
        part = np.clip(line[start : start + PART], -4, 4)
        square = part * part
        np.divide(part * _polynomial(OVER, square), _polynomial(UNDER, square), out=y[start : start + PART])
    return y.reshape(x.shape)


def _polynomial(coefficients: tuple[float, ...], x: Array) -> Array:
    """By Horner's rule."""
    total = np.full_like(x, coefficients[0])
    for each in coefficients[1:]:
        total *= x
        total += x.dtype.type(each)
    return total


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
