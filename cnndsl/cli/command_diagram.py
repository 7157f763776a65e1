"""``cnndsl diagram``."""

from __future__ import annotations

import os
import sys
from argparse import ArgumentParser, Namespace

from ..files import write_atomically
from ..reports.diagram import diagram
from ..reports.engine import FORMATS, render
from .specs import add_spec, check_spec

__all__ = ["EXAMPLES", "configure", "run"]

EXAMPLES = """\
  cnndsl diagram model.cnn -o model.svg
  cnndsl diagram zoo:lenet5 -o lenet5.png
  cnndsl diagram model.cnn > model.dot
"""

_BITS = ("png", "pdf")


def configure(parser: ArgumentParser) -> None:
    """Declare the arguments."""
    add_spec(parser)
    suffixes = ", ".join(f".{name}" for name in FORMATS)
    parser.add_argument(
        "-o", "--output", metavar="FILE", help=f"the file to write: {suffixes} (default: DOT to stdout)"
    )
    parser.add_argument("--format", choices=FORMATS, help="the format, if not that of FILE's suffix")


def run(arguments: Namespace) -> int:
    """Draw a network to a file or to standard output."""
    mistake = _usage_mistake(arguments)
    if mistake:
        print(f"cnndsl diagram: {mistake}", file=sys.stderr)
        return 2
    graph = check_spec(arguments).require_graph()
    picture = render(diagram(graph).source, _format(arguments))
    if arguments.output is None:
        sys.stdout.buffer.write(picture)
        return 0
    write_atomically(arguments.output, picture)
    print(f"wrote {arguments.output}", file=sys.stderr)
    return 0


def _format(arguments: Namespace) -> str:
    if arguments.format is not None:
        return str(arguments.format)
    return "dot" if arguments.output is None else os.path.splitext(arguments.output)[1].lower().removeprefix(".")


def _usage_mistake(arguments: Namespace) -> str:
    """What is wrong with the arguments together, or nothing."""
    format = _format(arguments)
    if format not in FORMATS:
        known = ", ".join(f".{name}" for name in FORMATS)
        return f"the suffix of `{arguments.output}` is none of {known}; rename the file, or give --format"
    if arguments.output is None and format in _BITS and sys.stdout.isatty():
        return f"{format} is not for a terminal; name a file with -o"
    return ""
