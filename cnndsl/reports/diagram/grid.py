"""A grid of items: rows and columns with channels between them, through which wires run in tracks of their own.

The row and column of each item are given (:mod:`.levels`); here each wire gets its way and everything its place. A wire
leaves an item at its end or from its side, turns in the channels beside rows and columns, and enters at the beginning or from
a side. In a channel each value has a track, so wires of different values never share a segment, and no wire runs through an
item.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cached_property

from .levels import ACROSS, UP, Cell
from .rows import ARROW, BUS, LANE, TRACK, Places, Slot
from .series import Item, Wire

__all__ = ["SIDE_APART", "Grid", "Plan", "Way"]

SIDE_APART = 7.0
"""How far from each other wires enter or leave at the side of a box; three of them do."""

_MARGIN = 8.0
_SIDES = (0, -1, 1)

Hop = tuple[str, int]
"""A channel that a wire turns in: ``h`` above a row or ``v`` to the left of a column, and which."""


class Way:
    """How a wire runs: the sides at which it leaves and enters, each a place at the side of a box or None for the end or the
    beginning of an item; and the channels on the way."""

    __slots__ = ("enters", "from_right", "hops", "leaves")

    def __init__(self, leaves: int | None, enters: int | None, hops: Sequence[Hop], from_right: bool = False) -> None:
        self.leaves = leaves
        self.enters = enters
        self.hops = hops
        self.from_right = from_right


class Plan:
    """The ways of wires between cells, before anything is measured."""

    def __init__(self, cells: Mapping[Item, Cell], wires: Sequence[Wire], is_box: Callable[[Item], bool]) -> None:
        self.cells = cells
        self.is_box = is_box
        self.wires = wires
        self.taken = {(cell.column + step, cell.row) for cell in cells.values() for step in range(cell.span)}
        self.sides: dict[tuple[int, int, int], object] = {}
        self.exits: dict[tuple[Item, str], int] = {}
        self.ways = {
            wire: self._way(wire) for wire in sorted(wires, key=lambda wire: not self.is_straight_across(wire))
        }
        self.tracks = _Tracks(self).found

    def entry_channel(self, item: Item) -> int:
        cell = self.cells[item]
        return cell.row + (cell.heading == UP)

    def exit_channel(self, item: Item) -> int:
        cell = self.cells[item]
        return cell.row + (cell.heading != UP)

    def is_direct(self, wire: Wire) -> bool:
        """Whether it runs on its column, past nothing."""
        source, target = self.cells[wire.source], self.cells[wire.target]
        step = -1 if source.heading == UP else 1
        if (
            source.column != target.column
            or (target.row - source.row) * step <= 0
            or ACROSS in (source.heading, target.heading)
        ):
            return False
        between = range(source.row + step, target.row, step)
        return not any((source.column, row) in self.taken for row in between)

    def _is_next(self, wire: Wire) -> bool:
        """Whether one channel leads from item to item."""
        headings = self.cells[wire.source].heading, self.cells[wire.target].heading
        return ACROSS not in headings and self.exit_channel(wire.source) == self.entry_channel(wire.target)

    def is_straight_across(self, wire: Wire) -> bool:
        """Whether it runs along its row to the right, past nothing, between boxes."""
        source, target = self.cells[wire.source], self.cells[wire.target]
        if source.row != target.row or source.column >= target.column or not self._are_boxes(wire):
            return False
        between = range(source.column + 1, target.column)
        leads_there = ACROSS in (source.heading, target.heading) or source.heading != target.heading
        return leads_there and not any((column, source.row) in self.taken for column in between)

    def _are_boxes(self, wire: Wire) -> bool:
        return self.is_box(wire.source) and self.is_box(wire.target)

    def _way(self, wire: Wire) -> Way:
        straight = self._straight(wire) if self.is_straight_across(wire) else None
        if straight is not None:
            return straight
        if self.is_direct(wire):
            return Way(None, None, [("h", self.entry_channel(wire.target))])
        if self._is_next(wire):
            return Way(None, None, [("h", self.entry_channel(wire.target))])
        leaves = self._leaving_side(wire)
        enters, from_right = self._entering_side(wire)
        return Way(leaves, enters, self._hops(wire, leaves, enters, from_right), from_right)

    def _straight(self, wire: Wire) -> Way | None:
        """Past nothing: one side port serves both ends. The turn at the bottom of a U is none."""
        source, target = self.cells[wire.source], self.cells[wire.target]
        if ACROSS not in (source.heading, target.heading) and not self._leaves_otherwise(wire):
            return None
        port = self._port(source.row, range(source.column + 1, target.column + 1), (wire.source, wire.value))
        if port is None:
            return None
        self.exits.setdefault((wire.source, wire.value or ""), port)
        return Way(port, port, [])

    def _leaves_otherwise(self, wire: Wire) -> bool:
        """Whether its value goes on in its column too."""
        return any(
            other is not wire and other.source is wire.source and other.value == wire.value and self.is_direct(other)
            for other in self.wires
        )

    def _leaving_side(self, wire: Wire) -> int | None:
        source = self.cells[wire.source]
        if not self.is_box(wire.source) or self.cells[wire.target].column <= source.column:
            return None
        if source.heading != ACROSS and not self._leaves_otherwise(wire):
            return None
        key = (wire.source, wire.value or "")
        if key not in self.exits:
            port = self._port(source.row, range(source.column + 1, source.column + 2), (wire.source, wire.value))
            if port is None:
                return None
            self.exits[key] = port
        return self.exits[key]

    def _entering_side(self, wire: Wire) -> tuple[int | None, bool]:
        source, target = self.cells[wire.source], self.cells[wire.target]
        if not self.is_box(wire.target) or self._is_main(wire):
            return None, False
        from_right = source.column >= target.column
        channel = target.column + from_right
        return self._port(target.row, range(channel, channel + 1), wire), from_right

    def _is_main(self, wire: Wire) -> bool:
        """Whether it is the wire on which the network goes on to an item: from its column, or the last one."""
        if self.cells[wire.target].heading == ACROSS:
            return False
        entering = [other for other in self.wires if other.target is wire.target]
        direct = next((other for other in entering if self.is_direct(other)), None)
        return wire is (direct or max(entering, key=lambda other: other.source.number))

    def _port(self, row: int, channels: Iterable[int], owner: object) -> int | None:
        """A position at the side of a box that is free in these channels beside columns."""
        for port in _SIDES:
            keys = [(row, channel, port) for channel in channels]
            if not any(key in self.sides for key in keys):
                self.sides.update(dict.fromkeys(keys, owner))
                return port
        return None

    def _hops(self, wire: Wire, leaves: int | None, enters: int | None, from_right: bool) -> list[Hop]:
        source, target = self.cells[wire.source], self.cells[wire.target]
        high, low = self.exit_channel(wire.source), self.entry_channel(wire.target)
        first, last = source.column + 1, target.column + from_right
        if leaves is None and enters is None:
            side = target.column if source.column < target.column else target.column + 1
            return [("h", high)] if high == low else [("h", high), ("v", side), ("h", low)]
        if leaves is None:
            return [("h", high), ("v", last)]
        if enters is None:
            return [("v", first), ("h", low)]
        return [("v", first)] if first == last else [("v", first), ("h", high), ("v", last)]


class _Tracks:
    """Gives every value a track in each channel that it runs through; those that meet nowhere share one."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.found: dict[tuple[Hop, str], int] = {}
        extents: dict[Hop, dict[str, list[float]]] = defaultdict(lambda: defaultdict(list))
        for wire in plan.wires:
            for hop, ends in self._extents(wire):
                extents[hop][wire.value or ""] += ends
        for hop, values in extents.items():
            self._fill(hop, {value: (min(ends), max(ends)) for value, ends in values.items()})

    def _extents(self, wire: Wire) -> Iterable[tuple[Hop, tuple[float, float]]]:
        """From where to where a wire runs in each of its channels: columns and rows are odd numbers, channels even ones."""
        way = self.plan.ways[wire]
        source, target = self.plan.cells[wire.source], self.plan.cells[wire.target]
        stops = [2 * hop[1] for hop in way.hops]
        for number, hop in enumerate(way.hops):
            is_row = hop[0] == "h"
            begin = 2 * (source.middle if is_row else source.row) + 1
            end = 2 * (target.middle if is_row else target.row) + 1
            before = stops[number - 1] if number else begin
            after = stops[number + 1] if number + 1 < len(stops) else end
            yield hop, (before, after)

    def _fill(self, hop: Hop, extents: Mapping[str, tuple[float, float]]) -> None:
        tracks: list[list[tuple[float, float]]] = []
        above = self._above(hop)
        for value in _in_order(list(extents), above):
            least = 1 + max(
                (self.found[hop, other] for other in above[value] if (hop, other) in self.found), default=-1
            )
            number = _free(tracks, extents[value], least)
            self.found[hop, value] = number

    def _above(self, hop: Hop) -> dict[str, set[str]]:
        """Which values must turn above which: the line of one comes down where that of another goes on."""
        above: dict[str, set[str]] = defaultdict(set)
        if hop[0] != "h":
            return above
        stubs: dict[float, tuple[set[str], set[str]]] = defaultdict(lambda: (set(), set()))
        for wire in self.plan.wires:
            way, value = self.plan.ways[wire], wire.value or ""
            source, target = self.plan.cells[wire.source], self.plan.cells[wire.target]
            if way.leaves is None and way.hops and way.hops[0] == hop:
                stubs[source.middle][source.heading == UP].add(value)
            if way.enters is None and way.hops and way.hops[-1] == hop:
                stubs[target.middle][target.heading != UP].add(value)
        for upper, lower in stubs.values():
            for value in lower:
                above[value] |= upper - {value}
        return above


