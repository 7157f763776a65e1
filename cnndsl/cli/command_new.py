"""``cnndsl new``."""

from __future__ import annotations

import os
import sys
from argparse import ArgumentParser, Namespace

from ..attributes import format_value
from ..diagnostics import Diagnostic, DiagnosticError
from ..diagnostics.kinds import files
from ..files import write_atomically
from ..reading import read_spec

__all__ = ["EXAMPLES", "configure", "run"]

EXAMPLES = """\
  cnndsl new my.cnn
  cnndsl new my.cnn --from zoo:mnist_cnn
"""


def configure(parser: ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("path", metavar="FILE", help="the spec to write")
    parser.add_argument(
        "--from", metavar="SPEC", dest="origin", default="zoo:lenet5", help="what to copy (default: zoo:lenet5)"
    )
    parser.add_argument("--force", action="store_true", help="write even if the file exists")


def run(arguments: Namespace) -> int:
    """Copy a spec to a new file."""
    if os.path.exists(arguments.path) and not arguments.force:
        raise DiagnosticError(_exists(arguments.path))
    source, settings = read_spec(arguments.origin)
    write_atomically(arguments.path, source.text.encode())
    chosen = "".join(f" --set {name}={format_value(value)}" for name, value in settings.items())
    command = f"summary {arguments.path}{chosen}" if chosen else f"check {arguments.path}"
    print(f"wrote {arguments.path}; try `cnndsl {command}`", file=sys.stderr)
    return 0


def _exists(path: str) -> Diagnostic:
    if os.path.isdir(path):
        message, help_ = f"`{path}` is a folder", f"name a file in it, such as `{os.path.join(path, 'model.cnn')}`"
    else:
        message, help_ = f"`{path}` exists, and would be overwritten", "choose another name, or add --force"
    return Diagnostic(files.FILE_EXISTS, message, help=(help_,))
