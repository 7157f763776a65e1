"""Diagnostics as SARIF 2.1.0 (OASIS 2020), the format of code scanning on GitHub and of many editors."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterable, Mapping
from hashlib import sha256
from typing import Any
from urllib.parse import quote

from ..source import Source, Span
from .model import Diagnostic, DiagnosticKind, Fix, Label
from .places import relative_path, utf16_column

__all__ = ["to_sarif"]

_SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"


def to_sarif(diagnostics: Iterable[Diagnostic], version: str, pages: Mapping[DiagnosticKind, str]) -> dict[str, Any]:
    """A log of one run. All rules are declared, with their pages, so that an alert closes when its mistake is gone.

    A mistake that lies in no text, such as a file that cannot be read, is a notification of the run.
    """
    items = tuple(diagnostics)
    driver = {"name": "cnndsl", "version": version, "rules": [_rule(*item) for item in pages.items()]}
    places = [item for item in items if item.primary is not None]
    notifications = [_notification(item) for item in items if item.primary is None]
    run = {
        "tool": {"driver": driver},
        "columnKind": "utf16CodeUnits",
        "invocations": [{"executionSuccessful": not notifications, "toolExecutionNotifications": notifications}],
        "results": _results(places, [kind.code for kind in pages]),
    }
    return {"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}


def _rule(kind: DiagnosticKind, page: str) -> dict[str, Any]:
    return {
        "id": kind.code,
        "name": "".join(part.capitalize() for part in kind.slug.split("-")),
        "shortDescription": {"text": kind.summary},
        "fullDescription": {"text": kind.summary},
        "help": {"text": page, "markdown": page},
        "defaultConfiguration": {"level": kind.severity},
        "properties": {"problem.severity": kind.severity},
    }


def _notification(diagnostic: Diagnostic) -> dict[str, Any]:
    kind = diagnostic.kind
    return {"descriptor": {"id": kind.code}, "level": kind.severity, "message": {"text": _text(diagnostic)}}


def _results(diagnostics: Iterable[Diagnostic], codes: list[str]) -> list[dict[str, Any]]:
    seen: Counter[str] = Counter()
    results = []
    for item in diagnostics:
        assert item.primary is not None
        result = {
            "ruleId": item.kind.code,
            "ruleIndex": codes.index(item.kind.code),
            "level": item.kind.severity,
            "message": {"text": _text(item)},
            "locations": [_location(item.primary)],
            "partialFingerprints": {"primaryLocationLineHash": _fingerprint(item, item.primary, seen)},
        }
        if item.secondary:
            result["relatedLocations"] = [
                {"id": index, **_location(label)} for index, label in enumerate(item.secondary)
            ]
        if item.fixes:
            result["fixes"] = [_fix(fix) for fix in item.fixes]
        results.append(result)
    return results


def _text(diagnostic: Diagnostic) -> str:
    remarks = (*(f"note: {text}" for text in diagnostic.notes), *(f"help: {text}" for text in diagnostic.help))
    return "\n".join((diagnostic.message, *remarks))


def _fingerprint(diagnostic: Diagnostic, label: Label, seen: Counter[str]) -> str:
    """The same while code and line are the same, wherever in the file the line is; counted where lines are equal."""
    source = label.span.source
    line = source.line(label.span.position[0]).strip()
    key = "\0".join((relative_path(source), diagnostic.kind.code, line))
    digest = sha256(key.encode("utf-8", "surrogatepass")).hexdigest()[:16]
    seen[digest] += 1
    return f"{digest}:{seen[digest]}"


def _location(label: Label) -> dict[str, Any]:
    span = label.span
    location: dict[str, Any] = {
        "physicalLocation": {"artifactLocation": _artifact(span.source), "region": _region(span)}
    }
    if label.text:
        location["message"] = {"text": label.text}
    return location


def _artifact(source: Source) -> dict[str, str]:
    path = relative_path(source)
    if os.path.isabs(path):
        return {"uri": f"file://{quote(path if path.startswith('/') else f'/{path}')}"}
    return {"uri": quote(path), "uriBaseId": "%SRCROOT%"}


def _region(span: Span) -> dict[str, int]:
    return {
        "startLine": span.position[0],
        "startColumn": utf16_column(span.source, span.start),
        "endLine": span.end_position[0],
        "endColumn": utf16_column(span.source, span.end),
    }


def _fix(fix: Fix) -> dict[str, Any]:
    by_source: dict[Source, list[dict[str, Any]]] = {}
    for edit in fix.edits:
        replacement = {"deletedRegion": _region(edit.span), "insertedContent": {"text": edit.replacement}}
        by_source.setdefault(edit.span.source, []).append(replacement)
    changes = [
        {"artifactLocation": _artifact(source), "replacements": replacements}
        for source, replacements in by_source.items()
    ]
    return {"description": {"text": fix.message}, "artifactChanges": changes}
