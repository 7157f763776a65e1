"""A convolution of each channel by itself: shifted images, each times its weights, added up by one ``einsum``."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import numpy as np
from numpy.lib.stride_tricks import as_strided

from ..weights import filters
from .base import CACHE, LINE, Algorithm, Call, Unit, carve, fill, pieces, room

if TYPE_CHECKING:
    from ...kernels import Array

__all__ = ["Depthwise"]


class Depthwise(Algorithm):
    """Blocks of rows. Where a row has few channels the weights are repeated along it, so that it is one long product."""

    name = "depthwise"

    def units(self) -> list[Unit]:
        samples, height, width, channels = self.job.output.shape
        return pieces(samples, height, max(1, CACHE // 4 // (width * channels)))

    def scratch(self) -> int:
        return max(room(self._shape(unit)) for unit in self.units())

    def calls(self, unit: Unit, scratch: Array) -> list[Call]:
        start, end, top, bottom = unit
        operator = self.job.operator
        (strip,) = carve(scratch, self._shape(unit))
        (before, _), (left, _) = operator.padding
        calls = fill(strip, self.job.inputs[0][start:end], top * operator.stride[0] - before, -left)
        out = self.job.output[start:end, top:bottom]
        windows = self._windows(strip, out.shape)
        if self._has_long_rows(out):
            *shape, width, channels = windows.shape
            windows = as_strided(windows, (*shape, width * channels), (*windows.strides[:-2], windows.strides[-1]))
            weight = self.job.weights(f"rows of {width}", partial(self._rows, width))
            flat = out.reshape(*out.shape[:2], -1)
            calls.append(partial(np.einsum, "ijnhc,ijc->nhc", windows, weight, out=flat))
        else:
            weight = self.job.weights("channels", self._channels)
            calls.append(partial(np.einsum, "ijnhwc,ijc->nhwc", windows, weight, out=out))
        residual = None if self.job.residual is None else self.job.residual[start:end, top:bottom]
        return calls + self.finish(out, residual)

    def _has_long_rows(self, out: Array) -> bool:
        """Whether rows of the result and of what they are made of can be taken whole, and that is worth it."""
        return bool(out.shape[-1] < LINE // 4 and self.job.operator.stride[1] == 1 and out.flags.c_contiguous)

    def _shape(self, unit: Unit) -> tuple[int, ...]:
        start, end, top, bottom = unit
        window, (_, _, width, channels) = self.job.operator.window(), self.job.output.shape
        extents = (bottom - top, width)
        reach = [(extent - 1) * window.stride[axis] + window.along(axis).extent for axis, extent in enumerate(extents)]
        return (end - start, *reach, channels)

    def _windows(self, strip: Array, output: tuple[int, ...]) -> Array:
        """The view K x K' x N x O x O' x C of what each weight meets."""
        operator, (sample, row, column, number) = self.job.operator, strip.strides
        (down, right), (gap, gap_right) = operator.stride, operator.dilation
        strides = (gap * row, gap_right * column, sample, down * row, right * column, number)
        return as_strided(strip, (*operator.kernel_size, *output), strides)

    def _channels(self) -> Array:
        """K x K' x C."""
        return np.moveaxis(filters(self.job.task, self.job.store.tensors)[:, 0], 0, -1)

    def _rows(self, width: int) -> Array:
        """K x K' x W*C."""
        weight = self._channels()
        return np.tile(weight, (1, 1, width))
