"""One thread for NumPy's matrix products.

The products of small networks are over before threads have met. Where other programs keep the cores busy, the threads of
OpenBLAS wait for each other by spinning: an epoch of LeNet-5 then took 31 s instead of 1.7 s on two cores. And sums
depend on how they are shared out: with one thread the same seed gives the same bytes on machines of any size.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache, wraps
from threading import Lock
from typing import Any, ParamSpec, TypeVar

from threadpoolctl import ThreadpoolController

__all__ = ["single_threaded"]

_P = ParamSpec("_P")
_R = TypeVar("_R")


@cache
def _libraries() -> ThreadpoolController:
    """The loaded BLAS libraries; looking for them takes milliseconds, so it is done once."""
    return ThreadpoolController().select(user_api="blas")


class _OneThread:
    """Holds BLAS to one thread within ``with``.

    The setting is that of the whole process: where several threads are inside at once, the first changes it, and the last to
    leave puts back what was there.
    """

    def __init__(self) -> None:
        self._lock = Lock()
        self._inside = 0
        self._limit: Any = None

    def __enter__(self) -> None:
        with self._lock:
            if self._inside == 0:
                self._limit = _libraries().limit(limits=1)
            self._inside += 1

    def __exit__(self, *error: object) -> None:
        with self._lock:
            self._inside -= 1
            if self._inside == 0:
                self._limit.restore_original_limits()


_one_thread = _OneThread()


def single_threaded(function: Callable[_P, _R]) -> Callable[_P, _R]:
    """The function with BLAS held to one thread while it runs, and as it was before afterwards."""

    @wraps(function)
    def held(*args: _P.args, **kwargs: _P.kwargs) -> _R:
        with _one_thread:
            return function(*args, **kwargs)

    return held
