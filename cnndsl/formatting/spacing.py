"""What one token needs to know of its neighbours: the blank before it, whether it begins a line, whether it can go."""

from __future__ import annotations

from itertools import pairwise

from .pieces import CLOSERS, OPENERS, Piece

__all__ = ["set_breaks", "set_gaps", "without_needless"]

_WORDS = frozenset(("NAME", "BLOCK", "NETWORK", "TRAIN", "USE", "FROM", "WITH"))
_OPERANDS = _WORDS | CLOSERS | {"NUMBER", "SIZE", "STRING", "TRUE", "FALSE"}
_EXPRESSION_STATEMENTS = frozenset(("LET", "IF", "REPEAT", "FOR", "EXPECT"))
_BEFORE_EXPRESSION = OPENERS | {"REPEAT", "MATCH", "IF"}
_BEHIND_EXPRESSION = CLOSERS | {"COMMA", "LBRACE", "RBRACE", "AS", "FOR", "WITH", "COLON", "ARROW", "PIPE"}
_SIGNS = frozenset(("MINUS", "NEGATIVE"))


class _Context:
    """Where the pass is: the open brackets, the token before, and what kind of statement this is."""

    def __init__(self) -> None:
        self.open: list[Piece] = []
        self.before: Piece | None = None
        self.tight = False  # nothing may come between the token before and the next
        self.braces = 0
        self.line_ends: dict[Piece, int] = {}
        self.lines = 0
        self.in_call = True
        self.binds = False  # after `let` or `expect`, before its `=`
        self.matches = False  # after `match`, before its brace

    @property
    def kind(self) -> str:
        return self.open[-1].kind if self.open else ""

    @property
    def inside(self) -> bool:
        return self.kind not in ("", "body", "match")

    @property
    def before_type(self) -> str:
        return self.before.type if self.before else ""


def set_gaps(pieces: list[Piece]) -> None:
    """Set all that follows from the tokens so far: gaps, brackets and what they enclose."""
    context = _Context()
    for piece in pieces:
        context.lines += piece.lines > 0
        piece.depth = context.braces
        piece.inside = context.inside
        if piece.type == "COMMENT":
            context.lines += 1
            piece.gap = 2
            continue
        piece.before = context.before
        _begin_statement(context, piece)
        tight = _set_token(context, piece)
        piece.gap = 0 if tight or context.tight else 1
        context.tight = _is_tight_after(context, piece)
        if piece.type in _BRACKETS:
            _BRACKETS[piece.type](context, piece)
        context.before = piece


def _begin_statement(context: _Context, piece: Piece) -> None:
    if context.inside:
        return
    new_line = piece.lines > 0 and piece.type not in ("ELSE", "SHORTCUT")
    if new_line or context.before_type in ("LBRACE", "RBRACE", "PIPE"):
        context.in_call = context.kind != "match"
    if piece.type in _EXPRESSION_STATEMENTS:
        context.in_call = False
    context.binds |= piece.type in ("LET", "EXPECT")
    context.matches |= piece.type == "MATCH"


def _set_token(context: _Context, piece: Piece) -> bool:
    """Whether the token is right after the one before; what it says of its surroundings is noted."""
    if piece.type in ("COMMA", "EQUAL") and context.inside:
        context.open[-1].marks += 1
    if piece.type == "COMPARISON":
        piece.opens_expression, context.binds = context.binds, False
        return False
    if piece.type == "EQUAL":
        spaced = context.binds or context.kind == "parameters"
        piece.opens_expression = spaced or context.inside
        context.binds = False
        return not spaced
    if piece.type == "COLON":
        piece.kind = "case" if context.kind == "match" else ""
        piece.opens_expression = context.kind in ("match", "index")
        return True
    # In a comprehension, `in (a if b else c)` keeps its parentheses: without them it would look like a filter.
    here = {"COMMA": context.inside, "IN": not context.inside}
    piece.opens_expression = here.get(piece.type, piece.type in _BEFORE_EXPRESSION)
    if piece.type == "LPAR":
        return not context.open or context.before_type == "CALLNAME"
    if piece.type == "LSQB":
        return context.before_type == "INDEXED"
    if piece.type == "RBRACE":
        return context.before_type == "LBRACE"
    return piece.type in CLOSERS or piece.type in ("COMMA", "POWER")


def _is_tight_after(context: _Context, piece: Piece) -> bool:
    if piece.type == "EQUAL":
        return piece.gap == 0
    if piece.type == "COLON":
        return context.kind == "index"
    if piece.type in _SIGNS:
        return _is_sign(context, piece)
    return piece.type in OPENERS or piece.type == "POWER"


