"""A chain as the volumes of numbers that its layers give, as the figures of LeNet-5 and AlexNet show it.

Height and depth of a volume stand for the height and width of the feature maps, its breadth for the number of channels;
vectors are bars. Scales are not linear: what is large would hide what is small.
"""

from __future__ import annotations

from collections.abc import Iterator
from math import ceil, log2

from ...diagnostics import Diagnostic, DiagnosticError
from ...diagnostics.kinds import files
from ...diagnostics.text import sanitize
from ...record import Record
from ..metrics import cut, text_width, wrap
from .labels import short_name
from .model import Box, Picture
from .palette import Theme

__all__ = ["Drawing", "Group", "Polygon", "Text", "volumes"]

Point = tuple[float, float]


class Polygon(Record):
    """A filled polygon; one of two points is a line, and has an arrow at its end."""

    points: tuple[Point, ...]
    fill: str
    stroke: str


class Text(Record):
    """A text centred on a point of its baseline."""

    at: Point
    text: str
    size: int
    color: str
    is_bold: bool = False


class Group(Record):
    """The shapes of one box."""

    id: str
    kind: str
    shapes: tuple[Polygon | Text, ...]


class Drawing(Record):
    """A drawing of so many points, y downward."""

    width: float
    height: float
    paper: str
    groups: tuple[Group, ...]


_MARGIN = 12.0
_LINE = 1260.0
_GAP = 26.0
_TALLEST = 130.0
_SLANT = (0.42, 0.3)  # how a step away from the reader shows: so much to the right and up
_TEXT_GAP = 10.0
_LEADING = 13.0
_WIDEST_TEXT = 130.0


def volumes(picture: Picture, theme: Theme) -> Drawing:
    """Draw a picture whose boxes stand in one row.

    Raises:
        DiagnosticError: E0012 if it branches.
    """
    chain = _chain(picture)
    largest = max((side for box in chain for side in _sizes(box)[1:]), default=1)
    solids = [_Solid(box, largest) for box in chain]
    lines = _lines(solids)
    groups: list[Group] = []
    y = _MARGIN
    width = max(sum(solid.room for solid in line) for line in lines)
    heading = [
        Text((0.0, 0.0), text, 15, theme.ink, True) for text in wrap(sanitize(picture.title), width, 15, bold=True)
    ]
    heading += [Text((0.0, 0.0), text, 10, theme.pale_ink) for text in wrap(sanitize(picture.subtitle), width, 10)]
    placed = []
    for text in heading:
        y += text.size + 5.0
        placed.append(text.replace(at=(_MARGIN + width / 2, y)))
    groups.append(Group("title", "title", tuple(placed)))
    y += 2 * _MARGIN
    for line in lines:
        tall = max(solid.height + solid.rise for solid in line)
        x = _MARGIN
        for number, solid in enumerate(line):
            after = line[number + 1] if number + 1 < len(line) else None
            shapes = solid.shapes(x, y + tall / 2, y + tall, after, theme)
            groups.append(Group(solid.box.id, solid.box.kind, tuple(shapes)))
            x += solid.room
        y += tall + _TEXT_GAP + _LEADING * max(len(solid.words) for solid in line) + _MARGIN
    return Drawing(width + 2 * _MARGIN, y, theme.paper, tuple(groups))


