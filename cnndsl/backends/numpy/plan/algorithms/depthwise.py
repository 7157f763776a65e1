"""A convolution of each channel by itself: shifted images, each times its weights, added up."""

from __future__ import annotations

from functools import partial

import numpy as np

from ...kernels import Array
from ..weights import filters
from .base import CACHE, Algorithm, Call, Unit, carve, fill, pieces, room

__all__ = ["Depthwise"]


class Depthwise(Algorithm):
    """Blocks of rows; the weights are repeated along a row, so that each row is one long product."""

    name = "depthwise"

    def units(self) -> list[Unit]:
        samples, height, width, channels = self.job.output.shape
        return pieces(samples, height, max(1, CACHE // 4 // (width * channels)))

    def scratch(self) -> int:
        return max(room(*self._shapes(unit)) for unit in self.units())

    def calls(self, unit: Unit, scratch: Array) -> list[Call]:
        start, end, top, bottom = unit
        operator = self.job.operator
        strip, part = carve(scratch, *self._shapes(unit))
        (before, _), (left, _) = operator.padding
        out = self.job.output[start:end, top:bottom]
        width = out.shape[2]
        weight = self.job.weights(f"rows of {width}", partial(self._rows, width))
        calls = fill(strip, self.job.inputs[0][start:end], top * operator.stride[0] - before, -left)
        for place in np.ndindex(*operator.kernel_size):
            seen = self._shifted(strip, place, out.shape)
            if place == (0, 0):
                calls.append(partial(np.multiply, seen, weight[place], out))
                continue
            calls += [partial(np.multiply, seen, weight[place], part), partial(np.add, out, part, out)]
        residual = None if self.job.residual is None else self.job.residual[start:end, top:bottom]
        return calls + self.finish(out, residual)

    def _shapes(self, unit: Unit) -> tuple[tuple[int, ...], ...]:
        start, end, top, bottom = unit
        window, (_, _, width, channels) = self.job.operator.window(), self.job.output.shape
        extents = (bottom - top, width)
        reach = [(extent - 1) * window.stride[axis] + window.along(axis).extent for axis, extent in enumerate(extents)]
        return (end - start, *reach, channels), (end - start, *extents, channels)

    def _shifted(self, strip: Array, place: tuple[int, ...], shape: tuple[int, ...]) -> Array:
        """The view of what one weight meets."""
        (down, right), gaps = self.job.operator.stride, self.job.operator.dilation
        top, left = (each * gap for each, gap in zip(place, gaps, strict=True))
        return strip[:, top : top + (shape[1] - 1) * down + 1 : down, left : left + (shape[2] - 1) * right + 1 : right]

    def _rows(self, width: int) -> Array:
        """K x K' x W x C."""
        weight = np.moveaxis(filters(self.job.task, self.job.store.tensors)[:, 0], 0, -1)
        return np.repeat(weight[:, :, np.newaxis], width, axis=2)
