"""Values as other languages write them: ``20%``, ``pad=+1``, ``pad==1``; and parameters with types or without their ``=``."""

from __future__ import annotations

from ..diagnostics import Edit, Fix
from ..diagnostics.kinds import syntax
from ..source import Span
from .lexer import Token
from .mistakes import WORDS, Mistake, Place

__all__ = ["double_equal", "parameter", "percent", "plus"]

_TYPES = frozenset(("int", "float", "bool", "str", "string", "list", "number", "num", "integer", "double", "boolean"))


def percent(place: Place) -> Mistake | None:
    """``dropout 20%``."""
    before = place.tokens[place.index - 1]
    if place.token.type != "PERCENT" or before.type != "NUMBER" or before.end != place.token.start:
        return None
    after = place.tokens[place.index + 1]
    if after.type not in ("NEWLINE", "PIPE", "RBRACE", "$END", "NAME", "ARROW"):
        return None
    try:
        written = f"{float(place.text(before)) / 100:g}"
    except ValueError:
        return None  # a suffix such as k
    span = place.span(before).to(place.span(place.token))
    message = "a share is a number from 0 to 1, without `%`"
    return place.mistake(
        message,
        f"write `{written}`",
        kind=syntax.BAD_NUMBER,
        at=span,
        fix=(f"write `{written}`", written),
        silences_line=True,
    )


def plus(place: Place) -> Mistake | None:
    """``pad=+1``, ``conv +64 3x3``."""
    after = place.tokens[place.index + 1] if place.token.type == "PLUS" else place.token
    first = place.previous("EQUAL") or place.index - 1 == place.beginning
    if place.token.type != "PLUS" or after.type != "NUMBER" or after.start != place.token.end or not first:
        return None
    return place.mistake("a number has no `+` before it", fix=("remove the `+`", ""), retry=[])


def double_equal(place: Place) -> Mistake | None:
    """``pad==1``."""
    is_double = place.token.type == "COMPARISON" and place.text(place.token) == "=="
    if not is_double or "EQUAL" not in place.expected or "COMPARISON" in place.expected:
        return None
    retry = [place.token._replace(type="EQUAL")]
    return place.mistake("an attribute gets its value by `=`; `==` compares", fix=("write `=`", "="), retry=retry)


def parameter(place: Place) -> Mistake | None:
    """``network Net(classes: 10)``, ``(classes: int = 10)``, ``(int classes = 10)``, ``(depth = 18 classes = 10)``."""
    first = place.tokens[place.beginning]
    if first.type not in ("NETWORK", "BLOCK") or not place.in_brackets:
        return None
    if place.token.type == "COLON" and {"EQUAL", "COMMA"} <= place.expected:
        return _annotated(place)
    if place.token.type not in WORDS or not place.previous("NAME", "NUMBER", "STRING", "TRUE", "FALSE", "RSQB", "SIZE"):
        return None
    before = place.tokens[place.index - 1]
    if place.text(before) in _TYPES and "EQUAL" in place.expected:
        span = Span(place.source, before.start, place.token.start)
        help_ = f"remove `{span.text.strip()}`: its kind is that of its default"
        return place.mistake("a parameter has no type", help_, at=span, fix=("remove it", ""))
    if "COMMA" not in place.expected or not place.follows("EQUAL", "COMMA", "RPAR"):
        return None
    end = before.end
    gap = Span(place.source, end, end)
    retry = None if place.previous("NAME") else [Token("COMMA", end, end), place.token]
    found = place.mistake("a comma stands between parameters", at=place.span(place.token), retry=retry)
    fix = Fix("write `,` before it", (Edit(gap, ","),), retry is not None)
    return found.replace(diagnostic=found.diagnostic.replace(fixes=(fix,)))


def _annotated(place: Place) -> Mistake:
    after, behind = place.tokens[place.index + 1], place.tokens[place.index + 2]
    if after.type == "NAME" and behind.type in ("EQUAL", "COMMA", "RPAR"):
        span = Span(place.source, place.token.start, after.end)
        help_ = f"remove `{span.text.strip()}`: its kind is that of its default"
        return place.mistake("a parameter has no type", help_, at=span, fix=("remove it", ""), retry=[], replaced=2)
    retry = [place.token._replace(type="EQUAL")]
    return place.mistake("a parameter gets its default by `=`", fix=("write `=`", " ="), retry=retry)
