"""What is above a picture: its title, its totals, and a legend of the colours in it."""

from __future__ import annotations

from collections.abc import Iterator

from ..metrics import evened, text_width, wrap, wrap_items
from .heat import HEATS, bounds
from .labels import escape
from .look import Look
from .marks import MARKS
from .markup import table, text_cell
from .model import Picture
from .palette import WORDS, Paint, Theme

__all__ = ["fact_lines", "heading_label", "legend", "title_lines"]

_TITLE_SIZE, _FACT_SIZE = 15, 10
_LEAST_WIDTH = 300.0
_SWATCH = 18
_GAP = 12

_PLAIN = 'BORDER="0"'

LegendEntry = tuple[str, Paint]


def heading_label(picture: Picture, theme: Theme, look: Look, width: float) -> str:
    """The heading as Graphviz's label of the whole, about as wide as the picture."""
    room = max(width, _LEAST_WIDTH)
    rows = [*(_title_rows(picture, theme, room) if look.title else ()), *_legend_rows(picture, theme, look, room)]
    if not rows:
        return ""
    rows.append('<TR><TD HEIGHT="10"></TD></TR>')
    return f"<{table(rows, _PLAIN)}>"


def _title_rows(picture: Picture, theme: Theme, room: float) -> Iterator[str]:
    for line in title_lines(picture.title, room, _TITLE_SIZE):
        yield _text(line, theme.ink, _TITLE_SIZE, 20, bold=True)
    for line in fact_lines(picture.subtitle, room, _FACT_SIZE):
        yield _text(line, theme.pale_ink, _FACT_SIZE, 14)
    yield '<TR><TD HEIGHT="6"></TD></TR>'


def _legend_rows(picture: Picture, theme: Theme, look: Look, room: float) -> Iterator[str]:
    entries = legend(picture, theme, look.heat) if look.legend else ()
    widest = max(map(_legend_width, entries), default=0.0)
    for line in evened(lambda width: _legend_lines(entries, width), widest, room) if entries else ():
        yield f"<TR><TD>{_legend_row(line, theme)}</TD></TR>"


def title_lines(title: str, room: float, size: float) -> list[str]:
    """A title in lines about as long as each other."""
    widest = max((text_width(word, size, bold=True) for word in title.split()), default=0.0)
    return evened(lambda width: wrap(title, width, size, bold=True), widest, room)


def fact_lines(facts: str, room: float, size: float) -> list[str]:
    """Facts with ``|`` between them in lines about as long as each other; no fact is torn apart."""
    items = facts.split(" | ")
    widest = max(text_width(item, size) for item in items)
    return evened(lambda width: wrap_items(items, " | ", width, size), widest, room)


def legend(picture: Picture, theme: Theme, heat: str) -> tuple[LegendEntry, ...]:
    """What the colours in a picture mean: kinds that are there, steps of heat, or what changed."""
    if heat:
        paints = [Paint(fill, theme.frame) for fill in theme.heat]
        first, *rest = bounds()
        words = [f"{first} of the {HEATS[heat]}", *rest]
        return tuple(zip(words, paints, strict=True))
    marked = {mark for box in picture.boxes for mark in (box.mark, *(strip.mark for strip in box.strips)) if mark}
    if marked:
        return tuple((word, Paint(theme.marks[mark], theme.frame)) for mark, word in MARKS.items() if mark in marked)
    present = set(_kinds(picture))
    return tuple((word, theme.kinds[kind]) for kind, word in WORDS.items() if kind in present)


def _kinds(picture: Picture) -> Iterator[str]:
    for box in picture.boxes:
        yield box.kind
        yield from (strip.kind for strip in box.strips)


def _text(text: str, color: str, size: int, height: int, *, bold: bool = False) -> str:
    shown = f"<B>{escape(text)}</B>" if bold else escape(text)
    return f'<TR><TD HEIGHT="{height}"><FONT POINT-SIZE="{size}" COLOR="{color}">{shown}</FONT></TD></TR>'


def _legend_lines(entries: tuple[LegendEntry, ...], room: float) -> list[list[LegendEntry]]:
    lines: list[list[LegendEntry]] = []
    left = 0.0
    for entry in entries:
        width = _legend_width(entry)
        if not lines or width > left:
            lines.append([])
            left = room
        lines[-1].append(entry)
        left -= width
    return lines


def _legend_width(entry: LegendEntry) -> float:
    return _SWATCH + _GAP + text_width(entry[0], _FACT_SIZE)


def _legend_row(entries: list[LegendEntry], theme: Theme) -> str:
    cells = []
    for word, paint in entries:
        border = 2 if word == WORDS["block"] else 1
        look = (
            f'BORDER="{border}" COLOR="{paint.border}" BGCOLOR="{paint.fill}" FIXEDSIZE="TRUE" WIDTH="12" HEIGHT="10"'
        )
        swatch = table([f"<TR><TD {look}></TD></TR>"], _PLAIN)
        width = int(text_width(word, _FACT_SIZE)) + _GAP
        cells.append(f'<TD FIXEDSIZE="TRUE" WIDTH="{_SWATCH}" HEIGHT="14">{swatch}</TD>')
        cells.append(text_cell(word, width, 14, theme.pale_ink, _FACT_SIZE))
    width = sum(_SWATCH + _GAP + int(text_width(word, _FACT_SIZE)) for word, _ in entries)
    return table([f"<TR>{''.join(cells)}</TR>"], f'{_PLAIN} FIXEDSIZE="TRUE" WIDTH="{width}" HEIGHT="14"')
