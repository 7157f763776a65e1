"""How training refuses: one diagnostic, raised; seldom is there a place in a text."""

from __future__ import annotations

from ..diagnostics import Diagnostic, DiagnosticError, DiagnosticKind, Label

__all__ = ["refusal"]


def refusal(
    kind: DiagnosticKind,
    message: str,
    *,
    place: Label | None = None,
    notes: tuple[str, ...] = (),
    help: tuple[str, ...] = (),
) -> DiagnosticError:
    """The error to raise for a mistake that is in a file or a machine, or shows only there."""
    return DiagnosticError(Diagnostic(kind, message, place, notes=notes, help=help))
