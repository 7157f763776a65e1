"""E06xx and W06xx: models of other tools that are imported."""

from __future__ import annotations

from ..model import DiagnosticKind

NO_MODEL = DiagnosticKind("E0601", "no-model", "a file has no model that can be imported")
NOT_IMPORTED = DiagnosticKind("E0602", "not-imported", "a part of a model cannot be written in a spec")
UNKNOWN_INPUT = DiagnosticKind("E0603", "unknown-input", "a model does not say how large its input is")
OTHER_SIZE = DiagnosticKind("E0604", "other-size", "a layer of a model takes another size than it is given")
IMPORTED_NEARLY = DiagnosticKind("W0601", "imported-nearly", "a part of a model is imported as something near to it")
