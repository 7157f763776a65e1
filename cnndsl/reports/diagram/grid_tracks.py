"""The corners of the wires in a grid: where each leaves its item, where it turns, and where it enters."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from typing import Protocol

from .frames import Frame
from .grid import SIDE_APART, Grid, Hop, Way
from .routes import INTO, OUT
from .rows import ENTRY, Point, beside
from .series import Item, Wire

__all__ = ["GridTracks", "Wired"]

_NEAR = 3.0  # lines that are nearer to each other look like one
_SHIFTS = (0.0, 4.0, -4.0, 8.0, -8.0, 12.0, -12.0)


class Wired(Protocol):
    """The wires of a frame, and those of the frames in it."""

    inside: dict[Item, Wired]

    def corners(self, wire: Wire) -> list[Point]:
        """From where a wire leaves its source to where it enters its target."""

    def leaving(self) -> dict[str, float]:
        """Where each value leaves the frame, across from its axis."""


class GridTracks:
    """The wires of a frame whose items are in a grid; ``entering`` are the values that enter it, from left to right."""

    def __init__(
        self, frame: Frame, grid: Grid, entering: Iterable[str], tracks_of: Callable[[Frame, Iterable[str]], Wired]
    ) -> None:
        self.frame = frame
        self.grid = grid
        self.plan = grid.plan
        self.inside: dict[Item, Wired] = {}
        self.leaves: dict[tuple[Item, str], float] = {}
        self.enters: dict[Wire, float] = {}
        self.stubs: dict[Point, list[tuple[float, str]]] = defaultdict(list)
        for item in frame.items.values():
            self._leave(item, tuple(entering), tracks_of)
        for item in frame.items.values():
            self._enter(item)

    def leaving(self) -> dict[str, float]:
        """Where each value leaves the frame, across from its axis."""
        end = self.frame.items.get(OUT)
        return {wire.value or "": self.enters[wire] for wire in self.frame.wires.values() if wire.target is end}

    def corners(self, wire: Wire) -> list[Point]:
        """From where a wire leaves its source to where it enters its target."""
        way, value = self.plan.ways[wire], wire.value or ""
        x, y = self._begin(wire, way)
        corners = [(x, y)]
        end_x, end_y = self._end(wire, way)
        for place, hop in enumerate(way.hops):
            at = self.grid.track(hop, value)
            x, y = (x, at) if hop[0] == "h" else (at, y)
            corners.append((x, y))
            if hop[0] == "h" and not self._turns_up(way.hops, place):
                x = end_x
                corners.append((x, y))
        if way.hops and way.hops[-1][0] == "v":
            corners.append((x, end_y))
        return [*corners, (end_x, end_y)]

    def _turns_up(self, hops: Iterable[Hop], place: int) -> bool:
        """Whether a channel beside columns follows."""
        return len([*hops]) > place + 1

    def _begin(self, wire: Wire, way: Way) -> Point:
        x, y = self.frame.places.items[wire.source]
        slot = self.frame.slots[wire.source]
        if way.leaves is not None:
            return x + slot.right, y + slot.length / 2 + SIDE_APART * way.leaves
        is_up = self.grid.is_up(wire.source)
        return self.leaves[wire.source, wire.value or ""], y if is_up else y + slot.length

    def _end(self, wire: Wire, way: Way) -> Point:
        x, y = self.frame.places.items[wire.target]
        slot = self.frame.slots[wire.target]
        if way.enters is not None:
            return x + (slot.right if way.from_right else -slot.left), y + slot.length / 2 + SIDE_APART * way.enters
        if wire.target.key == OUT:
            return self.enters[wire], self.frame.length
        return self.enters[wire], y + slot.length if self.grid.is_up(wire.target) else y

    def _leave(self, item: Item, entering: tuple[str, ...], tracks_of: Callable[[Frame, Iterable[str]], Wired]) -> None:
        """Find where the values leave an item at its end."""
        x, _ = self.frame.places.items[item]
        slot = self.frame.slots[item]
        wires = [wire for wire in self.plan.wires if wire.source is item]
        if isinstance(slot, Frame):
            tops = dict.fromkeys(wire.value or "" for wire in self._tops(item))
            tracks = self.inside[item] = tracks_of(slot, tops)
            found = {value: x + across for value, across in tracks.leaving().items()}
        else:
            values = entering if item.key == INTO else tuple(dict.fromkeys(wire.value or "" for wire in wires))
            found = dict(zip(values, beside(x, len(values), slot.apart), strict=True))
        self.leaves.update({(item, value): across for value, across in found.items()})
        for wire in wires:
            way = self.plan.ways[wire]
            if way.leaves is None and way.hops:
                channel = way.hops[0][1]
                self._note(channel, item, self.leaves[item, wire.value or ""], wire)

    def _tops(self, item: Item) -> list[Wire]:
        """The wires that enter an item at its beginning, from left to right."""
        wires = [wire for wire in self.plan.wires if wire.target is item and self.plan.ways[wire].enters is None]
        return sorted(wires, key=self._from)

    def _from(self, wire: Wire) -> Point:
        """From where, across, a wire comes."""
        return self.plan.cells[wire.source].middle, self.leaves[wire.source, wire.value or ""]

    def _enter(self, item: Item) -> None:
        """Find where wires enter an item at its beginning: apart from what else is in the channel there."""
        tops = self._tops(item)
        if not tops:
            return
        x, _ = self.frame.places.items[item]
        slot = self.frame.slots[item]
        places = beside(x, len(tops), ENTRY)
        if slot.is_box and len(tops) == 1 and self.plan.is_direct(tops[0]):
            there = self.leaves[tops[0].source, tops[0].value or ""]
            places = [there if -slot.left + _NEAR < there - x < slot.right - _NEAR else x]
        channel = self.plan.entry_channel(item)
        for shift in _SHIFTS if slot.is_box else (0.0,):
            if not any(
                self._meets(channel, item, place + shift, wire) for place, wire in zip(places, tops, strict=True)
            ):
                places = [place + shift for place in places]
                break
        for place, wire in zip(places, tops, strict=True):
            self.enters[wire] = place
            self._note(channel, item, place, wire)

    def _note(self, channel: int, item: Item, place: float, wire: Wire) -> None:
        self.stubs[channel, self.plan.cells[item].middle].append((place, wire.value or ""))

    def _meets(self, channel: int, item: Item, place: float, wire: Wire) -> bool:
        """Whether the line of another value is there."""
        there = self.stubs[channel, self.plan.cells[item].middle]
        return any(abs(place - other) < _NEAR and value != wire.value for other, value in there)
