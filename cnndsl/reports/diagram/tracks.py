"""The corners of every wire: where it leaves its item, in which track it turns, and where it enters.

No two values share a line. What leaves an item and what enters it are side by side in the order in which the wires go on
or come; so lines cross at most. After an item each value turns in a track of its own, before one each wire.
"""

from __future__ import annotations

from collections.abc import Iterable

from .ends import EARLY, LATE, SIDE, Ends
from .frames import Frame
from .grid_tracks import GridTracks, Wired
from .routes import INTO, OUT
from .rows import ENTRY, TRACK, Point, Slot, beside
from .series import Item, Wire

__all__ = ["tracks_of"]

_NEAR = 3.0  # lines that are nearer to each other look like one
_SIDE_APART = 7.0


def tracks_of(frame: Frame, entering: Iterable[str]) -> Wired:
    """The wires of a frame, in a grid or not; ``entering`` are the values that enter it, from left to right."""
    return GridTracks(frame, frame.grid, entering, tracks_of) if frame.grid is not None else Tracks(frame, entering)


class Tracks:
    """The wires of a frame; ``entering`` are the values that enter it, from left to right.

    ``leaving`` tells where each value leaves the frame, across from its axis, and ``corners`` those of every wire.
    """

    def __init__(self, frame: Frame, entering: Iterable[str]) -> None:
        self.frame = frame
        self.inside: dict[Item, Wired] = {}
        self.leaves: dict[tuple[Item, str], float] = {}
        self.enters: dict[Wire, Point] = {}
        self.turns_in: dict[Wire, float] = {}
        self.turns_out: dict[tuple[Item, str], float] = {}
        for item in frame.items.values():
            self._add(item, frame.ends.get(item, Ends()), tuple(entering))
        for item in frame.items.values():
            self._turn(item, frame.ends.get(item, Ends()))

    def corners(self, wire: Wire) -> list[Point]:
        """From where a wire leaves its source to where it enters its target."""
        value, way = wire.value or "", self.frame.ways[wire]
        begin, end = (self.leaves[wire.source, value], self._bottom(wire.source)), self.enters[wire]
        if wire in self.frame.places.turns:
            (gutter, turn), high = self.frame.places.turns[wire]
            return [begin, (begin[0], turn), (gutter, turn), (gutter, high), (end[0], high), end]
        out, into = self.turns_out.get((wire.source, value), 0.0), self.turns_in.get(wire, 0.0)
        if way == EARLY:
            return [begin, (begin[0], out), (end[0], out), end]
        if way == LATE:
            return [begin, (begin[0], into), (end[0], into), end]
        lane = self.frame.places.lanes[wire]
        there = [begin, (begin[0], out), (lane, out)]
        return [*there, (lane, end[1]), end] if way == SIDE else [*there, (lane, into), (end[0], into), end]

    def _add(self, item: Item, ends: Ends, entering: tuple[str, ...]) -> None:
        """Find where wires enter an item and where values leave it; all items before it are known."""
        x, y = self.frame.places.items[item]
        slot = self.frame.slots[item]
        tops = sorted(ends.tops, key=self._from)
        top = self.frame.length if item.key == OUT else y
        for wire, across in zip(tops, beside(x, len(tops), ENTRY), strict=True):
            self.enters[wire] = (across, top)
        self._enter_sides(sorted(ends.sides, key=self._from), slot, (x, y))
        if isinstance(slot, Frame):
            tracks = self.inside[item] = tracks_of(slot, dict.fromkeys(wire.value or "" for wire in tops))
            self.leaves.update({(item, value): x + across for value, across in tracks.leaving().items()})
            return
        values = entering if item.key == INTO else sorted(ends.values, key=lambda value: self._goal(item, value))
        for value, across in zip(values, beside(x, len(values), slot.apart), strict=True):
            self.leaves[item, value] = across

    def leaving(self) -> dict[str, float]:
        """Where each value leaves the frame, across from its axis."""
        end = self.frame.items.get(OUT)
        return {wire.value or "": self.enters[wire][0] for wire in self.frame.wires.values() if wire.target is end}

    def _enter_sides(self, wires: list[Wire], slot: Slot, place: Point) -> None:
        """The nearest lane enters highest, so that none crosses another."""
        apart = min(_SIDE_APART, slot.length / (len(wires) + 1))
        for wire, along in zip(wires, beside(place[1] + slot.length / 2, len(wires), apart), strict=True):
            self.enters[wire] = (place[0] + slot.right, along)

    def _from(self, wire: Wire) -> float:
        """From where, across, a wire comes to an item."""
        return self.frame.places.lanes.get(wire, self.leaves[wire.source, wire.value or ""])

    def _goal(self, item: Item, value: str) -> float:
        """Where, across, a value goes from an item, on the average."""
        places = self.frame.places
        goals = [
            places.lanes.get(wire, places.items[wire.target][0])
            for wire in self.frame.wires.values()
            if wire.source is item and wire.value == value
        ]
        return sum(goals) / len(goals)

    def _turn(self, item: Item, ends: Ends) -> None:
        """Give the values after an item and the wires before it their tracks."""
        slot = self.frame.slots[item]
        level = self._bottom(item) + slot.room
        for track, value in enumerate(self._in_order(item, ends)):
            self.turns_out[item, value] = level + TRACK * track
        tops = sorted(ends.tops, key=lambda wire: self.enters[wire][0])
        from_left = [wire for wire in tops if self._down(wire) < self.enters[wire][0]]
        from_right = [wire for wire in tops if self._down(wire) >= self.enters[wire][0]]
        for wires in (from_left, from_right[::-1]):
            for track, wire in enumerate(wires):
                self.turns_in[wire] = self.enters[wire][1] - slot.arrow - TRACK * track

    def _bottom(self, item: Item) -> float:
        return 0.0 if item.key == INTO else self.frame.places.items[item][1] + self.frame.slots[item].length

    def _down(self, wire: Wire) -> float:
        """On which axis a wire comes down before it turns for the last time."""
        return self.enters[wire][0] if self.frame.ways[wire] == EARLY else self._from(wire)

    def _in_order(self, item: Item, ends: Ends) -> list[str]:
        """The values after an item, the nearest track first: the outer ones, but none below a line that comes down on it."""
        middle = self.frame.places.items[item][0]
        waiting = sorted(ends.values, key=lambda value: -abs(self.leaves[item, value] - middle))
        downs = {
            value: [self._turned(wire) for wire in self.frame.wires.values() if self._is_of(wire, item, value)]
            for value in waiting
        }
        ordered = []
        while waiting:
            free = [value for value in waiting if not self._is_above(item, value, waiting, downs[value])]
            ordered.append((free or waiting)[0])
            waiting.remove(ordered[-1])
        return ordered

    def _is_of(self, wire: Wire, item: Item, value: str) -> bool:
        return wire.source is item and wire.value == value and self.frame.ways[wire] != LATE

    def _turned(self, wire: Wire) -> float:
        """On which axis a wire goes on from its first turn."""
        return self.frame.places.lanes.get(wire, self.enters[wire][0])

    def _is_above(self, item: Item, value: str, others: list[str], downs: list[float]) -> bool:
        """Whether the line of a value would come down where another still leaves the item."""
        stubs = [self.leaves[item, other] for other in others if other != value]
        return any(abs(down - stub) < _NEAR for down in downs for stub in stubs)