def _in_order(values: list[str], above: Mapping[str, set[str]]) -> Iterable[str]:
    """Each after those that are above it, as far as that goes."""
    waiting = list(values)
    while waiting:
        free = (value for value in waiting if not any(other in waiting for other in above[value]))
        value = next(free, waiting[0])
        waiting.remove(value)
        yield value


def _free(tracks: list[list[tuple[float, float]]], extent: tuple[float, float], least: int) -> int:
    while len(tracks) < least:
        tracks.append([])
    for number in range(least, len(tracks)):
        if all(extent[1] < begin or end < extent[0] for begin, end in tracks[number]):
            tracks[number].append(extent)
            return number
    tracks.append([extent])
    return len(tracks) - 1


class Grid:
    """A plan with its measures, from the axis of the first column and the top of the first row."""

    def __init__(self, plan: Plan, slots: Mapping[Item, Slot]) -> None:
        self.plan = plan
        self.slots = slots
        self.columns = max(cell.column + cell.span for cell in plan.cells.values())
        self.rows = 1 + max(cell.row for cell in plan.cells.values())
        self.axes: list[float] = []
        self.heights: list[float] = []
        self.row_tops: list[float] = []
        self.starts: dict[Hop, float] = {}
        self._measure_columns()
        self._measure_rows()

    def is_up(self, item: Item) -> bool:
        return item in self.plan.cells and self.plan.cells[item].heading == UP

    def place(self, places: Places) -> tuple[float, float, float]:
        """Put the items in their cells; gives the reach to the left and right, and the length."""
        for item, cell in self.plan.cells.items():
            slack = self.heights[cell.row] - self.slots[item].length
            places.items[item] = (self._axis(cell), self.row_tops[cell.row] + slack / 2)
        return self.left, self.right, self.length

    def _axis(self, cell: Cell) -> float:
        return (self.axes[cell.column] + self.axes[cell.column + cell.span - 1]) / 2

    def track(self, hop: Hop, value: str) -> float:
        """Where a value runs in a channel."""
        return self.starts[hop] + self.plan.tracks[hop, value] * (TRACK if hop[0] == "h" else LANE)

    @cached_property
    def _counts(self) -> Mapping[Hop, int]:
        counts: dict[Hop, int] = defaultdict(int)
        for (hop, _), number in self.plan.tracks.items():
            counts[hop] = max(counts[hop], number + 1)
        return counts

    def _measure_columns(self) -> None:
        x = self._channel(0, 0.0)
        self.left = x
        for column in range(self.columns):
            slots = self._slots(lambda cell, column=column: cell.column == column and cell.span == 1)  # type: ignore[misc]
            left, right = (max((getattr(slot, side) for slot in slots), default=0.0) for side in ("left", "right"))
            self.axes.append(x + left)
            x = self._channel(column + 1, x + left + right)
        origin = self.axes[0]
        self.axes = [axis - origin for axis in self.axes]
        self.starts = {hop: start - origin for hop, start in self.starts.items()}
        self.left, self.right = origin, x - origin

    def _channel(self, number: int, x: float) -> float:
        """Measure the channel to the left of a column; gives where it ends."""
        plan = self.plan
        enters = [
            way for wire, way in plan.ways.items() if way.enters is not None and self._entered(wire, way) == number
        ]
        rights = [way for way in enters if way.from_right]
        lefts = [way for way in enters if not way.from_right]
        labels = [
            self.slots[item].side_room
            for item, cell in plan.cells.items()
            if self._tells(item) and cell.column + 1 == number
        ]
        ports = any(key[1] == number for key in plan.sides)
        count = self._counts["v", number]
        is_outer = number in (0, self.columns)
        before = max([ARROW if rights else _MARGIN, *labels]) if count or ports or not is_outer else 0.0
        after = (ARROW if lefts else _MARGIN) if count or ports or not is_outer else 0.0
        self.starts["v", number] = x + before
        return x + before + LANE * max(count - 1, 0) + after

    def _entered(self, wire: Wire, way: Way) -> int:
        return self.plan.cells[wire.target].column + way.from_right

    def _tells(self, item: Item) -> bool:
        """Whether the shape of a value is beside a line from the side of an item."""
        ways = [way for wire, way in self.plan.ways.items() if wire.source is item]
        return bool(ways) and self.plan.is_box(item) and any(way.leaves is not None for way in ways)

    def _measure_rows(self) -> None:
        y = self._between(0, 0.0)
        for row in range(self.rows):
            slots = self._slots(lambda cell, row=row: cell.row == row)  # type: ignore[misc]
            self.row_tops.append(y)
            self.heights.append(max((slot.length for slot in slots), default=0.0))
            y = self._between(row + 1, y + self.heights[-1])
        self.length = y

    def _between(self, number: int, y: float) -> float:
        """Measure the channel above a row; gives where it ends."""
        above = [self._room(item, number) for item, cell in self.plan.cells.items() if cell.row == number - 1]
        below = [self._room(item, number) for item, cell in self.plan.cells.items() if cell.row == number]
        least = TRACK if self._counts["h", number] else 0.0
        before, after = max(above, default=least), max(below, default=0.0)
        self.starts["h", number] = y + before
        return y + before + TRACK * max(self._counts["h", number] - 1, 0) + after

    def _room(self, item: Item, channel: int) -> float:
        """What an item needs in a channel beside it: for the shape on what leaves, or the arrow of what enters."""
        slot = self.slots[item]
        wires = [(wire, way) for wire, way in self.plan.ways.items() if item in (wire.source, wire.target)]
        room = 0.0
        if self.plan.exit_channel(item) == channel and any(w.source is item and way.leaves is None for w, way in wires):
            room = max(slot.room, BUS)
        if self.plan.entry_channel(item) == channel and any(
            w.target is item and way.enters is None for w, way in wires
        ):
            room = max(room, slot.arrow)
        return room

    def _slots(self, is_here: Callable[[Cell], bool]) -> list[Slot]:
        return [self.slots[item] for item, cell in self.plan.cells.items() if is_here(cell)]
