"""Diagnostics: the model of a mistake, the catalogue of kinds, and how to show them."""

from __future__ import annotations

from .collected import DiagnosticError, Diagnostics
from .model import Diagnostic, DiagnosticKind, Edit, Fix, Label

__all__ = ["Diagnostic", "DiagnosticError", "DiagnosticKind", "Diagnostics", "Edit", "Fix", "Label"]
