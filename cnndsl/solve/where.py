"""For which candidates something holds of the extents that a walk has met: exact sets, as boxes of sizes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import product
from typing import Any

from .candidates import Box, Field, Line, Plane

__all__ = ["where", "where_equal"]


def where(field: Field, extents: Sequence[Any], holds: Callable[..., bool]) -> list[Box]:
    """The sizes in the walk for which something holds of these extents, as boxes that are disjoint."""
    depending = [extent for extent in extents if isinstance(extent, Line | Plane)]
    groups = [axis.alike(depending) for axis in field.axes]
    found: dict[tuple[int, ...], list[int]] = {}
    for first in groups[0]:
        chosen: list[int] = []
        for others in product(*groups[1:]):
            positions = (first[0], *(other[0] for other in others))
            if holds(*(extent.at(positions) if isinstance(extent, Line | Plane) else extent for extent in extents)):
                chosen += others[0] if others else [0]
        found.setdefault(tuple(sorted(chosen)), []).extend(first)
    return [_box(field, sorted(firsts), others) for others, firsts in found.items() if others]


def where_equal(field: Field, extent: Any, wanted: int) -> list[Box]:
    """The same for one extent that is to have a certain value."""
    if not isinstance(extent, Plane) or len(extent.terms) > 1:
        return where(field, (extent,), lambda value: value == wanted)
    height, width = field.axes
    ((by_row, by_column),) = extent.terms
    columns: dict[int, list[int]] = {}
    for column in width.alive:
        columns.setdefault(by_column[column], []).append(column)
    rows: dict[int, list[int]] = {}
    for row in height.alive:
        quotient, rest = divmod(wanted, by_row[row])
        if not rest and quotient in columns:
            rows.setdefault(quotient, []).append(row)
    return [_box(field, places, columns[quotient]) for quotient, places in rows.items()]


def _box(field: Field, *positions: Sequence[int]) -> Box:
    chosen = zip(field.axes, positions, strict=False)
    return tuple(tuple(axis.sizes[position] for position in places) for axis, places in chosen)
