"""What was meant in place of what is written, and edits of a text, offered with one sentence that says why.

Whatever names are of, there is one ranking of those that a word may stand for: :func:`candidate`.
"""

from __future__ import annotations

from collections.abc import Iterable

from ..diagnostics import Diagnostic, Edit, Fix, Label
from ..diagnostics.suggest import distance, nearest
from ..record import Record
from ..source import Span
from ..translation.names import fold

__all__ = ["Suggestion", "asked", "candidate", "insertion", "instead", "offered"]


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
    """A diagnostic with what to write in place of something, which is all the help that it needs."""
    help_ = f"{meant.why}: write `{meant.text}`" if meant.why else f"write `{meant.text}`"
    return offered(found.replace(help=()), help_, Edit(span, meant.text), certain=meant.certain)


def asked(found: Diagnostic, span: Span, meant: Suggestion) -> Diagnostic:
    """A diagnostic with the question whether a name was meant, and the edit if it may be offered."""
    fix = Fix(f"write `{meant.text}`", (Edit(span, meant.text),), meant.certain)
    return found.replace(primary=Label(span, meant.question), fixes=(fix,) if meant.offered else ())


def insertion(span: Span, text: str) -> Edit:
    """The edit that puts a text before a place."""
    return Edit(Span(span.source, span.start, span.start), text)


def candidate(word: str, known: Iterable[str], foreign: Suggestion | None = None) -> Suggestion | None:
    """The name that is the word but for case and underscores, else ``foreign``, which it stands for, else the nearest."""
    names = tuple(dict.fromkeys(known))
    same = [name for name in names if fold(name) == fold(word)]
    if len(same) == 1:
        return Suggestion(same[0], certain=True)
    near = nearest(word, names) if foreign is None else None
    return foreign if near is None else Suggestion(near, certain=_is_slip(word.lower(), near.lower()))


def _is_slip(word: str, name: str) -> bool:
    """Whether the hand slipped: a letter or two in a long word are wrong, and no digit, which may count something."""
    allowed = 1 if len(name) < 8 else 2
    digits = [[char for char in text if char.isdecimal()] for text in (word, name)]
    return len(name) > 2 and digits[0] == digits[1] and distance(word, name, allowed) <= allowed
