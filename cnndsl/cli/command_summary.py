"""``cnndsl summary``."""

from __future__ import annotations

import sys
from argparse import ArgumentParser, Namespace

from ..reports.summary import render_summary
from ..reports.summary_json import summary_to_json
from .output import print_document, table_width, write_text
from .specs import add_format, add_spec, check_spec, depth

__all__ = ["EXAMPLES", "configure", "run"]

EXAMPLES = """\
  cnndsl summary model.cnn
  cnndsl summary zoo:lenet5 --explain
  cnndsl summary zoo:resnet152 --depth 3
  cnndsl summary model.cnn --set classes=100 --format json
"""


def configure(parser: ArgumentParser) -> None:
    """Declare the arguments."""
    add_spec(parser)
    add_format(parser)
    parser.add_argument("--explain", action="store_true", help="show how each number is computed (JSON always does)")
    shown = parser.add_mutually_exclusive_group()
    shown.add_argument(
        "--full", action="store_true", help="show every layer (JSON always does); without it, equal blocks share a line"
    )
    help_ = "expand nested blocks to N levels; 1 is the top level (default: as many as fit in 60 lines)"
    shown.add_argument("--depth", metavar="N", type=depth, help=help_)


def run(arguments: Namespace) -> int:
    """Print the table of a network."""
    graph = check_spec(arguments).require_graph()
    if arguments.format == "json":
        print_document("summary", summary_to_json(graph))
    else:
        text = render_summary(
            graph, explain=arguments.explain, depth=arguments.depth, full=arguments.full, width=table_width()
        )
        write_text(text, sys.stdout)
    return 0
