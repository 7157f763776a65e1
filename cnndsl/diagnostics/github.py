"""A diagnostic as a workflow command of GitHub Actions, which shows it beside the line of a pull request."""

from __future__ import annotations

from .model import Diagnostic
from .places import relative_path, utf16_column

__all__ = ["to_github"]


def to_github(diagnostic: Diagnostic) -> str:
    """One line: ``::error file=...,line=...,title=E0301 window-too-large::message``.

    Columns count UTF-16 code units from 1, the end is after the last; GitHub takes them only within one line.
    """
    kind = diagnostic.kind
    properties = {**_place(diagnostic), "title": f"{kind.code} {kind.slug}"}
    listed = ",".join(f"{name}={_property(str(value))}" for name, value in properties.items())
    remarks = [*(f"note: {text}" for text in diagnostic.notes), *(f"help: {text}" for text in diagnostic.help)]
    label = [diagnostic.primary.text] if diagnostic.primary and diagnostic.primary.text else []
    return f"::{kind.severity} {listed}::{_data(chr(10).join((diagnostic.message, *label, *remarks)))}"


def _place(diagnostic: Diagnostic) -> dict[str, object]:
    if diagnostic.primary is None:
        return {}
    span = diagnostic.primary.span
    line, end_line = span.position[0], span.end_position[0]
    place: dict[str, object] = {"file": relative_path(span.source), "line": line}
    if line == end_line:
        place["col"] = utf16_column(span.source, span.start)
    place["endLine"] = end_line
    if line == end_line:
        place["endColumn"] = utf16_column(span.source, span.end)
    return place


def _data(text: str) -> str:
    """The escapes of workflow commands for a message."""
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    """The escapes of workflow commands for a property."""
    return _data(text).replace(":", "%3A").replace(",", "%2C")
