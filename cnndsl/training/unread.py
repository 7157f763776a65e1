"""Losses that a device is still to compute when the next step begins."""

from __future__ import annotations

from time import perf_counter
from typing import Any

__all__ = ["Unread"]

_PAUSE = 1.0
"""Seconds between two readings."""


class Unread:
    """The losses of steps until they are read: at once where they are numbers, and else once a second.

    To read a number from a graphics card is to wait for all that it is to compute before, in which time nothing new is given to
    it.
    """

    def __init__(self) -> None:
        self._steps: list[tuple[int, int, Any]] = []
        self._since = perf_counter()

    def add(self, index: int, samples: int, loss: Any) -> list[tuple[int, int, float]]:
        """Take the loss of a step; gives those that are read now: which step, how many samples, and the loss."""
        self._steps.append((index, samples, loss))
        is_due = isinstance(loss, float) or perf_counter() - self._since > _PAUSE
        return self.read() if is_due else []

    def read(self) -> list[tuple[int, int, float]]:
        """All that are left."""
        found = [(index, samples, float(loss)) for index, samples, loss in self._steps]
        self._steps.clear()
        self._since = perf_counter()
        return found
