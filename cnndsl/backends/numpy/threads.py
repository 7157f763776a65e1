"""One thread for NumPy's matrix products.

The products of small networks are over before threads have met. Where other programs keep the cores busy, the threads of
OpenBLAS wait for each other by spinning: an epoch of LeNet-5 then took 31 s instead of 1.7 s on two cores. And sums
depend on how they are shared out: with one thread the same seed gives the same bytes on machines of any size.
"""

from __future__ import annotations

import ctypes
from _thread import allocate_lock
from collections.abc import Callable
from contextlib import suppress
from functools import cache, partial, wraps
from importlib import import_module
from typing import ParamSpec, TypeVar

__all__ = ["single_threaded"]

_P = ParamSpec("_P")
_R = TypeVar("_R")


_NAMES = ("scipy_openblas_{}_num_threads64_", "scipy_openblas_{}_num_threads", "openblas_{}_num_threads")
"""What the functions of the OpenBLAS are called that comes with NumPy, or that it was built with."""


@cache
def _hold() -> Callable[[], Callable[[], object]]:
    """Holds BLAS to one thread, and returns what puts back what was there.

    NumPy's own OpenBLAS is found beside its products at once. Any other library is left to threadpoolctl, which takes 4 ms to
    load and to look for them.
    """
    with suppress(ImportError, OSError):  # NumPy before 2.0 keeps it elsewhere
        linked = ctypes.CDLL(import_module("numpy._core._multiarray_umath").__file__)
        for name in _NAMES:
            get, set_ = (getattr(linked, name.format(verb), None) for verb in ("get", "set"))
            if get is not None and set_ is not None:
                return partial(_hold_openblas, get, set_)
    from threadpoolctl import ThreadpoolController

    libraries = ThreadpoolController().select(user_api="blas")
    return lambda: libraries.limit(limits=1).restore_original_limits


def _hold_openblas(get: Callable[[], int], set_: Callable[[int], object]) -> Callable[[], object]:
    before = get()
    set_(1)
    return partial(set_, before)


class _OneThread:
    """Holds BLAS to one thread within ``with``.

    The setting is that of the whole process: where several threads are inside at once, the first changes it, and the last to
    leave puts back what was there.
    """

    def __init__(self) -> None:
        self._lock = allocate_lock()
        self._inside = 0
        self._give_back: Callable[[], object] = int

    def __enter__(self) -> None:
        with self._lock:
            if self._inside == 0:
                self._give_back = _hold()()
            self._inside += 1

    def __exit__(self, *error: object) -> None:
        with self._lock:
            self._inside -= 1
            if self._inside == 0:
                self._give_back()


_one_thread = _OneThread()


def single_threaded(function: Callable[_P, _R]) -> Callable[_P, _R]:
    """The function with BLAS held to one thread while it runs, and as it was before afterwards."""

    @wraps(function)
    def held(*args: _P.args, **kwargs: _P.kwargs) -> _R:
        with _one_thread:
            return function(*args, **kwargs)

    return held
