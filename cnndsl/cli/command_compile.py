"""``cnndsl compile``."""

from __future__ import annotations

import sys
from argparse import ArgumentParser, Namespace

from ..api.compiling import torch_source
from ..files import write_atomically
from ..ir import Graph
from .execution import positive
from .output import print_document, print_table, table_width, write_text
from .specs import add_format, add_spec, check_spec

__all__ = ["EXAMPLES", "configure", "run"]

EXAMPLES = """\
  cnndsl compile model.cnn --to torch -o model.py
  cnndsl compile zoo:resnet50 > resnet50.py
  cnndsl compile zoo:resnet50 --set classes=10 -o model.py
  cnndsl compile zoo:resnet50 --to numpy --batch 8

The file imports nothing but torch. Numbers among the parameters of the network are arguments of its class. The names in its
state dict are those of `cnndsl summary --full`.

`--to numpy` writes no file. It shows how NumPy computes a prediction: the steps, and for each step its layers, its algorithm,
its position in memory, and its time as estimated and as measured.
"""


def configure(parser: ArgumentParser) -> None:
    """Declare the arguments."""
    add_spec(parser)
    help_ = "torch (default): the source of a module; numpy: how NumPy computes the network"
    parser.add_argument("--to", choices=("torch", "numpy"), default="torch", help=help_)
    parser.add_argument("-o", "--output", metavar="FILE", help="the file to write for torch (default: stdout)")
    parser.add_argument(
        "--batch", type=positive, metavar="N", help="how many samples NumPy computes at once (default: 1)"
    )
    help_ = "the plan of `cnndsl predict --exact`"
    parser.add_argument("--exact", action="store_true", help=help_)
    add_format(parser)


def run(arguments: Namespace) -> int:
    """Write the source of a network to a file or to standard output, or show its plan."""
    mistake = _usage_mistake(arguments)
    if mistake:
        print(f"cnndsl compile: {mistake}", file=sys.stderr)
        return 2
    if arguments.to == "numpy":
        return _show_plan(check_spec(arguments).require_graph(), arguments.batch or 1, arguments)
    text = torch_source(check_spec(arguments))
    if arguments.output is None:
        write_text(text, sys.stdout)
        return 0
    write_atomically(arguments.output, text.encode())
    print(f"wrote {arguments.output}", file=sys.stderr)
    return 0


def _usage_mistake(arguments: Namespace) -> str:
    """What is wrong with the arguments together, or nothing."""
    if arguments.to == "numpy":
        return "a plan for NumPy is shown and not written; leave out -o" if arguments.output else ""
    if arguments.batch or arguments.exact:
        return "--batch and --exact are for --to numpy; a module of torch takes batches of any size"
    return (
        "the source of a module is not JSON; leave out --format, or add --to numpy"
        if arguments.format == "json"
        else ""
    )


def _show_plan(graph: Graph, batch: int, arguments: Namespace) -> int:
    from ..backends.numpy import NumpyBackend
    from ..backends.numpy.plan.listing import list_plan
    from .plans import plan_to_json, render_plan

    listing = list_plan(NumpyBackend().compile(graph, exact=arguments.exact), batch)
    if arguments.format == "json":
        print_document("plan", plan_to_json(graph, listing, batch, arguments.exact))
    else:
        print_table(render_plan(graph, listing, batch, table_width()))
    return 0
