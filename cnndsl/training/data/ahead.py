"""Batches that are made ready while the step before them is computed, in order, and never more than a few at a time."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from time import perf_counter
from typing import Generic, TypeVar

__all__ = ["Ahead"]

_In = TypeVar("_In")
_Out = TypeVar("_Out")

WORKERS, DEPTH = 2, 4


class Ahead(Generic[_In, _Out]):
    """Makes something of each item in threads, and gives the results in the order of the items.

    Decoding of pictures lets other threads run. ``waited`` are the seconds that were spent on waiting for results.
    """

    def __init__(self, make: Callable[[_In], _Out]) -> None:
        self.waited = 0.0
        self._make = make

    def over(self, items: Iterable[_In]) -> Iterator[tuple[_In, _Out]]:
        """Each item with what is made of it."""
        with ThreadPoolExecutor(WORKERS) as pool:
            begun: deque[tuple[_In, Future[_Out]]] = deque()
            try:
                for item in items:
                    begun.append((item, pool.submit(self._make, item)))
                    if len(begun) == DEPTH:
                        yield self._next(begun)
                while begun:
                    yield self._next(begun)
            finally:
                for _, future in begun:
                    future.cancel()

    def _next(self, begun: deque[tuple[_In, Future[_Out]]]) -> tuple[_In, _Out]:
        item, future = begun.popleft()
        start = perf_counter()
        result = future.result()
        self.waited += perf_counter() - start
        return item, result
