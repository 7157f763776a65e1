"""Rows and branches with their sizes and places, in the coordinates of the frame around them.

Every piece has an axis, on which its line or its items stand; it reaches so far to the left and to the right of that, and is
so long along the flow. Coordinates are (across, along).
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence

from .series import Item, Parallel, Series, Wire

__all__ = ["Fan", "Line", "Places", "Row", "Slot", "measure_row"]

Point = tuple[float, float]

ARROW = 15.0  # from where a line turns for the last time to the box that it enters
BRANCH_GAP = 20.0
LANE = 13.0
_BUS = 5.0


ALL = slice(None)


class Slot:
    """What stands at an item: its extents, and the room that the shape on the line behind it takes."""

    __slots__ = ("is_box", "left", "length", "right", "room")

    def __init__(self, left: float, right: float, length: float, room: float, is_box: bool = False) -> None:
        self.left = left
        self.right = right
        self.length = length
        self.room = room
        self.is_box = is_box


class Places:
    """Where things stand: items by the axis and the beginning; for each wire its corners, and where it enters a side."""

    def __init__(self) -> None:
        self.items: dict[Item, Point] = {}
        self.corners: dict[Wire, tuple[Point, ...]] = {}
        self.sides: dict[Wire, Point] = {}


Slots = Mapping[Item, Slot]
Trail = tuple[Point, ...]


class Line:
    """A wire by itself."""

    left = right = 2.0

    def __init__(self, wire: Wire, before: Slot | None, after: Slot | None) -> None:
        self.wire = wire
        self.room = before.room if before else 0.0
        self.length = self.room + (_entry(after) if after else 0.0)

    def place(self, places: Places, x: float, y: float, begin: Trail, end: Trail, side: Point | None = None) -> None:
        """Put it on an axis; ``begin`` and ``end`` are the corners on the way there and on from there."""
        if self.wire.value is not None:
            places.corners[self.wire] = (*begin, (x, y + self.room), (x, y + self.length), *end)


class Row:
    """A series: what lies between items is measured with them."""

    def __init__(self, series: Series, slots: Slots) -> None:
        items: list[Slot | None] = [slots[item] for item in series.items]
        is_branch = len(series.links) > len(items)
        ends = [None, *items, None] if is_branch else items
        self.items = series.items
        self.slots = [slots[item] for item in series.items]
        self.links = [
            _measure(link, slots, *pair) for link, pair in zip(series.links, itertools.pairwise(ends), strict=True)
        ]
        self.is_branch = is_branch
        self.is_loose = isinstance(series.links[-1], Wire) and series.links[-1].value is None if series.links else False
        pieces = (*self.slots, *self.links)
        self.left: float = max(piece.left for piece in pieces)
        self.right: float = max(piece.right for piece in pieces)
        self.length: float = sum(piece.length for piece in pieces)

    def place(self, places: Places, x: float, y: float, begin: Trail = (), end: Trail = (), part: slice = ALL) -> None:
        """Put it on an axis; or of a row that is no branch the ``part`` between two breaks."""
        links = self.links if self.is_branch else [None, *self.links]
        for number in range(*part.indices(len(links))):
            link = links[number]
            slot = self.slots[number] if number < len(self.slots) else None
            if link is not None and (number > (part.start or 0) or self.is_branch):
                side = (x + slot.right, y + link.length + slot.length / 2) if slot is not None and slot.is_box else None
                link.place(places, x, y, begin if number == 0 else (), end if slot is None else (), side)
                y += link.length
            if slot is not None:
                places.items[self.items[number]] = (x, y)
                y += slot.length


class Fan:
    """Branches side by side, and beside them the lanes of the wires that lead past them."""

    def __init__(self, parallel: Parallel, slots: Slots, before: Slot | None, after: Slot | None) -> None:
        rows = [Row(branch, slots) for branch in parallel.branches if isinstance(branch, Series)]
        lanes = [branch for branch in parallel.branches if isinstance(branch, Wire) and branch.value is not None]
        main = [row for row in rows if not row.is_loose] or ([] if lanes else rows)
        loose = [row for row in rows if row not in main]
        self.head = (before.room if before else 0.0) + _BUS
        self.tail = _entry(after) + (_BUS if len(main) > 1 else 0.0) if after else _BUS
        self.straight = lanes.pop(0) if lanes and not main else None
        self.rows = _beside_each_other(main)
        self.left = max((row.left - x for row, x in self.rows), default=2.0)
        self.right = max((row.right + x for row, x in self.rows), default=2.0)
        for row in loose:
            self.rows.append((row, self.right + BRANCH_GAP + row.left))
            self.right += BRANCH_GAP + row.left + row.right
        self.lanes: list[tuple[Wire, float]] = []
        for wire in lanes:
            self.right = max(self.right + LANE, after.right + LANE if after else 0.0)
            self.lanes.append((wire, self.right))
        self.right += 4.0 if self.lanes else 0.0
        self.length = self.head + max((row.length for row, _ in self.rows), default=_BUS) + self.tail

    def place(self, places: Places, x: float, y: float, begin: Trail, end: Trail, side: Point | None = None) -> None:
        """Put it on an axis; lanes enter at ``side``, if there is one, else with the branches."""
        bus, foot = y + self.head, y + self.length - self.tail
        if self.straight is not None:
            places.corners[self.straight] = (*begin, (x, bus), (x, foot), *end)
        for row, offset in self.rows:
            row.place(
                places, x + offset, bus, (*begin, (x, bus), (x + offset, bus)), ((x + offset, foot), (x, foot), *end)
            )
        for number, (wire, offset) in enumerate(self.lanes):
            there = (*begin, (x, bus), (x + offset, bus))
            if side is None:
                places.corners[wire] = (*there, (x + offset, foot), (x, foot), *end)
                continue
            entry = (side[0], side[1] + 7.0 * (number - (len(self.lanes) - 1) / 2))
            places.corners[wire] = (*there, (x + offset, entry[1]))
            places.sides[wire] = entry


def _entry(after: Slot) -> float:
    """The room for an arrow; none is at a port."""
    return ARROW if after.length else _BUS


def measure_row(series: Series, slots: Slots) -> Row:
    """The sizes of a series of items whose slots are known."""
    return Row(series, slots)


def _measure(link: Wire | Parallel, slots: Slots, before: Slot | None, after: Slot | None) -> Line | Fan:
    return Line(link, before, after) if isinstance(link, Wire) else Fan(link, slots, before, after)


def _beside_each_other(rows: Sequence[Row]) -> list[tuple[Row, float]]:
    """Rows from left to right with the offsets of their axes; the first and the last are as far from the middle."""
    if not rows:
        return []
    axes = [0.0]
    for before, row in itertools.pairwise(rows):
        axes.append(axes[-1] + before.right + BRANCH_GAP + row.left)
    middle = axes[-1] / 2
    return [(row, axis - middle) for row, axis in zip(rows, axes, strict=True)]
