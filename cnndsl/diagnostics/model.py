"""What an error is. Errors are data: built where the fact is known, rendered at the very end."""

from __future__ import annotations

from ..record import Record
from ..source import Span

__all__ = ["Diagnostic", "DiagnosticKind", "Edit", "Fix", "Label"]


class DiagnosticKind(Record):
    """One sort of mistake. ``E`` codes are errors, ``W`` codes are warnings; the code never changes its meaning."""

    code: str
    slug: str
    summary: str

    @property
    def severity(self) -> str:
        return "warning" if self.code.startswith("W") else "error"


class Label(Record):
    """A place in a source and what there is to say about it."""

    span: Span
    text: str = ""


class Edit(Record):
    """Replace the text of a span."""

    span: Span
    replacement: str


class Fix(Record):
    """Edits that mend the mistake; ``certain`` when there is no other reading of what the user meant."""

    message: str
    edits: tuple[Edit, ...]
    certain: bool = False


class Diagnostic(Record):
    """One mistake: what is wrong (``message``), where (``primary``), why (``notes``) and what to do (``help``).

    ``primary`` is None when the mistake is not in a text: a missing file, a damaged checkpoint.
    """

    kind: DiagnosticKind
    message: str
    primary: Label | None = None
    secondary: tuple[Label, ...] = ()
    notes: tuple[str, ...] = ()
    help: tuple[str, ...] = ()
    fixes: tuple[Fix, ...] = ()

    @property
    def is_error(self) -> bool:
        return self.kind.severity == "error"
