"""What was meant in place of what is written, and edits of a text, offered with one sentence that says why."""

from __future__ import annotations

from collections.abc import Iterable

from ..diagnostics import Diagnostic, Edit, Fix, Label
from ..diagnostics.mending import apply_edits
from ..record import Record
from ..source import Span

__all__ = ["Suggestion", "asked", "insertion", "instead", "offered", "removed", "rewritten"]


class Suggestion(Record):
    """What to write in place of something, and why; ``certain`` if it says the same, and nothing else can be meant.

    Without ``offered`` it is a question and no edit: ``why`` says in what the two are not the same.
    """

    text: str
    why: str = ""
    certain: bool = False
    offered: bool = True

    @property
    def question(self) -> str:
        """What to ask at the place."""
        return f"did you mean `{self.text}`?"


def offered(found: Diagnostic, help_: str, *edits: Edit, certain: bool = True) -> Diagnostic:
    """A diagnostic with some help, and the edits that do what it says."""
    fixes = (Fix(help_, edits, certain),) if edits else found.fixes
    return found.replace(help=(*found.help, help_), fixes=fixes)


def instead(found: Diagnostic, span: Span, meant: Suggestion) -> Diagnostic:
    """A diagnostic with what to write in place of something."""
    help_ = f"{meant.why}: write `{meant.text}`" if meant.why else f"write `{meant.text}`"
    return offered(found, help_, Edit(span, meant.text), certain=meant.certain)


def asked(found: Diagnostic, span: Span, meant: Suggestion) -> Diagnostic:
    """A diagnostic with the question whether a name was meant, and the edit if it may be offered."""
    fix = Fix(f"write `{meant.text}`", (Edit(span, meant.text),), meant.certain)
    return found.replace(primary=Label(span, meant.question), fixes=(fix,) if meant.offered else ())


def insertion(span: Span, text: str) -> Edit:
    """The edit that puts a text before a place."""
    return Edit(Span(span.source, span.start, span.start), text)


def removed(span: Span) -> Edit:
    """The edit that takes a stretch away with the blanks and lines before it."""
    start = len(span.source.text[: span.start].rstrip())
    return Edit(Span(span.source, start, span.end), "")


def rewritten(first: Span, others: Iterable[Span], edits: Iterable[Edit]) -> str:
    """The text from the first place to the last one as it is after some edits."""
    made = list(edits)
    spans = [first, *others, *(edit.span for edit in made)]
    start, end = min(span.start for span in spans), max(span.end for span in spans)
    moved = [
        Edit(Span(first.source, edit.span.start - start, edit.span.end - start), edit.replacement) for edit in made
    ]
    return apply_edits(first.source.text[start:end], moved)
