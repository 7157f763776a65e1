"""Any convolution as a product of matrices: what each window sees as a line (im2col; Chellapilla et al. 2006)."""

from __future__ import annotations

from functools import partial
from math import prod
from typing import TYPE_CHECKING

import numpy as np
from numpy.lib.stride_tricks import as_strided

from ..weights import filters
from .base import CACHE, Algorithm, Call, Unit, carve, fill, pieces, room, rows

if TYPE_CHECKING:
    from ...kernels import Array

__all__ = ["Columns"]


class Columns(Algorithm):
    """Blocks of rows of the result, so that the lines of a block stay in the cache; one product per group of channels."""

    name = "columns"

    def units(self) -> list[Unit]:
        samples, height, width, filters_ = self.job.output.shape
        per_row = width * (self._line + filters_)
        # weights that do not fit the cache are read again for each block: fewer blocks then
        fewest = 32 if self._line * filters_ < CACHE else 256
        halved = self.is_shared(self.job.output.size * self._line)
        return pieces(samples, height, max(1, CACHE // per_row, fewest // width), halved=halved)

    def scratch(self) -> int:
        return max(room(*self._shapes(unit)) for unit in self.units())

    def calls(self, unit: Unit, scratch: Array) -> list[Call]:
        start, end, top, bottom = unit
        operator, groups = self.job.operator, self.job.operator.groups
        strip, lines = carve(scratch, *self._shapes(unit))
        (before, _), (left, _) = operator.padding
        first = top * operator.stride[0] - before
        x = self.job.inputs[0][start:end]
        calls: list[Call] = []
        if self._is_padded:
            calls = fill(strip, x, first, -left)
        else:
            strip = x[:, first : first + strip.shape[1]]
        out = self.job.output[start:end, top:bottom]
        windows = self._windows(strip, out.shape[:3])
        weight = self.job.weights("lines", self._matrices)
        share, results = windows.shape[-1] // groups, out.shape[-1] // groups
        for group in range(groups):
            seen = windows[..., group * share : (group + 1) * share]
            made = out[..., group * results : (group + 1) * results]
            calls.append(partial(np.copyto, lines.reshape(seen.shape), seen))
            calls.append(partial(np.matmul, lines, weight[group], rows(made)))
        residual = None if self.job.residual is None else self.job.residual[start:end, top:bottom]
        return calls + self.finish(out, residual)

    @property
    def _line(self) -> int:
        """The numbers that a window of one group sees."""
        operator = self.job.operator
        shape = (*operator.kernel_size, self.job.inputs[0].shape[-1] // operator.groups)
        return prod(map(int, shape))

    @property
    def _is_padded(self) -> bool:
        return any(side for axis in self.job.operator.padding for side in axis)

    def _shapes(self, unit: Unit) -> tuple[tuple[int, ...], ...]:
        """Those of the padded part of the input, if there is padding, and of the lines."""
        start, end, top, bottom = unit
        operator, width = self.job.operator, self.job.output.shape[2]
        window = operator.window()
        reach = [
            (extent - 1) * window.stride[axis] + window.along(axis).extent
            for axis, extent in enumerate((bottom - top, width))
        ]
        samples, places = end - start, (end - start) * (bottom - top) * width
        channels = self.job.inputs[0].shape[-1] if self._is_padded else 0
        return (samples, *reach, channels), (places, self._line)

    def _windows(self, strip: Array, output: tuple[int, ...]) -> Array:
        """The view N x O x O' x K x K' x C of what each window sees."""
        operator, (sample, row, column, number) = self.job.operator, strip.strides
        (down, right), (gap, gap_right) = operator.stride, operator.dilation
        strides = (sample, down * row, right * column, gap * row, gap_right * column, number)
        return as_strided(strip, (*output, *operator.kernel_size, strip.shape[-1]), strides)

    def _matrices(self) -> Array:
        """G x K*K'*C/G x O/G."""
        weight = filters(self.job.task, self.job.store.tensors)
        lines = np.moveaxis(weight, 1, -1).reshape(self.job.operator.groups, -1, self._line)
        return lines.swapaxes(1, 2)
