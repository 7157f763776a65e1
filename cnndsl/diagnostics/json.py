"""A diagnostic as stable, versioned data for programs."""

from __future__ import annotations

from typing import Any

from ..source import Span
from .model import Diagnostic, Fix, Label

__all__ = ["to_json"]


def to_json(diagnostic: Diagnostic) -> dict[str, Any]:
    """The diagnostic as JSON data; lines and columns count from 1, columns in code points."""
    return {
        "code": diagnostic.kind.code,
        "slug": diagnostic.kind.slug,
        "severity": diagnostic.kind.severity,
        "message": diagnostic.message,
        **_place(diagnostic.primary.span if diagnostic.primary else None),
        "labels": [_label(label) for label in (diagnostic.primary, *diagnostic.secondary) if label],
        "notes": list(diagnostic.notes),
        "help": list(diagnostic.help),
        "fixes": [_fix(fix) for fix in diagnostic.fixes],
    }


def _place(span: Span | None) -> dict[str, Any]:
    if span is None:
        return dict.fromkeys(("file", "line", "column", "end_line", "end_column"))
    (line, column), (end_line, end_column) = span.position, span.end_position
    return {"file": span.source.name, "line": line, "column": column, "end_line": end_line, "end_column": end_column}


def _label(label: Label) -> dict[str, Any]:
    return {**_place(label.span), "text": label.text}


def _fix(fix: Fix) -> dict[str, Any]:
    edits = [{**_place(edit.span), "replacement": edit.replacement} for edit in fix.edits]
    return {"message": fix.message, "applicability": "certain" if fix.certain else "possible", "edits": edits}
