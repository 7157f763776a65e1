"""One mistake made in many places is told once: an editor that turned every `->` into another sign, a block that lost a
parameter and is called nine times. The first place shows it, the others are named, and one fix mends them all.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from ..diagnostics import Diagnostic, Edit, Fix, Label

__all__ = ["merged"]

_SHOWN_PLACES, _MOST_LINES = 3, 12
_READING, _NAMES = "E01", ("E0201", "E0202", "E0203", "E0204", "E0208", "E0209")


def merged(diagnostics: Iterable[Diagnostic]) -> tuple[Diagnostic, ...]:
    """The diagnostics, in order, with those that say the same as one."""
    groups: dict[object, list[Diagnostic]] = {}
    for item in diagnostics:
        groups.setdefault(_said(item), []).append(item)
    return tuple(group[0] if len(group) == 1 else _together(group) for group in groups.values())


def _said(item: Diagnostic) -> object:
    """What two diagnostics share that are one mistake. What no fix mends is one only where a name is at fault."""
    by_name = item.kind.code in _NAMES
    by_sign = item.kind.code.startswith(_READING) and any(fix.certain for fix in item.fixes)
    if item.primary is None or not (by_name or by_sign):
        return item
    fixes = tuple((fix.message, fix.certain) for fix in item.fixes)
    return item.kind.code, item.primary.span.source, item.message, item.primary.text, item.help, fixes


def _together(group: Sequence[Diagnostic]) -> Diagnostic:
    first, *others = group
    places = list(dict.fromkeys(item.primary.span for item in others if item.primary))
    shown, rest = places[:_SHOWN_PLACES], places[_SHOWN_PLACES:]
    lines = list(dict.fromkeys(str(span.position[0]) for span in rest))
    note = (_further(lines),) if lines else ()
    return first.replace(
        secondary=(*first.secondary, *(Label(span, "here too") for span in shown)),
        notes=(*first.notes, *note),
        fixes=tuple(_of_all(group, place) for place in range(len(first.fixes))),
    )


def _further(lines: Sequence[str]) -> str:
    if len(lines) > _MOST_LINES:
        return f"and on {len(lines)} more lines, down to line {lines[-1]}"
    return f"and on line{'s' if len(lines) > 1 else ''} {', '.join(lines)}"


def _of_all(group: Sequence[Diagnostic], place: int) -> Fix:
    """The fix that each of them has at this place, made everywhere."""
    edits: dict[Edit, None] = {}
    for item in group:
        if not any(_overlap(edit, other) for edit in item.fixes[place].edits for other in edits):
            edits.update(dict.fromkeys(item.fixes[place].edits))
    return group[0].fixes[place].replace(edits=tuple(edits))


def _overlap(one: Edit, other: Edit) -> bool:
    return one != other and one.span.start < other.span.end and other.span.start < one.span.end
