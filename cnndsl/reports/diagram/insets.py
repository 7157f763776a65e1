"""Insets: each block that a picture shows as one box, drawn once beside it with all that it holds.

A box hides what a paper is about: the shortcut, the dense links, the gate. So a block gets an inset if values meet in it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator

from ...diagnostics.text import sanitize
from ...ir import Block, Graph, Node
from ..metrics import text_width
from ..outline import Fold, Part
from .labels import SHAPE_SIZE, Figure, short_name
from .layout import Layout, Rectangle, Titled, lay_out
from .model import Box, Cluster, Edge, Picture
from .rows import Point
from .structure import Leaf

__all__ = ["beside", "hidden_blocks"]

_MOST = 3
_GAP = 36.0
_PAD = 12.0
_TITLE = 24.0
_TALLEST, _WIDEST = 1400.0, 1800.0
"""Beyond these a picture is not read any more: the last insets are left out."""
_PAGE = 1.3
"""How much higher than wide a page is, less its margins and a caption."""


def hidden_blocks(graph: Graph, folds: Iterable[Fold], shown: Iterable[Leaf]) -> Iterator[tuple[str, str, Graph]]:
    """The networks inside blocks that are boxes and in which values meet, each with a title and the path of the block.

    Of blocks of one name it is the smallest one.

    ``folds`` are all parts of the network, ``shown`` the boxes of its picture.
    """
    names = dict.fromkeys(name for leaf in shown for name in _names(graph, leaf.part))
    found: dict[str, list[tuple[Part, int]]] = defaultdict(list)
    for part, count in _parts(folds, 1):
        found[_name(part)].append((part, count))
    for name in list(names)[:_MOST]:
        count = sum(count for _, count in found[name])
        part = _smallest(found[name])
        yield f"{sanitize(name)}{f', {count} of them' if count > 1 else ''}", part.path, _inside(graph, part)


def _smallest(parts: list[tuple[Part, int]]) -> Part:
    """The part with the fewest layers: it shows how the block is built."""
    return min((part for part, _ in parts), key=lambda part: part.stop - part.start)


def _names(graph: Graph, part: Part) -> Iterator[str]:
    """The name of a block in which values meet; of braces those of the blocks in them, or their own if there are none."""
    if part.block is None or not _has_join(graph, part):
        return
    inside = [] if part.block.name else [name for fold in part.folds for name in _names(graph, fold.first)]
    own = [_name(part)] if len(part.inputs) == len(part.outputs) == 1 and _name(part) else []
    yield from inside or own


def _name(part: Part) -> str:
    """What a block is called; braces by their label without its number."""
    if part.block is None:
        return ""
    return part.block.name or short_name(part.block.path).rstrip("0123456789")


def _parts(folds: Iterable[Fold], repeats: int) -> Iterator[tuple[Part, int]]:
    """Every part that is drawn, and how many times it is there."""
    for fold in folds:
        count = repeats * fold.count
        yield fold.first, count
        yield from _parts(fold.first.folds, count)


def _has_join(graph: Graph, part: Part) -> bool:
    return any(len(node.inputs) > 1 for node in graph.nodes[part.start : part.stop])


def _inside(graph: Graph, part: Part) -> Graph:
    """The network of the layers in a block."""
    assert part.block is not None
    around = frozenset(part.block.chain)
    known: dict[Block, Block | None] = {}
    nodes = tuple(_moved(node, around, known) for node in graph.nodes[part.start : part.stop])
    return Graph(part.block.name, part.inputs[0], nodes, part.outputs[0])


def _moved(node: Node, around: frozenset[Block], known: dict[Block, Block | None]) -> Node:
    """A node in the same blocks, but for those around the block that is drawn."""
    block = _cut(node.block, around, known)
    return Node(node.path, node.operator, node.inputs, node.outputs, node.span, node.attribute_spans, block)


def _cut(block: Block | None, around: frozenset[Block], known: dict[Block, Block | None]) -> Block | None:
    if block is None or block in around:
        return None
    if block not in known:
        known[block] = Block(block.name, block.path, block.settings, block.span, _cut(block.parent, around, known))
    return known[block]


def beside(picture: Picture, layout: Layout, figure: Figure, *, across_page: bool) -> tuple[Picture, Layout]:
    """A picture with its insets to the right of it or below, as one picture that fits a page better; as many as fit."""
    if not picture.insets:
        return picture, layout
    renamed = [
        (title, _Renamed(inset, f"inset{number}-").picture) for number, (title, inset) in enumerate(picture.insets)
    ]
    found = [(title, inset, lay_out(inset, figure=figure, across_page=across_page)) for title, inset in renamed]
    tallest = max(_TALLEST, layout.height)
    for count in range(len(found), 0, -1):
        tried = [_Sheet(picture, layout, found[:count], is_below) for is_below in (False, True)]
        fitting = [sheet for sheet in tried if sheet.height <= tallest and sheet.width <= _WIDEST]
        if fitting:
            best = min(fitting, key=lambda sheet: max(sheet.width, sheet.height / _PAGE))
            return best.picture(), best.layout()
    return picture, layout


class _Sheet:
    """A picture and its insets, one after the other below the picture or beside it."""

    def __init__(
        self, picture: Picture, layout: Layout, insets: list[tuple[str, Picture, Layout]], is_below: bool
    ) -> None:
        self.main = picture
        self.parts: list[tuple[Layout, Point]] = [(layout, (0.0, 0.0))]
        self.frames: list[tuple[Cluster, Titled]] = []
        self.edges = [*picture.edges, *(edge for _, inset, _ in insets for edge in inset.edges)]
        x, y = (0.0, layout.height + _GAP) if is_below else (layout.width + _GAP, 0.0)
        for number, (title, inset, found) in enumerate(insets):
            least = text_width(title, SHAPE_SIZE, bold=True)
            place = Rectangle(x, y, max(found.width, least) + 2 * _PAD, found.height + _PAD + _TITLE)
            cluster = Cluster(f"inset{number}", "", title, "", 1, 1, inset.cost, inset.children)
            self.frames.append((cluster, Titled(place, ((title, True),))))
            self.parts.append((found, (x + (place.width - found.width) / 2, y + _TITLE)))
            x, y = (place.right + _GAP, y) if is_below else (x, place.bottom + _GAP)
        places = [titled.place for _, titled in self.frames]
        self.width = max(layout.width, *(place.right for place in places))
        self.height = max(layout.height, *(place.bottom for place in places))

    def picture(self) -> Picture:
        clusters = (cluster for cluster, _ in self.frames)
        return self.main.replace(children=(*self.main.children, *clusters), edges=tuple(self.edges))

    def layout(self) -> Layout:
        boxes = {key: _shifted(box, shift) for part, shift in self.parts for key, box in part.boxes.items()}
        clusters = {
            key: each.replace(place=_shifted(each.place, shift))
            for part, shift in self.parts
            for key, each in part.clusters.items()
        }
        clusters |= {cluster.id: titled for cluster, titled in self.frames}
        paths = (
            tuple(_moved_point(point, shift) for point in path) for part, shift in self.parts for path in part.paths
        )
        labels = (
            label and (label[0], _moved_point(label[1], shift)) for part, shift in self.parts for label in part.labels
        )
        return Layout(boxes, clusters, tuple(paths), tuple(labels), self.width, self.height)


def _shifted(place: Rectangle, shift: Point) -> Rectangle:
    return place.replace(x=place.x + shift[0], y=place.y + shift[1])


def _moved_point(point: Point, shift: Point) -> Point:
    return point[0] + shift[0], point[1] + shift[1]


class _Renamed:
    """A picture whose ids begin with a prefix, so that it can be part of another."""

    def __init__(self, picture: Picture, prefix: str) -> None:
        self.prefix = prefix
        children = tuple(map(self._child, picture.children))
        self.picture = picture.replace(children=children, edges=tuple(map(self._edge, picture.edges)))

    def _child(self, child: Box | Cluster) -> Box | Cluster:
        renamed = child.replace(id=self.prefix + child.id)
        return (
            renamed if isinstance(renamed, Box) else renamed.replace(children=tuple(map(self._child, renamed.children)))
        )

    def _edge(self, edge: Edge) -> Edge:
        ends = {name: self.prefix + getattr(edge, name) for name in ("source", "target", "value")}
        return edge.replace(**ends)
