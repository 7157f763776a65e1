"""Lines that an editor or a person broke, and figures with marks between their thousands."""

from __future__ import annotations

import re

from ..diagnostics import Diagnostic, Edit, Fix, Label
from ..diagnostics.kinds import syntax
from ..source import Span
from .digits import digits_meant
from .lexer import Token
from .mistakes import LITERALS, WORDS, Mistake, Place

__all__ = ["grouped_digits", "letter_in_exponent", "missing_sign", "wrapped_line"]

_GROUPED = re.compile(r"[0-9]{1,3}(?:,[0-9]{3})+(?![0-9_.,])")


def wrapped_line(place: Place) -> Mistake | None:
    """Arguments on a line of their own: `stride=2` below its `conv`, or a size that begins a line."""
    named = place.token.type == "EQUAL" and place.index - 1 == place.beginning and place.previous(*WORDS)
    first = place.tokens[place.index - 1] if named else place.token
    begin = place.index - named
    if begin < 2 or place.tokens[begin - 1].type != "NEWLINE" or place.inside("TRAIN"):
        return None
    if not (_is_attribute(place.text(first)) if named else place.at_statement and first.type in LITERALS - {"STRING"}):
        return None
    last = place.tokens[begin - 2]
    if last.type not in (*WORDS, *LITERALS, "RPAR", "RSQB"):
        return None
    between = Span(place.source, last.end, first.start)
    if between.text.strip():
        return None  # a comment stands between
    glue = "" if place.text(last).endswith("_") else " "
    line = place.source.position(last.start)[0]
    fix = Fix(f"put it behind line {line}", (Edit(between, glue),), True)
    message = f"`{place.text(first)}{'=...' if named else ''}` belongs to the line before"
    help_ = (f"put it behind line {line}: a statement goes on where the next line begins with `|`",)
    span = place.span(first)
    return Mistake(Diagnostic(syntax.UNEXPECTED, message, Label(span), help=help_, fixes=(fix,)), silences_line=True)


def _is_attribute(word: str) -> bool:
    """Whether some layer has an attribute of this name."""
    from ..ops import OPERATORS  # only a broken line needs them

    return any(operator.find_attribute(word) for operator in OPERATORS.values())


def grouped_digits(place: Place) -> Mistake | None:
    """`expect params = 61,706`."""
    if place.token.type != "COMMA" or not place.previous("NUMBER"):
        return None
    start = place.tokens[place.index - 1].start
    found = _GROUPED.match(place.source.text, start)
    if found is None or "COMMA" in place.expected:
        return None
    span, written = Span(place.source, start, found.end()), found[0].replace(",", "_")
    message = "the thousands of a number are parted by `_`, not by commas"
    help_ = f"write `{written}`"
    return place.mistake(message, help_, kind=syntax.BAD_NUMBER, at=span, fix=(help_, written), silences_line=True)


def letter_in_exponent(place: Place) -> Mistake | None:
    """`lr=le-3`."""
    if place.token.type not in ("MINUS", "PLUS") or not place.index or not place.follows("NUMBER"):
        return None
    span = place.span(place.tokens[place.index - 1]).to(place.span(place.tokens[place.index + 1]))
    number = digits_meant(span.text)
    if not number:
        return None
    help_ = f"a letter stands where a digit belongs: write `{number}`"
    message = f"`{span.text}` is not a number"
    return place.mistake(message, help_, kind=syntax.BAD_NUMBER, at=span, fix=(f"write `{number}`", number))


def missing_sign(place: Place) -> Mistake | None:
    """`[1, 1 2]` and `34 [3, 4]`: a comma between elements, or the colon of a case, that is missing."""
    sign = "," if place.in_brackets and "COMMA" in place.expected else ""
    if not place.in_brackets and place.inside("MATCH") and "COLON" in place.expected:
        sign = ":"
    before = place.tokens[place.index - 1] if place.index else place.token
    begins = place.token.type in LITERALS or place.token.type == "NAME"
    if (
        not sign
        or not begins
        or before.type not in ("NUMBER", "SIZE", "STRING", "NAME", "RPAR", "RSQB", "TRUE", "FALSE")
    ):
        return None
    end = Span(place.source, before.end, before.end)
    message = "a comma is missing between these elements" if sign == "," else "a `:` is missing behind this case"
    fix = Fix(f"write `{sign}`", (Edit(end, sign),), True)
    help_ = (f"write `{place.text(before)}{sign}{place.source.text[before.end : place.token.end]}`",)
    found = Diagnostic(syntax.UNEXPECTED, message, Label(place.span(before)), help=help_, fixes=(fix,))
    return Mistake(found, [Token("COMMA" if sign == "," else "COLON", before.end, before.end), place.token])
