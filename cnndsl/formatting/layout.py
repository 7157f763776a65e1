"""Where lines end: a statement stays on the author's line while that fits, else its pipes, bodies and lists are broken."""

from __future__ import annotations

from itertools import pairwise

from .pieces import Piece
from .rows import INDENT, Row, set_rows

__all__ = ["lay_out"]

_NEVER_BEHIND_BLANK = frozenset(("PIPE", "ELSE", "SHORTCUT", "RBRACE"))


class _Scope:
    """The lines of one body: their indentation, that of its closing brace, and which paragraph is being written."""

    def __init__(self, indent: int, closing: int, paragraph: int) -> None:
        self.indent = indent
        self.closing = closing
        self.paragraph = paragraph


class _Layout:
    """The lines so far, and the bodies that are open after them."""

    def __init__(self) -> None:
        self.rows: list[Row] = []
        self.scopes = [_Scope(0, 0, 0)]
        self.paragraphs = 0
        self.closed = 0  # the indentation of the last closing brace
        self.after_brace = True

    def indent_of(self, piece: Piece) -> int:
        """Where the line that begins with this piece begins; a comment is with what follows it."""
        scope = self.scopes[-1]
        leader = piece.partner if piece.type == "COMMENT" else piece
        if leader is None or leader.type == "RBRACE":
            return scope.indent if leader is not piece else scope.closing
        if leader.type in ("ELSE", "SHORTCUT") and leader.before and leader.before.type == "RBRACE":
            return self.closed
        return scope.indent + (INDENT if leader.type in ("PIPE", "ELSE") else 0)

    def add(self, segment: list[Piece], rows: list[Row]) -> None:
        """Append the lines of a segment; open and close bodies."""
        first = segment[0]
        indent = rows[0].indent
        if first.type == "RBRACE":
            self._close()
        rows[0].blank_above = first.lines > 1 and first.type not in _NEVER_BEHIND_BLANK and not self.after_brace
        if rows[0].blank_above:
            self.scopes[-1].paragraph = self._new_paragraph()
        for row in rows:
            row.paragraph = self.scopes[-1].paragraph
        self.rows += rows
        for piece in segment[first.type == "RBRACE" :]:
            if piece.type == "LBRACE":
                self.scopes.append(_Scope(indent + INDENT, indent, self._new_paragraph()))
            elif piece.type == "RBRACE":
                self._close()
        self.after_brace = segment[-1].type == "LBRACE"

    def _close(self) -> None:
        self.closed = self.scopes.pop().closing

    def _new_paragraph(self) -> int:
        self.paragraphs += 1
        return self.paragraphs


def lay_out(pieces: list[Piece]) -> list[Row]:
    """The lines of a text, columns not yet aligned."""
    layout = _Layout()
    pending = _segments(pieces)[::-1]
    while pending:
        segment = pending.pop()
        indent = layout.indent_of(segment[0])
        rows = set_rows(segment, indent)
        parts = [] if rows else _split(segment)
        if len(parts) > 1:
            pending += reversed(parts)
        else:
            layout.add(segment, rows or set_rows(segment, indent, fill=True))
    return layout.rows


def _segments(pieces: list[Piece]) -> list[list[Piece]]:
    """What is on one line, but for line ends inside ( ) and [ ]."""
    starts = [index for index, piece in enumerate(pieces) if piece.breaks and not piece.inside]
    return _cut(pieces, starts)


def _cut(pieces: list[Piece], places: list[int]) -> list[list[Piece]]:
    bounds = [0, *(place for place in places if 0 < place < len(pieces)), len(pieces)]
    return [pieces[start:end] for start, end in pairwise(bounds) if start < end]


def _split(segment: list[Piece]) -> list[list[Piece]]:
    """A segment that is too long, cut at its outermost pipes; if it has none, around its outermost bodies."""
    level = min(piece.depth for piece in segment)
    outermost = [(index, piece) for index, piece in enumerate(segment) if piece.depth == level]
    pipes = [index for index, piece in outermost if piece.type == "PIPE" and index]
    if pipes:
        return _cut(segment, pipes)
    after = [index + 1 for index, piece in outermost if piece.type == "LBRACE" and _can_open(piece)]
    before = [index for index, piece in outermost if piece.type == "RBRACE" and _can_open(piece.partner)]
    return _cut(segment, sorted(after + before))


def _can_open(opener: Piece | None) -> bool:
    """Whether a body is on one line and there is something in it."""
    return opener is not None and opener.flat and opener.partner is not None and opener.partner.gap > 0
