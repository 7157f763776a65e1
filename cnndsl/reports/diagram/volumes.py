"""A chain as the volumes of numbers that its layers give, as the figures of LeNet-5 and AlexNet show it.

Height and depth of a volume stand for the height and width of the feature maps, its breadth for the number of channels;
vectors are bars. Scales are not linear: what is large would hide what is small. Layers that come again and again stand there
once, under a bracket with their number.
"""

from __future__ import annotations

from collections.abc import Iterator
from math import ceil, log2

from ...diagnostics import Diagnostic, DiagnosticError
from ...diagnostics.kinds import files
from ...diagnostics.text import sanitize
from ...record import Record
from ..metrics import cut, text_width
from .heading import fact_lines, title_lines
from .labels import short_name
from .model import Box, Cluster, Picture
from .palette import Theme

__all__ = ["Drawing", "Group", "Polygon", "Polyline", "Text", "volumes"]

Point = tuple[float, float]


class Polygon(Record):
    """A filled polygon."""

    points: tuple[Point, ...]
    fill: str
    stroke: str


class Polyline(Record):
    """A line from point to point; one with an arrow at its end leads to the right."""

    points: tuple[Point, ...]
    stroke: str
    has_arrow: bool = True


class Text(Record):
    """A text centred on a point of its baseline."""

    at: Point
    text: str
    size: int
    color: str
    is_bold: bool = False


class Group(Record):
    """The shapes of one box; of what is no box if ``kind`` is ``title`` or ``repeat``."""

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


_MARGIN = 12.0
_LINE = 820.0  # across a page of paper, letters of 10 points keep more than half of their size
_LEAST_WIDTH = 260.0
_LED = 26.0  # the arrow at the end of a line, and that at the beginning of the next
_GAP = 26.0
_TALLEST = 130.0
_SLANT = (0.42, 0.3)  # how a step away from the reader shows: so much to the right and up
_TEXT_GAP = 10.0
_LEADING = 13.0
_WIDEST_TEXT = 130.0
_BRACKET, _TICK = 20.0, 5.0


def volumes(picture: Picture, theme: Theme) -> Drawing:
    """Draw a picture whose boxes stand in one row.

    Raises:
        DiagnosticError: E0012 if it branches.
    """
    chain = _chain(picture)
    largest = max((side for box in chain for side in _sizes(box)[1:]), default=1)
    repeats = _repeats(picture.children)
    lines = _lines([_Solid(box, largest) for box in chain], repeats, theme)
    widest = max(line.width for line in lines)
    width = max(widest, _LEAST_WIDTH)
    y, heading = _heading(picture, width, theme)
    groups = [Group("title", "title", heading)]
    for line in lines:
        groups += line.groups(_MARGIN + (width - widest) / 2, y)
        y += line.height
    return Drawing(width + 2 * _MARGIN, y, theme.paper, tuple(groups))


def _heading(picture: Picture, width: float, theme: Theme) -> tuple[float, tuple[Text, ...]]:
    """The title and the totals, and how far down they reach."""
    y = _MARGIN
    texts = []
    for line in title_lines(sanitize(picture.title), width, 15):
        y += 20.0
        texts.append(Text((_MARGIN + width / 2, y), line, 15, theme.ink, True))
    for line in fact_lines(sanitize(picture.subtitle), width, 10):
        y += 15.0
        texts.append(Text((_MARGIN + width / 2, y), line, 10, theme.pale_ink))
    return y + 2 * _MARGIN, tuple(texts)


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
        self, solids: list[_Solid], ends: tuple[bool, bool], repeats: tuple[_Repeat, ...], theme: Theme
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
        self.height = self.levels * _BRACKET + self.tall + _TEXT_GAP + _LEADING * words + _MARGIN

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
        high = y + repeat.level * _BRACKET + _LEADING
        corners = ((left, high + _TICK), (left, high), (right, high), (right, high + _TICK))
        text = Text(((left + right) / 2, high - 3.0), _shown(repeat.text, bold=True), 10, self.theme.ink, True)
        return Group(repeat.id, "repeat", (Polyline(corners, self.theme.pale_ink, False), text))


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

    def shapes(self, x: float, middle: float, bottom: float, theme: Theme) -> Iterator[Shape]:
        """Three faces, and the words."""
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


def _lines(solids: list[_Solid], repeats: tuple[_Repeat, ...], theme: Theme) -> list[_Line]:
    """The solids in as few lines as fit a page laid across, all about as long."""
    whole = sum(solid.room for solid in solids)
    most = whole / ceil(whole / _LINE) + max(solid.room for solid in solids) / 2
    parts: list[list[_Solid]] = []
    left = 0.0
    for solid in solids:
        if not parts or solid.room > left:
            parts.append([])
            left = most
        parts[-1].append(solid)
        left -= solid.room
    last = len(parts) - 1
    return [_Line(part, (number > 0, number < last), repeats, theme) for number, part in enumerate(parts)]


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
                raise DiagnosticError(_no_chain(picture, what))
            seen.add(box.id)
    return [box for box in boxes.values() if box.id != "output"]


def _no_chain(picture: Picture, what: str) -> Diagnostic:
    shut = "shut its blocks with `--depth 1`, or " if picture.depth > 1 else ""
    help_ = f"{shut}draw it without `--style volumes`"
    return Diagnostic(files.NOT_A_CHAIN, f"`{picture.name}` is no chain: {what}", help=(help_,))


def _blend(color: str, other: str, share: float) -> str:
    pairs = ((int(color[place : place + 2], 16), int(other[place : place + 2], 16)) for place in (1, 3, 5))
    return "#" + "".join(f"{round(one + (two - one) * share):02x}" for one, two in pairs)
