"""Several pictures as one: a picture with insets, or two that are compared."""

from __future__ import annotations

from ...record import Record
from ..metrics import text_width
from .labels import SHAPE_SIZE, Figure
from .layout import Layout, Rectangle, Titled, lay_out
from .model import Box, Cluster, Edge, Picture
from .rows import Point

__all__ = ["Framed", "Sheet", "framed"]

_GAP = 36.0
_PAD = 12.0
_TITLE = 24.0


class Framed(Record):
    """A picture that gets a frame with a title; the ids in it begin with that of the frame."""

    id: str
    title: str
    picture: Picture
    layout: Layout


def framed(
    id_: str, title: str, picture: Picture, figure: Figure, *, across_page: bool = False, page: float = 0.0
) -> Framed:
    """Lay out a picture for a frame, in columns of this height if it is not 0."""
    renamed = _Renamed(picture, f"{id_}-").picture
    return Framed(id_, title, renamed, lay_out(renamed, figure=figure, across_page=across_page, page=page))


class Sheet:
    """A picture, which may be empty, and framed ones below it from left to right, or beside it one below the other."""

    def __init__(self, picture: Picture, layout: Layout, framed: list[Framed], is_below: bool) -> None:
        self.main = picture
        self.parts: list[tuple[Layout, Point]] = [(layout, (0.0, 0.0))]
        self.frames: list[tuple[Cluster, Titled]] = []
        self.edges = [*picture.edges, *(edge for each in framed for edge in each.picture.edges)]
        gap = _GAP if layout.boxes else 0.0
        x, y = (0.0, layout.height + gap) if is_below else (layout.width + gap, 0.0)
        for each in framed:
            found = each.layout
            least = text_width(each.title, SHAPE_SIZE, bold=True)
            place = Rectangle(x, y, max(found.width, least) + 2 * _PAD, found.height + _PAD + _TITLE)
            cluster = Cluster(each.id, "", each.title, "", 1, 1, each.picture.cost, each.picture.children)
            self.frames.append((cluster, Titled(place, ((each.title, True),))))
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
