"""What is in boxes and frames, and how much room it takes. Every text is escaped by :func:`escape` where it is drawn."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from ...diagnostics.text import sanitize
from ...record import Record
from ..metrics import cut, text_width, wrap, wrap_items
from .model import Box, Cluster, Strip

__all__ = [
    "BoxText",
    "Figure",
    "Row",
    "box_text",
    "escape",
    "frame_name",
    "parameters_text",
    "short_name",
    "title_lines",
]

HEADING_SIZE, SHAPE_SIZE, DETAIL_SIZE = 12.0, 10.0, 10.0
TITLE_LEADING = 13.0

TOP, BOTTOM, STRIP_HEIGHT = 3, 3, 15

_HEADING_HEIGHT, _DETAIL_HEIGHT = 16, 13
_MARGIN = 6
_GAP = 12
_SLACK = 1.06  # the fonts of a browser may be a little wider than Helvetica
_LONGEST = 190.0
_DETAILS = 140.0
_LONGEST_WORD = 150.0
_STRIPS_IN_A_ROW = 3
_STRIPS_WIDTH = 200.0
_LEAST_WIDTH = 72


Figure = Callable[[Box], str]
"""The figure that a box shows: its parameters, or its share of something."""


class Row(Record):
    """A line of a box, a text on its left and one on its right."""

    left: str
    right: str
    is_heading: bool = False

    @property
    def height(self) -> int:
        return _HEADING_HEIGHT if self.is_heading else _DETAIL_HEIGHT

    @property
    def right_room(self) -> int:
        """The width of the text on the right, in whole points and with some slack."""
        return int(_SLACK * text_width(self.right, DETAIL_SIZE)) + 1 if self.right else 0


class BoxText(Record):
    """What is in a box, and its size in points: rows of text, then rows of strips."""

    rows: tuple[Row, ...]
    strips: tuple[tuple[Strip, ...], ...]
    width: int
    height: int


def box_text(box: Box, figure: Figure) -> BoxText:
    """What the box says: what it is and its name, then its details and a figure, then a strip per folded layer."""
    times = f"x{box.count}" if box.count > 1 else ""
    name = "" if box.heading == short_name(box.name) else short_name(box.name)
    heading = cut(sanitize(box.heading), _LONGEST, HEADING_SIZE, bold=True)
    rows = [Row(heading, " ".join(filter(None, (cut(name, _LONGEST, DETAIL_SIZE), times))), is_heading=True)]
    rows += _detail_rows(box, figure(box))
    strips = tuple(_strip_rows(box.strips))
    width = max([_row_width(row) for row in rows] + [_strips_width(row) for row in strips])
    height = TOP + sum(row.height for row in rows) + BOTTOM + STRIP_HEIGHT * len(strips)
    return BoxText(tuple(rows), strips, max(int(width) + 1 + 2 * _MARGIN, _LEAST_WIDTH), height)


def parameters_text(box: Box) -> str:
    """How many parameters a box has; nothing if it has none."""
    times = f"{box.count} x " if box.count > 1 else ""
    return f"{times}{box.cost.parameters:,} parameters" if box.cost.parameters else ""


def _detail_rows(box: Box, figure: str) -> list[Row]:
    texts = wrap_items([sanitize(text) for text in box.details], ", ", _DETAILS, DETAIL_SIZE)
    if not texts:
        return [Row(figure, "")] if figure else []
    return [Row(text, figure if number == 0 else "") for number, text in enumerate(texts)]


def _row_width(row: Row) -> float:
    size = HEADING_SIZE if row.is_heading else DETAIL_SIZE
    gap = _GAP if row.right else 0
    return _SLACK * (text_width(row.left, size, bold=row.is_heading) + text_width(row.right, DETAIL_SIZE)) + gap


def _strip_rows(strips: tuple[Strip, ...]) -> Iterator[tuple[Strip, ...]]:
    """The strips in rows: few of them, and no wider than a box should be."""
    row: tuple[Strip, ...] = ()
    for strip in strips:
        if row and (len(row) == _STRIPS_IN_A_ROW or _strips_width((*row, strip)) > _STRIPS_WIDTH):
            yield row
            row = ()
        row = (*row, strip)
    if row:
        yield row


def _strips_width(strips: tuple[Strip, ...]) -> float:
    return len(strips) * max(_SLACK * text_width(strip_text(strip), DETAIL_SIZE) + 8 for strip in strips) - 2 * _MARGIN


def strip_text(strip: Strip) -> str:
    """What a strip says."""
    return cut(sanitize(strip.heading), _LONGEST, DETAIL_SIZE)


def title_lines(cluster: Cluster, width: float) -> tuple[tuple[str, bool], ...]:
    """The title of a cluster in lines no wider than this, each with whether it is bold: its name and number, then its call."""
    name, call = frame_name(cluster), sanitize(cluster.title)
    block, _, settings = call.partition(" ")
    times = f"x{cluster.count}" if cluster.count > 1 else ""
    first, rest = (name, call) if name else (block, settings)
    words = (text_width(first, SHAPE_SIZE, bold=True), *(text_width(word, SHAPE_SIZE) for word in rest.split()))
    width = max(width, min(_LONGEST_WORD, max(words)))
    bold = wrap(" ".join(filter(None, (first, times))), width, SHAPE_SIZE, bold=True)
    return (*((line, True) for line in bold), *((line, False) for line in wrap(rest, width, SHAPE_SIZE)))


def frame_name(cluster: Cluster) -> str:
    """The name in the title of a frame; one that is only a number is told with its path if nothing else is there."""
    return short_name(cluster.name) or ("" if cluster.title else sanitize(cluster.path))


def escape(text: str) -> str:
    """Text as HTML-like labels take it: no markup, no character that XML cannot hold, no `\\N` that Graphviz replaces."""
    visible = sanitize(text).replace("\n", " ").replace("\\", "\\\\")
    return visible.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;")


def short_name(name: str) -> str:
    """The last word of a path; nothing if that is but the place of a layer that has no name, as in ``features.3``."""
    last = name.rpartition(".")[2]
    return "" if last.isdecimal() else sanitize(last)
