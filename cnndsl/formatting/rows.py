"""Lines of the formatted text: how pieces fill them inside brackets, and the parts of a line that are in columns."""

from __future__ import annotations

from itertools import accumulate

from .pieces import CLOSERS, OPENERS, Piece

__all__ = ["GAPS", "INDENT", "WIDTH", "Row", "set_rows"]

INDENT = 4
WIDTH = 120
GAPS = (0, 1, 2, 2)
"""Blanks before each part of a line, where nothing is aligned."""


class Row:
    """A line. Its parts: how it begins, what follows from its first ``|``, its contract, its comment."""

    def __init__(self, indent: int, *, continues: bool = False) -> None:
        self.indent = indent
        self.continues = continues
        """Whether it begins inside ( ) or [ ]."""
        self.pieces: list[Piece] = []
        self.parts: list[str] = []
        self.padded = False
        """Whether the author set several blanks before the first ``|``."""
        self.paragraph = 0
        self.blank_above = False
        self.text = ""

    def divide(self, *, ends_open: bool) -> None:
        """Set the parts, once all pieces are there; what follows an open bracket keeps its distance from it."""
        pieces = self.pieces
        end = len(pieces)
        comment = end - 1 if end > 1 and pieces[-1].type == "COMMENT" else end
        contract = comment if ends_open else _contract(pieces, comment)
        pipe = contract if ends_open or self.continues else _first_pipe(pieces, contract)
        self.parts = [_join(pieces[:pipe]), _join(pieces[pipe:contract]), _join(pieces[contract:comment])]
        self.parts.append(_join(pieces[comment:]))
        self.padded = pipe < contract and pieces[pipe].padded

    @property
    def width(self) -> int:
        """Columns of the line without its comment, nothing aligned."""
        return self.indent + sum(GAPS[part] + len(text) for part, text in enumerate(self.parts[:-1]) if text)


def _contract(pieces: list[Piece], end: int) -> int:
    """Where the contract at the end of a line begins; its end if there is none."""
    for index in range(end - 1, 0, -1):
        if pieces[index].type == "ARROW":
            return index
        if pieces[index].type in ("PIPE", "LBRACE", "RBRACE"):
            break
    return end


def _first_pipe(pieces: list[Piece], end: int) -> int:
    """Where the second statement of a line begins; its end if there is none, or if the line goes on from a body."""
    level = min(piece.depth for piece in pieces)
    pipes = (index for index in range(1, end) if pieces[index].type == "PIPE" and pieces[index].depth == level)
    return end if pieces[0].type == "RBRACE" else next(pipes, end)


def _join(pieces: list[Piece]) -> str:
    return "".join(" " * piece.gap * (index > 0) + piece.text for index, piece in enumerate(pieces))


_ATTACHED = CLOSERS | {"COMMENT"}


class _Filling:
    """Rows while they are filled, with the brackets that are open."""

    def __init__(self, indent: int) -> None:
        self.rows = [Row(indent)]
        self.column = indent
        self.brackets: list[tuple[int, int]] = []  # the indentation of what one holds, and of its closing bracket

    def add(self, piece: Piece) -> None:
        row = self.rows[-1]
        if piece.type != "COMMENT":
            self.column += (piece.gap if row.pieces else 0) + len(piece.text)
        row.pieces.append(piece)
        if piece.type in OPENERS:
            hanging = (row.indent + INDENT, row.indent)
            self.brackets.append(hanging if piece.hanging else (self.column, self.column - 1))
        elif piece.type in CLOSERS:
            self.brackets.pop()

    def end_line(self, piece: Piece) -> None:
        """Begin the line of this piece."""
        before = self.rows[-1].pieces[-1]
        self.column = self.brackets[-1][piece.type in CLOSERS]
        self.rows.append(Row(self.column, continues=True))
        self.rows[-1].blank_above = piece.lines > 1 and piece.type not in CLOSERS and before.type not in OPENERS


def set_rows(segment: list[Piece], indent: int, *, fill: bool = False) -> list[Row]:
    """The lines of a segment, which end where the author ended one inside ( ) or [ ].

    If one gets too long there is no result, but with ``fill`` it ends after a comma, the outermost that fits.
    """
    filling = _Filling(indent)
    widths = _widths(segment) if fill else {}
    for index, piece in enumerate(segment):
        too_long = index in widths and filling.column + widths[index] > WIDTH
        if index and piece.inside and (piece.breaks or too_long):
            filling.end_line(piece)
        filling.add(piece)
        if filling.column > WIDTH and not fill:
            return []
    for row in filling.rows:
        row.divide(ends_open=row is not filling.rows[-1])
    return filling.rows if fill or filling.rows[-1].width <= WIDTH else []


def _widths(segment: list[Piece]) -> dict[int, int]:
    """For each piece after a comma in brackets, how much has to fit before the next such place, its gap included."""
    columns = [0, *accumulate(_width(piece) for piece in segment)]
    begin = next((index for index, piece in enumerate(segment) if piece.kind == "case"), 0)
    widths: dict[int, int] = {}
    ends = [len(segment)]  # where the items end that are being read from the right, for each open bracket
    for index in range(len(segment) - 1, begin, -1):
        piece = segment[index]
        if piece.type in CLOSERS:
            ends.append(ends[-1])
        elif piece.type in OPENERS:
            ends.pop()
        elif piece.type == "COMMA" and piece.inside:
            ends[-1] = index + 1
        if piece.breaks and piece.inside:
            ends = [index] * len(ends)
        if segment[index - 1].type == "COMMA" and piece.inside and piece.type not in _ATTACHED:
            widths[index] = columns[ends[-1]] - columns[index]
    return widths


def _width(piece: Piece) -> int:
    if piece.type == "COMMENT":
        return 0
    return piece.gap + len(piece.text) + (piece.type == "ARROW")
