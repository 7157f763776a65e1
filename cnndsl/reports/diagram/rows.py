"""Rows and branches with their sizes and positions, in the coordinates of the frame around them.

Every piece has an axis, on which its line or its items are; it reaches so far to the left and to the right of that, and is
so long along the flow. Coordinates are (across, along).
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence

from .series import Item, Parallel, Series, Wire

__all__ = ["ARROW", "BUS", "ENTRY", "LANE", "TRACK", "Fan", "Line", "Places", "Row", "Slot", "beside", "lanes_of"]

Point = tuple[float, float]

ARROW = 15.0  # from where a line turns for the last time to the box that it enters
BRANCH_GAP = 20.0
LANE = 13.0
TRACK = 5.0  # between lines that run beside each other across the flow
ENTRY = 10.0  # between wires that enter from the top
BUS = 5.0


ALL = slice(None)


class Slot:
    """What is at an item: its sizes, and the room that the shape on the line after it takes.

    In ``depart`` after it and ``arrive`` before it, wires turn; so far from each other are those after it (``apart``), and
    so far from its axis is the last of those at either side (``reach``). A shape beside a line from its side takes
    ``side_room``.
    """

    __slots__ = ("apart", "arrive", "depart", "is_box", "left", "length", "reach", "right", "room", "side_room")

    def __init__(self, left: float, right: float, length: float, room: float, is_box: bool = False) -> None:
        self.left = left
        self.right = right
        self.length = length
        self.room = room
        self.is_box = is_box
        self.depart = self.arrive = 0.0
        self.apart = self.reach = self.side_room = 0.0

    @property
    def head(self) -> float:
        """The room after it."""
        return self.room + self.depart

    @property
    def arrow(self) -> float:
        """From where a line turns for the last time to here; no arrow is at the end of a frame."""
        return ARROW if self.length else BUS


class Places:
    """Where things are: items by the axis and the beginning, wires in lanes by their axis.

    ``turns`` are for the wires from one column to the next: the corner between the two, and how high they end.
    """

    def __init__(self) -> None:
        self.items: dict[Item, Point] = {}
        self.lanes: dict[Wire, float] = {}
        self.turns: dict[Wire, tuple[Point, float]] = {}


Slots = Mapping[Item, Slot]


class Line:
    """A wire by itself."""

    left = right = 2.0

    def __init__(self, wire: Wire, before: Slot | None, after: Slot | None) -> None:
        self.wire = wire
        self.length = _gap(before, after)

    def place(self, places: Places, x: float, y: float) -> None:
        """It runs on the axis."""


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
        pieces = (*self.slots, *self.links)
        self.left: float = max(piece.left for piece in pieces)
        self.right: float = max(piece.right for piece in pieces)
        self.length: float = sum(piece.length for piece in pieces)

    def place(self, places: Places, x: float, y: float, part: slice = ALL) -> None:
        """Put it on an axis; or of a row that is not a branch the ``part`` between two breaks."""
        links = self.links if self.is_branch else [None, *self.links]
        for number in range(*part.indices(len(links))):
            link = links[number]
            if link is not None and (number > (part.start or 0) or self.is_branch):
                link.place(places, x, y)
                y += link.length
            if number < len(self.slots):
                places.items[self.items[number]] = (x, y)
                y += self.slots[number].length


class Fan:
    """Branches side by side, and beside them the lanes of the wires that lead past them."""

    def __init__(self, parallel: Parallel, slots: Slots, before: Slot | None, after: Slot | None) -> None:
        lanes = lanes_of(parallel)
        main, loose = _main(parallel)
        reach = max(2.0, *(slot.reach for slot in (before, after) if slot))
        self.rows = _beside_each_other([Row(row, slots) for row in main])
        self.left = max((row.left - x for row, x in self.rows), default=reach)
        self.right = max((row.right + x for row, x in self.rows), default=reach)
        for row in (Row(each, slots) for each in loose):
            self.rows.append((row, self.right + BRANCH_GAP + row.left))
            self.right += BRANCH_GAP + row.left + row.right
        self.lanes: list[tuple[Wire, float]] = []
        for wire in lanes:
            self.right = max(self.right + LANE, after.right + LANE if after else 0.0)
            self.lanes.append((wire, self.right))
        self.right += 4.0 if self.lanes else 0.0
        spared = TRACK if self.rows and before and before.depart else 0.0  # no other line turns before a branch
        self.head = before.head - spared if before else 0.0
        self.length = _gap(before, after) - spared + max((row.length for row, _ in self.rows), default=0.0)

    def place(self, places: Places, x: float, y: float) -> None:
        """Put it on an axis."""
        for row, offset in self.rows:
            row.place(places, x + offset, y + self.head)
        for wire, offset in self.lanes:
            places.lanes[wire] = x + offset


def _gap(before: Slot | None, after: Slot | None) -> float:
    """The room between two items in which wires turn."""
    return (before.head if before else 0.0) + (after.arrive + after.arrow if after else 0.0)


def lanes_of(parallel: Parallel) -> tuple[Wire, ...]:
    """The drawn wires that lead past branches; none where no branch leads to the same end."""
    wires = [branch for branch in parallel.branches if isinstance(branch, Wire) and branch.value is not None]
    return tuple(wires) if any(not _is_loose(branch) for branch in parallel.branches) else ()


def _main(parallel: Parallel) -> tuple[list[Series], list[Series]]:
    """The branches that lead to the end, and those that do not; all are in the middle where nothing leads there."""
    rows = [branch for branch in parallel.branches if isinstance(branch, Series)]
    main = [row for row in rows if not _is_loose(row)]
    if not main and not any(isinstance(branch, Wire) and branch.value is not None for branch in parallel.branches):
        main = rows
    return main, [row for row in rows if row not in main]


def _is_loose(branch: Series | Wire) -> bool:
    """Whether no drawn wire leads on from the end of a branch; a wire by itself is not a branch."""
    if isinstance(branch, Wire):
        return True
    last = branch.links[-1]
    return isinstance(last, Wire) and last.value is None


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


def beside(middle: float, count: int, apart: float) -> list[float]:
    """So many positions around a middle."""
    return [middle + apart * (number - (count - 1) / 2) for number in range(count)]
