"""Applies the certain fixes of a text, again and again until none is left: what is after a mistake comes to light only
when the mistake is fixed. A pure function of texts; who asks for it decides what is written where.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from ..record import Record
from ..source import Source
from .model import Diagnostic, Edit, Fix

__all__ = ["MOST_PASSES", "Fixed", "Repair", "apply_edits", "apply_fixes"]

MOST_PASSES = 32
"""Each pass fixes all that can be seen; texts that were met needed five at most."""

Check = Callable[[Source], tuple[Diagnostic, ...]]


class Repair(Record):
    """A mistake and the fix that removed it, with the positions of the text as it was then."""

    diagnostic: Diagnostic
    fix: Fix


class Fixed(Record):
    """The text with its certain fixes applied, what was fixed in order, and all that is wrong with it still.

    ``gave_up`` if the next edits would have left a text that is harder to read than before: they were not made.
    """

    source: Source
    repairs: tuple[Repair, ...]
    left: tuple[Diagnostic, ...]
    gave_up: bool = False


def apply_fixes(source: Source, check: Check) -> Fixed:
    """Apply every certain fix whose edits lie in this source, in passes; ``check`` finds what is wrong with a text."""
    left = check(source)
    repairs: list[Repair] = []
    seen = {source.text}
    for _ in range(MOST_PASSES):
        chosen = _together(left, source)
        if not chosen:
            break
        edits = [edit for repair in chosen for edit in repair.fix.edits]
        after = Source(source.name, apply_edits(source.text, edits), source.path)
        found = check(after)
        if after.text in seen or _syntax_errors(found) > _syntax_errors(left):
            return Fixed(source, tuple(repairs), left, gave_up=True)
        seen.add(after.text)
        repairs += chosen
        source, left = after, found
    return Fixed(source, tuple(repairs), left)


def apply_edits(text: str, edits: Iterable[Edit]) -> str:
    """The text with edits that do not overlap."""
    for edit in sorted(edits, key=lambda edit: (edit.span.start, edit.span.end), reverse=True):
        text = text[: edit.span.start] + edit.replacement + text[edit.span.end :]
    return text


def _together(diagnostics: Iterable[Diagnostic], source: Source) -> list[Repair]:
    """The certain fixes that can be made in one pass: the first of each mistake, and no two that touch the same position."""
    chosen: list[Repair] = []
    taken: list[Edit] = []
    for item in diagnostics:
        fix = next((fix for fix in item.fixes if fix.certain), None)
        if fix is None or any(edit.span.source is not source for edit in fix.edits):
            continue
        if not any(_touch(edit, other) for edit in fix.edits for other in taken):
            chosen.append(Repair(item, fix))
            taken += fix.edits
    return chosen


def _touch(one: Edit, other: Edit) -> bool:
    return one.span.start <= other.span.end and other.span.start <= one.span.end


def _syntax_errors(diagnostics: Iterable[Diagnostic]) -> int:
    """How many mistakes keep the text from being read. Those of names and shapes may grow: they were hidden before."""
    return sum(item.kind.code.startswith("E01") for item in diagnostics)