class _Solid:
    """The volume of one box, with the words under it."""

    def __init__(self, box: Box, largest: int) -> None:
        self.box = box
        channels, height, width = _sizes(box)
        is_bar = height == width == 1
        self.breadth = 9.0 if is_bar else 3.0 + 5.0 * log2(1 + channels)
        self.height = 14.0 + 11.0 * log2(1 + channels) if is_bar else max(_TALLEST * (height / largest) ** 0.5, 10.0)
        depth = 10.0 if is_bar else max(_TALLEST * (width / largest) ** 0.5, 10.0)
        self.run, self.rise = depth * _SLANT[0], depth * _SLANT[1]
        self.words = tuple(_words(box))
        widest = max(text_width(text, 10, bold) for text, bold in self.words)
        self.room: float = max(self.breadth + self.run + _GAP, widest + 12.0)
        self.indent = (self.room - self.breadth - self.run) / 2

    def shapes(
        self, x: float, middle: float, bottom: float, after: _Solid | None, theme: Theme
    ) -> Iterator[Polygon | Text]:
        """Three faces, an arrow to the next, and the words."""
        paint = theme.kinds[self.box.kind]
        left = x + self.indent
        right, far = left + self.breadth, left + self.breadth + self.run
        top = middle - (self.height - self.rise) / 2
        low = top + self.height
        lit, shaded = _blend(paint.fill, "#ffffff", 0.45), _blend(paint.fill, paint.border, 0.25)
        behind = (left + self.run, top - self.rise), (far, top - self.rise)
        yield Polygon(((left, top), (right, top), (right, low), (left, low)), paint.fill, paint.border)
        yield Polygon(((left, top), *behind, (right, top)), lit, paint.border)
        yield Polygon(((right, top), behind[1], (far, low - self.rise), (right, low)), shaded, paint.border)
        if after is not None:
            yield Polygon(((far + 5.0, middle), (x + self.room + after.indent - 5.0, middle)), "", theme.ink)
        for number, (text, bold) in enumerate(self.words, 1):
            color = theme.ink if bold else theme.pale_ink
            yield Text((x + self.room / 2, bottom + _TEXT_GAP + _LEADING * number), text, 10, color, bold)


def _words(box: Box) -> Iterator[tuple[str, bool]]:
    times = f" x{box.count}" if box.count > 1 else ""
    yield _shown(f"{box.heading}{times}", bold=True), True
    yield box.output, False
    for text in (*(strip.heading for strip in box.strips), short_name(box.name)):
        if text:
            yield _shown(text), False


def _shown(text: str, bold: bool = False) -> str:
    return cut(" ".join(sanitize(text).split()), _WIDEST_TEXT, 10, bold)


def _sizes(box: Box) -> tuple[int, int, int]:
    sizes = [int(text) for text in box.output.split("x") if text.isdecimal()]
    channels, height, width = (*sizes, 1, 1)[:3] if sizes else (1, 1, 1)
    return channels, height, width


def _lines(solids: list[_Solid]) -> list[list[_Solid]]:
    """The solids in as few lines as fit a page laid across, all about as long."""
    whole = sum(solid.room for solid in solids)
    most = whole / ceil(whole / _LINE) + max(solid.room for solid in solids) / 2
    lines: list[list[_Solid]] = []
    left = 0.0
    for solid in solids:
        if not lines or solid.room > left:
            lines.append([])
            left = most
        lines[-1].append(solid)
        left -= solid.room
    return lines


def _chain(picture: Picture) -> list[Box]:
    boxes = {box.id: box for box in picture.boxes}
    for end in ("source", "target"):
        seen: set[str] = set()
        for edge in picture.edges:
            box = boxes[getattr(edge, end)]
            if box.id in seen:
                what = (
                    f"several layers read `{box.heading}`"
                    if end == "source"
                    else f"`{box.heading}` reads several layers"
                )
                raise DiagnosticError(_no_chain(picture.name, what))
            seen.add(box.id)
    return [box for box in boxes.values() if box.id != "output"]


def _no_chain(name: str, what: str) -> Diagnostic:
    help_ = "shut its blocks with `--depth 1`, or draw it without `--style volumes`"
    return Diagnostic(files.NOT_A_CHAIN, f"`{name}` is no chain: {what}", help=(help_,))


def _blend(color: str, other: str, share: float) -> str:
    pairs = ((int(color[place : place + 2], 16), int(other[place : place + 2], 16)) for place in (1, 3, 5))
    return "#" + "".join(f"{round(one + (two - one) * share):02x}" for one, two in pairs)
