"""Writing files so that a crash, a full disk or an interrupt leaves the old file or the new one, never half of one."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterable, Mapping

from ... import diagnostics
from ...diagnostics import kinds
from ...files import why_not
from .places import STAGED

__all__ = ["finish_moves", "write_together"]


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
    except BaseException:
        for path in staged:
            with contextlib.suppress(OSError):
                os.remove(path + STAGED)
        raise
    for path in staged:
        _move(path + STAGED, path)
    _sync_folder(folder)


def finish_moves(folder: str, names: Iterable[str]) -> None:
    """Move what a process has staged that died between two moves, in the same order.

    Raises:
        DiagnosticError: E0003 if a file cannot be moved.
    """
    for path in (os.path.join(folder, name) for name in names):
        if os.path.isfile(path + STAGED):
            _move(path + STAGED, path)
    _sync_folder(folder)


def _sync_folder(folder: str) -> None:
    """Let the moves reach the disk; Windows opens no folder, and some file systems sync none."""
    if os.name == "posix":
        with contextlib.suppress(OSError):
            number = os.open(folder, os.O_RDONLY)
            try:
                os.fsync(number)
            finally:
                os.close(number)


def _write(path: str, data: bytes) -> None:
    try:
        with open(path, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        raise _cannot_write(path, error) from None


def _move(path: str, place: str) -> None:
    try:
        os.replace(path, place)
    except OSError as error:
        raise _cannot_write(place, error) from None


def _cannot_write(path: str, error: OSError) -> diagnostics.DiagnosticError:
    message = f"cannot write `{path}`: {why_not(path, error)}"
    return diagnostics.refusal(kinds.files.CANNOT_WRITE, message, help=("choose another folder with --output",))
