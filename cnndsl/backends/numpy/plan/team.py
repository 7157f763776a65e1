"""Threads that share out the calls of a step and meet at its end."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from .algorithms import Call

if TYPE_CHECKING:
    from concurrent.futures import Executor

__all__ = ["Team"]


class Team:
    """So many threads, this one among them; BLAS is held to one thread each by whoever runs a plan."""

    def __init__(self, threads: int) -> None:
        self.size = threads
        self._others: Executor | None = None
        self._process = 0

    def run(self, lanes: Sequence[Sequence[Call]]) -> None:
        """Run the calls of each lane in a thread, and come back when all are done."""
        first, *others = lanes
        waiting = [self._executor().submit(_run, calls) for calls in others if calls]
        try:
            for call in first:
                call()
        finally:
            for each in waiting:
                each.result()

    def _executor(self) -> Executor:
        """The other threads. A process that was forked from the one that started them has none, and starts its own."""
        if self._others is None or self._process != os.getpid():
            from concurrent.futures import ThreadPoolExecutor

            self._process = os.getpid()
            self._others = ThreadPoolExecutor(self.size - 1, thread_name_prefix="cnndsl")
        return self._others


def _run(calls: Sequence[Call]) -> None:
    with np.errstate(all="ignore"):  # held per thread
        for call in calls:
            call()
