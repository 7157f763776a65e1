"""What stands around a text that was copied from elsewhere: numbers of lines, signs of a diff, bullets, and the marks of a
merge that was not finished. None of it is a statement.
"""

from __future__ import annotations

import re

from ..diagnostics import Diagnostic, Diagnostics, Edit, Fix, Label
from ..diagnostics.kinds import syntax
from ..source import Source, Span
from .lexer import Token
from .mistakes import WORDS, Mistake, Place

__all__ = ["without_merge_marks", "word_behind"]

_SIGNS = frozenset(("PLUS", "MINUS", "NEGATIVE", "STAR", "COMPARISON"))
_MAY_FOLLOW = WORDS | {"NEWLINE", "RBRACE", "$END", "LET", "IF", "REPEAT", "FOR", "RESIDUAL", "EXPECT", "STRING"}
_NUMBERED = re.compile(r"[ \t]*([0-9]+)\b")
_CONFLICT = re.compile(
    r"^(<{7}[^\n]*\n)((?:(?!<{7}|={7}|>{7})[^\n]*\n)*)(={7}[^\n]*\n)((?:(?!<{7}|={7}|>{7})[^\n]*\n)*)(>{7}[^\n]*(?:\n|$))",
    re.MULTILINE,
)


def without_merge_marks(source: Source, tokens: list[Token], diagnostics: Diagnostics) -> list[Token]:
    """The tokens with the first of the two versions that a merge left; that it left both is reported."""
    dropped: list[tuple[int, int]] = []
    for found in _CONFLICT.finditer(source.text):
        diagnostics.report(_conflict(source, found))
        dropped += [found.span(1), (found.start(3), found.end())]
    return [token for token in tokens if not any(start <= token.start < end for start, end in dropped)]


def _conflict(source: Source, found: re.Match[str]) -> Diagnostic:
    def span(group: int) -> Span:
        return Span(source, found.start(group), found.start(group) + 7)

    whole = Span(source, found.start(), found.end())
    fixes = tuple(
        Fix(f"keep the {which} version", (Edit(whole, found[group]),)) for which, group in (("first", 2), ("second", 4))
    )
    labels = Label(span(3), "here the other version begins"), Label(span(5), "and here it ends")
    help_ = ("keep one of the two, and remove the lines with the marks",)
    message = "a merge has left both of its versions here"
    return Diagnostic(syntax.UNEXPECTED, message, Label(span(1)), labels, help=help_, fixes=fixes)


def word_behind(place: Place) -> Mistake | None:
    """A line that begins with a number, a bullet or the sign of a diff, and then with its word."""
    if not (place.at_statement or place.at_top) or not _begins_line(place):
        return None
    number = place.token.type == "NUMBER" and _is_line_number(place)
    if not (number or place.token.type in _SIGNS):
        return None
    replaced = 1 + (number and place.follows("PIPE") and "\n" not in place.between(place.index + 1))
    behind = place.tokens[place.index + replaced] if place.index + replaced < len(place.tokens) else place.token
    below = "\n" in place.between(place.index + replaced) if behind is not place.token else True
    if not below and behind.type not in _MAY_FOLLOW:
        return None
    last = place.tokens[place.index + replaced - 1]
    replaced += behind.type == "NEWLINE"  # the line holds nothing else
    source = place.source
    whole = Span(source, place.token.start, last.end + (source.text[last.end : last.end + 1] == " "))
    message = "a line begins with its word, and not with its number"
    if not number:
        message = f"a line begins with its word, and not with `{place.text(place.token)}`"
    diagnostic = Diagnostic(
        syntax.UNEXPECTED,
        message,
        Label(place.span(place.token)),
        help=("remove it",),
        fixes=(Fix("remove it", (Edit(whole, ""),), True),),
    )
    return Mistake(diagnostic, [], replaced)


def _begins_line(place: Place) -> bool:
    line, column = place.source.position(place.token.start)
    return not place.source.line(line)[: column - 1].strip()


def _is_line_number(place: Place) -> bool:
    """Whether the line above or below begins with a number that is one less or one more."""
    source, line = place.source, place.source.position(place.token.start)[0]
    text = place.text(place.token)
    if not text.isdigit():
        return False
    for other, wanted in ((line - 1, int(text) - 1), (line + 1, int(text) + 1)):
        found = _NUMBERED.match(source.line(other)) if 1 <= other <= source.line_count else None
        if found is not None and int(found[1]) == wanted:
            return True
    return False
