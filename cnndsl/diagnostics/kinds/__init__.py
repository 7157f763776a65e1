"""The catalogue: every kind of mistake, once, by phase. The long explanations are Markdown pages beside it (``pages/``)."""

from __future__ import annotations

from ..model import DiagnosticKind
from . import files, limits, lints, names, shapes, syntax, training

__all__ = ["all_kinds"]


def all_kinds() -> dict[str, DiagnosticKind]:
    """Every kind by its code, in the order of the codes."""
    modules = (files, syntax, names, shapes, training, limits, lints)
    kinds = [item for module in modules for item in vars(module).values() if isinstance(item, DiagnosticKind)]
    return {item.code: item for item in sorted(kinds, key=lambda item: item.code)}
