"""Boxes and titles as Graphviz's HTML-like labels; every cell has a fixed size, so that they fill the place that they have."""

from __future__ import annotations

from .heat import figure_for, fill_for, strip_fill
from .labels import BOTTOM, STRIP_HEIGHT, TOP, Row, box_text, escape, strip_text
from .model import Box, Cost, Strip
from .palette import Paint, Theme

__all__ = ["box_label", "table", "text_cell", "title_label"]

_MARGIN = 5
_PLAIN = 'BORDER="0"'
_TITLE_LEADING = 13


def box_label(box: Box, size: tuple[float, float], theme: Theme, heat: str, whole: Cost) -> str:
    """The box of a layer or block, at least as large as its text."""
    text = box_text(box, figure_for(heat, whole))
    paint = theme.kinds[box.kind]
    fill = fill_for(box, theme, heat, whole)
    border = 2 if box.kind == "block" else 1
    width, height = int(size[0]), int(size[1])
    inner = width - 2 * border
    more = height - text.height
    rows = [_room(TOP - border + more // 2)]
    rows += [_row(row, inner, theme, box.kind == "io") for row in text.rows]
    rows.append(_room(BOTTOM - border + more - more // 2))
    rows += [
        _strips(strips, inner, theme, [strip_fill(strip, fill, theme, heat) for strip in strips])
        for strips in text.strips
    ]
    style = "ROUNDED" if box.kind == "io" else "SOLID"
    look = f'STYLE="{style}" BORDER="{border}" COLOR="{paint.border}" BGCOLOR="{fill}"'
    extent = f'FIXEDSIZE="TRUE" WIDTH="{width}" HEIGHT="{height}"'
    return f"<{table(rows, f'{look} {extent}')}>"


def title_label(lines: tuple[tuple[str, bool], ...], width: int, theme: Theme) -> str:
    """The title of a cluster, its lines one under the other from the left."""
    rows = []
    for text, bold in lines:
        color = theme.ink if bold else theme.pale_ink
        rows.append(f"<TR>{text_cell(text, width, _TITLE_LEADING, color, 10, bold=bold)}</TR>")
    return f"<{table(rows, _PLAIN)}>"


def table(rows: list[str], attributes: str) -> str:
    """A table of rows without any room between cells."""
    return f'<TABLE {attributes} CELLBORDER="0" CELLSPACING="0" CELLPADDING="0">{"".join(rows)}</TABLE>'


def text_cell(
    text: str, width: int, height: int, color: str, size: int, *, bold: bool = False, align: str = "LEFT"
) -> str:
    """A cell of a fixed size with a text in it. Bold letters are put at the bottom: Graphviz sets them too high."""
    shown = escape(text)
    if shown:
        shown = f"<B>{shown}</B>" if bold else shown
        shown = f'<FONT POINT-SIZE="{size}" COLOR="{color}">{shown}</FONT>'
    place = f'ALIGN="{align}" VALIGN="BOTTOM"' if bold else f'ALIGN="{align}"'
    return f'<TD FIXEDSIZE="TRUE" WIDTH="{width}" HEIGHT="{height}" {place}>{shown}</TD>'


def _room(height: int) -> str:
    return f'<TR><TD FIXEDSIZE="TRUE" WIDTH="1" HEIGHT="{height}"></TD></TR>'


def _row(row: Row, width: int, theme: Theme, centered: bool) -> str:
    """Two cells that meet where both texts fit, or one."""
    ink, size = (theme.ink, 12) if row.is_heading else (theme.pale_ink, 10)
    room = width - 2 * _MARGIN
    right = row.right_room
    align = "CENTER" if centered else "LEFT"
    cells = [
        f'<TD FIXEDSIZE="TRUE" WIDTH="{_MARGIN}" HEIGHT="{row.height}"></TD>',
        text_cell(row.left, room - right, row.height, ink, size, bold=row.is_heading, align=align),
    ]
    if row.right:
        cells.append(_raised(row, theme) if row.is_heading else _right(row, row.height, theme))
    cells.append(cells[0])
    return _line(cells)


def _right(row: Row, height: int, theme: Theme) -> str:
    return text_cell(row.right, row.right_room, height, theme.pale_ink, 10, align="RIGHT")


def _raised(row: Row, theme: Theme) -> str:
    """The text on the right a little higher: on the base line of the larger letters on its left."""
    rows = [f"<TR>{_right(row, row.height - 1, theme)}</TR>", _room(1)]
    return f"<TD>{table(rows, _PLAIN)}</TD>"


def _strips(strips: tuple[Strip, ...], width: int, theme: Theme, fills: list[str]) -> str:
    """Folded layers side by side, each in its colour."""
    cells = []
    for number, strip in enumerate(strips):
        paint: Paint = theme.kinds[strip.kind]
        size = width * (number + 1) // len(strips) - width * number // len(strips)
        sides = "TL" if number else "T"
        look = f'BORDER="1" SIDES="{sides}" COLOR="{paint.border}" BGCOLOR="{fills[number]}"'
        shown = f'<FONT POINT-SIZE="10" COLOR="{theme.ink}">{escape(strip_text(strip))}</FONT>'
        cells.append(f'<TD {look} FIXEDSIZE="TRUE" WIDTH="{size}" HEIGHT="{STRIP_HEIGHT}">{shown}</TD>')
    return _line(cells)


def _line(cells: list[str]) -> str:
    """Cells as a row of their own, whose widths no other row shares."""
    inside = table([f"<TR>{''.join(cells)}</TR>"], _PLAIN)
    return f"<TR><TD>{inside}</TD></TR>"