def _is_sign(context: _Context, piece: Piece) -> bool:
    """Whether a minus belongs to its operand alone: nothing is before it, or another argument or case does."""
    begins_case = context.kind == "match" and piece.lines > 0
    among_arguments = context.in_call and not context.inside
    return context.before_type not in _OPERANDS or begins_case or among_arguments


def _open_round(context: _Context, piece: Piece) -> None:
    if piece.type == "LSQB":
        piece.kind = "index" if context.before_type == "INDEXED" else "list"
    elif context.open:
        piece.kind = "call" if context.before_type == "CALLNAME" else "group"
    else:
        piece.kind = "parameters"
    context.open.append(piece)


def _open_brace(context: _Context, piece: Piece) -> None:
    piece.kind = "match" if context.matches else "body"
    context.matches = False
    context.braces += 1
    context.open.append(piece)
    context.line_ends[piece] = context.lines


def _close(context: _Context, piece: Piece) -> None:
    opener = context.open.pop()
    opener.partner, piece.partner = piece, opener
    if piece.type == "RBRACE":
        context.braces -= 1
        piece.depth = context.braces
        opener.flat = context.lines == context.line_ends[opener]


_BRACKETS = {"LPAR": _open_round, "LSQB": _open_round, "LBRACE": _open_brace, **dict.fromkeys(CLOSERS, _close)}
_BRACKETS["RBRACE"] = _close


def set_breaks(pieces: list[Piece]) -> None:
    """Set which pieces begin a line: where the author ended one and a line may end, and around comments."""
    broken = 0
    at_opener: dict[Piece, int] = {}
    before: Piece | None = None
    for piece in pieces:
        if before is not None and before.type in OPENERS and piece.type not in CLOSERS:
            before.hanging = piece.type == "COMMENT" or piece.lines > 0
        piece.breaks = _begins_line(before, piece)
        broken += piece.breaks
        if piece.type in OPENERS:
            at_opener[piece] = broken
        elif piece.type in CLOSERS and piece.partner is not None:
            piece.partner.flat = broken == at_opener[piece.partner]
        before = piece


def _begins_line(before: Piece | None, piece: Piece) -> bool:
    if before is None or before.type == "COMMENT":
        return True
    if piece.inside:
        return _begins_line_inside(before, piece)
    if piece.type == "COMMENT":
        return piece.lines > 0
    if piece.type in ("ELSE", "SHORTCUT"):
        return False
    if piece.type == "RBRACE":
        return piece.partner is not None and not piece.partner.flat
    if before.type == "LBRACE":
        return not before.flat
    return piece.lines > 0


def _begins_line_inside(before: Piece, piece: Piece) -> bool:
    if piece.type in CLOSERS:
        return piece.partner is not None and piece.partner.hanging
    if before.type in OPENERS:
        return before.hanging and (piece.type != "COMMENT" or piece.lines > 0)
    return piece.lines > 0 and piece.gap > 0


def without_needless(pieces: list[Piece]) -> list[Piece]:
    """The pieces without parentheses around a whole expression and without commas right before a closing bracket."""
    dropped: set[Piece] = set()
    following: Piece | None = None
    next_of: dict[Piece | None, Piece | None] = {}
    for piece in reversed(pieces):
        if piece.type == "COMMENT":
            piece.partner = following
            continue
        next_of[piece] = following
        if piece.type == "LPAR" and piece.partner and _is_needless(piece, next_of[piece.partner]):
            dropped |= {piece, piece.partner}
        following = piece
    for piece, after in pairwise(pieces):
        if piece.type == "COMMA" and _is_trailing(after):
            dropped.add(piece)
        elif piece in dropped and piece.type == "LPAR":
            after.gap, after.breaks, after.lines, after.padded = piece.gap, piece.breaks, piece.lines, piece.padded
    return [piece for piece in pieces if piece not in dropped]


def _is_needless(opener: Piece, following: Piece | None) -> bool:
    begins = opener.before is not None and opener.before.opens_expression
    if opener.kind != "group" or opener.marks or not opener.flat or not begins:
        return False
    if following is None or following.type in _BEHIND_EXPRESSION:
        return True
    return following.breaks and not following.inside and following.type != "ELSE"


def _is_trailing(closer: Piece) -> bool:
    """Whether a comma before this piece can go: it stays in a tuple of one, and before a bracket on a line of its own."""
    if closer.type not in CLOSERS or closer.breaks or closer.partner is None:
        return False
    return closer.partner.kind != "group" or closer.partner.marks > 1
