"""Tokens and comments in one row, with what the formatter has to know of each."""

from __future__ import annotations

from ..source import Source
from ..syntax.lexer import tokenize

__all__ = ["CLOSERS", "OPENERS", "Piece", "pieces_of"]

OPENERS = frozenset(("LPAR", "LSQB"))
CLOSERS = frozenset(("RPAR", "RSQB"))


class Piece:
    """A token or a comment. What the source says of it is set here, the rest by the passes of the formatter."""

    __slots__ = (
        "before",
        "breaks",
        "depth",
        "flat",
        "gap",
        "hanging",
        "inside",
        "kind",
        "lines",
        "marks",
        "opens_expression",
        "padded",
        "partner",
        "text",
        "type",
    )

    def __init__(self, type_: str, text: str, lines: int, padded: bool) -> None:
        self.type = type_
        self.text = text
        self.lines = lines
        """Line ends before it."""
        self.padded = padded
        """Whether several blanks are before it in its line."""
        self.before: Piece | None = None
        """The token before it."""
        self.partner: Piece | None = None
        """The other bracket; for a comment, the token after it."""
        self.gap = 1
        """Blanks before it when it does not begin a line."""
        self.breaks = False
        """Whether it begins a line."""
        self.depth = 0
        """The number of braces around it."""
        self.inside = False
        """Whether it is in ( ) or [ ], closing brackets included."""
        self.opens_expression = False
        """Whether a full expression may follow, not only an argument."""
        self.kind = ""
        """For brackets what they enclose; ``case`` for the colon of a case."""
        self.marks = 0
        """For ( ) and [ ] how many commas and ``=`` are right inside."""
        self.flat = False
        """For opening brackets: whether no line ends before the partner."""
        self.hanging = False
        """For ( and [: whether a line ends right after it."""


def pieces_of(source: Source) -> list[Piece]:
    """All pieces of a text without syntax errors, in order; comments before a ``|`` or a comma rather than after."""
    tokens, comments = tokenize(source)
    marks = [(token.start, token.end, token.type) for token in tokens if token.type != "NEWLINE"]
    marks += [(comment.start, comment.start + len(comment.text), "COMMENT") for comment in comments]
    pieces = []
    position = 0
    for start, end, type_ in sorted(marks):
        lines = source.text.count("\n", position, start)
        pieces.append(Piece(type_, source.text[start:end].rstrip(), lines, not lines and start - position > 1))
        position = end
    return _separators_moved(pieces)


def _separators_moved(pieces: list[Piece]) -> list[Piece]:
    """A ``|`` goes after the comments that follow it and takes over the line end; a comma goes before comments."""
    moved: list[Piece] = []
    pipe: Piece | None = None
    for piece in pieces:
        if pipe is not None:
            pipe.lines, piece.lines = max(piece.lines, pipe.lines), 0
            if piece.type == "COMMENT":
                piece.lines, pipe.lines = pipe.lines, 0
            else:
                moved.append(pipe)
                pipe = None
        if piece.type == "PIPE":
            pipe = piece
        elif piece.type == "COMMA":
            moved.insert(_behind_code(moved), piece)
            piece.lines = 0
        else:
            moved.append(piece)
    return moved


def _behind_code(pieces: list[Piece]) -> int:
    index = len(pieces)
    while pieces[index - 1].type == "COMMENT":
        index -= 1
    return index
