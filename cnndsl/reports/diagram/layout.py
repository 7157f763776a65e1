"""Where everything in a picture is: boxes, frames, edges and the shapes on them.

Layout happens along the flow of the network and across it; here the two become x, from the left, and y, from the top, in
points. Edges run along and across only, through the gaps between boxes, so that none crosses a box or a title.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from ...record import Record
from ..metrics import text_width
from .flow import Flow, TitleLine
from .frames import Frame
from .grid_tracks import Wired
from .labels import SHAPE_SIZE, Figure, box_text
from .model import Box, Cluster, Edge, Picture
from .routes import ROOT, Link, Routes
from .rows import Point
from .tracks import tracks_of

__all__ = ["Layout", "Rectangle", "Titled", "lay_out"]


class Rectangle(Record):
    """A position in the picture, by its left upper corner."""

    x: float
    y: float
    width: float
    height: float

    @property
    def right(self) -> float:
        return self.x + self.width

    @property
    def bottom(self) -> float:
        return self.y + self.height

    @property
    def center(self) -> Point:
        return self.x + self.width / 2, self.y + self.height / 2


class Titled(Record):
    """The place of a cluster, and the lines of its title, which are at its foot if the network runs up through it."""

    place: Rectangle
    lines: tuple[TitleLine, ...]
    is_upward: bool = False

    def top(self, height: float, margin: float) -> float:
        """Where lines that are so high in all begin, so far from the edge."""
        return self.place.bottom - margin - height if self.is_upward else self.place.y + margin


class Layout(Record):
    """The positions of boxes and clusters by their ids, and for each edge of the picture its corners and its label.

    A label is the shape with the point where it begins, halfway up its height; where edges carry the same value, the first
    has it.
    """

    boxes: dict[str, Rectangle]
    clusters: dict[str, Titled]
    paths: tuple[tuple[Point, ...], ...]
    labels: tuple[tuple[str, Point] | None, ...]
    width: float
    height: float


def lay_out(picture: Picture, *, figure: Figure, across_page: bool = False, page: float = 0.0) -> Layout:
    """Place a picture from top to bottom, or from left to right; a row longer than ``page``, if not 0, is broken."""
    texts = _texts(picture.edges)
    flow = Flow(across_page, page, texts, {} if across_page else dict(_widths(picture.children, figure)), figure)
    routes = Routes(picture)
    root = Frame(None, picture.children, routes, flow)
    placer = _Placer(across_page)
    placer.place(root, tracks_of(root, ()), (root.left, 0.0))
    paths = tuple(_joined(placer.pieces[part] for part in route) for route in routes.of_edge)
    extents = (root.left + root.right, root.length)
    width, height = extents[::-1] if across_page else extents
    labels = _labels(picture.edges, paths, across_page)
    return Layout(placer.boxes, placer.clusters, paths, labels, width, height)


class _Placer:
    """Turns the coordinates of all frames into those of the picture."""

    def __init__(self, across_page: bool) -> None:
        self.across_page = across_page
        self.boxes: dict[str, Rectangle] = {}
        self.clusters: dict[str, Titled] = {}
        self.pieces: dict[tuple[str, Link], list[Point]] = {}

    def place(self, frame: Frame, tracks: Wired, origin: Point, sign: int = 1) -> None:
        """Place the contents of a frame whose axis begins there; upside down if ``sign`` is -1."""
        across, along = origin
        if frame.cluster is not None:
            place = self._rectangle(across - frame.left, (along, sign * frame.length), frame.left + frame.right)
            self.clusters[frame.cluster.id] = Titled(place, frame.title.lines, sign < 0 and not self.across_page)
        for key, item in frame.items.items():
            slot = frame.slots[item]
            x, y = frame.places.items[item]
            is_up = frame.grid is not None and frame.grid.is_up(item)
            begin = along + sign * (y + slot.length * is_up)
            if isinstance(slot, Frame):
                self.place(slot, tracks.inside[item], (across + x, begin), -sign if is_up else sign)
            elif slot.is_box:
                extent = (along + sign * y, sign * slot.length)
                self.boxes[key] = self._rectangle(across + x - slot.left, extent, slot.left + slot.right)
        name = frame.cluster.id if frame.cluster is not None else ROOT
        for link, wire in frame.wires.items():
            self.pieces[name, link] = [self._point(across + x, along + sign * y) for x, y in tracks.corners(wire)]

    def _point(self, across: float, along: float) -> Point:
        return (along, across) if self.across_page else (across, along)

    def _rectangle(self, across: float, extent: Point, breadth: float) -> Rectangle:
        """From where it begins along the flow, so far, or back if that is less than 0."""
        begin, length = extent
        along, length = min(begin, begin + length), abs(length)
        if self.across_page:
            return Rectangle(along, across, length, breadth)
        return Rectangle(across, along, breadth, length)


def _joined(pieces: Iterable[list[Point]]) -> tuple[Point, ...]:
    """One line of several, without points on the way that are not corners."""
    line: list[Point] = []
    for x, y in (point for piece in pieces for point in piece):
        point = (round(x, 2), round(y, 2))
        if line and line[-1] == point:
            continue
        if len(line) > 1 and _is_straight(line[-2], line[-1], point):
            line[-1] = point
        else:
            line.append(point)
    return tuple(line)


def _is_straight(one: Point, middle: Point, other: Point) -> bool:
    return any(one[axis] == middle[axis] == other[axis] for axis in (0, 1))


def _texts(edges: tuple[Edge, ...]) -> dict[str, tuple[str, ...]]:
    """What is on the lines after each box, by the values that it gives."""
    found: dict[str, dict[str, str]] = defaultdict(dict)
    for edge in edges:
        found[edge.source][edge.value] = edge.label
    return {source: tuple(labels.values()) for source, labels in found.items()}


def _labels(
    edges: tuple[Edge, ...], paths: tuple[tuple[Point, ...], ...], across_page: bool
) -> tuple[tuple[str, Point] | None, ...]:
    """For the first edge of each value that leaves along the flow, or else the first, the shape beside its beginning."""
    chosen: dict[str, int] = {}
    for number in sorted(range(len(edges)), key=lambda number: _leaves_sideways(paths[number], across_page)):
        chosen.setdefault(edges[number].value, number)
    return tuple(
        (edge.label, _label_place(path, edge.label)) if chosen[edge.value] == number else None
        for number, (edge, path) in enumerate(zip(edges, paths, strict=True))
    )


def _leaves_sideways(path: tuple[Point, ...], across_page: bool) -> bool:
    (x, y), (next_x, next_y) = path[:2]
    return next_x == x if across_page else next_y == y


def _label_place(path: tuple[Point, ...], label: str) -> Point:
    (x, y), (next_x, next_y) = path[:2]
    if next_y != y:
        return (x + 4.0, y + 8.0) if next_y > y else (x + 4.0, y - 8.0)
    return (x + 5.0 if next_x > x else x - 5.0 - text_width(label, SHAPE_SIZE, bold=True), y - 7.0)


def _widths(children: tuple[Box | Cluster, ...], figure: Figure) -> Iterable[tuple[str, float]]:
    """The boxes in one frame are as wide as the widest of them."""
    boxes = [child for child in children if isinstance(child, Box) and child.kind != "io"]
    width = max((box_text(box, figure).width for box in boxes), default=0.0)
    yield from ((box.id, width) for box in boxes)
    for child in children:
        if isinstance(child, Cluster):
            yield from _widths(child.children, figure)
