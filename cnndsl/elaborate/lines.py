"""Whole lines of a spec as edits: one taken away, one moved, one that says what the line above says."""

from __future__ import annotations

from ..diagnostics import Edit
from ..source import Span
from .way import Way

__all__ = ["line_removed", "moved_before", "repeats_the_line_above"]


def _code(line: str) -> str:
    return line.partition("#")[0].strip()


def line_removed(span: Span) -> Edit:
    """The edit that takes the line of a span away, with its end."""
    source = span.source
    start = span.start - source.position(span.start)[1] + 1
    end = source.rest_of_line(span.start)[1]
    return Edit(Span(source, start, min(end + 1, len(source.text))), "")


def moved_before(span: Span, place: Span) -> tuple[Edit, ...]:
    """The edits that move what stands alone on its line to a line of its own before a place; none if it is not alone."""
    source = span.source
    before = source.line(place.position[0])[: place.position[1] - 1]
    if _code(source.line(span.position[0])) != span.text or before.strip():
        return ()
    return Edit(Span(source, place.start, place.start), f"{span.text}\n{before}"), line_removed(span)


def repeats_the_line_above(span: Span) -> Way | None:
    """The line taken away, if the line of a span says the same as the line above it: one of the two is too many."""
    number = span.position[0]
    if number < 2 or _code(span.source.line(number)) != _code(span.source.line(number - 1)):
        return None
    return Way(f"line {number} repeats line {number - 1}: remove it", (line_removed(span),))
