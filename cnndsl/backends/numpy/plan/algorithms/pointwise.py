"""A convolution of 1x1: one product of matrices, places x channels times channels x filters."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from ..weights import filters
from .base import CACHE, Algorithm, Call, Unit, carve, pieces, room, rows

if TYPE_CHECKING:
    from ...kernels import Array

__all__ = ["Pointwise"]


class Pointwise(Algorithm):
    """Blocks of rows whose result is still in the cache when it gets bias, residual and activation."""

    name = "gemm"

    def units(self) -> list[Unit]:
        samples, height, width, filters_ = self.job.output.shape
        per_row = width * (filters_ + self.job.inputs[0].shape[-1])
        fewest = 64 if filters_ * self.job.inputs[0].shape[-1] < CACHE else 256
        halved = self.is_shared(self.job.output.size * self.job.inputs[0].shape[-1])
        return pieces(samples, height, max(1, CACHE // per_row, fewest // width), halved=halved)

    def scratch(self) -> int:
        return max((room(self._picked(unit)) for unit in self.units()), default=0) if self._is_strided else 0

    def calls(self, unit: Unit, scratch: Array) -> list[Call]:
        start, end, top, bottom = unit
        x = self.job.inputs[0][start:end]
        calls: list[Call] = []
        if self._is_strided:
            down, right = self.job.operator.stride
            (picked,) = carve(scratch, self._picked(unit))
            calls = [partial(np.copyto, picked, x[:, top * down : (bottom - 1) * down + 1 : down, ::right])]
            x = picked
        else:
            x = x[:, top:bottom]
        out = self.job.output[start:end, top:bottom]
        residual = None if self.job.residual is None else self.job.residual[start:end, top:bottom]
        weight = self.job.weights("matrix", self._matrix)
        return [*calls, partial(np.matmul, rows(x), weight, rows(out)), *self.finish(out, residual)]

    @property
    def _is_strided(self) -> bool:
        return bool(self.job.operator.stride != (1, 1))

    def _picked(self, unit: Unit) -> tuple[int, ...]:
        start, end, top, bottom = unit
        return end - start, bottom - top, self.job.output.shape[2], self.job.inputs[0].shape[-1]

    def _matrix(self) -> Array:
        weight = filters(self.job.task, self.job.store.tensors)
        return weight.reshape(len(weight), -1).T
