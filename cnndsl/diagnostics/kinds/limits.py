"""E09xx: limits, so that no spec can exhaust the machine."""

from __future__ import annotations

from ..model import DiagnosticKind

SOURCE_TOO_LARGE = DiagnosticKind("E0901", "source-too-large", "a spec is larger than the limit")
TOO_DEEP = DiagnosticKind("E0902", "too-deep", "brackets are nested too deeply")
TOO_MANY_OPERATORS = DiagnosticKind("E0903", "too-many-operators", "a network expands to too many operators")
TOO_MANY_PARAMETERS = DiagnosticKind("E0904", "too-many-parameters", "a network has too many parameters")
SIZE_TOO_LARGE = DiagnosticKind("E0905", "size-too-large", "a size or a number is too large")
TOO_MANY_STEPS = DiagnosticKind("E0906", "too-many-steps", "a text takes too much work to elaborate")
