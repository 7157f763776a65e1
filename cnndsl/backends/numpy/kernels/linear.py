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
        weight = self.tensors["weight"]
        # one product: of an array with more axes NumPy makes a small one for each row of an image
        y: Array = x.reshape(-1, x.shape[-1]) @ weight.T
        if self.operator.bias:
            y += self.tensors["bias"]
        return y.reshape(*x.shape[:-1], len(weight))

    def backward(self, gradient: Array) -> tuple[Array, ...]:
        rows = gradient.reshape(-1, gradient.shape[-1])
        self.gradients["weight"] = rows.T @ self.x.reshape(-1, self.x.shape[-1])
        if self.operator.bias:
            self.gradients["bias"] = rows.sum(axis=0)
        if not self.input_needed:
            return ()
        return ((rows @ self.tensors["weight"]).reshape(self.x.shape),)


@kernel(Flatten)
class FlattenKernel(Kernel[Flatten]):
    """A change of shape alone."""

    def forward(self, x: Array) -> Array:
        self.shape = x.shape
        return x.reshape(x.shape[0], -1)

    def backward(self, gradient: Array) -> tuple[Array, ...]:
        return (gradient.reshape(self.shape),)
