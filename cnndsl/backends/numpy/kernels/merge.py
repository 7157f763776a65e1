"""Where branches meet and part."""

from __future__ import annotations

from functools import reduce

import numpy as np

from ....ops.merge import Add, Concat, Identity, Mul, ShortcutPad, Split
from .base import Array, Kernel, kernel

__all__ = ["AddKernel", "ConcatKernel", "IdentityKernel", "MulKernel", "ShortcutPadKernel", "SplitKernel"]


@kernel(Add)
class AddKernel(Kernel[Add]):
    """The sum; each input gets the gradient whole."""

    def forward(self, *inputs: Array) -> Array:
        self.count = len(inputs)
        return reduce(np.add, inputs)

    def backward(self, gradient: Array) -> tuple[Array, ...]:
        return (gradient,) * self.count


@kernel(Mul)
class MulKernel(Kernel[Mul]):
    """The product; each input gets the gradient times the product of the others."""

    def forward(self, *inputs: Array) -> Array:
        self.inputs = inputs
        return reduce(np.multiply, inputs)

    def backward(self, gradient: Array) -> tuple[Array, ...]:
        return tuple(self._part(place, gradient) for place in range(len(self.inputs)))

    def _part(self, place: int, gradient: Array) -> Array:
        others = (*self.inputs[:place], *self.inputs[place + 1 :])
        return _sum_to(reduce(np.multiply, others, gradient), self.inputs[place].shape)


def _sum_to(x: Array, shape: tuple[int, ...]) -> Array:
    """The reverse of broadcasting: the sum over the axes along which a value was repeated."""
    axes = tuple(axis for axis, extent in enumerate(shape) if extent == 1 and x.shape[axis] > 1)
    return np.asarray(x.sum(axis=axes, keepdims=True)) if axes else x


@kernel(Concat)
class ConcatKernel(Kernel[Concat]):
    """Values one after the other; each input gets its part of the gradient."""

    def forward(self, *inputs: Array) -> Array:
        self.axis = self.operator.axis + 1
        self.ends = np.cumsum([x.shape[self.axis] for x in inputs])[:-1]
        return np.concatenate(inputs, axis=self.axis)

    def backward(self, gradient: Array) -> tuple[Array, ...]:
        return tuple(np.split(gradient, self.ends, axis=self.axis))


@kernel(Identity)
class IdentityKernel(Kernel[Identity]):
    """Nothing happens."""

    def forward(self, x: Array) -> Array:
        return x

    def backward(self, gradient: Array) -> tuple[Array, ...]:
        return (gradient,)


@kernel(Split)
class SplitKernel(Kernel[Split]):
    """Equal parts of the channels."""

    def forward(self, x: Array) -> tuple[Array, ...]:
        return tuple(np.split(x, self.operator.parts, axis=1))

    def backward(self, *gradients: Array) -> tuple[Array, ...]:
        return (np.concatenate(gradients, axis=1),)


@kernel(ShortcutPad)
class ShortcutPadKernel(Kernel[ShortcutPad]):
    """Every stride-th row and column, with channels of zeros after them."""

    def forward(self, x: Array) -> Array:
        self.shape = x.shape
        kept = self._kept(x)
        y = np.zeros((len(x), self.operator.out_channels, *kept.shape[2:]), x.dtype)
        y[:, : x.shape[1]] = kept
        return y

    def backward(self, gradient: Array) -> tuple[Array, ...]:
        by_input = np.zeros(self.shape, gradient.dtype)
        self._kept(by_input)[...] = gradient[:, : self.shape[1]]
        return (by_input,)

    def _kept(self, x: Array) -> Array:
        down, right = self.operator.stride
        return x[:, :, ::down, ::right]
