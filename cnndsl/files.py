"""Writing files so that a reader finds the old content or the new, never half of either; and why one cannot be used."""

from __future__ import annotations

import os
import stat

from . import diagnostics
from .diagnostics import kinds
from .source import MAX_SOURCE, Source

__all__ = ["too_large", "why_not", "write_atomically"]


def write_atomically(path: str, content: bytes) -> None:
    """Write a file beside its place and move it there; if that fails, what was there still is.

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
        raise diagnostics.DiagnosticError(_cannot_write(path, error)) from error


def why_not(path: str, error: Exception) -> str:
    """Why a file cannot be read or written, in the same words on every system where it is a common mistake."""
    above = _file_above(path)
    if above is not None:
        return f"`{above}` is a file, not a folder"
    if os.path.isdir(path):
        return "it is a folder"
    folder = os.path.dirname(path)
    if folder and not os.path.isdir(folder):
        return f"there is no folder `{folder}`"
    return (getattr(error, "strerror", None) or str(error)).lower()


def _file_above(path: str) -> str | None:
    """The part of a path that is a file where a folder should be."""
    folder = os.path.dirname(path)
    while folder and folder != os.path.dirname(folder) and not os.path.lexists(folder):
        folder = os.path.dirname(folder)
    return folder if os.path.isfile(folder) else None


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


def _cannot_write(path: str, error: Exception) -> diagnostics.Diagnostic:
    if os.path.isdir(path):
        help_ = f"name a file in it, such as `{os.path.join(path, 'NAME')}`"
    else:
        help_ = "name another file, or make its folder first"
    return diagnostics.Diagnostic(
        kinds.files.CANNOT_WRITE, f"cannot write `{path}`: {why_not(path, error)}", help=(help_,)
    )


def too_large(source: Source) -> diagnostics.Diagnostic:
    """The complaint that a text is larger than it may be."""
    message = f"`{source.name}` is larger than a spec may be, {MAX_SOURCE // 1024} KiB"
    help_ = "give what repeats as a block or with `repeat`, or divide the file with `use`"
    return diagnostics.Diagnostic(kinds.limits.SOURCE_TOO_LARGE, message, help=(help_,))
