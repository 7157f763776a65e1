"""A chain as the volumes of numbers that its layers give, as the figures of LeNet-5 and AlexNet show it.

Height and depth of a volume stand for the height and width of the feature maps, its breadth for the number of channels;
vectors are bars. Scales are not linear: what is large would hide what is small. Layers that come again and again are there
once, under a bracket with their number.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from math import ceil

from ...record import Record
from .branch_lanes import lanes_of_branches
from .labels import short_name
from .model import Box, Cluster, Picture
from .palette import Theme
from .solids import (
    LEADING,
    MARGIN,
    TEXT_GAP,
    Drawing,
    Group,
    Point,
    Polyline,
    Solid,
    Text,
    heading,
    largest_side,
    shown,
)
from .volume_lanes import lanes_of, side_by_side

__all__ = ["is_clear_as_volumes", "volumes"]

_LINE = 820.0  # across a page of paper, letters of 10 points keep more than half of their size
_LEAST_WIDTH = 260.0
_LED = 26.0  # the arrow at the end of a line, and that at the beginning of the next
_BRACKET, _TICK = 20.0, 5.0


def volumes(picture: Picture, theme: Theme) -> Drawing:
    """Draw the boxes of a picture in one row, or in several side by side: a U, sizes, layers in columns, or branches."""
    picture = _with_volumes_only(picture)
    lanes = lanes_of(picture)
    if lanes is None and not _is_row(picture):
        lanes = lanes_of_branches([box.id for box in picture.boxes], picture.edges)
    if lanes is not None:
        return side_by_side(picture, lanes, theme)
    chain = [box for box in picture.boxes if box.id != "output"]
    largest = largest_side(chain)
    repeats = _repeats(picture.children)
    lines = _lines([Solid(box, largest) for box in chain], repeats, theme)
    widest = max(line.width for line in lines)
    width = max(widest, _LEAST_WIDTH)
    y, texts = heading(picture, width, theme)
    groups = [Group("title", "title", texts)]
    for line in lines:
        groups += line.groups(MARGIN + (width - widest) / 2, y)
        y += line.height
    return Drawing(width + 2 * MARGIN, y, theme.paper, tuple(groups))


def is_clear_as_volumes(picture: Picture) -> bool:
    """Whether the picture is a row of volumes, or several whose shape says what they are."""
    return lanes_of(picture) is not None or _is_row(picture)


def _with_volumes_only(picture: Picture) -> Picture:
    """The picture without layers that give the numbers that they take: ``flatten``, and poolings to the size that is there.

    What is folded into such a layer goes to the one before it.
    """
    boxes = {box.id: box for box in picture.boxes}
    before = {edge.target: edge.source for edge in picture.edges}
    passed: dict[str, str] = {}
    for box in picture.boxes:
        source = boxes.get(passed.get(before.get(box.id, ""), before.get(box.id, "")))
        if source is not None and source.kind != "io" and _gives_what_it_takes(box, source):
            boxes[source.id] = source.replace(strips=(*source.strips, *boxes.pop(box.id).strips))
            passed[box.id] = source.id
    edges = (
        edge.replace(source=passed.get(edge.source, edge.source)) for edge in picture.edges if edge.target in boxes
    )
    return picture.replace(children=tuple(_kept(picture.children, boxes)), edges=tuple(edges))


def _gives_what_it_takes(box: Box, source: Box) -> bool:
    return box.heading == "flatten" or (box.heading.startswith("adaptive_") and box.output == source.output)


def _kept(children: Iterable[Box | Cluster], boxes: Mapping[str, Box]) -> Iterator[Box | Cluster]:
    for child in children:
        if isinstance(child, Cluster):
            inside = tuple(_kept(child.children, boxes))
            yield from (child.replace(children=inside),) if inside else ()
        elif child.id in boxes:
            yield boxes[child.id]


class _Repeat(Record):
    """An open block or a sequence that stands for several: from which box to which it reaches, at this level of brackets."""

    id: str
    text: str
    boxes: frozenset[str]
    level: int


def _repeats(children: tuple[Box | Cluster, ...], level: int = 0) -> tuple[_Repeat, ...]:
    """What is repeated, outermost first."""
    found: list[_Repeat] = []
    for child in children:
        if not isinstance(child, Cluster):
            continue
        if child.count > 1:
            name = short_name(child.name)
            text = f"{name} x{child.count}".strip()
            found.append(_Repeat(child.id, text, frozenset(_ids(child.children)), level))
        found += _repeats(child.children, level + (child.count > 1))
    return tuple(found)


def _ids(children: tuple[Box | Cluster, ...]) -> Iterator[str]:
    for child in children:
        yield from _ids(child.children) if isinstance(child, Cluster) else (child.id,)


class _Line:
    """Solids side by side, with arrows to and from the lines around them, and the brackets above."""

    def __init__(
        self, solids: list[Solid], ends: tuple[bool, bool], repeats: tuple[_Repeat, ...], theme: Theme
    ) -> None:
        self.solids = solids
        self.is_led_in, self.is_led_out = ends
        here = {solid.box.id for solid in solids}
        self.repeats = [repeat for repeat in repeats if repeat.boxes & here]
        self.theme = theme
        self.levels = 1 + max((repeat.level for repeat in self.repeats), default=-1)
        self.tall = max(solid.height + solid.rise for solid in solids)
        self.width = sum(solid.room for solid in solids) + _LED * (self.is_led_in + self.is_led_out)
        words = max(len(solid.words) for solid in solids)
        self.height = self.levels * _BRACKET + self.tall + TEXT_GAP + LEADING * words + MARGIN

    def groups(self, x: float, y: float) -> Iterator[Group]:
        """Everything in the line, whose left upper corner is there."""
        top = y + self.levels * _BRACKET
        middle = top + self.tall / 2
        x += _LED * self.is_led_in
        ends: dict[str, Point] = {}
        for number, solid in enumerate(self.solids):
            shapes = [*solid.shapes(x, middle, top + self.tall, self.theme)]
            left, right = ends[solid.box.id] = (x + solid.indent, x + solid.room - solid.indent)
            if number == 0 and self.is_led_in:
                shapes.append(self._arrow(left - _LED, left - 5.0, middle))
            if number + 1 < len(self.solids):
                after = self.solids[number + 1]
                shapes.append(self._arrow(right + 5.0, x + solid.room + after.indent - 5.0, middle))
            elif self.is_led_out:
                shapes.append(self._arrow(right + 5.0, right + _LED, middle))
            yield Group(solid.box.id, solid.box.kind, tuple(shapes))
            x += solid.room
        for repeat in self.repeats:
            yield self._bracket(repeat, [ends[id_] for id_ in ends if id_ in repeat.boxes], y)

    def _arrow(self, begin: float, end: float, y: float) -> Polyline:
        return Polyline(((begin, y), (end, y)), self.theme.ink)

    def _bracket(self, repeat: _Repeat, ends: list[Point], y: float) -> Group:
        left, right = ends[0][0] + repeat.level, ends[-1][1] - repeat.level
        high = y + repeat.level * _BRACKET + LEADING
        corners = ((left, high + _TICK), (left, high), (right, high), (right, high + _TICK))
        text = Text(((left + right) / 2, high - 3.0), shown(repeat.text, bold=True), 10, self.theme.ink, True)
        return Group(repeat.id, "repeat", (Polyline(corners, self.theme.pale_ink, False), text))


def _lines(solids: list[Solid], repeats: tuple[_Repeat, ...], theme: Theme) -> list[_Line]:
    """The solids in as few lines as fit a page laid across, all about as long."""
    whole = sum(solid.room for solid in solids)
    most = whole / ceil(whole / _LINE) + max(solid.room for solid in solids) / 2
    parts: list[list[Solid]] = []
    left = 0.0
    for solid in solids:
        if not parts or solid.room > left:
            parts.append([])
            left = most
        parts[-1].append(solid)
        left -= solid.room
    last = len(parts) - 1
    return [_Line(part, (number > 0, number < last), repeats, theme) for number, part in enumerate(parts)]


def _is_row(picture: Picture) -> bool:
    """Whether no two values come from one box, or go to one."""
    ends = [[edge.source for edge in picture.edges], [edge.target for edge in picture.edges]]
    return all(len(set(boxes)) == len(boxes) for boxes in ends)
