"""Fixes, applied to a text as an editor would."""

from cnndsl.diagnostics import Fix
from cnndsl.diagnostics.fixing import apply_edits


def apply_fix(text: str, fix: Fix) -> str:
    """The text with the edits of a fix in place."""
    return apply_edits(text, fix.edits)
