"""One volume of numbers with the words under it, and the shapes that a drawing of volumes is made of."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from math import log2

from ...diagnostics.text import sanitize
from ...record import Record
from ..metrics import cut, text_width
from .heading import fact_lines, title_lines
from .labels import short_name
from .model import Box, Picture
from .palette import Theme

__all__ = [
    "LEADING",
    "MARGIN",
    "TEXT_GAP",
    "Drawing",
    "Group",
    "Point",
    "Polygon",
    "Polyline",
    "Shape",
    "Solid",
    "Text",
    "heading",
    "largest_side",
    "shown",
]

Point = tuple[float, float]


class Polygon(Record):
    """A filled polygon."""

    points: tuple[Point, ...]
    fill: str
    stroke: str


class Polyline(Record):
    """A line from point to point, with an arrow at its end or without, dashed where it leads past others."""

    points: tuple[Point, ...]
    stroke: str
    has_arrow: bool = True
    is_dashed: bool = False


class Text(Record):
    """A text centred on a point of its baseline."""

    at: Point
    text: str
    size: int
    color: str
    is_bold: bool = False


class Group(Record):
    """The shapes of one box; of what is not a box if ``kind`` is ``title`` or ``repeat``."""

    id: str
    kind: str
    shapes: tuple[Shape, ...]


Shape = Polygon | Polyline | Text


class Drawing(Record):
    """A drawing of so many points, y downward."""

    width: float
    height: float
    paper: str
    groups: tuple[Group, ...]


MARGIN = 12.0
TEXT_GAP = 10.0
LEADING = 13.0

_GAP = 26.0
_TALLEST = 130.0
_SLANT = (0.42, 0.3)  # how a step away from the reader shows: so much to the right and up
_WIDEST_TEXT = 130.0


def heading(picture: Picture, width: float, theme: Theme) -> tuple[float, tuple[Text, ...]]:
    """The title and the totals, if there are any, and how far down they reach."""
    y = MARGIN
    texts = []
    if not picture.title and not picture.subtitle:
        return y, ()
    for line in title_lines(sanitize(picture.title), width, 15):
        y += 20.0
        texts.append(Text((MARGIN + width / 2, y), line, 15, theme.ink, True))
    for line in fact_lines(sanitize(picture.subtitle), width, 10):
        y += 15.0
        texts.append(Text((MARGIN + width / 2, y), line, 10, theme.pale_ink))
    return y + 2 * MARGIN, tuple(texts)


class Solid:
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

    def shapes(self, x: float, middle: float, bottom: float, theme: Theme) -> Iterator[Shape]:
        """Three faces, and the words."""
        paint = theme.kinds[self.box.holds or self.box.kind]
        left = x + self.indent
        right, far = left + self.breadth, left + self.breadth + self.run
        top = middle - (self.height - self.rise) / 2
        low = top + self.height
        lit, shaded = _blend(paint.fill, "#ffffff", 0.45), _blend(paint.fill, paint.border, 0.25)
        behind = (left + self.run, top - self.rise), (far, top - self.rise)
        yield Polygon(((left, top), (right, top), (right, low), (left, low)), paint.fill, paint.border)
        yield Polygon(((left, top), *behind, (right, top)), lit, paint.border)
        yield Polygon(((right, top), behind[1], (far, low - self.rise), (right, low)), shaded, paint.border)
        for number, (text, bold) in enumerate(self.words, 1):
            color = theme.ink if bold else theme.pale_ink
            yield Text((x + self.room / 2, bottom + TEXT_GAP + LEADING * number), text, 10, color, bold)


def _words(box: Box) -> Iterator[tuple[str, bool]]:
    times = f" x{box.count}" if box.count > 1 else ""
    yield shown(f"{box.heading}{times}", bold=True), True
    yield box.output, False
    for text in (*(strip.heading for strip in box.strips), short_name(box.name)):
        if text:
            yield shown(text), False


def shown(text: str, bold: bool = False) -> str:
    """A text as far as there is room for it."""
    return cut(" ".join(sanitize(text).split()), _WIDEST_TEXT, 10, bold)


def largest_side(boxes: Iterable[Box]) -> int:
    """The largest height or width of all volumes: the measure of the others."""
    return max((side for box in boxes for side in _sizes(box)[1:]), default=1)


def _sizes(box: Box) -> tuple[int, int, int]:
    sizes = [int(text) for text in box.output.split("x") if text.isdecimal()]
    channels, height, width = (*sizes, 1, 1)[:3] if sizes else (1, 1, 1)
    return channels, height, width


def _blend(color: str, other: str, share: float) -> str:
    pairs = ((int(color[place : place + 2], 16), int(other[place : place + 2], 16)) for place in (1, 3, 5))
    return "#" + "".join(f"{round(one + (two - one) * share):02x}" for one, two in pairs)
