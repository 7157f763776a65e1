"""``cnndsl summary``."""

from __future__ import annotations

import sys
from argparse import ArgumentParser, Namespace

from ..reports.summary import render_summary, summary_to_json
from .output import print_json, write_text
from .specs import add_format, add_spec, check_spec

__all__ = ["EXAMPLES", "configure", "run"]

EXAMPLES = """\
  cnndsl summary model.cnn
  cnndsl summary zoo:lenet5 --explain
  cnndsl summary model.cnn --set classes=100 --format json
"""


def configure(parser: ArgumentParser) -> None:
    """Declare the arguments."""
    add_spec(parser)
    add_format(parser)
    parser.add_argument("--explain", action="store_true", help="show the formula behind each number (JSON always does)")


def run(arguments: Namespace) -> int:
    """Print the table of a network."""
    graph = check_spec(arguments).require_graph()
    if arguments.format == "json":
        print_json(summary_to_json(graph))
    else:
        write_text(render_summary(graph, explain=arguments.explain), sys.stdout)
    return 0
