"""Diagnostics: the model of a mistake, the catalogue of kinds, and how to show them."""

from __future__ import annotations

from .model import Diagnostic, DiagnosticError, DiagnosticKind, Diagnostics, Edit, Fix, Label

__all__ = ["Diagnostic", "DiagnosticError", "DiagnosticKind", "Diagnostics", "Edit", "Fix", "Label"]
