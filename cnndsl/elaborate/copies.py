"""A network, block or recipe that stands in a file twice, word for word: text that was pasted once more."""

from __future__ import annotations

from ..diagnostics import Diagnostic, Edit, Fix, Label
from ..diagnostics.kinds import names
from ..source import Span

__all__ = ["copied"]


def copied(first: Span, again: Span) -> Diagnostic | None:
    """What to say if the second of two definitions says what the first says; None if it says something else."""
    if first.source is not again.source or first == again or first.text.split() != again.text.split():
        return None
    message = "this stands in the file twice, word for word"
    places = Label(again.first_word, "again"), (Label(first.first_word, "first here"),)
    fix = Fix("remove the second", (Edit(_with_comments(again), ""),), True)
    return Diagnostic(names.DUPLICATE_NAME, message, *places, help=("remove the second",), fixes=(fix,))


def _with_comments(span: Span) -> Span:
    """A definition with the comments right above it and the end of its last line."""
    source = span.source
    number = span.position[0]
    while number > 1 and source.line(number - 1).lstrip().startswith("#"):
        number -= 1
    start = (
        span.start - span.position[1] + 1 - sum(len(source.line(each)) + 1 for each in range(number, span.position[0]))
    )
    end = source.rest_of_line(span.end)[1]
    return Span(source, start, min(end + 1, len(source.text)))
