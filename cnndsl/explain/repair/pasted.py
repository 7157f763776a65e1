"""What was pasted into a text or left in it as a whole: the marks of a merge that was not finished, a class of Python."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator

from ...diagnostics import Diagnostic, Edit, Fix, Label
from ...diagnostics.kinds import syntax
from ...source import Source, Span
from ...syntax.lexer import Token
from .changes import Change
from .stack import LEFT_OUT

__all__ = ["pasted"]

_CLASS = re.compile(r"^(class[ \t]+\w+)[^\n]*\n(?:[ \t]+[^\n]*(?:\n|$)|[ \t]*\r?\n)*", re.MULTILINE)
_CONFLICT = re.compile(
    r"^(<{7}[^\n]*\n)((?:(?!<{7}|={7}|>{7})[^\n]*\n)*)(={7}[^\n]*\n)((?:(?!<{7}|={7}|>{7})[^\n]*\n)*)(>{7}[^\n]*(?:\n|$))",
    re.MULTILINE,
)


def pasted(source: Source, tokens: list[Token]) -> Iterator[tuple[Diagnostic, tuple[Change, ...]]]:
    """Each of them, the last first, and the changes that leave it out."""
    yield from _classes(source, tokens)
    for found in reversed(list(_CONFLICT.finditer(source.text))) if "<<<<<<<" in source.text else ():
        dropped = (found.span(1), (found.start(3), found.end()))
        gone = [at for at, token in enumerate(tokens) if any(start <= token.start < end for start, end in dropped)]
        yield _conflict(source, found), tuple(Change("delete", at, 1, (), (), 0) for at in gone)


def _classes(source: Source, tokens: list[Token]) -> Iterator[tuple[Diagnostic, tuple[Change, ...]]]:
    """Classes with methods: code that no repair makes a spec of."""
    for found in reversed(list(_CLASS.finditer(source.text))):
        begin = bisect_left(tokens, found.start(), key=lambda token: token.start)
        end = bisect_left(tokens, found.end(), key=lambda token: token.start)
        if end > begin and "def" in found[0].split():
            end -= tokens[end - 1].type == "NEWLINE"
            change = Change("delete", begin, end - begin, (LEFT_OUT,), (found[0],), 0)
            place = Label(Span(source, *found.span(1)))
            message = f"`{' '.join(found[1].split())}` is code, and a spec has none"
            help_ = "write its layers in `network Name { ... }`, one on a line"
            yield Diagnostic(syntax.UNEXPECTED, message, place, help=(help_,)), (change,)


def _conflict(source: Source, found: re.Match[str]) -> Diagnostic:
    spans = [Span(source, found.start(group), found.start(group) + 7) for group in (1, 3, 5)]
    labels = Label(spans[1], "here the other version begins"), Label(spans[2], "and here it ends")
    whole = Span(source, *found.span())
    versions = (("first", 2), ("second", 4))
    fixes = tuple(Fix(f"keep the {which} version", (Edit(whole, found[group]),)) for which, group in versions)
    help_ = "keep one of the two, and remove the lines with the marks"
    message = "a merge has left both of its versions here"
    return Diagnostic(syntax.UNEXPECTED, message, Label(spans[0]), labels, help=(help_,), fixes=fixes)
