"""Dense layers and flattening."""

from __future__ import annotations

from ....ops.linear import Dense, Flatten
from .base import Array, Kernel, kernel

__all__ = ["DenseKernel", "FlattenKernel"]


@kernel(Dense)
class DenseKernel(Kernel[Dense]):
    """x W^T + b along the last axis, for x of N x ... x F and W of O x F."""

    def forward(self, x: Array) -> Array:
        self.x = x
        y = x @ self.tensors["weight"].T
        if self.operator.bias:
            y += self.tensors["bias"]
        return y

    def backward(self, gradient: Array) -> tuple[Array, ...]:
        rows = gradient.reshape(-1, gradient.shape[-1])
        self.gradients["weight"] = rows.T @ self.x.reshape(-1, self.x.shape[-1])
        if self.operator.bias:
            self.gradients["bias"] = rows.sum(axis=0)
        return (gradient @ self.tensors["weight"],) if self.input_needed else ()


@kernel(Flatten)
class FlattenKernel(Kernel[Flatten]):
    """A change of shape alone."""

    def forward(self, x: Array) -> Array:
        self.shape = x.shape
        return x.reshape(x.shape[0], -1)

    def backward(self, gradient: Array) -> tuple[Array, ...]:
        return (gradient.reshape(self.shape),)
