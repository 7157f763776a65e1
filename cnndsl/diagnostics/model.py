"""What an error is. Errors are data: built where the fact is known, rendered at the very end."""

from __future__ import annotations

from collections.abc import Iterable

from ..record import Record
from ..source import Span

__all__ = ["Diagnostic", "DiagnosticError", "DiagnosticKind", "Diagnostics", "Edit", "Fix", "Label"]


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


class Diagnostics:
    """Collects what the phases of one run have to say. After two hundred, a text is rubbish and the rest is dropped."""

    MOST = 200

    def __init__(self, most: int = MOST) -> None:
        self.most = most
        self._items: dict[Diagnostic, None] = {}

    def report(self, diagnostic: Diagnostic) -> None:
        if len(self._items) < self.most:
            self._items[diagnostic] = None

    def __len__(self) -> int:
        return len(self._items)

    @property
    def is_full(self) -> bool:
        """Whether nothing more is taken, so that there is no use in finding it."""
        return len(self._items) >= self.most

    @property
    def has_errors(self) -> bool:
        return any(item.is_error for item in self._items)

    def has(self, kind: DiagnosticKind) -> bool:
        """Whether a mistake of this kind was reported."""
        return any(item.kind is kind for item in self._items)

    def sorted(self) -> tuple[Diagnostic, ...]:
        """All diagnostics, by source in order of appearance and by place in it."""
        order = {source: place for place, source in enumerate(_sources(self._items))}

        def key(item: Diagnostic) -> tuple[int, int]:
            if item.primary is None:
                return (-1, 0)
            return (order[item.primary.span.source], item.primary.span.start)

        return tuple(sorted(self._items, key=key))

    def raise_errors(self) -> None:
        """Raise :class:`DiagnosticError` if an error was reported."""
        if self.has_errors:
            raise DiagnosticError(*self.sorted())


def _sources(items: Iterable[Diagnostic]) -> list[object]:
    return list(dict.fromkeys(item.primary.span.source for item in items if item.primary))


class DiagnosticError(Exception):
    """Raised by the Python interface when a request cannot be met; ``diagnostics`` says why, coded and with places."""

    def __init__(self, *diagnostics: Diagnostic) -> None:
        super().__init__(*diagnostics)
        self.diagnostics = diagnostics

    def __str__(self) -> str:
        from .text import render

        return "\n".join(render(item) for item in self.diagnostics)
