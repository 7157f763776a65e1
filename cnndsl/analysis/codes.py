"""All codes, of errors and of warnings, and the page of each."""

from __future__ import annotations

from ..diagnostics import DiagnosticKind
from ..diagnostics.catalogue import all_errors, error_page
from .lints import LINTS

__all__ = ["all_kinds", "all_pages", "explanation"]


def all_kinds() -> dict[str, DiagnosticKind]:
    """Every kind of mistake by its code, in the order of the codes."""
    kinds = {**all_errors(), **{code: lint.kind for code, lint in LINTS.items()}}
    return dict(sorted(kinds.items()))


def explanation(code: str) -> str:
    """The page of a code such as ``E0301``, as Markdown."""
    return LINTS[code].page() if code in LINTS else error_page(code)


def all_pages() -> dict[DiagnosticKind, str]:
    """The page of every kind of mistake."""
    return {kind: explanation(code) for code, kind in all_kinds().items()}
