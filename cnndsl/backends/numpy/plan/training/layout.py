"""The arrays of a training step and when each is needed: forwards at times 0 to T - 1, backwards at T + 1 to 2T."""

from __future__ import annotations

from collections.abc import Iterable
from math import prod
from typing import Any

import numpy as np

from .....ir import Value
from ...kernels import Array
from ..places import ALIGNMENT, offsets

__all__ = ["Layout"]


class Layout:
    """Collects arrays with their lives, then puts them all into one block of memory."""

    def __init__(self, dtype: np.dtype[Any]) -> None:
        self._dtype = dtype
        self._wanted: dict[object, tuple[tuple[int, ...], np.dtype[Any], int, int]] = {}

    def want(
        self, key: object, shape: Iterable[int], first: int, last: int, dtype: np.dtype[Any] | None = None
    ) -> None:
        """An array that is needed from one time to another."""
        self._wanted[key] = (tuple(shape), dtype or self._dtype, first, last)

    def arrays(self) -> dict[object, Array]:
        """All arrays, in places that those share which are never needed together."""
        sizes = [prod(shape) * dtype.itemsize for shape, dtype, *_ in self._wanted.values()]
        lives = [(first, last) for *_, first, last in self._wanted.values()]
        starts, total = offsets([(size, *life) for size, life in zip(sizes, lives, strict=True)])
        memory = np.empty(total + ALIGNMENT, np.uint8)
        memory = memory[-memory.ctypes.data % ALIGNMENT :]
        return {
            key: memory[start : start + size].view(dtype).reshape(shape)
            for (key, (shape, dtype, *_)), start, size in zip(self._wanted.items(), starts, sizes, strict=True)
        }


def batched(value: Value, samples: int) -> tuple[int, ...]:
    """The shape of a value with its samples last."""
    return (*value.type.shape, samples)
