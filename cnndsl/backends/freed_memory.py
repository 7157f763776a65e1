"""What the C library does with memory that a step of training frees."""

from __future__ import annotations

import ctypes
from contextlib import suppress

__all__ = ["keep_freed_memory"]

_TRIM_THRESHOLD, _MMAP_MAX = -1, -4  # of mallopt, see malloc.h of glibc
_AS_MUCH_AS_CAN_BE_SAID = 2**31 - 1


def keep_freed_memory() -> None:
    """Let this process keep what a step frees for the next one; it does so where the C library is glibc.

    glibc gives large pieces back to the system as soon as they are free, so that each step has to ask for all of its pages
    again. Nobody can ask glibc how it was set before, so this is for processes of ours and not for those of a caller.
    """
    with suppress(AttributeError, OSError, TypeError):  # another library, or none that can be asked
        mallopt = ctypes.CDLL(None).mallopt
        mallopt(_MMAP_MAX, 0)
        mallopt(_TRIM_THRESHOLD, _AS_MUCH_AS_CAN_BE_SAID)
