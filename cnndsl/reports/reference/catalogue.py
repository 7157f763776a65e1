"""The index of all kinds of mistakes; the explanations are pages of their own, which ship with the package."""

from __future__ import annotations

from ...diagnostics import DiagnosticKind
from ...diagnostics.kinds import all_kinds
from .markdown import head, table

__all__ = ["render_diagnostics"]

_PHASES = {
    "E00": "Files and programs",
    "E01": "Syntax",
    "E02": "Names, attributes and values",
    "E03": "Shapes, contracts and expectations",
    "E04": "Training, data and checkpoints",
    "E09": "Limits",
    "W05": "Warnings",
}
_PAGES = "../../cnndsl/diagnostics/pages"


def render_diagnostics() -> str:
    """The page, by phase."""
    lines = head(
        "Errors and warnings",
        "Codes that begin with E are errors; those with W are warnings, which `cnndsl check --strict` takes for errors. A "
        "code never changes its meaning. Each links to what it means, with an example that fails and one that works.",
    )
    for prefix, title in _PHASES.items():
        kinds = [kind for code, kind in all_kinds().items() if code.startswith(prefix)]
        lines += [f"## {title}", "", *table(("code", "name", "meaning"), map(_row, kinds))]
    return "\n".join(lines).rstrip() + "\n"


def _row(kind: DiagnosticKind) -> tuple[str, str, str]:
    return f"[{kind.code}]({_PAGES}/{kind.code}.md)", kind.slug, kind.summary
