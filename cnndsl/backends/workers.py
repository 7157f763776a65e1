"""The processes that train one network together. A training in one process is that of one worker."""

from __future__ import annotations

import atexit
import os
import sys
from contextlib import suppress
from typing import TYPE_CHECKING, Any, NoReturn

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["ALONE", "Workers", "end_process", "is_first", "world_size"]


class Workers:
    """One of ``count`` workers, counted from 0 as ``rank``; this class is the one that is alone.

    Every worker makes the same calls in the same order, and each call waits for the others.
    """

    rank = 0
    count = 1

    def own(self, samples: int) -> slice:
        """Which of some samples this worker computes: as many as each other one, or one more."""
        return slice(samples * self.rank // self.count, samples * (self.rank + 1) // self.count)

    def gather(self, array: NDArray[Any]) -> NDArray[Any]:
        """The arrays of all workers, one after the other along the first axis."""
        return array

    def share(self, data: bytes) -> bytes:
        """What the first worker gives, for all of them."""
        return data

    def any(self, flag: bool) -> bool:
        """Whether one of the workers says so."""
        return flag


ALONE = Workers()


def world_size() -> int:
    """How many workers ``torchrun`` has started; 1 without it."""
    return int(os.environ.get("WORLD_SIZE", "1")) if "RANK" in os.environ else 1


def is_first() -> bool:
    """Whether this process is the worker that writes and prints."""
    return world_size() == 1 or os.environ["RANK"] == "0"


def end_process(code: int) -> NoReturn:
    """End this worker with an exit code after all that is registered for the end, and leave the interpreter as it is.

    Python would take itself down while threads of gloo may still run: those of a group whose other workers have gone, which
    waits for ever if it is asked to end, or of one that something still holds. A thread that then asks for the lock of the
    interpreter aborts the process, and torchrun takes a finished training for a failed one. Here they end with the process.
    """
    atexit._run_exitfuncs()
    for stream in (sys.stdout, sys.stderr):
        with suppress(OSError):  # whoever read it has gone
            stream.flush()
    os._exit(code)
