"""W05xx: valid, but hardly what was meant."""

from __future__ import annotations

from ..model import DiagnosticKind

DOUBLE_SOFTMAX = DiagnosticKind("W0501", "double-softmax", "softmax before a cross entropy that applies it again")
