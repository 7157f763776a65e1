"""Volumes in lanes: a U as its paper draws it, every size in a lane of its own; sizes side by side; layers in
columns; branches.

The network runs to the right. A volume that is made of one in the next lane is below or above that, or a step further.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from itertools import accumulate

from ...diagnostics.text import sanitize
from ...record import Record
from .levels import lanes_by_size
from .model import Box, Cluster, Edge, Picture
from .palette import Theme
from .series import Item, Wire
from .solids import (
    LEADING,
    MARGIN,
    TEXT_GAP,
    Drawing,
    Group,
    Point,
    Polyline,
    Shape,
    Solid,
    Text,
    heading,
    largest_side,
    shown,
)

__all__ = ["lanes_of", "side_by_side"]

_APART = 7.0
_NEAR = 5.0
_FEW = 2


class _Place(Record):
    """The lane of a volume, counted from the top, and its step, from the left."""

    lane: float
    step: int


def lanes_of(picture: Picture) -> dict[str, float] | None:
    """The lane of each box by its id; None if the picture has no lanes. A layer beside several is halfway between."""
    boxes = [*picture.boxes]
    count = max(box.column[1] for box in boxes)
    if count > 1:
        return {box.id: box.column[0] if box.column[1] == count else (count - 1) / 2 for box in boxes}
    items = {box.id: Item(box.id, number) for number, box in enumerate(boxes)}
    wires = [Wire(items[edge.source], items[edge.target], edge.value) for edge in picture.edges]
    lanes = lanes_by_size([*items.values()], wires, {edge.value: edge.shape for edge in picture.edges})
    return None if lanes is None else {item.key: lane for item, lane in lanes.items()}


def side_by_side(picture: Picture, lanes: Mapping[str, float], theme: Theme) -> Drawing:
    """Draw a picture whose boxes are in these lanes."""
    sheet = _Sheet(picture, lanes, theme)
    width = max(sheet.width, 260.0)
    y, texts = heading(picture, width, theme)
    groups = [Group("title", "title", texts), *sheet.groups(MARGIN + (width - sheet.width) / 2, y)]
    return Drawing(width + 2 * MARGIN, y + sheet.height, theme.paper, tuple(groups))


class _Sheet:
    """Everything but the heading."""

    def __init__(self, picture: Picture, lanes: Mapping[str, float], theme: Theme) -> None:
        self.picture = picture
        self.theme = theme
        self.repeats = dict(_repeats(picture.children, ""))
        boxes = [*picture.boxes]
        largest = largest_side(boxes)
        self.solids = {box.id: Solid(box, largest) for box in boxes}
        self.places = _places(boxes, picture.edges, lanes)
        self.bends = {id(edge): self._bends(edge) for edge in picture.edges}
        self.gaps = _numbered((bend[0], edge.value) for edge in picture.edges for bend in self.bends[id(edge)][:2])
        self.over = _numbered((bend[1], edge.value) for edge in picture.edges for bend in self.bends[id(edge)][2:])
        self._measure()

    def _measure(self) -> None:
        steps = 1 + max(place.step for place in self.places.values())
        rooms = [0.0] * steps
        for id_, place in self.places.items():
            rooms[place.step] = max(rooms[place.step], self.solids[id_].room)
        gaps = [_APART * sum(where == step for where, _ in self.gaps) for step in range(steps + 1)]
        ends = [*accumulate(gap + room for gap, room in zip(gaps, rooms, strict=False))]
        self.gap_ends = [0.0 if not step else ends[step - 1] for step in range(steps)]
        self.centers = [end - room / 2 for end, room in zip(ends, rooms, strict=True)]
        self.width = ends[-1] + gaps[-1]
        self._measure_lanes()

    def _measure_lanes(self) -> None:
        self.tops: dict[float, float] = {}
        y = 0.0
        whole = sorted({place.lane for place in self.places.values() if place.lane == int(place.lane)})
        self.tall = {lane: max(self._tall(id_) for id_ in self._in(lane)) for lane in whole}
        for lane in whole:
            y += _APART * sum(where == lane for where, _ in self.over)
            self.tops[lane] = y
            words = max(len(self._words(id_)) for id_ in self._in(lane))
            y += self.tall[lane] + TEXT_GAP + LEADING * words + 2 * MARGIN
        self.height = y

    def _in(self, lane: float) -> list[str]:
        return [id_ for id_, place in self.places.items() if place.lane == lane]

    def _tall(self, id_: str) -> float:
        return self.solids[id_].height + self.solids[id_].rise

    def _words(self, id_: str) -> tuple[tuple[str, bool], ...]:
        repeat = self.repeats.get(id_, "")
        return (*self.solids[id_].words, *(((shown(repeat), False),) if repeat else ()))

    def _middle(self, id_: str) -> float:
        """How far down the middle of a volume is; one that is beside several is between them."""
        lane = self.places[id_].lane
        if lane in self.tops:
            return self.tops[lane] + self.tall[lane] / 2
        lanes = sorted(self.tops)
        return sum(self.tops[each] + self.tall[each] / 2 for each in lanes) / len(lanes)

    def groups(self, x: float, y: float) -> Iterable[Group]:
        """The lines first, so that no line lies over a volume."""
        arriving: dict[str, list[Edge]] = defaultdict(list)
        for edge in self.picture.edges:
            arriving[edge.target].append(edge)
        shapes: dict[str, list[Shape]] = defaultdict(list)
        for edge in self.picture.edges:
            entering = arriving[edge.target]
            offset = _APART * (_place_of(edge, entering) - (len(entering) - 1) / 2)
            points = tuple((x + px, y + py) for px, py in self._line(edge, offset))
            shapes[edge.target].append(Polyline(points, self.theme.ink, True, edge.is_skip))
        for id_, solid in self.solids.items():
            middle = y + self._middle(id_)
            left = x + self.centers[self.places[id_].step] - solid.room / 2
            shapes[id_] += solid.shapes(left, middle, middle + self._tall(id_) / 2, self.theme)
            repeat = self.repeats.get(id_, "")
            if repeat:
                foot = middle + self._tall(id_) / 2 + TEXT_GAP + LEADING * (len(solid.words) + 1)
                shapes[id_].append(Text((left + solid.room / 2, foot), shown(repeat), 10, self.theme.pale_ink))
            yield Group(id_, solid.box.kind, tuple(shapes[id_]))

    def _bends(self, edge: Edge) -> list[tuple[float, float]]:
        """Where a line turns: in the gaps before which steps, and above which lane. Nothing if it runs straight."""
        source, target = self.places[edge.source], self.places[edge.target]
        if self._is_upright(edge):
            return []
        if not self._is_free(source.lane, source.step, target.step):
            return [(source.step + 1, source.lane), (target.step, source.lane), (source.step, source.lane)]
        return [] if source.lane == target.lane else [(target.step, source.lane)]

    def _is_upright(self, edge: Edge) -> bool:
        return self.places[edge.source].step == self.places[edge.target].step

    def _is_free(self, lane: float, begin: int, end: int) -> bool:
        return not any(place.lane == lane and begin < place.step < end for place in self.places.values())

    def _line(self, edge: Edge, offset: float) -> list[Point]:
        source, target = self.places[edge.source], self.places[edge.target]
        if self._is_upright(edge):
            return self._upright(edge)
        begin = (self._right(edge.source), self._middle(edge.source))
        end = (self._left(edge.target), self._middle(edge.target) + offset)
        bends = self.bends[id(edge)]
        if not bends:
            return [(begin[0], end[1]), end]
        gap = self._gap(target.step, edge.value)
        if len(bends) == 1:
            return [begin, (gap, begin[1]), (gap, end[1]), end]
        first = self._gap(source.step + 1, edge.value)
        high = self.tops.get(source.lane, 0.0) - _APART * (1 + self.over[source.lane, edge.value])
        return [begin, (first, begin[1]), (first, high), (gap, high), (gap, end[1]), end]

    def _upright(self, edge: Edge) -> list[Point]:
        """From the words under a volume to the top of the one below, or back."""
        x = self.centers[self.places[edge.source].step]
        falls = self.places[edge.target].lane > self.places[edge.source].lane
        high, low = (edge.source, edge.target) if falls else (edge.target, edge.source)
        foot = self._middle(high) + self._tall(high) / 2 + TEXT_GAP + LEADING * len(self._words(high)) + _NEAR
        top = self._middle(low) - self._tall(low) / 2 - _NEAR
        return [(x, foot), (x, top)] if falls else [(x, top), (x, foot)]

    def _gap(self, step: int, value: str) -> float:
        return self.gap_ends[step] + _APART * (0.5 + self.gaps[step, value])

    def _right(self, id_: str) -> float:
        solid = self.solids[id_]
        return self.centers[self.places[id_].step] + solid.room / 2 - solid.indent + _NEAR

    def _left(self, id_: str) -> float:
        solid = self.solids[id_]
        return self.centers[self.places[id_].step] - solid.room / 2 + solid.indent - _NEAR


def _place_of(edge: Edge, entering: list[Edge]) -> int:
    return next(number for number, each in enumerate(entering) if each is edge)


def _numbered(keys: Iterable[tuple[float, str]]) -> dict[tuple[float, str], int]:
    """A track for each value in each gap."""
    found: dict[tuple[float, str], int] = {}
    counts: dict[float, int] = defaultdict(int)
    for where, value in keys:
        if (where, value) not in found:
            found[where, value] = counts[where]
            counts[where] += 1
    return found


def _places(boxes: Iterable[Box], edges: Iterable[Edge], lanes: Mapping[str, float]) -> dict[str, _Place]:
    """Each volume a step after what it reads; straight below or above that if it is in the next lane and nothing is there.

    Of three and more that read the same, all are a step after it.
    """
    entering: dict[str, list[str]] = defaultdict(list)
    readers: Counter[str] = Counter()
    for edge in edges:
        entering[edge.target].append(edge.source)
        readers[edge.source] += 1
    places: dict[str, _Place] = {}
    taken: dict[float, int] = defaultdict(lambda: -1)
    for box in boxes:
        lane = lanes[box.id]
        sources = [places[source] for source in entering[box.id]]
        step = max((place.step + 1 for place in sources), default=0)
        is_branch = len(sources) == 1 and readers[entering[box.id][0]] <= _FEW and box.column[1] == 1
        if is_branch and abs(sources[0].lane - lane) == 1:
            step -= 1
        step = max(step, taken[lane] + 1)
        taken[lane] = step
        places[box.id] = _Place(lane, step)
    return places


def _repeats(children: Iterable[Box | Cluster], around: str) -> Iterable[tuple[str, str]]:
    """What is said under a box of the repeated blocks around it."""
    for child in children:
        if isinstance(child, Box):
            yield child.id, around
            continue
        own = f"{sanitize(child.name or child.title)} x{child.count}" if child.count > 1 else ""
        yield from _repeats(child.children, ", ".join(filter(None, (around, own))))
