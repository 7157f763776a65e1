"""Writing files so that a reader finds the old content or the new, never half of either."""

from __future__ import annotations

import os
import stat

from .diagnostics import Diagnostic, DiagnosticError
from .diagnostics.kinds import files

__all__ = ["write_atomically"]


def write_atomically(path: str, content: bytes) -> None:
    """Write a file beside its place and move it there; if that fails, what stood there still stands.

    Who may read and write the file is as it was before.

    Raises:
        DiagnosticError: E0003 if the file cannot be written.
    """
    try:
        target = os.path.realpath(path)  # a link goes on pointing where it did
        if os.path.exists(target) and not os.path.isfile(target):
            _write(target, "wb", content)  # /dev/stdout and the like are written to, never replaced
        else:
            _write_and_move(target, content)
    except (OSError, ValueError) as error:  # a path with a zero byte is a ValueError
        raise DiagnosticError(_cannot_write(path, getattr(error, "strerror", None) or str(error))) from error


def _write(path: str, mode: str, content: bytes) -> None:
    with open(path, mode) as stream:
        stream.write(content)


def _write_and_move(target: str, content: bytes) -> None:
    unfinished = f"{target}.{os.getpid()}-{os.urandom(4).hex()}.part"
    try:
        _write(unfinished, "xb", content)
        if os.path.exists(target):
            os.chmod(unfinished, stat.S_IMODE(os.stat(target).st_mode))
        os.replace(unfinished, target)
    finally:
        if os.path.lexists(unfinished):
            os.unlink(unfinished)


def _cannot_write(path: str, reason: str) -> Diagnostic:
    return Diagnostic(files.CANNOT_WRITE, f"cannot write `{path}`", notes=(reason,))
