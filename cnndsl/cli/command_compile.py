"""``cnndsl compile``."""

from __future__ import annotations

import sys
from argparse import ArgumentParser, Namespace

from ..api.compiling import torch_source
from ..files import write_atomically
from .output import write_text
from .specs import add_spec, check_spec

__all__ = ["EXAMPLES", "configure", "run"]

EXAMPLES = """\
  cnndsl compile model.cnn --to torch -o model.py
  cnndsl compile zoo:resnet50 > resnet50.py
  cnndsl compile zoo:resnet50 --set classes=10 -o model.py

The file needs torch alone. Parameters of the network that change nothing but numbers are arguments of its class; the
names in its state dict are those of `cnndsl summary --full`.
"""


def configure(parser: ArgumentParser) -> None:
    """Declare the arguments."""
    add_spec(parser)
    parser.add_argument(
        "--to", choices=("torch",), default="torch", help="the framework (default, and so far all: torch)"
    )
    parser.add_argument("-o", "--output", metavar="FILE", help="the file to write (default: stdout)")


def run(arguments: Namespace) -> int:
    """Write the source of a network to a file or to standard output."""
    text = torch_source(check_spec(arguments))
    if arguments.output is None:
        write_text(text, sys.stdout)
        return 0
    write_atomically(arguments.output, text.encode())
    print(f"wrote {arguments.output}", file=sys.stderr)
    return 0
