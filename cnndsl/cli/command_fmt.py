"""``cnndsl fmt``."""

from __future__ import annotations

import sys
from argparse import ArgumentParser, Namespace

from ..diagnostics import DiagnosticError, Diagnostics
from ..files import write_atomically
from ..formatting import format_source
from ..reading import decode, read_content
from ..record import Record
from ..source import MAX_SOURCE, Source
from ..syntax import Unreadable
from .configuration import find_configuration
from .folders import find_specs
from .output import print_diagnostics, print_diff

__all__ = ["EXAMPLES", "configure", "run"]

EXAMPLES = """\
  cnndsl fmt model.cnn other.cnn
  cnndsl fmt .
  cnndsl fmt --diff model.cnn
  cnndsl fmt --check specs/*.cnn
  cnndsl fmt - < model.cnn

A folder means all .cnn files in it and below. Without FILE the folders are those that `include` lists in the table
`[tool.cnndsl]` of pyproject.toml, or the current one; `exclude` can be set there too.
"""

_STANDARD_INPUT = "-"


class _Formatted(Record):
    """A spec before and after."""

    path: str
    before: bytes
    after: bytes

    @property
    def name(self) -> str:
        return "<stdin>" if self.path == _STANDARD_INPUT else self.path


def configure(parser: ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument(
        "specs",
        metavar="FILE",
        nargs="*",
        help=".cnn files, folders, or - to read standard input and write standard output",
    )
    only = parser.add_mutually_exclusive_group()
    only.add_argument(
        "--check",
        action="store_true",
        help="write nothing; list the files that would change; exit code 1 if there are any",
    )
    only.add_argument(
        "--diff", action="store_true", help="write nothing; show what would change; exit code 1 if anything would"
    )


def run(arguments: Namespace) -> int:
    """Format every spec; 1 if one has syntax errors or cannot be written, or would change where that is asked."""
    handle = _check if arguments.check else _diff if arguments.diff else _write
    failed = False
    for path in find_specs(arguments.specs, find_configuration()):
        try:
            failed |= handle(_format(path))
        except DiagnosticError as error:
            print_diagnostics(error.diagnostics, sys.stderr)
            failed = True
    return int(failed)


def _format(path: str) -> _Formatted:
    if path == _STANDARD_INPUT:
        content = sys.stdin.buffer.read(MAX_SOURCE + 1)
        return _Formatted(path, content, _text(decode(content, "<stdin>")).encode())
    content = read_content(path, path)
    return _Formatted(path, content, _text(decode(content, path)).encode())


def _text(source: Source) -> str:
    """The text in its canonical layout; raises a DiagnosticError that explains why there is none."""
    try:
        return format_source(source)
    except Unreadable as error:
        from ..explain.syntax import recover  # only a text with mistakes needs it

        diagnostics = Diagnostics()
        recover(error, source, diagnostics)
        diagnostics.raise_errors()
        raise


def _check(formatted: _Formatted) -> bool:
    changes = formatted.before != formatted.after
    if changes:
        print(formatted.name)
    return changes


def _diff(formatted: _Formatted) -> bool:
    print_diff(formatted.name, formatted.before, formatted.after)
    return formatted.before != formatted.after


def _write(formatted: _Formatted) -> bool:
    if formatted.path == _STANDARD_INPUT:
        sys.stdout.buffer.write(formatted.after)
    elif formatted.before != formatted.after:
        write_atomically(formatted.path, formatted.after)
        print(f"formatted {formatted.path}")
    return False
