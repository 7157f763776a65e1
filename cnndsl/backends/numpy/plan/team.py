"""Threads that share out the calls of a step and meet at its end."""

from __future__ import annotations

import os
from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING
from weakref import finalize

import numpy as np

from .algorithms import Call

if TYPE_CHECKING:
    from queue import SimpleQueue

__all__ = ["Team"]


class Team:
    """So many threads, this one among them; BLAS is held to one thread each by whoever runs a plan."""

    def __init__(self, threads: int) -> None:
        self.size = threads
        self._others: list[_Other] = []
        self._process = 0

    def run(self, lanes: Sequence[Sequence[Call]]) -> None:
        """Run the calls of each lane in a thread, and come back when all are done."""
        first, *others = lanes
        ready = self._ready() if any(others) else []
        busy = [other for other, calls in zip(ready, others, strict=False) if other.begin(calls)]
        try:
            for call in first:
                call()
        finally:
            errors = [other.end() for other in busy]
        for error in filter(None, errors):
            raise error

    def _ready(self) -> list[_Other]:
        """The other threads. A process that was forked from the one that started them has none, and starts its own."""
        if self._process != os.getpid():
            self._process = os.getpid()
            self._others = [_Other() for _ in range(self.size - 1)]
        return self._others


class _Other:
    """A thread that waits for calls. An executor needs five times as long to hand them over."""

    def __init__(self) -> None:
        from queue import SimpleQueue
        from threading import Thread

        self._given: SimpleQueue[Sequence[Call] | None] = SimpleQueue()
        self._done: SimpleQueue[BaseException | None] = SimpleQueue()
        Thread(target=partial(_work, self._given, self._done), name="cnndsl", daemon=True).start()
        finalize(self, self._given.put, None)
        self._open = 0
        """How often it was given calls and not waited for: more than once after an interrupt."""

    def begin(self, calls: Sequence[Call]) -> bool:
        """Let the thread run calls, if there are any."""
        if calls:
            self._open += 1
            self._given.put(calls)
        return bool(calls)

    def end(self) -> BaseException | None:
        """Wait until they are done; what stopped them, if something did."""
        error = None
        while self._open:
            error = self._done.get()
            self._open -= 1
        return error


def _work(given: SimpleQueue[Sequence[Call] | None], done: SimpleQueue[BaseException | None]) -> None:
    with np.errstate(all="ignore"):  # held per thread
        while (calls := given.get()) is not None:
            done.put(_error_of(calls))
            del calls  # while it waits it keeps no plan


def _error_of(calls: Sequence[Call]) -> BaseException | None:
    try:
        for call in calls:
            call()
    except BaseException as error:
        return error
    return None
