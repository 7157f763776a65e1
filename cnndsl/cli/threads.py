"""One thread for NumPy's matrix products, set before NumPy is imported.

The products of small networks are over before threads have met. Where other programs keep the cores busy, the threads of
OpenBLAS wait for each other by spinning: an epoch of LeNet-5 then took 31 s instead of 1.7 s on two cores. And sums
depend on how they are shared out: with one thread the same seed gives the same bytes on machines of any size.
"""

from __future__ import annotations

import os

__all__ = ["use_one_thread"]

_VARIABLES = ("OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "VECLIB_MAXIMUM_THREADS")


def use_one_thread() -> None:
    """Ask for one thread, unless the user has asked for another number."""
    for name in _VARIABLES:
        os.environ.setdefault(name, "1")
