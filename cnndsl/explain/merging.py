"""One mistake made in many places is told once: an editor that turned every `->` into another sign, a block that lost a
parameter and is called nine times. The first place shows it, the others are named, and one fix repairs them all.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from ..diagnostics import Diagnostic, Fix, Label
from ..diagnostics.kinds import names

__all__ = ["merged"]

_SHOWN_PLACES, _MOST_LINES = 3, 12
_READING = "E01"
_OF_NAMES = (
    names.UNKNOWN_LAYER,
    names.UNKNOWN_ATTRIBUTE,
    names.MISSING_ATTRIBUTE,
    names.TOO_MANY_ARGUMENTS,
    names.UNKNOWN_NAME,
    names.DUPLICATE_NAME,
)


def merged(diagnostics: Iterable[Diagnostic]) -> tuple[Diagnostic, ...]:
    """The diagnostics, in order, with those that say the same as one."""
    groups: dict[object, list[Diagnostic]] = {}
    for item in diagnostics:
        groups.setdefault(_said(item), []).append(item)
    return tuple(group[0] if len(group) == 1 else _together(group) for group in groups.values())


def _said(item: Diagnostic) -> object:
    """What two diagnostics share that are one mistake. What no fix repairs is one only where a name is at fault."""
    by_sign = item.kind.code.startswith(_READING) and any(fix.certain for fix in item.fixes)
    if item.primary is None or not (item.kind in _OF_NAMES or by_sign):
        return item
    fixes = tuple((fix.message, fix.certain) for fix in item.fixes)
    return item.kind, item.primary.span.source, item.message, item.primary.text, item.help, fixes


def _together(group: Sequence[Diagnostic]) -> Diagnostic:
    first, *others = group
    places = list(dict.fromkeys(item.primary.span for item in others if item.primary))
    lines = list(dict.fromkeys(str(span.position[0]) for span in places[_SHOWN_PLACES:]))
    return first.replace(
        secondary=(*first.secondary, *(Label(span, "here too") for span in places[:_SHOWN_PLACES])),
        notes=(*first.notes, *_further(lines)),
        fixes=tuple(_of_all(group, place) for place in range(len(first.fixes))),
    )


def _further(lines: Sequence[str]) -> tuple[str, ...]:
    if len(lines) > _MOST_LINES:
        return (f"and on {len(lines)} more lines, down to line {lines[-1]}",)
    return (f"and on line{'s' if len(lines) > 1 else ''} {', '.join(lines)}",) if lines else ()


def _of_all(group: Sequence[Diagnostic], place: int) -> Fix:
    """The fix that each of them has at this place, made everywhere."""
    edits = dict.fromkeys(edit for item in group for edit in item.fixes[place].edits)
    return group[0].fixes[place].replace(edits=tuple(edits))
