"""The network as a whole, or one open block: its children are arranged and placed, and a frame with a title goes around them.

Coordinates are (across, along): across from the axis on which the main line enters, along from the frame's beginning.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from .columns import place_columns
from .ends import Ends, ends_of, way_of_wires
from .flow import Flow, Title
from .grid import Grid, Plan
from .levels import cells_of
from .model import Box, Cluster, Picture
from .routes import INTO, OUT, ROOT, Link, Routes
from .rows import BUS, ENTRY, LANE, Places, Point, Row, Slot
from .series import Item, Wire, Wiring, arrange

__all__ = ["Frame", "arranged", "boxes_of", "items_of", "stands_in_grid"]

_PAD = 10.0
_LANE_MARGIN = 6.0
_LONGER = 1.5  # a frame breaks into columns where a picture would long have


class Frame(Slot):
    """A container and its contents in its own coordinates; the picture as a whole is one without a cluster."""

    __slots__ = ("cluster", "ends", "grid", "items", "places", "slots", "title", "ways", "wires")

    def __init__(
        self, cluster: Cluster | None, children: tuple[Box | Cluster, ...], routes: Routes, flow: Flow
    ) -> None:
        super().__init__(0.0, 0.0, 0.0, 0.0)
        self.cluster = cluster
        self.apart = ENTRY
        links = routes.in_frame.get(cluster.id if cluster else ROOT, {})
        self.items = items_of(links, (child.id for child in children), is_framed=cluster is not None)
        self.wires = {link: Wire(self.items[link[0]], self.items[link[1]], link[2]) for link in links}
        self.title = Title()
        self.places = Places()
        self.grid: Grid | None = None
        wiring = arranged(tuple(self.items.values()), tuple(self.wires.values()))
        boxes = {self.items[child.id] for child in children if isinstance(child, Box)}
        cells = cells_of(wiring, tuple(self.wires.values()), routes.shapes, boxes_of(self.items, children))
        if cells is not None:
            self._arrange(Plan(cells, tuple(self.wires.values()), boxes.__contains__), children, routes, flow)
            return
        self.ways = way_of_wires(wiring, boxes.__contains__)
        self.ends = ends_of(tuple(self.wires.values()), self.ways)
        self.slots = {item: self._end(item) for item in wiring.row.items}  # the ends of what is not framed have no key
        for key in (INTO, OUT):
            self.slots.update({self.items[key]: self._end(self.items[key])} if key in self.items else {})
        for child in children:
            self.slots[self.items[child.id]] = self._slot(child, routes, flow)
        self._place(wiring, flow)

    def _arrange(self, plan: Plan, children: tuple[Box | Cluster, ...], routes: Routes, flow: Flow) -> None:
        """Place the items in a grid."""
        self.ends, self.ways = {}, {}
        self.slots = {item: self._bundle(item) for item in self.items.values()}
        for child in children:
            item = self.items[child.id]
            entering = sum(wire.target is item for wire in plan.wires)
            slot = (
                flow.slot(child, entering + 2) if isinstance(child, Box) else Frame(child, child.children, routes, flow)
            )
            self.slots[item] = slot
        if self.cluster is not None:
            self.title = flow.title(self.cluster, max(slot.left for slot in self.slots.values()) + _PAD)
            self.slots[self.items[INTO]].room = 0.0 if flow.is_across_page else self.title.height
        self.grid = Grid(plan, self.slots)
        self.left, self.right, self.length = self.grid.place(self.places)
        if self.cluster is not None:
            self._add_frame(flow)

    def _bundle(self, item: Item) -> Slot:
        """Where values enter or leave the frame side by side."""
        values = {wire.value for wire in self.wires.values() if item in (wire.source, wire.target)}
        half = max(len(values) - 1, 0) / 2 * ENTRY
        slot = Slot(half, half, 0.0, 0.0)
        slot.apart = ENTRY
        return slot

    def _end(self, item: Item) -> Slot:
        """The beginning or the end of the frame, where values go through it side by side."""
        ends = self.ends.get(item, Ends())
        half = (max(len(ends.values), len(ends.tops), 1) - 1) / 2 * ENTRY
        slot = Slot(half, half, 0.0, 0.0)
        slot.apart = ENTRY
        ends.widen(slot)
        return slot

    def _slot(self, child: Box | Cluster, routes: Routes, flow: Flow) -> Slot:
        ends = self.ends.get(self.items[child.id], Ends())
        if isinstance(child, Box):
            slot = flow.slot(child, len(ends.tops))
            ends.widen(slot)
            return slot
        frame = Frame(child, child.children, routes, flow)
        ends.widen(frame)
        shift = abs(frame.places.items[frame.items[OUT]][0]) if OUT in frame.items else 0.0
        frame.reach += shift
        frame.room = BUS if frame.depart or shift else 0.0
        return frame

    def _place(self, wiring: Wiring, flow: Flow) -> None:
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
        first.room += BUS if first.depart else 0.0

    def _add_frame(self, flow: Flow) -> None:
        self.left += _PAD
        self.right += _PAD
        if OUT not in self.items:
            self.length += _PAD
        if flow.is_across_page:
            self.left += self.title.height
            self.length = max(self.length, self.title.width)
            return
        self.left = max(self.left, self.title.width + self.slots[self.items[INTO]].left)

    def _place_beside(self, wires: Iterable[Wire]) -> None:
        """The wires beside a row, each in the nearest lane that is free as far as it runs."""
        lanes: list[list[Point]] = []
        edge = self.right
        for wire in sorted(wires, key=lambda wire: wire.target.number - wire.source.number):
            source, target = self.slots[wire.source], self.slots[wire.target]
            begin = self.places.items[wire.source][1] + source.length + source.room
            stop = self.places.items[wire.target][1] + (target.length if target.is_box else 0.0)
            across = edge + LANE * (_free_lane(lanes, (begin, stop)) + 1)
            self.right = max(self.right, across + _LANE_MARGIN)
            self.places.lanes[wire] = across


def _free_lane(lanes: list[list[Point]], extent: Point) -> int:
    begin, stop = extent
    for number, taken in enumerate(lanes):
        if all(stop < other_begin or other_stop < begin for other_begin, other_stop in taken):
            taken.append(extent)
            return number
    lanes.append([extent])
    return len(lanes) - 1


def stands_in_grid(picture: Picture) -> bool:
    """Whether the outermost parts of a picture are in a grid, not in rows."""
    routes = Routes(picture)
    links = routes.in_frame.get(ROOT, {})
    items = items_of(links, (child.id for child in picture.children), is_framed=False)
    wires = tuple(Wire(items[link[0]], items[link[1]], link[2]) for link in links)
    wiring = arranged(tuple(items.values()), wires)
    return cells_of(wiring, wires, routes.shapes, boxes_of(items, picture.children)) is not None


def boxes_of(items: Mapping[str, Item], children: Iterable[Box | Cluster]) -> dict[Item, Box | None]:
    """The items of a frame in their order, with the boxes that some are."""
    boxes = {child.id: child for child in children if isinstance(child, Box)}
    return {item: boxes.get(key) for key, item in items.items()}


def items_of(links: Iterable[Link], children: Iterable[str], is_framed: bool) -> dict[str, Item]:
    """The items of a frame in their order: where it begins, its children, and where it ends if something leaves it."""
    leaves = any(link[1] == OUT for link in links)
    keys = (*([INTO] if is_framed else []), *children, *([OUT] if leaves else []))
    return {key: Item(key, number) for number, key in enumerate(keys, 1)}


def arranged(items: tuple[Item, ...], wires: tuple[Wire, ...]) -> Wiring:
    """The items between one beginning and one end; undrawn wires join what nothing else joins to these."""
    listed = list(items)
    entered, left = {wire.target for wire in wires}, {wire.source for wire in wires}
    sources = [item for item in listed if item not in entered]
    drawn = [*wires]
    lost = [item for item in listed[1:-1] if item not in left]
    drawn += [Wire(item, _rejoined(item, wires) or listed[-1], None) for item in lost]
    if listed[0].key == INTO:
        drawn += [Wire(listed[0], item, None) for item in sources if item is not listed[0]]
    elif len(sources) > 1:
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
