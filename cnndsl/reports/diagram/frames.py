"""The network as a whole, or one open block: its children are arranged and placed, and a frame with a title goes around them.

Coordinates are (across, along): across from the axis on which the main line enters, along from the frame's beginning.
"""

from __future__ import annotations

from collections.abc import Iterable

from .columns import place_columns
from .flow import Flow, Title
from .model import Box, Cluster
from .routes import INTO, OUT, ROOT, Link, Routes
from .rows import LANE, Places, Point, Row, Slot
from .series import Item, Wire, Wiring, arrange

__all__ = ["Frame", "arranged"]

_PAD = 10.0
_LANE_MARGIN = 6.0
_LONGER = 1.5  # a frame breaks into columns where a picture would long have


class Frame(Slot):
    """A container and its contents in its own coordinates; the picture as a whole is one without a cluster."""

    __slots__ = ("cluster", "items", "places", "slots", "title", "wires")

    def __init__(
        self, cluster: Cluster | None, children: tuple[Box | Cluster, ...], routes: Routes, flow: Flow
    ) -> None:
        super().__init__(0.0, 0.0, 0.0, 0.0)
        self.cluster = cluster
        links = routes.in_frame.get(cluster.id if cluster else ROOT, {})
        keys = (*_ports(links, INTO), *(child.id for child in children), *_ports(links, OUT))
        self.items = {key: Item(key, number) for number, key in enumerate(keys, 1)}
        self.slots: dict[Item, Slot] = {item: _port() for item in self.items.values()}
        for child in children:
            slot = flow.slot(child) if isinstance(child, Box) else Frame(child, child.children, routes, flow)
            self.slots[self.items[child.id]] = slot
        self.wires = {link: Wire(self.items[link[0]], self.items[link[1]], link[2]) for link in links}
        self.title = Title()
        self.places = Places()
        self._place(flow)

    def port(self, key: str) -> float:
        """Where a value goes through the frame, from its axis."""
        return self.places.items[self.items[key]][0]

    def _place(self, flow: Flow) -> None:
        wiring = arranged(self.items, tuple(self.wires.values()))
        for item in (wiring.row.items[0], wiring.row.items[-1]):
            self.slots.setdefault(item, _port())
        if self.cluster is not None:
            self._add_title(self.cluster, wiring, flow)
        row = Row(wiring.row, self.slots)
        breaks = 0.0 if wiring.beside else flow.page * (1.0 if self.cluster is None else _LONGER)
        self.left = row.left
        top = self.title.height if self.cluster is not None and not flow.is_across_page else 0.0
        self.right, self.length = place_columns(row, breaks, self.places, top)
        self._place_beside(wiring.beside)
        if self.cluster is not None:
            self._add_frame(flow)

    def _add_title(self, cluster: Cluster, wiring: Wiring, flow: Flow) -> None:
        """Room for the title between the frame and the first item."""
        self.title = flow.title(cluster, Row(wiring.row, self.slots).left + _PAD)
        first = self.slots[wiring.row.items[0]]
        first.room = 0.0 if flow.is_across_page else max(self.title.height - _LANE_MARGIN, 0.0)

    def _add_frame(self, flow: Flow) -> None:
        self.left += _PAD
        self.right += _PAD
        leaving = [self.port(key) for key in self.items if key.startswith(OUT)]
        if any(leaving):  # lines turn at the end of the frame and behind it
            self.room = _PAD
        if any(leaving) or not leaving:
            self.length += _PAD
        if flow.is_across_page:
            self.left += self.title.height
            self.length = max(self.length, self.title.width)
            return
        first = min((self.port(key) for key in self.items if key.startswith(INTO)), default=0.0)
        self.left = max(self.left, self.title.width - first)

    def _place_beside(self, wires: Iterable[Wire]) -> None:
        """The wires beside a row, each in the nearest lane that is free as far as it runs."""
        lanes: list[list[Point]] = []
        entered: dict[Item, int] = {}
        edge = self.right
        for wire in sorted(wires, key=lambda wire: wire.target.number - wire.source.number):
            source, target = self.slots[wire.source], self.slots[wire.target]
            (x, y), (into, top) = self.places.items[wire.source], self.places.items[wire.target]
            begin = y + source.length + source.room
            number = entered[wire.target] = entered.get(wire.target, -1) + 1
            margin = _LANE_MARGIN if target.length else 1.0
            stop = top + target.length / 2 + _staggered(number) if target.is_box else top - margin
            lane = _free_lane(lanes, (begin, stop))
            across = edge + LANE * (lane + 1)
            self.right = max(self.right, across + _LANE_MARGIN)
            turns = ((x, begin), (across, begin), (across, stop))
            self.places.corners[wire] = turns if target.is_box else (*turns, (into, stop))
            if target.is_box:
                self.places.sides[wire] = (into + target.right, stop)


def _port() -> Slot:
    return Slot(0.0, 0.0, 0.0, 0.0)


def _ports(links: Iterable[Link], prefix: str) -> dict[str, None]:
    return dict.fromkeys(key for link in links for key in link[:2] if key.startswith(prefix))


def _staggered(number: int) -> float:
    """0, then a little below, a little above, and so on."""
    return (number + 1) // 2 * (5.0 if number % 2 else -5.0)


def _free_lane(lanes: list[list[Point]], extent: Point) -> int:
    begin, stop = extent
    for number, taken in enumerate(lanes):
        if all(stop < other_begin or other_stop < begin for other_begin, other_stop in taken):
            taken.append(extent)
            return number
    lanes.append([extent])
    return len(lanes) - 1


def arranged(items: dict[str, Item], wires: tuple[Wire, ...]) -> Wiring:
    """The items between one beginning and one end; where there are several, undrawn wires join them."""
    listed = list(items.values())
    entered, left = {wire.target for wire in wires}, {wire.source for wire in wires}
    sources = [item for item in listed if item not in entered]
    goals = [item for key, item in items.items() if key.startswith(OUT)] or listed[-1:]
    drawn = [*wires]
    if len(goals) > 1:
        goal = Item("end", len(listed) + 1)
        drawn += [Wire(item, goal, None) for item in goals]
        listed.append(goal)
    for item in listed[:-1]:
        if item not in left and item not in goals:
            drawn.append(Wire(item, _rejoined(item, wires) or listed[-1], None))
    if len(sources) > 1:
        start = Item("begin", 0)
        drawn = [*(Wire(start, item, None) for item in sources), *drawn]
        listed.insert(0, start)
    return arrange(listed, drawn)


def _rejoined(item: Item, wires: tuple[Wire, ...]) -> Item | None:
    """Where the main line goes on beside a branch that ends at an item."""
    while True:
        before = [wire.source for wire in wires if wire.target is item]
        if len(before) != 1:
            return None
        others = [wire.target for wire in wires if wire.source is before[0] and wire.target is not item]
        if others:
            nearest = min(others, key=lambda other: other.number)
            return nearest if nearest.number > item.number else None
        item = before[0]
