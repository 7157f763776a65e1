"""The norm of each window, and the k largest numbers of a line."""

from __future__ import annotations

import numpy as np

from ....ops.pooling_kinds import KMaxPool, LpPool
from .base import Array, Kernel, kernel
from .windows import Windows

__all__ = ["KMaxPoolKernel", "LpPoolKernel"]


@kernel(LpPool)
class LpPoolKernel(Kernel[LpPool]):
    """(sum |x|^p)^(1/p); the derivative by x is sign(x) * (|x|/norm)^(p - 1)."""

    def forward(self, x: Array) -> Array:
        self.windows = Windows(self.operator.window(), x.shape[2:])
        self.x = x
        total = np.zeros((*x.shape[:2], *self.windows.output), x.dtype)
        for offset in self.windows.offsets():
            total += np.abs(self.windows.at(x, offset)) ** self.operator.norm_type
        self.norm = total ** (1 / self.operator.norm_type)
        return np.asarray(self.norm)

    def backward(self, gradient: Array) -> tuple[Array, ...]:
        norm = np.where(self.norm > 0, self.norm, 1)
        by_input = self.windows.empty(self.x)
        for offset in self.windows.offsets():
            part = self.windows.at(self.x, offset)
            slope = np.sign(part) * (np.abs(part) / norm) ** (self.operator.norm_type - 1)
            self.windows.at(by_input, offset)[...] += gradient * slope
        return (by_input,)


@kernel(KMaxPool)
class KMaxPoolKernel(Kernel[KMaxPool]):
    """Remembers the places of the numbers that are kept; of equal ones the last are."""

    def forward(self, x: Array) -> Array:
        self.shape = x.shape
        largest = x.argsort(axis=-1, kind="stable")[..., -self.operator.k :]
        self.places = np.sort(largest, axis=-1)
        return np.take_along_axis(x, self.places, axis=-1)

    def backward(self, gradient: Array) -> tuple[Array, ...]:
        by_input = np.zeros(self.shape, gradient.dtype)
        np.put_along_axis(by_input, self.places, gradient, axis=-1)
        return (by_input,)
