"""Upsampling, padding and cropping."""

from __future__ import annotations

import numpy as np

from ....ops.resize import Crop, Pad, Upsample
from .base import Array, Kernel, kernel

__all__ = ["CropKernel", "PadKernel", "UpsampleKernel"]


@kernel(Upsample)
class UpsampleKernel(Kernel[Upsample]):
    """A product from both sides: the rows of one matrix weigh heights, those of the other widths."""

    def forward(self, x: Array) -> Array:
        vertical, horizontal = self.operator.scale_factor
        self.rows = self._weights(x.shape[2], vertical).astype(x.dtype)
        self.columns = self._weights(x.shape[3], horizontal).astype(x.dtype)
        y: Array = self.rows @ x @ self.columns.T
        return y

    def backward(self, gradient: Array) -> tuple[Array, ...]:
        return (self.rows.T @ gradient @ self.columns,)

    def _weights(self, size: int, factor: int) -> Array:
        """The matrix, factor*size x size, whose rows hold what each number of the output is made of."""
        if self.operator.mode == "nearest":
            return np.repeat(np.eye(size), factor, axis=0)
        places = _places(size, factor, self.operator.align_corners)
        before = np.floor(places).astype(int)
        share = (places - before)[:, np.newaxis]
        unit = np.eye(size)
        return np.asarray((1 - share) * unit[before] + share * unit[np.minimum(before + 1, size - 1)])


def _places(size: int, factor: int, align_corners: bool) -> Array:
    """Where each number of the output lies among those of the input, which lie at 0, 1, ..., size - 1."""
    outputs = np.arange(size * factor)
    if align_corners:
        return outputs * ((size - 1) / max(1, size * factor - 1))
    return np.clip((outputs + 0.5) / factor - 0.5, 0, size - 1)


@kernel(Pad)
class PadKernel(Kernel[Pad]):
    """What lies around is the constant, or comes from the place of the image that each row and column copies."""

    def forward(self, x: Array) -> Array:
        self.shape = x.shape
        sides = ((0, 0), (0, 0), *self.operator.padding)
        match self.operator.mode:
            case "constant":
                return np.pad(x, sides, constant_values=self.operator.value)
            case "reflect":
                return np.pad(x, sides, mode="reflect")
            case _:
                return np.pad(x, sides, mode="edge")

    def backward(self, gradient: Array) -> tuple[Array, ...]:
        rows, columns = (self._copies(axis).astype(gradient.dtype) for axis in (0, 1))
        return (rows.T @ gradient @ columns,)

    def _copies(self, axis: int) -> Array:
        """The matrix that pads a line: in each row a 1 where the number comes from, nowhere for a constant."""
        sides, unit = (self.operator.padding[axis], (0, 0)), np.eye(self.shape[2 + axis])
        if self.operator.mode == "constant":
            return np.pad(unit, sides)
        return np.pad(unit, sides, mode="reflect" if self.operator.mode == "reflect" else "edge")


@kernel(Crop)
class CropKernel(Kernel[Crop]):
    """The middle of the image."""

    def forward(self, x: Array) -> Array:
        self.shape = x.shape
        return self._middle(x)

    def backward(self, gradient: Array) -> tuple[Array, ...]:
        by_input = np.zeros(self.shape, gradient.dtype)
        self._middle(by_input)[...] = gradient
        return (by_input,)

    def _middle(self, x: Array) -> Array:
        height, width = self.operator.size
        top, left = (x.shape[2] - height) // 2, (x.shape[3] - width) // 2
        return x[:, :, top : top + height, left : left + width]
