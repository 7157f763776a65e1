"""One thread for NumPy's matrix products.

The products of small networks are over before threads have met. Where other programs keep the cores busy, the threads of
OpenBLAS wait for each other by spinning: an epoch of LeNet-5 then took 31 s instead of 1.7 s on two cores. And sums
depend on how they are shared out: with one thread the same seed gives the same bytes on machines of any size.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from functools import cache, wraps
from typing import Any, ParamSpec, TypeVar

from threadpoolctl import ThreadpoolController

__all__ = ["single_threaded"]

_P = ParamSpec("_P")
_R = TypeVar("_R")


@cache
def _libraries() -> ThreadpoolController:
    """The loaded BLAS libraries; looking for them takes milliseconds, so it is done once."""
    return ThreadpoolController().select(user_api="blas")


def _one_thread() -> AbstractContextManager[Any]:
    limit: AbstractContextManager[Any] = _libraries().limit(limits=1)
    return limit


def single_threaded(function: Callable[_P, _R]) -> Callable[_P, _R]:
    """The function with BLAS held to one thread while it runs, and as it was before afterwards."""

    @wraps(function)
    def held(*args: _P.args, **kwargs: _P.kwargs) -> _R:
        with _one_thread():
            return function(*args, **kwargs)

    return held
