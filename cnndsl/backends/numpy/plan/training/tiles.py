"""How a convolution makes its results for windows of pooling: some of a window's places at once, as one tile.

A product of matrices with O rows and C*K*K' columns is flat where there are few channels, and each number of the input is
copied K*K' times for it. A tile of T x T' results looks at (T + K - 1) x (T' + K' - 1) places: T*T' times the rows, fewer
copies, and more multiplications, as the weights stand in a larger window with zeros around them.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise, product
from math import prod

import numpy as np
from numpy.lib.stride_tricks import as_strided

from .....ops.convolution import Conv
from .....ops.geometry import explicit
from .....ops.pooling import AvgPool, MaxPool
from .....record import Record
from ...kernels import Array
from ..task import Task
from .largest import MOST_PLANES

__all__ = ["Tiles", "can_pool", "tiles_of"]

COPY = 0.4
"""Nanoseconds to move a number of a column there and back."""
FASTEST = 1 / 85
"""Nanoseconds of a floating-point operation of a large product."""
FLAT = 8
"""The rows of a product that takes twice as long for each operation."""


class Tiles(Record):
    """A convolution of kernel_size, stride and dilation, whose results are pooled in windows without overlap, in tiles."""

    channels: int
    filters: int
    kernel_size: tuple[int, ...]
    stride: tuple[int, ...]
    dilation: tuple[int, ...]
    padding: tuple[int, int]
    """Zeros above and to the left."""
    input: tuple[int, ...]
    output: tuple[int, ...]
    """Rows and columns of what comes out of the pooling."""
    pool: tuple[int, ...]
    tile: tuple[int, ...]

    @property
    def reach(self) -> tuple[list[int], list[int]]:
        """Rows and columns that a tile looks at, from its first."""
        down, right = (
            sorted(
                {
                    place * self.stride[axis] + element * self.dilation[axis]
                    for place, element in product(range(self.tile[axis]), range(self.kernel_size[axis]))
                }
            )
            for axis in (0, 1)
        )
        return down, right

    @property
    def is_even(self) -> bool:
        """Whether the rows and columns that a tile looks at are equally far apart."""
        return all(len({after - before for before, after in pairwise(each)}) < 2 for each in self.reach)

    @property
    def counts(self) -> tuple[int, int]:
        """Tiles in a window of pooling, down and across."""
        return self.pool[0] // self.tile[0], self.pool[1] // self.tile[1]

    @property
    def matrix(self) -> tuple[int, int]:
        """Rows and columns of the matrix of weights."""
        down, right = self.reach
        return self.filters * prod(self.tile), self.channels * len(down) * len(right)

    @property
    def across(self) -> int:
        """How far windows of pooling are apart in the input; so many columns apart, numbers lie side by side."""
        return self.pool[1] * self.stride[1]

    @property
    def split(self) -> tuple[int, int, int, int]:
        """Channels, rows, columns between two windows, and windows, of the input as it is read."""
        down, right = self.reach
        last = [
            ((self.output[axis] - 1) * self.pool[axis] + self.pool[axis] - self.tile[axis]) * self.stride[axis]
            + each[-1]
            for axis, each in enumerate((down, right))
        ]
        return self.channels, last[0] + 1, self.across, last[1] // self.across + 1

    def cost(self, passes: int) -> float:
        """About how many nanoseconds a place of the convolution's output takes one core."""
        rows, columns = self.matrix
        operations = 2 * rows * columns * FASTEST * (rows + FLAT) / rows
        return passes * (operations + columns * COPY) / prod(self.tile)

    def expand(self, weight: Array, matrix: Array) -> None:
        """The weights, O x C x K x K', where each place of a tile meets them; ``matrix`` has zeros elsewhere."""
        for part in self._meetings(matrix):
            part[...] = weight

    def fold(self, matrix: Array) -> Array:
        """The reverse: the sum over the places of a tile."""
        first, *others = self._meetings(matrix)
        return sum(others, start=first)

    def _meetings(self, matrix: Array) -> Iterator[Array]:
        """For each place of a tile the part of a matrix, O x C x K x K', that stands for its weights."""
        reach = self.reach
        places = matrix.reshape(self.filters, *self.tile, self.channels, *map(len, reach))
        for place in np.ndindex(*self.tile):
            met = [
                [start * step for start in range(count)]
                for step, count in zip(self.dilation, self.kernel_size, strict=True)
            ]
            rows, columns = (
                _run([seen.index(place[axis] * self.stride[axis] + each) for each in met[axis]])
                for axis, seen in enumerate(reach)
            )
            yield places[:, *place][:, :, rows, columns]

    def seats(self, x: Array, split: Array) -> Iterator[tuple[Array, Array]]:
        """Parts of an input as it is read and of the input itself, C x H x W x N, that hold the same; the rest is padding."""
        (top, left), (_, rows, across, count) = self.padding, self.split
        height = min(self.input[0], rows - top)
        for place in range(across):
            first = -(-max(0, left - place) // across)
            start = first * across + place - left
            seen = x[:, :height, start::across][:, :, : count - first]
            yield split[:, top : top + height, place, first : first + seen.shape[2]], seen

    def parts(self, columns: Array, split: Array, start: int) -> Iterator[tuple[Array, Array]]:
        """Parts of columns, C x K x A x R x L, and the views of what they hold, for R rows of windows from ``start`` on.

        ``columns`` is C x K x K' x A x B x R x L, for A x B tiles in a window; L are the windows of a row in all samples.
        """
        down, right = self.reach
        step = down[1] - down[0] if len(down) > 1 else 1
        channel, row, *_, number = split.strides
        (rows, line), height = columns.shape[5:], self.pool[0] * self.stride[0]
        samples = line // self.output[1]
        strides = (channel, step * row, self.tile[0] * self.stride[0] * row, height * row, number)
        shape = (self.channels, len(down), self.counts[0], rows, line)
        for place, offset in enumerate(right):
            for tile in range(self.counts[1]):
                shift, within = divmod(tile * self.tile[1] * self.stride[1] + offset, self.across)
                yield (
                    columns[:, :, place, :, tile],
                    as_strided(split[:, start * height :, within, shift * samples :], shape, strides),
                )


def _run(places: list[int]) -> slice:
    """Equally distant places as a slice."""
    step = places[1] - places[0] if len(places) > 1 else 1
    return slice(places[0], places[-1] + 1, step)


def can_pool(task: Task, pool: Task) -> bool:
    """Whether a convolution can be made for the windows of a pooling that reads it."""
    operator = task.operator
    if type(operator) is not Conv or len(operator.kernel_size) != 2 or operator.groups != 1:
        return False
    if type(pool.operator) not in (MaxPool, AvgPool):
        return False
    window, sizes = pool.operator.window(), task.outputs[0].type.shape[1:]
    is_apart = window.stride == window.kernel_size and set(window.dilation) == {1}
    whole = all(
        count * size <= extent
        for count, size, extent in zip(pool.outputs[0].type.shape[1:], window.kernel_size, sizes, strict=True)
    )
    is_some = 1 < prod(window.kernel_size) <= MOST_PLANES
    return is_apart and is_some and whole and not any(side for axis in window.padding for side in axis)


def tiles_of(task: Task, passes: int) -> Tiles:
    """The cheapest tiles for a convolution and its pooling; ``passes`` as many times as columns are made or used."""
    operator, pool = task.operator, task.pool and task.pool.operator
    assert isinstance(operator, Conv)
    assert isinstance(pool, MaxPool | AvgPool)
    (top, _), (left, _) = explicit(operator.padding)
    channels, *size = task.inputs[0].type.shape
    filters, *output = task.outputs[0].type.shape
    kernel = pool.window().kernel_size
    able = (
        Tiles(
            channels, filters, operator.kernel_size, operator.stride, operator.dilation, (top, left), tuple(size),
            tuple(output), kernel, tile,
        )
        for tile in product(*(_divisors(each) for each in kernel))
    )  # fmt: skip
    return min((each for each in able if each.is_even), key=lambda each: each.cost(passes))


def _divisors(number: int) -> list[int]:
    return [each for each in range(1, number + 1) if number % each == 0]
