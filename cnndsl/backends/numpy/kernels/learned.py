"""Learned factors, centres, and vectors for tokens."""

from __future__ import annotations

import numpy as np

from ....ops.learned import Embedding, Rbf, Scale
from .base import Array, Kernel, channel_sum, kernel

__all__ = ["EmbeddingKernel", "RbfKernel", "ScaleKernel"]


@kernel(Scale)
class ScaleKernel(Kernel[Scale]):
    """x times the factor of its channel; the parameter has no name of its own."""

    def forward(self, x: Array) -> Array:
        self.x = x
        return x * self.tensors[""]

    def backward(self, gradient: Array) -> tuple[Array, ...]:
        self.gradients[""] = channel_sum(gradient * self.x).reshape(self.tensors[""].shape)
        return (gradient * self.tensors[""],) if self.input_needed else ()


@kernel(Rbf)
class RbfKernel(Kernel[Rbf]):
    """sum_j (x_j - w_ij)^2, with the differences as N x O x F."""

    def forward(self, x: Array) -> Array:
        self.differences = x[:, np.newaxis] - self.tensors["weight"]
        return np.asarray((self.differences * self.differences).sum(axis=2))

    def backward(self, gradient: Array) -> tuple[Array, ...]:
        carried = 2 * gradient[:, :, np.newaxis] * self.differences
        if self.operator.learned:
            self.gradients["weight"] = -carried.sum(axis=0)
        return (carried.sum(axis=1),) if self.input_needed else ()


@kernel(Embedding)
class EmbeddingKernel(Kernel[Embedding]):
    """The row of each token, channels first. Tokens have no gradient."""

    def forward(self, x: Array) -> Array:
        self.tokens = x
        return self.tensors["weight"][x].swapaxes(1, 2)

    def backward(self, gradient: Array) -> tuple[Array, ...]:
        by_weight = np.zeros_like(self.tensors["weight"])
        np.add.at(by_weight, self.tokens, gradient.swapaxes(1, 2))
        self.gradients["weight"] = by_weight
        return ()
