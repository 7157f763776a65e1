"""Comments that allow warnings: ``# allow W0502: as in the paper``, after a line or alone above it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cached_property

from ...source import Source, Span
from ...syntax.lexer import tokenize

__all__ = ["Allowance", "Allowances"]

_COMMENT = r"(?i)#[ \t]*allow[ \t]+(?P<codes>[A-Za-z]\d\w*(?:[ \t]*,[ \t]*\w+)*)[ \t]*(?::(?P<reason>.*))?"
"""Compiled where a text allows something: most do not."""


class Allowance:
    """One code in one comment, what the comment gives as a reason, and the lines that it speaks of; none if none follows."""

    def __init__(self, code: str, span: Span, comment: Span, reason: str, lines: range) -> None:
        self.code = code
        self.span = span
        self.comment = comment
        self.reason = reason
        self.lines = lines
        self.used = False


class Allowances:
    """All that the comments of a source allow."""

    def __init__(self, source: Source) -> None:
        self.source = source

    def __bool__(self) -> bool:
        return bool(self.items)

    def silence(self, code: str, line: int) -> bool:
        """Whether a warning on a line is allowed there; what allows it is then of use."""
        found = [item for item in self.items if item.code == code and line in item.lines]
        for item in found:
            item.used = True
        return bool(found)

    @cached_property
    def items(self) -> list[Allowance]:
        """All in the order of the text."""
        if "allow" not in self.source.text.lower():
            return []
        found = ((comment.start, re.match(_COMMENT, comment.text)) for comment in tokenize(self.source)[1])
        return [item for start, match in found if match for item in self._of(start, match)]

    def _of(self, start: int, match: re.Match[str]) -> Iterator[Allowance]:
        """One for each code of a comment."""
        comment = Span(self.source, start, start + match.end())
        reason = (match["reason"] or "").strip()
        lines = self._lines(start)
        for code in re.finditer(r"\w+", match["codes"]):
            place = start + match.start("codes") + code.start()
            span = Span(self.source, place, place + len(code[0]))
            yield Allowance(code[0].upper(), span, comment, reason, lines)

    def _lines(self, start: int) -> range:
        """The lines that a comment speaks of: its own if code is there, else the next with code.

        A line that begins with ``|`` goes on with the one before, and both count as one.
        """
        line, column = self.source.position(start)
        if self.source.line(line)[: column - 1].strip():
            first = line
            while first > 1 and self._text(first).startswith("|"):
                first -= 1
            return range(first, line + 1)
        following = range(line + 1, self.source.line_count + 1)
        first = next((number for number in following if self._text(number) and self._text(number)[0] != "#"), 0)
        last = first
        while last and self._text(last + 1).startswith("|"):
            last += 1
        return range(first, last + 1) if first else range(0)

    def _text(self, line: int) -> str:
        return self.source.line(line).strip() if line <= self.source.line_count else ""
