"""Diagnostics of one run together, and the exception that carries them."""

from __future__ import annotations

from collections.abc import Iterable

from .label import Label
from .model import Diagnostic, DiagnosticKind
from .text import render

__all__ = ["DiagnosticError", "Diagnostics", "refusal"]


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
    """Raised by the Python interface when a request cannot be met; ``diagnostics`` says why, with codes and positions."""

    def __init__(self, *diagnostics: Diagnostic) -> None:
        super().__init__(*diagnostics)
        self.diagnostics = diagnostics

    def __str__(self) -> str:
        return "\n".join(render(item) for item in self.diagnostics)

    def _render_traceback_(self) -> list[str]:
        """What a notebook shows in place of the way through our code."""
        return [render(item, color=True) for item in self.diagnostics]


def refusal(
    kind: DiagnosticKind,
    message: str,
    *,
    place: Label | None = None,
    notes: tuple[str, ...] = (),
    help: tuple[str, ...] = (),
) -> DiagnosticError:
    """The error to raise for one mistake that is in a file, in a request or on a machine; seldom is its place in a text."""
    return DiagnosticError(Diagnostic(kind, message, place, notes=notes, help=help))
