"""Fixes, applied to a text as an editor would."""

from cnndsl.diagnostics import Fix


def apply_fix(text: str, fix: Fix) -> str:
    """The text with the edits of a fix in place."""
    for edit in sorted(fix.edits, key=lambda edit: -edit.span.start):
        text = text[: edit.span.start] + edit.replacement + text[edit.span.end :]
    return text
