"""A convolution and the pooling after it as one: results stay in the cache until their windows are joined."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from math import prod

import numpy as np

from .....record import Record
from ...kernels import Array, Pass
from ..task import Task
from .base import Layer, Seat, activate, through
from .largest import Largest
from .tiles import Tiles, tiles_of

__all__ = ["PooledMaximum", "PooledMean"]

ROOM = 512 * 1024
"""Numbers that a block may have: more than the cache of a core holds, as calls cost more than misses."""


class Block(Record):
    """Some rows of windows, with working memory for them."""

    rows: slice
    columns: Array
    """C x K x K' x A x B x R x L: K x K' places that a tile looks at, A x B tiles in a window, L windows in a row."""
    results: Array
    """O x T x T' x A x B x R*L: tiles of T x T'."""
    spare: Array
    """Working memory for what comes after the product, where the columns are."""
    parts: list[tuple[Array, Array]]
    """Parts of columns, and what of the input they hold."""
    additions: list[tuple[Array, Array]]
    """Where the gradient by the input gets parts of columns, row by row of tiles, as these overlap."""


class _Pooled(Layer):
    """Blocks of rows of windows: one product, then the windows joined, whose places are planes of the product's result."""

    rereads = False

    def __init__(self, seat: Seat) -> None:
        super().__init__(seat)
        self.tiles = tiles = _tiles(seat.task)
        self._weight = np.zeros(tiles.matrix, seat.scratch.dtype)
        self._by_weight = np.zeros_like(self._weight)
        shape, y = (*tiles.split, seat.samples), seat.outputs[0]
        self._split = np.zeros(shape, seat.scratch.dtype)
        self._gradient, rest = _carve(seat.scratch, y.shape)
        self._by_split, self._memory = _carve(rest, shape if seat.needed[0] else (*shape[:3], 0))
        self._seats = list(tiles.seats(seat.inputs[0], self._split))
        self.blocks = list(self._plan_blocks())

    @staticmethod
    def scratch(task: Task, samples: int) -> int:
        split, y = prod(_tiles(task).split), prod(task.outputs[0].type.shape)
        return (split + y) * samples + _rows(task, samples) * _per_row(task, samples)

    def forward(self, run: Pass) -> None:
        self.tiles.expand(self.seat.tensors["weight"], self._weight)
        y = self.seat.outputs[0]
        for part, seen in self._seats:
            part[...] = seen
        for number, block in enumerate(self.blocks):
            _fill(block)
            np.matmul(self._weight, _columns(block), out=_results(block))
            self.join(number, block, y[:, block.rows])
        activate(self.pool.activation, y)

    def backward(self, gradients: tuple[Array, ...], into: tuple[Array | None, ...]) -> None:
        through(self.pool.activation, self.seat.outputs[0], gradients[0], self._gradient)
        self._by_weight[...] = 0
        self._by_split[...] = 0
        by_bias = np.zeros(len(self._gradient), self._gradient.dtype)
        for number, block in enumerate(self.blocks):
            by_bias += self.route(number, block, self._gradient[:, block.rows])
            _fill(block)
            self._by_weight += _results(block) @ _columns(block).T
            if into[0] is not None:
                np.matmul(self._weight.T, _results(block), out=_columns(block))
                _spread(block)
        self.gradients["weight"][...] = self.tiles.fold(self._by_weight)
        if "bias" in self.gradients:
            self.gradients["bias"][...] = by_bias
        if into[0] is not None:
            self._take_back(into[0])

    def join(self, number: int, block: Block, y: Array) -> None:
        """Join the windows of a block, with the bias of the convolution."""
        raise NotImplementedError

    def route(self, number: int, block: Block, gradient: Array) -> Array:
        """Write the gradient by the results of a block, given that by its windows, and return that by the bias."""
        raise NotImplementedError

    @property
    def pool(self) -> Task:
        assert self.seat.task.pool is not None
        return self.seat.task.pool

    @property
    def bias(self) -> Array | None:
        """O x 1 x 1 x 1."""
        bias = self.seat.tensors.get("bias")
        return None if bias is None else bias.reshape(-1, 1, 1, 1)

    def _take_back(self, into: Array) -> None:
        """The gradient by the input from where it was added up; zeros where nothing was read."""
        into[...] = 0
        for part, seen in self.tiles.seats(into, self._by_split):
            seen[...] = part

    def _plan_blocks(self) -> Iterator[Block]:
        """All blocks, about equally large."""
        height, most = self.tiles.output[0], _rows(self.seat.task, self.seat.samples)
        count = -(-height // most)
        edges = [height * place // count for place in range(count + 1)]
        for start, end in pairwise(edges):
            yield self._plan_block(start, end)

    def _plan_block(self, start: int, end: int) -> Block:
        tiles, rows, line = self.tiles, end - start, self.tiles.output[1] * self.seat.samples
        counts = (*tiles.counts, rows, line)
        results, spare = _carve(self._memory, (tiles.filters, *tiles.tile, *tiles.counts, rows * line))
        columns, _ = _carve(spare, (tiles.channels, *map(len, tiles.reach), *counts))
        additions = [
            (seen[:, row], part[:, row])
            for part, seen in (tiles.parts(columns, _flat(self._by_split), start) if self._by_split.size else ())
            for row in range(part.shape[1])
        ]
        parts = list(tiles.parts(columns, _flat(self._split), start))
        return Block(slice(start, end), columns, results, spare, parts, additions)


class PooledMaximum(_Pooled):
    """The largest number of each window; the bias comes after."""

    def __init__(self, seat: Seat) -> None:
        super().__init__(seat)
        of_shape = {block.results.shape: block for block in self.blocks}
        largest = {shape: Largest(each.results, (2, 4, 1, 3), each.spare) for shape, each in of_shape.items()}
        self._largest = [largest[block.results.shape] for block in self.blocks]
        self._winners = [np.empty((len(each), each.shape[-1]), np.uint8) for each in (b.results for b in self.blocks)]

    def join(self, number: int, block: Block, y: Array) -> None:
        self._largest[number].join(_lines(y), self._winners[number])
        if self.bias is not None:
            y += self.bias

    def route(self, number: int, block: Block, gradient: Array) -> Array:
        self._largest[number].route(_lines(gradient), self._winners[number])
        return _sums(gradient)


class PooledMean(_Pooled):
    """The mean of each window, after an activation whose results are kept."""

    def __init__(self, seat: Seat) -> None:
        super().__init__(seat)
        self._kept = [np.empty_like(block.results) for block in self.blocks]
        self._count = prod(self.tiles.pool)

    def join(self, number: int, block: Block, y: Array) -> None:
        kept = self._kept[number]
        np.add(block.results, 0 if self.bias is None else self.bias[..., np.newaxis, np.newaxis], out=kept)
        activate(self.seat.task.activation, kept)
        np.divide(kept.sum(axis=(1, 2, 3, 4)).reshape(y.shape), self._count, out=y)

    def route(self, number: int, block: Block, gradient: Array) -> Array:
        gradient /= self._count
        through(self.seat.task.activation, self._kept[number], _lines(gradient)[:, *[np.newaxis] * 4], block.results)
        return _sums(block.results)


def _fill(block: Block) -> None:
    for part, seen in block.parts:
        part[...] = seen


def _spread(block: Block) -> None:
    """The reverse of filling."""
    for target, part in block.additions:
        np.add(target, part, out=target)


def _flat(split: Array) -> Array:
    return split.reshape(*split.shape[:3], -1)


def _carve(memory: Array, shape: tuple[int, ...]) -> tuple[Array, Array]:
    """An array from the start of some memory, and what is left."""
    size = prod(shape)
    return memory[:size].reshape(shape), memory[size:]


def _sums(x: Array) -> Array:
    """One number per channel."""
    total: Array = x.reshape(len(x), -1).sum(axis=1)
    return total


def _columns(block: Block) -> Array:
    """C*K*K' x A*B*R*L."""
    return block.columns.reshape(prod(block.columns.shape[:3]), -1)


def _results(block: Block) -> Array:
    """O*T*T' x A*B*R*L."""
    return block.results.reshape(prod(block.results.shape[:3]), -1)


def _lines(y: Array) -> Array:
    """Rows of joined windows as O x R*L."""
    joined = y.reshape(len(y), -1)
    assert np.shares_memory(joined, y)
    return joined


def _tiles(task: Task) -> Tiles:
    return tiles_of(task, 3)


def _per_row(task: Task, samples: int) -> int:
    """The numbers of working memory that go with a row of windows."""
    tiles = _tiles(task)
    rows, columns = tiles.matrix
    places = prod(tiles.counts) * tiles.output[1] * samples
    return (rows + max(columns, Largest.room(rows))) * places


def _rows(task: Task, samples: int) -> int:
    """How many rows of windows are made at a time."""
    return max(1, min(task.outputs[0].type.shape[1], ROOM // _per_row(task, samples)))
