"""Diagnostics: the model of a mistake, the catalogue of kinds, and how to show them."""

from __future__ import annotations

from .collected import DiagnosticError, Diagnostics
from .label import Label
from .model import Diagnostic, DiagnosticKind, Edit, Fix

__all__ = ["Diagnostic", "DiagnosticError", "DiagnosticKind", "Diagnostics", "Edit", "Fix", "Label"]
