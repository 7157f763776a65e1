"""What is in columns: the values of a match, and in a paragraph of lines pipes, contracts and comments."""

from __future__ import annotations

from itertools import groupby

from .pieces import Piece
from .rows import GAPS, WIDTH, Row

__all__ = ["align_cases", "text_of"]

_PIPE, _CONTRACT, _COMMENT = 1, 2, 3


def align_cases(pieces: list[Piece]) -> None:
    """Set the gaps after the colons of cases, so that values begin in one column between blank lines.

    A key of several lines takes no part.
    """
    values: list[tuple[int, Piece]] = []
    column, broken = 0, False
    for index, piece in enumerate(pieces):
        if piece.inside:
            broken |= piece.breaks
        elif piece.breaks or piece.type == "LBRACE":
            column, broken = -piece.gap, False
        if piece.type == "RBRACE" or (piece.breaks and piece.lines > 1 and not piece.inside and piece.type != "ELSE"):
            _align_values(values)
            values = []
        column += piece.gap + len(piece.text)
        if piece.kind == "case" and not broken:
            values.append((column, pieces[index + 1]))


def _align_values(values: list[tuple[int, Piece]]) -> None:
    target = max((column for column, _ in values), default=0)
    for column, value in values:
        value.gap = 1 + target - column


def text_of(rows: list[Row]) -> str:
    """The text of lines, with columns in each paragraph."""
    for row in rows:
        row.text = " " * row.indent + row.parts[0]
    paragraphs: dict[int, list[Row]] = {}
    for row in rows:
        paragraphs.setdefault(row.paragraph, []).append(row)
    for paragraph in paragraphs.values():
        pipes = [row for row in paragraph if row.parts[_PIPE]]
        _append(pipes, _PIPE, align=any(row.padded for row in pipes))
        _append([row for row in paragraph if row.parts[_CONTRACT]], _CONTRACT, align=True)
    for _, run in groupby(rows, _comments_together):
        _append([row for row in run if row.parts[_COMMENT]], _COMMENT, align=True)
    return "".join("\n" * row.blank_above + row.text + "\n" for row in rows)


def _comments_together(row: Row) -> tuple[int, bool]:
    """The same for lines on which comments after code are in one column if they follow each other."""
    return row.paragraph, bool(row.parts[_COMMENT])


def _append(rows: list[Row], part: int, *, align: bool) -> None:
    """Append a part to lines that have it, in one column if that keeps all of them short enough."""
    column = max((len(row.text) for row in rows), default=0) + GAPS[part]
    align = align and all(column + _rest(row, part) <= WIDTH for row in rows)
    for row in rows:
        row.text = row.text.ljust(column) if align else row.text + " " * GAPS[part]
        row.text += row.parts[part]


def _rest(row: Row, part: int) -> int:
    """Columns from a part to the end of the line; a comment after code counts for nothing."""
    contract = row.parts[_CONTRACT]
    more = GAPS[_CONTRACT] + len(contract) if part == _PIPE and contract else 0
    return len(row.parts[part]) + more
