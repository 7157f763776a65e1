"""``cnndsl explain-shape``."""

from __future__ import annotations

import os
import sys
from argparse import ArgumentParser, Namespace

from ..diagnostics import Diagnostic, DiagnosticError
from ..diagnostics.kinds import names
from ..diagnostics.suggest import nearest
from ..files import write_atomically
from ..ir import Graph, Node
from ..reports import shape_picture as pictures
from .output import print_document, write_text
from .specs import add_format, add_spec, check_spec

__all__ = ["EXAMPLES", "configure", "run"]

EXAMPLES = """\
  cnndsl explain-shape model.cnn c1
  cnndsl explain-shape zoo:lenet5 c3 -o c3.svg
  cnndsl explain-shape zoo:lenet5 c3 --receptive-field --at 0,9
"""

_SUFFIXES = ("svg", "png", "pdf", "dot")
_STANDARD_OUTPUT = "-"
_MOST_LISTED = 20


def configure(parser: ArgumentParser) -> None:
    """Declare the arguments."""
    add_spec(parser)
    parser.add_argument(
        "layer", metavar="LAYER", help="a layer by its path, as `cnndsl summary` lists them, or its label"
    )
    add_format(parser)
    help_ = "write a picture: .svg, .png, .pdf or .dot, or - for SVG to standard output (default: text)"
    parser.add_argument("-o", "--output", metavar="FILE", help=help_)
    help_ = "show which part of the network's input one output depends on"
    parser.add_argument("--receptive-field", action="store_true", help=help_)
    help_ = "the position of that output, such as 3,4 for row and column (default: the middle)"
    parser.add_argument("--at", metavar="POSITION", help=help_)


def run(arguments: Namespace) -> int:
    """Explain the shape of a layer, or its receptive field."""
    mistake = _usage_mistake(arguments)
    if mistake:
        print(f"cnndsl explain-shape: {mistake}", file=sys.stderr)
        return 2
    graph = check_spec(arguments).require_graph()
    node = _find(graph, arguments.layer)
    if arguments.receptive_field:
        _explain_field(graph, node, arguments)
    else:
        _explain_layer(graph, node, arguments)
    if arguments.output not in (None, _STANDARD_OUTPUT):
        print(f"wrote {arguments.output}", file=sys.stderr)
    return 0


def _explain_layer(graph: Graph, node: Node, arguments: Namespace) -> None:
    explanation = pictures.explain(graph, node)
    if arguments.output is not None:
        _write(arguments.output, pictures.draw_layer(explanation, node))
    elif arguments.format == "json":
        print_document("layer-shape", pictures.layer_to_json(graph, node, explanation))
    else:
        lanes = None if explanation.axes else pictures.lanes_of(node)
        write_text(pictures.render_text(explanation, lanes), sys.stdout)


def _explain_field(graph: Graph, node: Node, arguments: Namespace) -> None:
    explanation = pictures.explain_field(graph, node, _place(arguments.at, node))
    if arguments.output is not None:
        _write(arguments.output, pictures.draw_field(explanation))
    elif arguments.format == "json":
        print_document("receptive-field", pictures.field_to_json(graph, node, explanation))
    else:
        write_text(pictures.render_field_text(explanation), sys.stdout)


def _write(path: str, scene: pictures.Scene) -> None:
    if path == _STANDARD_OUTPUT:
        sys.stdout.buffer.write(pictures.to_svg(scene))
        return
    suffix = _suffix(path)
    if suffix == "svg":
        write_atomically(path, pictures.to_svg(scene))
        return
    from ..reports.engine import render

    write_atomically(path, render(pictures.to_dot(scene), suffix))


def _suffix(path: str) -> str:
    return os.path.splitext(path)[1].lower().removeprefix(".")


def _usage_mistake(arguments: Namespace) -> str:
    """What is wrong with the arguments together, or nothing."""
    if arguments.at is not None and not arguments.receptive_field:
        return "--at is for --receptive-field"
    if arguments.output is None:
        return ""
    if arguments.format == "json":
        return "give -o for a picture or --format json for numbers, not both"
    if arguments.output != _STANDARD_OUTPUT and _suffix(arguments.output) not in _SUFFIXES:
        known = ", ".join(f".{name}" for name in _SUFFIXES)
        return f"the suffix of `{arguments.output}` is none of {known}; rename the file"
    return ""


def _find(graph: Graph, name: str) -> Node:
    """The layer of this path, or the only one whose path ends in this label.

    A layer without a path is called as its operator; of several with one path, ``path#2`` is the second.

    Raises:
        DiagnosticError: E0201 if there is none, or more than one.
    """
    paths = _paths(graph)
    found = [path for path in paths if path == name] or [path for path in paths if path.endswith(f".{name}")]
    if len(found) == 1:
        return paths[found[0]]
    alike = found or [path for path in paths if path.startswith(f"{name}#")]
    inside = [path for path in paths if path.startswith(f"{name}.")]
    if alike:
        message, help_ = (
            f"`{name}` could be any of {len(alike)} layers of `{graph.name}`",
            f"name one: {_listed(alike)}",
        )
    elif inside:
        message, help_ = f"`{name}` is a block of `{graph.name}`", f"name one of its layers: {_listed(inside)}"
    else:
        message, help_ = f"`{name}` is not a layer of `{graph.name}`", f"there are {_listed(list(paths))}"
    meant = None if alike or inside else nearest(name, paths)
    hints = (f"did you mean `{meant}`?",) if meant else ()
    raise DiagnosticError(Diagnostic(names.UNKNOWN_LAYER, message, help=(*hints, help_)))


def _paths(graph: Graph) -> dict[str, Node]:
    """Every layer by what it is called here."""
    alike: dict[str, list[Node]] = {}
    for node in graph.nodes:
        alike.setdefault(node.path or node.operator.name, []).append(node)
    return {
        path if len(nodes) == 1 else f"{path}#{number}": node
        for path, nodes in alike.items()
        for number, node in enumerate(nodes, 1)
    }


def _listed(paths: list[str]) -> str:
    if len(paths) <= _MOST_LISTED:
        return ", ".join(paths)
    return f"{', '.join(paths[:_MOST_LISTED])} and {len(paths) - _MOST_LISTED} more; `cnndsl summary --full` lists them"


def _place(text: str | None, node: Node) -> tuple[int, ...] | None:
    """The place that ``--at`` names.

    Raises:
        DiagnosticError: E0206 if it is not a position, E0207 if the output has no such position.
    """
    if text is None:
        return None
    extents = pictures.spatial(node.output.type.shape)
    parts = [part.strip() for part in text.split(",")]
    example = ",".join(str(extent // 2) for extent in extents)
    if len(parts) != len(extents) or not all(part.isdecimal() and part.isascii() for part in parts):
        message = f"`--at {text}` is not a position of {node.output.type}"
        raise DiagnosticError(Diagnostic(names.WRONG_VALUE, message, help=(f"write `--at {example}`",)))
    place = tuple(int(part) for part in parts if len(part) < 12)
    if len(place) != len(extents) or any(at >= extent for at, extent in zip(place, extents, strict=True)):
        message = f"`--at {text}` lies outside of {node.output.type}"
        most = ",".join(str(extent - 1) for extent in extents)
        help_ = (f"positions count from 0: the last one is `--at {most}`",)
        raise DiagnosticError(Diagnostic(names.OUT_OF_RANGE, message, help=help_))
    return place
