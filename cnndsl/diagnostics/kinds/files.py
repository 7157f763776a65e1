"""E00xx: files and programs around the spec."""

from __future__ import annotations

from ..model import DiagnosticKind

CANNOT_READ = DiagnosticKind("E0001", "cannot-read", "a file cannot be read")
NOT_TEXT = DiagnosticKind("E0002", "not-text", "a spec is not UTF-8 text")
CANNOT_WRITE = DiagnosticKind("E0003", "cannot-write", "a file cannot be written")
FILE_EXISTS = DiagnosticKind("E0004", "file-exists", "a file would be overwritten")
NO_RENDERER = DiagnosticKind("E0005", "no-renderer", "nothing on this machine draws the diagram")
MISSING_PACKAGE = DiagnosticKind("E0006", "missing-package", "an optional package is not installed")
UNKNOWN_ZOO_NAME = DiagnosticKind("E0007", "unknown-zoo-name", "no shipped network has this name")
UNKNOWN_BLOCK = DiagnosticKind("E0011", "unknown-block", "a block to expand or collapse does not exist")
WRONG_CONFIGURATION = DiagnosticKind("E0013", "wrong-configuration", "the settings of a project cannot be used")
