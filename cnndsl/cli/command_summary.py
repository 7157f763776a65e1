"""``cnndsl summary``."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from typing import TYPE_CHECKING

from ..reports.summary import render_summary
from ..reports.summary_json import summary_to_json
from .execution import positive
from .output import print_document, print_table, table_width
from .specs import add_format, add_spec, check_spec, depth

if TYPE_CHECKING:
    from ..ir import Graph
    from ..recipe import Recipe

__all__ = ["EXAMPLES", "configure", "run"]

EXAMPLES = """\
  cnndsl summary model.cnn
  cnndsl summary zoo:lenet5 --explain
  cnndsl summary zoo:resnet152 --depth 3
  cnndsl summary model.cnn --set classes=100 --format json
  cnndsl summary zoo:resnet50 --memory train --batch 64
"""


def configure(parser: ArgumentParser) -> None:
    """Declare the arguments."""
    add_spec(parser)
    add_format(parser)
    parser.add_argument("--explain", action="store_true", help="show how each number is computed (JSON always does)")
    parser.add_argument(
        "--memory",
        choices=("train", "infer"),
        help="show instead how much memory a step of training or a prediction takes",
    )
    help_ = "samples at once for --memory (default: the batch in `train { }` for train, otherwise 1)"
    parser.add_argument("--batch", metavar="N", type=positive, help=help_)
    shown = parser.add_mutually_exclusive_group()
    shown.add_argument(
        "--full", action="store_true", help="show every layer (JSON always does); without it, equal blocks share a line"
    )
    help_ = "expand nested blocks to N levels; 1 is the top level (default: as many as fit in 60 lines)"
    shown.add_argument("--depth", metavar="N", type=depth, help=help_)


def run(arguments: Namespace) -> int:
    """Print the table of a network."""
    checked = check_spec(arguments)
    graph = checked.require_graph()
    if arguments.memory:
        _print_memory(graph, checked.recipe, arguments)
        return 0
    if arguments.format == "json":
        print_document("summary", summary_to_json(graph))
    else:
        text = render_summary(
            graph, explain=arguments.explain, depth=arguments.depth, full=arguments.full, width=table_width()
        )
        print_table(text.rstrip())
    return 0


def _print_memory(graph: Graph, recipe: Recipe | None, arguments: Namespace) -> None:
    from ..reports.memory import memory_to_json, render_memory

    usual = recipe.batch if recipe is not None and arguments.memory == "train" else 1
    asked = (graph, recipe, arguments.memory, arguments.batch or usual)
    if arguments.format == "json":
        print_document("memory", memory_to_json(*asked))
    else:
        print_table(render_memory(*asked).rstrip())
