"""Boxes and titles as Graphviz's HTML-like labels, every cell of a fixed size, so that they fill the place laid out for them."""

from __future__ import annotations

from .heat import fill_for, share_text
from .labels import Row, box_text, escape, strip_text
from .model import Box, Cost, Strip
from .palette import Paint, Theme

__all__ = ["box_label", "table", "text_cell", "title_label"]

_MARGIN = 6
_STRIP_HEIGHT = 14
_PLAIN = 'BORDER="0"'
_TITLE_LEADING = 13


def box_label(box: Box, width: float, theme: Theme, heat: str, whole: Cost) -> str:
    """The box of a layer or block, at least as wide as its text."""
    text = box_text(box)
    paint = theme.kinds[box.kind]
    fill = fill_for(box, theme, heat, whole) if heat else paint.fill
    inner = int(width) - 2 * _MARGIN
    rows = [_row(row, inner, theme) for row in _with_share(text.rows, box, heat, whole)]
    rows += [_strips(strips, int(width), theme, fill if heat else "") for strips in text.strips]
    style = "ROUNDED" if box.kind == "io" else "SOLID"
    look = f'STYLE="{style}" BORDER="1" COLOR="{paint.border}" BGCOLOR="{fill}"'
    size = f'FIXEDSIZE="TRUE" WIDTH="{int(width)}" HEIGHT="{text.height}"'
    return f"<{table(rows, f'{look} {size}')}>"


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
    """A cell of a fixed size with a text in it."""
    shown = escape(text)
    if shown:
        shown = f"<B>{shown}</B>" if bold else shown
        shown = f'<FONT POINT-SIZE="{size}" COLOR="{color}">{shown}</FONT>'
    return f'<TD FIXEDSIZE="TRUE" WIDTH="{width}" HEIGHT="{height}" ALIGN="{align}">{shown}</TD>'


def _with_share(rows: tuple[Row, ...], box: Box, heat: str, whole: Cost) -> tuple[Row, ...]:
    """The rows, with the share that colours the box in place of its parameters."""
    if not heat or box.kind == "io":
        return rows
    share = share_text(box, heat, whole)
    if len(rows) > 1:
        return (rows[0], rows[1].replace(right=share), *rows[2:])
    return rows


def _row(row: Row, width: int, theme: Theme) -> str:
    """Two cells that meet where both texts fit."""
    margin = f'<TD FIXEDSIZE="TRUE" WIDTH="{_MARGIN}" HEIGHT="{row.height}"></TD>'
    if row.is_heading:
        left = _words(row.left, theme.ink, 12, bold=True)
    else:
        left = _words(row.left, theme.pale_ink, 10)
    right = _words(row.right, theme.pale_ink, 10)
    size = f'HEIGHT="{row.height}" WIDTH="{width}" FIXEDSIZE="TRUE"'
    inside = table([f'<TR><TD ALIGN="LEFT">{left}</TD><TD ALIGN="RIGHT">{right}</TD></TR>'], f'BORDER="0" {size}')
    return f"<TR>{margin}<TD {size}>{inside}</TD>{margin}</TR>"


def _words(text: str, color: str, size: int, *, bold: bool = False) -> str:
    shown = f"<B>{escape(text)}</B>" if bold else escape(text)
    return f'<FONT POINT-SIZE="{size}" COLOR="{color}">{shown}</FONT>' if text else ""


def _strips(strips: tuple[Strip, ...], width: int, theme: Theme, fill: str) -> str:
    """Folded layers side by side, each in its colour."""
    cells = []
    for number, strip in enumerate(strips):
        paint: Paint = theme.kinds[strip.kind]
        size = width * (number + 1) // len(strips) - width * number // len(strips)
        sides = "TL" if number else "T"
        look = f'BORDER="1" SIDES="{sides}" COLOR="{paint.border}" BGCOLOR="{fill or paint.fill}"'
        words = _words(strip_text(strip), theme.ink, 10)
        cells.append(f'<TD {look} FIXEDSIZE="TRUE" WIDTH="{size}" HEIGHT="{_STRIP_HEIGHT}">{words}</TD>')
    inside = table([f"<TR>{''.join(cells)}</TR>"], 'BORDER="0"')
    return f'<TR><TD COLSPAN="3" FIXEDSIZE="TRUE" WIDTH="{width}" HEIGHT="{_STRIP_HEIGHT}">{inside}</TD></TR>'
