"""A folder is written by one training at a time: a lock that the operating system lets go of when the process ends."""

from __future__ import annotations

import os
import sys

from ...diagnostics import refusal
from ...diagnostics.kinds import files

__all__ = ["FolderLock"]


class FolderLock:
    """Locks a folder until it is released, or the process ends in whatever way.

    Raises:
        DiagnosticError: E0004 if another training writes there.
        OSError: If the folder cannot be opened.
    """

    def __init__(self, folder: str) -> None:
        self._number = _open(folder)
        try:
            _lock(self._number)
        except OSError:
            os.close(self._number)
            hints = ("choose another folder with --output, or wait for its end",)
            raise refusal(files.FILE_EXISTS, f"another training is writing into `{folder}`", help=hints) from None

    def release(self) -> None:
        """Let another training write there."""
        os.close(self._number)


if sys.platform == "win32":
    import msvcrt

    def _open(folder: str) -> int:
        # a folder cannot be opened there: a file in it is locked, which Windows removes when it is closed
        return os.open(os.path.join(folder, ".training"), os.O_CREAT | os.O_RDWR | os.O_TEMPORARY)

    def _lock(number: int) -> None:
        msvcrt.locking(number, msvcrt.LK_NBLCK, 1)

else:
    import fcntl

    def _open(folder: str) -> int:
        return os.open(folder, os.O_RDONLY)

    def _lock(number: int) -> None:
        fcntl.flock(number, fcntl.LOCK_EX | fcntl.LOCK_NB)
