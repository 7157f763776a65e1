"""The DOT source of a picture. The same graph gives the same bytes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...diagnostics.text import sanitize
from ...ir import Graph, Node, Value
from ..words import format_settings, title
from .boxes import Box, fold
from .labels import box_label, edge_label, plain_box_label, title_label
from .palette import INK, kind_of

if TYPE_CHECKING:
    import graphviz

__all__ = ["diagram"]

_FONT = "Helvetica"


def diagram(graph: Graph) -> graphviz.Digraph:
    """The picture of a network: a box per layer, top to bottom, with the shapes (CxHxW) on the edges.

    Nodes carry a class with their kind (``node conv``) and an id made from their path (``layer-features.3``), edges the
    class ``edge``, for style sheets and links.
    """
    import graphviz

    digraph = graphviz.Digraph(
        graphviz.escape(sanitize(graph.name)),
        graph_attr=_graph_attributes(graph),
        node_attr={"shape": "plain", "fontname": _FONT, "fontsize": "12", "fontcolor": INK},
        edge_attr={"fontname": _FONT, "fontsize": "10", "fontcolor": INK, "color": INK, "arrowsize": "0.6"},
    )
    boxes = fold(graph)
    names = _NodeNames(graph, boxes)
    digraph.node("input", plain_box_label("input"), id="input", **{"class": "io"})
    for place, box in enumerate(boxes):
        kind = kind_of(type(box.node.operator))
        digraph.node(f"n{place}", box_label(box), id=names.ids[place], **{"class": kind})
    digraph.node("output", plain_box_label("output"), id="output", **{"class": "io"})
    for place, box in enumerate(boxes):
        for value in box.node.inputs:
            digraph.edge(names.of(value), f"n{place}", edge_label(value.type, names.changes_shape(value)))
    digraph.edge(names.of(graph.output), "output", edge_label(graph.output.type, names.changes_shape(graph.output)))
    return digraph


def _graph_attributes(graph: Graph) -> dict[str, str]:
    facts = (
        f"{graph.name} {format_settings(graph)}".strip(),
        f"{graph.parameter_count:,} parameters",
        f"{graph.macs:,} multiply-accumulates",
    )
    return {
        "label": title_label(title(graph), " | ".join(facts)),
        "labelloc": "t",
        "fontname": _FONT,
        "fontcolor": INK,
        "nodesep": "0.35",
        "ranksep": "0.22",
        "bgcolor": "white",
        "pad": "0.2",
    }


class _NodeNames:
    """Which DOT node a value comes from, and the ids of the nodes in the picture."""

    def __init__(self, graph: Graph, boxes: list[Box]) -> None:
        self._makers: dict[Value, str] = {graph.input: "input"}
        self._changed: set[Value] = set()
        for place, box in enumerate(boxes):
            for node in (box.node, *box.folded):
                self._makers.update(dict.fromkeys(node.outputs, f"n{place}"))
            if _changes_shape(box.node):
                self._changed.update((*box.node.outputs, box.output))
        self.ids = _unique([f"layer-{box.node.path}" for box in boxes])

    def of(self, value: Value) -> str:
        return self._makers[value]

    def changes_shape(self, value: Value) -> bool:
        """Whether the box that a value leaves gave it another shape."""
        return value in self._changed


def _changes_shape(node: Node) -> bool:
    return any(node.output.type.shape != type_.shape for type_ in node.input_types)


def _unique(ids: list[str]) -> list[str]:
    """The ids in plain characters; one that is taken gets a number behind it."""
    taken: dict[str, None] = {}
    for id_ in map(_plain, ids):
        number = 1
        unique = id_
        while unique in taken:
            number += 1
            unique = f"{id_}-{number}"
        taken[unique] = None
    return list(taken)


def _plain(id_: str) -> str:
    """Letters, digits, ``_``, ``-`` and ``.`` only; anything else as ``_`` and its code point."""
    return "".join(char if char.isascii() and (char.isalnum() or char in "_-.") else f"_{ord(char):x}" for char in id_)
