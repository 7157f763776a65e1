"""Processes that hear signals."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager

__all__ = ["signals_heard"]


@contextmanager
def signals_heard() -> Iterator[None]:
    """What is started within hears SIGINT and SIGHUP, also where the tests run by nohup, which ignores them."""
    before = {number: signal.signal(number, signal.SIG_DFL) for number in (signal.SIGINT, signal.SIGHUP)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
