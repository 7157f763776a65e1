"""``cnndsl zoo``."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace

from ..api import check_source
from ..ir import Graph
from ..reading import ZOO, Entry, read_spec, zoo_entries
from .output import print_json
from .specs import add_format

__all__ = ["EXAMPLES", "configure", "run"]

EXAMPLES = """\
  cnndsl zoo
  cnndsl zoo --format json
  cnndsl summary zoo:lenet5
"""

SCHEMA = 1


def configure(parser: ArgumentParser) -> None:
    """Declare the arguments."""
    add_format(parser)


def run(arguments: Namespace) -> int:
    """Print the shipped networks with their figures."""
    rows = [(entry, _graph(entry)) for entry in zoo_entries().values()]
    if arguments.format == "json":
        print_json({"schema": SCHEMA, "networks": [_to_json(entry, graph) for entry, graph in rows]})
        return 0
    width = max(len(entry.name) for entry, _ in rows)
    print(f"{'name':<{width}}  {'parameters':>12}  {'MACs':>15}  input -> output")
    for entry, graph in rows:
        types = f"{graph.input.type} -> {graph.output.type}"
        print(f"{entry.name:<{width}}  {graph.parameter_count:>12,}  {graph.macs:>15,}  {types}")
    return 0


def _graph(entry: Entry) -> Graph:
    source, settings = read_spec(f"{ZOO}{entry.name}")
    return check_source(source, settings, expectations=False).require_graph()


def _to_json(entry: Entry, graph: Graph) -> dict[str, object]:
    return {
        "name": entry.name,
        "file": entry.file,
        "settings": entry.settings,
        "parameters": graph.parameter_count,
        "macs": graph.macs,
    }
