"""The largest of several planes, found by comparing them in pairs, and the way back for its gradient."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from math import prod
from typing import Any

import numpy as np

from ...kernels import Array

__all__ = ["MOST_PLANES", "Largest"]

MOST_PLANES = 256
"""A byte says which plane won."""


class Largest:
    """Joins the planes of an array, O x axes of planes x L, axis by axis; of equal numbers the first along each axis wins.

    The array and the working memory are those of all runs.
    """

    def __init__(self, x: Array, order: tuple[int, ...], spare: Array) -> None:
        self._x = x
        self._lines = len(x), x.shape[-1]
        self._first = np.arange(len(x))[:, np.newaxis] * prod(x.shape[1:]) + np.arange(x.shape[-1])
        self._spare = spare
        self._calls: list[Callable[[], object]] = []
        places = None
        for axis in order:
            distance = prod(self._x.shape[axis + 1 : -1])
            for turn in range((x.shape[axis] - 1).bit_length()):
                x, places = self._halve(x, places, axis, distance << turn)
        assert places is not None
        self._best, self._places = (each.reshape(self._lines) for each in (x, places))

    @staticmethod
    def room(size: int) -> int:
        """As many numbers of working memory as are enough for planes of so many numbers together."""
        return 2 * size

    def join(self, out: Array, winners: Array) -> None:
        """Write the largest numbers, and which plane each comes from: ``out`` and ``winners``, uint8, are O x L."""
        for call in self._calls:
            call()
        out[...] = self._best
        winners[...] = self._places

    def route(self, gradient: Array, winners: Array) -> None:
        """Write to the array each gradient, O x L, where its number came from, and zeros elsewhere."""
        self._x[...] = 0
        places = np.multiply(winners, self._lines[1], dtype=np.intp)
        places += self._first
        self._x.reshape(-1)[places] = gradient

    def _halve(self, x: Array, places: Array | None, axis: int, distance: int) -> tuple[Array, Array]:
        """Plan a comparison of neighbours along an axis, so many planes apart: the larger ones, and where they come from."""
        left, right, rest = _sides(x, axis)
        shape = tuple((size + 1) // 2 if at == axis else size for at, size in enumerate(x.shape))
        best, chosen = self._carve(shape, x.dtype), self._carve(shape, np.uint8)
        first, last = (slice(None),) * axis, slice(left.shape[axis], None)
        is_right = chosen[*first, : left.shape[axis]]
        self._plan(np.greater, right, left, is_right.view(bool))
        self._plan(np.maximum, left, right, best[*first, : left.shape[axis]])
        self._choose(places, axis, np.uint8(distance), is_right)
        if rest.size:
            rest_of_places = np.zeros(rest.shape, np.uint8) if places is None else _sides(places, axis)[2]
            self._plan(np.positive, rest, best[*first, last])
            self._plan(np.positive, rest_of_places, chosen[*first, last])
        return best, chosen

    def _choose(self, places: Array | None, axis: int, distance: Any, is_right: Array) -> None:
        """Turn the marks of winners on the right into places: those on the left begin some planes before them."""
        if places is None:
            return self._plan(np.multiply, is_right, distance, is_right)
        left, right, _ = _sides(places, axis)
        self._plan(np.subtract, right, left, right)
        self._plan(np.add, right, distance, right)
        self._plan(np.multiply, is_right, right, is_right)
        self._plan(np.add, is_right, left, is_right)
        return None

    def _plan(self, function: Callable[..., object], *arrays: Array) -> None:
        """Add a call; axes of one element would cost it time."""
        *given, out = (each.squeeze() for each in arrays)
        self._calls.append(partial(function, *given, out=out))

    def _carve(self, shape: tuple[int, ...], dtype: Any) -> Array:
        """An array from what is left of the working memory."""
        numbers = -(-prod(shape) * np.dtype(dtype).itemsize // self._spare.itemsize)
        found, self._spare = self._spare[:numbers], self._spare[numbers:]
        carved: Array = found.view(dtype)[: prod(shape)].reshape(shape)
        return carved


def _sides(x: Array, axis: int) -> tuple[Array, Array, Array]:
    """The first and the second of each pair, and what is left over."""
    even = x.shape[axis] // 2 * 2
    left, right, rest = (
        x[(*(slice(None),) * axis, part)] for part in (slice(0, even, 2), slice(1, even, 2), slice(even, None))
    )
    return left, right, rest
