"""The DOT source of a picture, with the place of everything in it, which ``layout=nop2`` makes every Graphviz keep.

The same picture gives the same bytes.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from ...diagnostics.text import sanitize
from ..metrics import text_width
from .curves import bezier
from .heading import heading_label
from .labels import SHAPE_SIZE, TITLE_LEADING, escape
from .layout import Layout, Titled
from .look import Look, size_of
from .markup import box_label, title_label
from .model import Box, Cluster, Edge, Picture
from .palette import Theme
from .rows import Point
from .sharing import strokes

if TYPE_CHECKING:
    import graphviz

__all__ = ["to_dot"]

FONT = "Helvetica"
_TITLE_INDENT = 6.0
_SET_HIGHER = (-0.4, 1.6)  # so much higher than in the middle Graphviz sets plain and bold letters


def to_dot(picture: Picture, layout: Layout, theme: Theme, look: Look) -> graphviz.Digraph:
    """The picture as a graph whose nodes carry a class with their kind (``node conv``) and the ids of the picture's boxes.

    Where the look has heat, boxes are coloured by their share of that.
    """
    import graphviz

    from .notebook import Diagram

    digraph = Diagram(
        graphviz.escape(sanitize(picture.name)),
        graph_attr={
            "layout": "nop2",
            "label": heading_label(picture, theme, look, layout.width),
            "labelloc": "t",
            "fontname": FONT,
            "fontcolor": theme.ink,
            "bgcolor": theme.paper,
            "pad": "0.15",
            "nodesep": "0.35",
            "ranksep": "0.22",
            **size_of(look.width),
        },
        node_attr={"shape": "plain", "fontname": FONT, "fontsize": "12", "fontcolor": theme.ink},
        edge_attr={
            "fontname": FONT,
            "fontsize": f"{SHAPE_SIZE:g}",
            "fontcolor": theme.ink,
            "color": theme.ink,
            "arrowsize": "0.6",
        },
    )
    writer = _Writer(picture, layout, theme, look.heat)
    writer.add(digraph, picture.children)
    for number, edge in enumerate(picture.edges):
        writer.add_edge(digraph, edge, number)
    return digraph


class _Writer:
    """Writes nodes, clusters and edges at their positions."""

    def __init__(self, picture: Picture, layout: Layout, theme: Theme, heat: str) -> None:
        self.picture = picture
        self.layout = layout
        self.strokes = strokes(picture.edges, layout.paths)
        self.theme = theme
        self.heat = heat
        self.edge_ids = _edge_ids(picture.edges)

    def add(self, digraph: graphviz.Digraph, children: tuple[Box | Cluster, ...]) -> None:
        for child in children:
            if isinstance(child, Box):
                self._add_box(digraph, child)
                continue
            with digraph.subgraph(name=f"cluster_{child.id}") as inside:
                inside.attr(**self._cluster_attributes(child))
                self.add(inside, child.children)

    def _add_box(self, digraph: graphviz.Digraph, box: Box) -> None:
        place = self.layout.boxes[box.id]
        label = box_label(box, (place.width, place.height), self.theme, self.heat, self.picture.cost)
        attributes = {"id": box.id, "class": box.kind, "pos": self._at(place.center)}
        digraph.node(box.id, label, **attributes)

    def _cluster_attributes(self, cluster: Cluster) -> dict[str, str]:
        titled = self.layout.clusters[cluster.id]
        place = titled.place
        corners = (place.x, self._up(place.bottom), place.right, self._up(place.y))
        return {
            "id": cluster.id,
            "class": "block",
            "bb": ",".join(f"{number:g}" for number in corners),
            "style": "rounded,filled",
            "color": self.theme.frame,
            "fillcolor": self.theme.frame_fill,
            **self._title(titled),
        }

    def _title(self, titled: Titled) -> dict[str, str]:
        if not titled.lines:
            return {"label": ""}
        width = int(max(text_width(text, SHAPE_SIZE, bold) for text, bold in titled.lines)) + 2
        height = TITLE_LEADING * len(titled.lines)
        middle = (titled.place.x + _TITLE_INDENT + width / 2, titled.top(height, 3.0) + height / 2)
        return {"label": title_label(titled.lines, width, self.theme), "lp": self._at(middle)}

    def add_edge(self, digraph: graphviz.Digraph, edge: Edge, number: int) -> None:
        attributes = {
            "id": self.edge_ids[number],
            "class": "skip" if edge.is_skip else "",
            "style": "dashed" if edge.is_skip else "",
            "pos": self._spline(self.strokes[number]),
        }
        label = self.layout.labels[number]
        if label is not None:
            shape, (x, y) = label
            weight = "B" if edge.is_changed else "FONT"
            attributes["label"] = f"<<{weight}>{escape(shape)}</{weight}>>"
            middle = x + text_width(shape, SHAPE_SIZE, edge.is_changed) / 2
            attributes["lp"] = self._at((middle, y + _SET_HIGHER[edge.is_changed]))
        digraph.edge(edge.source, edge.target, **{name: text for name, text in attributes.items() if text})

    def _spline(self, path: tuple[Point, ...]) -> str:
        """A line as Graphviz writes a curve: the tip of the arrow, then Bezier segments up to where the arrow begins."""
        return f"e,{self._at(path[-1])} {' '.join(self._at(point) for point in bezier(path))}"

    def _at(self, point: Point) -> str:
        return f"{round(point[0], 2):g},{self._up(point[1]):g}"

    def _up(self, y: float) -> float:
        """Graphviz counts from the bottom."""
        return round(self.layout.height - y, 2)


def _edge_ids(edges: tuple[Edge, ...]) -> list[str]:
    """``input--layer-c1``: what an edge joins, so that it keeps its id where others come and go."""
    met: Counter[tuple[str, str]] = Counter()
    ids = []
    for edge in edges:
        ends = edge.source, edge.target
        met[ends] += 1
        ids.append("--".join(ends) + (f"--{met[ends]}" if met[ends] > 1 else ""))
    return ids
