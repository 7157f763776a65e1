"""``cnndsl zoo``."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace

from ..ops import format_shape
from ..reading import zoo_figures
from ..reports.table import Column, render_table
from .output import print_document, print_table, table_width
from .specs import add_format

__all__ = ["EXAMPLES", "configure", "run"]

EXAMPLES = """\
  cnndsl zoo
  cnndsl zoo --format json
  cnndsl summary zoo:lenet5
"""

_COLUMNS = (
    Column(("", "name")),
    Column(("", "parameters"), right=True),
    Column(("", "MACs"), right=True, spare=2),
    Column(("", "input"), spare=4),
    Column(("", "output"), spare=1),
    Column(("trains", "on"), spare=3),
    Column(("", "what it is"), least=20),
)


def configure(parser: ArgumentParser) -> None:
    """Declare the arguments."""
    add_format(parser)


def run(arguments: Namespace) -> int:
    """Print the shipped networks with their figures."""
    networks = [{"name": name, **figures} for name, figures in zoo_figures().items()]
    if arguments.format == "json":
        print_document("zoo", {"networks": networks})
        return 0
    rows: list[tuple[str, ...]] = [
        (
            network["name"],
            f"{network['parameters']:,}",
            f"{network['macs']:,}",
            format_shape(tuple(network["input"])),
            format_shape(tuple(network["output"])),
            network["data"] or "",
            network["title"],
        )
        for network in networks
    ]
    print_table("\n".join(render_table(_COLUMNS, [rows], table_width())))
    return 0
