"""Commas where the language has blanks, a `|` or nothing: between arguments, between layers, and inside numbers."""

from __future__ import annotations

import re

from ..diagnostics import Diagnostic, Edit, Fix, Label
from ..diagnostics.kinds import syntax
from ..source import Span
from .lexer import Token
from .mistakes import WORDS, Mistake, Place

__all__ = ["comma"]

_ENDS = frozenset(("NEWLINE", "PIPE", "LBRACE", "RBRACE", "$END"))
_THOUSANDS = re.compile(r"[0-9]{1,3}(?:,[0-9]{3})+(?![0-9_.xA-Za-z])")
_DECIMAL = re.compile(r"0,[0-9]+(?![0-9_.xA-Za-z,])")


def comma(place: Place) -> Mistake | None:
    """A comma among the arguments of a statement."""
    if place.token.type != "COMMA" or not place.in_arguments:
        return None
    return _in_number(place) or _one_value(place) or _between(place)


def _in_number(place: Place) -> Mistake | None:
    """``1,000`` and ``0,1``."""
    before = place.tokens[place.index - 1]
    if before.type != "NUMBER" or before.end != place.token.start:
        return None
    for pattern, sign, message in (
        (_THOUSANDS, "", "a number has no commas between its digits"),
        (_DECIMAL, ".", "a number has a point, not a comma"),
    ):
        found = pattern.match(place.source.text, before.start)
        if found is not None:
            span = Span(place.source, found.start(), found.end())
            written = found[0].replace(",", sign)
            fix = Fix(f"write `{written}`", (Edit(span, written),), True)
            diagnostic = Diagnostic(syntax.BAD_NUMBER, message, Label(span), help=(f"write `{written}`",), fixes=(fix,))
            return Mistake(diagnostic, silences_line=True)
    return None


def _one_value(place: Place) -> Mistake | None:
    """``from a, b`` and ``data digits, mnist``."""
    after, behind = place.tokens[place.index + 1 : place.index + 3]
    if place.inside("TRAIN") and after.type == "NAME" and behind.type != "EQUAL" and place.previous("NAME"):
        word = place.text(place.tokens[place.beginning])
        return place.mistake(f"`{word}` names one thing", "remove the others", silences_line=True)
    if place.text(place.tokens[place.beginning]) != "from":
        return None
    return place.mistake(
        "`from` goes on from one value",
        "`concat skip` joins another one to it, `add skip` sums them up",
        silences_line=True,
    )


def _between(place: Place) -> Mistake:
    """Every comma of the statement: a `|` before the next layer, otherwise a blank."""
    end = place.index
    depth = 0
    tokens: list[Token] = []
    edits: list[Edit] = []
    while depth or place.tokens[end].type not in _ENDS:
        token = place.tokens[end]
        if token.type == "$END":
            break
        depth += (token.type in ("LPAR", "LSQB")) - (token.type in ("RPAR", "RSQB"))
        if token.type != "COMMA" or depth:
            tokens.append(token)
        else:
            next_layer = _begins_layer(place, end + 1)
            edits.append(_edit(place, token, next_layer))
            tokens += [Token("PIPE", token.start, token.end)] if next_layer else []
        end += 1
    pipes = any(token.type == "PIPE" for token in tokens)
    written = _written(place, end, edits)
    message = "arguments are separated by blanks, not by commas"
    if pipes:
        message = "layers are separated by `|`, and arguments by blanks, not by commas"
    diagnostic = Diagnostic(
        syntax.CALL_PARENTHESES,
        message,
        Label(place.span(place.token), "remove this comma" if edits[0].replacement.strip() == "" else "write `|` here"),
        help=(f"write `{written}`",),
        fixes=(Fix("remove the commas" if not pipes else f"write `{written}`", tuple(edits), True),),
    )
    return Mistake(diagnostic, tokens, replaced=end - place.index, silences_line=True)


def _written(place: Place, end: int, edits: list[Edit]) -> str:
    """The statement as it should be."""
    first = place.tokens[place.beginning].start
    text = place.source.text[first : place.tokens[end - 1].end]
    for edit in reversed(edits):
        text = text[: edit.span.start - first] + edit.replacement + text[edit.span.end - first :]
    return " ".join(text.split())


def _edit(place: Place, token: Token, next_layer: bool) -> Edit:
    span = place.span(token)
    blank = place.source.text[span.end :][:1] in (" ", "\r", "\n", "")
    if next_layer:
        return Edit(span, " |" if blank else " | ")
    return Edit(span, "" if blank else " ")


def _begins_layer(place: Place, index: int) -> bool:
    """Whether the token is a word that only a layer can be: not that of a join's value, nor of a setting."""
    token, after = place.tokens[index : index + 2]
    if token.type not in WORDS or after.type == "EQUAL" or place.inside("TRAIN"):
        return False
    from ..explain.foreign import layer_named  # with its tables, which a text without mistakes does not need
    from ..ops import OPERATORS

    word = place.text(token)
    return word.islower() and layer_named(word, OPERATORS) is not None and word not in ("pad", "padding", "scale")
