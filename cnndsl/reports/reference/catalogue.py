"""The index of all kinds of mistakes; of errors the explanations are pages of their own, those of warnings are one page."""

from __future__ import annotations

from ...analysis.codes import all_kinds, explanation
from ...diagnostics import DiagnosticKind
from .markdown import anchor, head, table

__all__ = ["render_diagnostics", "render_warnings"]

_PHASES = {
    "E00": "Files and programs",
    "E01": "Syntax",
    "E02": "Names, attributes and values",
    "E03": "Shapes, contracts and expectations",
    "E04": "Training, data and checkpoints",
    "E06": "Models that are imported",
    "E09": "Limits",
    "W04": "Warnings of data",
    "W05": "Warnings",
    "W06": "Warnings of an import",
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
    error = f"{_PAGES}/{kind.code}.md"
    warning = f"warnings.md#{anchor(f'{kind.code}: {kind.summary}')}"
    return f"[{kind.code}]({error if kind.severity == 'error' else warning})", kind.slug, kind.summary


def render_warnings() -> str:
    """The pages of all warnings, which ``cnndsl explain`` shows one by one."""
    codes = sorted(code for code, kind in all_kinds().items() if kind.severity == "warning")
    lines = head("Warnings", "What is valid and hardly what was meant.")
    return "\n".join([*lines, *(f"#{explanation(code)}" for code in codes)])
