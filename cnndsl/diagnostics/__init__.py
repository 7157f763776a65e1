"""Diagnostics: the model of a mistake, the catalogue of kinds, and how to show them.

Modules are imported on first use: where nothing is wrong, nothing is loaded.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..lazy import imported_on_use

if TYPE_CHECKING:
    from .collected import DiagnosticError, Diagnostics, refusal
    from .label import Label
    from .model import Diagnostic, DiagnosticKind, Edit, Fix
    from .suggest import nearest, one_of, with_article

__all__ = [
    "Diagnostic",
    "DiagnosticError",
    "DiagnosticKind",
    "Diagnostics",
    "Edit",
    "Fix",
    "Label",
    "nearest",
    "one_of",
    "refusal",
    "with_article",
]

__getattr__ = imported_on_use(
    __name__,
    {
        "collected": ("DiagnosticError", "Diagnostics", "refusal"),
        "label": ("Label",),
        "model": ("Diagnostic", "DiagnosticKind", "Edit", "Fix"),
        "suggest": ("nearest", "one_of", "with_article"),
    },
)
