"""What an error is. Errors are data: built where the fact is known, rendered at the very end."""

from __future__ import annotations

from typing import Any

from ..record import Record
from ..source import Span
from .label import Label
from .text import markup, render

__all__ = ["Diagnostic", "DiagnosticKind", "Edit", "Fix", "Label"]


class DiagnosticKind(Record):
    """One sort of mistake. ``E`` codes are errors, ``W`` codes are warnings; the code never changes its meaning."""

    code: str
    slug: str
    summary: str

    @property
    def severity(self) -> str:
        return "warning" if self.code.startswith("W") else "error"


class Edit(Record):
    """Replace the text of a span."""

    span: Span
    replacement: str


class Fix(Record):
    """Edits that fix the mistake; ``certain`` when there is no other reading of what the user meant."""

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

    def __str__(self) -> str:
        return render(self)

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, str]:
        """What a notebook shows."""
        return {"text/plain": render(self), "text/html": markup(self)}

    def _repr_pretty_(self, printer: Any, cycle: bool) -> None:
        """What a notebook and IPython show of one in a tuple."""
        printer.text(f"\n{render(self)}")
