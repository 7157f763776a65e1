"""What ``cnndsl check --fix`` does with a file: fix the text, write it or show the change, and say what was fixed."""

from __future__ import annotations

import os
import stat
import sys
from codecs import BOM_UTF8
from typing import TextIO

from ..api import check_source
from ..diagnostics import Diagnostic, DiagnosticError
from ..diagnostics.fixing import Fixed, apply_fixes
from ..diagnostics.kinds import files
from ..files import write_atomically
from ..reading import decode, read_content
from ..source import MAX_SOURCE, Source
from .output import print_diff, write_text

__all__ = ["STANDARD_INPUT", "fix_file"]

STANDARD_INPUT = "-"


def fix_file(path: str, *, shown: bool, stream: TextIO) -> tuple[Source, bool]:
    """Fix a file, or standard input to standard output; the fixed text, and whether it is another one.

    If ``shown`` the change is printed and nothing written. What was fixed is told on ``stream``.

    Raises:
        DiagnosticError: E0001, E0002, E0003 or E0901.
    """
    content, name = _read(path)
    fixed = apply_fixes(decode(content, name, None if path == STANDARD_INPUT else path), _check)
    mark = BOM_UTF8 if content.startswith(BOM_UTF8) else b""
    after = mark + fixed.source.text.encode()
    if shown:
        print_diff(name, content, after)
    elif path == STANDARD_INPUT:
        sys.stdout.buffer.write(after)
        sys.stdout.buffer.flush()
    elif after != content:
        _refuse_others(path)
        _refuse_protected(path)
        write_atomically(path, after)
    _tell(fixed, "would fix" if shown else "fixed", stream)
    return fixed.source, after != content


def _read(path: str) -> tuple[bytes, str]:
    if path == STANDARD_INPUT:
        return sys.stdin.buffer.read(MAX_SOURCE + 1), "<stdin>"
    return read_content(path, path), path


def _check(source: Source) -> tuple[Diagnostic, ...]:
    return check_source(source).diagnostics


def _refuse_others(path: str) -> None:
    """A file with another ending may be no spec at all, and its lines are not ours to change."""
    if path.lower().endswith(".cnn"):
        return
    help_ = ("rename it, or see the change with `--fix --diff`",)
    note = "its name does not end in .cnn, and `--fix` changes specs only"
    raise DiagnosticError(Diagnostic(files.CANNOT_WRITE, f"cannot write `{path}`", notes=(note,), help=help_))


def _refuse_protected(path: str) -> None:
    """A file that its owner has made read-only stays as it is, although its folder would let it be replaced."""
    if os.stat(path).st_mode & (stat.S_IWUSR | stat.S_IWGRP | stat.S_IWOTH):
        return
    help_ = ("make it writable, or see the change with `--fix --diff`",)
    raise DiagnosticError(
        Diagnostic(files.CANNOT_WRITE, f"cannot write `{path}`", notes=("it is read-only",), help=help_)
    )


def _tell(fixed: Fixed, word: str, stream: TextIO) -> None:
    for repair in sorted(fixed.repairs, key=lambda repair: repair.fix.edits[0].span.start):
        place = repair.fix.edits[0].span
        write_text(f"{word} {place.source.name}:{place.position[0]}: {repair.fix.message}\n", stream)
    if fixed.gave_up:
        text = "the next fixes would leave more that cannot be read: they were not made\n"
        write_text(f"{fixed.source.name}: {text}", stream)
