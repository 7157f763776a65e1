"""Activations. Each formula is written so that no number overflows that need not."""

from __future__ import annotations

import numpy as np

from ....ops.activation import Elu, LeakyRelu, LogSoftmax, Relu, Sigmoid, Softmax, Tanh
from .base import Array, Kernel, kernel

__all__ = [
    "EluKernel",
    "LeakyReluKernel",
    "LogSoftmaxKernel",
    "ReluKernel",
    "SigmoidKernel",
    "SoftmaxKernel",
    "TanhKernel",
    "logistic",
]


@kernel(Relu)
class ReluKernel(Kernel[Relu]):
    """max(x, 0)."""

    def forward(self, x: Array) -> Array:
        self.y = np.maximum(x, 0)
        return self.y

    def backward(self, gradient: Array) -> tuple[Array, ...]:
        return (gradient * (self.y > 0),)


@kernel(LeakyRelu)
class LeakyReluKernel(Kernel[LeakyRelu]):
    """x, or negative_slope * x."""

    def forward(self, x: Array) -> Array:
        self.positive = x > 0
        return np.where(self.positive, x, x * self.operator.negative_slope)

    def backward(self, gradient: Array) -> tuple[Array, ...]:
        return (np.where(self.positive, gradient, gradient * self.operator.negative_slope),)


@kernel(Elu)
class EluKernel(Kernel[Elu]):
    """x, or alpha * (e^x - 1)."""

    def forward(self, x: Array) -> Array:
        self.x = x
        return np.where(x > 0, x, self.operator.alpha * np.expm1(np.minimum(x, 0)))

    def backward(self, gradient: Array) -> tuple[Array, ...]:
        slope = self.operator.alpha * np.exp(np.minimum(self.x, 0))
        return (np.where(self.x > 0, gradient, gradient * slope),)


def logistic(x: Array) -> Array:
    """1/(1 + e^-x), and e^x/(e^x + 1) where x is negative: the same, without overflow."""
    small = np.exp(-np.abs(x))
    y: Array = np.where(x >= 0, 1, small) / (1 + small)
    return y


@kernel(Sigmoid)
class SigmoidKernel(Kernel[Sigmoid]):
    """1/(1 + e^-x), whose derivative is y * (1 - y)."""

    def forward(self, x: Array) -> Array:
        self.y = logistic(x)
        return self.y

    def backward(self, gradient: Array) -> tuple[Array, ...]:
        return (gradient * self.y * (1 - self.y),)


@kernel(Tanh)
class TanhKernel(Kernel[Tanh]):
    """tanh, whose derivative is 1 - tanh^2."""

    def forward(self, x: Array) -> Array:
        self.y = np.tanh(x)
        return self.y

    def backward(self, gradient: Array) -> tuple[Array, ...]:
        return (gradient * (1 - self.y * self.y),)


@kernel(Softmax)
class SoftmaxKernel(Kernel[Softmax]):
    """e^x over its sum; taking the largest x away first changes nothing but keeps e^x from overflowing."""

    def forward(self, x: Array) -> Array:
        self.axis = self.operator.axis + 1
        powers = np.exp(x - x.max(axis=self.axis, keepdims=True))
        y: Array = powers / powers.sum(axis=self.axis, keepdims=True)
        self.y = y
        return y

    def backward(self, gradient: Array) -> tuple[Array, ...]:
        mean = (gradient * self.y).sum(axis=self.axis, keepdims=True)
        return (self.y * (gradient - mean),)


@kernel(LogSoftmax)
class LogSoftmaxKernel(Kernel[LogSoftmax]):
    """x - log sum e^x."""

    def forward(self, x: Array) -> Array:
        self.axis = self.operator.axis + 1
        shifted = x - x.max(axis=self.axis, keepdims=True)
        y: Array = shifted - np.log(np.exp(shifted).sum(axis=self.axis, keepdims=True))
        self.y = y
        return y

    def backward(self, gradient: Array) -> tuple[Array, ...]:
        return (gradient - np.exp(self.y) * gradient.sum(axis=self.axis, keepdims=True),)
