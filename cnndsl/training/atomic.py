"""Writing files so that a crash, a full disk or an interrupt leaves the old file or the new one, never half of one."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Mapping

from ..diagnostics.kinds import files
from .refusal import refusal

__all__ = ["STAGED", "write_together"]

STAGED = ".new"
"""The ending of a file that is written and not yet in place."""


def write_together(folder: str, contents: Mapping[str, bytes]) -> None:
    """Write files of a folder by name: all are on the disk before the first is moved to its place, in the order given.

    If the process dies between two moves, the later file still lies complete under its staged name, so that a reader can
    tell and use it.

    Raises:
        DiagnosticError: E0003 if a file cannot be written; then none has been replaced.
    """
    staged = {os.path.join(folder, name): data for name, data in contents.items()}
    try:
        for path, data in staged.items():
            _write(path + STAGED, data)
    except BaseException as error:
        for path in staged:
            with contextlib.suppress(OSError):
                os.remove(path + STAGED)
        if not isinstance(error, OSError):
            raise
        raise _cannot_write(folder, error) from None
    try:
        for path in staged:
            os.replace(path + STAGED, path)
    except OSError as error:
        raise _cannot_write(folder, error) from None


def _write(path: str, data: bytes) -> None:
    with open(path, "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def _cannot_write(folder: str, error: OSError) -> Exception:
    return refusal(
        files.CANNOT_WRITE,
        f"cannot write to {folder}: {error.strerror or error}",
        help=("choose another folder with --output",),
    )
