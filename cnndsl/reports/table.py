"""Aligned columns of text, without boxes."""

from __future__ import annotations

from itertools import compress

from ..record import Record

__all__ = ["Column", "render_table"]

_GAP = "  "
_ELLIPSIS = "..."


class Column(Record):
    """One column: its heading, on one line or two, and how its cells are aligned.

    ``least`` is the width down to which the cells may be cut when the table is too wide; None if they never are. ``cut``
    says which end of a cell goes. ``spare`` is the order in which columns are left out when cutting is not enough, 1 first;
    0 if the column always stays.
    """

    heading: tuple[str, str]
    right: bool = False
    least: int | None = None
    cut: str = "end"
    spare: int = 0


def render_table(columns: tuple[Column, ...], groups: list[list[tuple[str, ...]]], width: int) -> list[str]:
    """Lines of a table: the headings, then the groups of rows with a rule before each.

    A row with fewer cells than columns is a remark: its cells follow each other, and no column grows for it. A column
    without any text is left out.
    """
    columns, groups = _without_empty(columns, groups)
    while (spare := _first_spare(columns)) is not None and _least_width(columns, groups) > width:
        columns, groups = _kept(columns, groups, [column is not spare for column in columns])
    rows = [row for group in groups for row in group if len(row) == len(columns)]
    widths = _fit(columns, [_natural_width(column, rows, place) for place, column in enumerate(columns)], width)
    lines = [_line(columns, widths, tuple(column.heading[level] for column in columns)) for level in (0, 1)]
    rule = "-" * (sum(widths) + len(_GAP) * (len(widths) - 1))
    for group in groups:
        lines.append(rule)
        lines += [_line(columns, widths, row) if len(row) == len(columns) else _remark(widths, row) for row in group]
    return [line for line in lines if line]


def _without_empty(
    columns: tuple[Column, ...], groups: list[list[tuple[str, ...]]]
) -> tuple[tuple[Column, ...], list[list[tuple[str, ...]]]]:
    rows = [row for group in groups for row in group if len(row) == len(columns)]
    used = [any(column.heading) or any(row[place] for row in rows) for place, column in enumerate(columns)]
    return _kept(columns, groups, used)


def _kept(
    columns: tuple[Column, ...], groups: list[list[tuple[str, ...]]], which: list[bool]
) -> tuple[tuple[Column, ...], list[list[tuple[str, ...]]]]:
    kept = [[tuple(compress(row, which)) if len(row) == len(columns) else row for row in group] for group in groups]
    return tuple(compress(columns, which)), kept


def _first_spare(columns: tuple[Column, ...]) -> Column | None:
    return min((column for column in columns if column.spare), key=lambda column: column.spare, default=None)


def _least_width(columns: tuple[Column, ...], groups: list[list[tuple[str, ...]]]) -> int:
    """How wide the table is when everything is cut that may be."""
    rows = [row for group in groups for row in group if len(row) == len(columns)]
    naturals = (_natural_width(column, rows, place) for place, column in enumerate(columns))
    cut = (min(width, column.least or width) for column, width in zip(columns, naturals, strict=True))
    return sum(cut) + len(_GAP) * (len(columns) - 1)


def _natural_width(column: Column, rows: list[tuple[str, ...]], place: int) -> int:
    return max(len(text) for text in (*column.heading, *(row[place] for row in rows)))


def _fit(columns: tuple[Column, ...], widths: list[int], width: int) -> list[int]:
    """Take what is too much from the columns that may be cut, the last of them first."""
    excess = sum(widths) + len(_GAP) * (len(widths) - 1) - width
    for place in reversed(range(len(columns))):
        least = columns[place].least
        if excess <= 0 or least is None:
            continue
        taken = min(excess, max(0, widths[place] - least))
        widths[place] -= taken
        excess -= taken
    return widths


def _line(columns: tuple[Column, ...], widths: list[int], cells: tuple[str, ...]) -> str:
    placed = [
        (text.rjust if column.right else text.ljust)(width)
        for column, width, text in zip(columns, widths, map(_clip, columns, widths, cells), strict=True)
    ]
    return _GAP.join(placed).rstrip()


def _remark(widths: list[int], cells: tuple[str, ...]) -> str:
    indent = " " * (widths[0] + len(_GAP) + 2)
    return (indent + "  ".join(cells)).rstrip()


def _clip(column: Column, width: int, text: str) -> str:
    if len(text) <= width:
        return text
    keep = width - len(_ELLIPSIS)
    return text[:keep] + _ELLIPSIS if column.cut == "end" else _ELLIPSIS + text[len(text) - keep :]
