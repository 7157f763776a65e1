"""How training refuses: one diagnostic without a place in a text, raised."""

from __future__ import annotations

from ..diagnostics import Diagnostic, DiagnosticError, DiagnosticKind

__all__ = ["refusal"]


def refusal(
    kind: DiagnosticKind, message: str, *, notes: tuple[str, ...] = (), help: tuple[str, ...] = ()
) -> DiagnosticError:
    """The error to raise for a mistake that is in a file or a machine, not in a spec."""
    return DiagnosticError(Diagnostic(kind, message, notes=notes, help=help))
