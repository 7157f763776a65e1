"""Networks whose values change resolution and come back: on which level each item is, and where that puts it.

A U goes down to smaller images and up again, and values of the way down are read on the way up: U-Net, feature pyramids,
hourglasses. Each way is a column, and images of one size are at one height. Where several resolutions run side by side and
feed each other, as in HRNet, each has a column. All this is told from the shapes, never from names.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from math import log2, prod

from ...record import Record
from .model import Box
from .routes import INTO, OUT
from .series import Item, Wire, Wiring

__all__ = ["ACROSS", "DOWN", "UP", "Cell", "cells_of", "lanes_by_size", "stream_cells", "u_cells"]

DOWN, UP, ACROSS = "down", "up", "across"

_STEP = 1.6
"""An image that is so many times as large as another is on another level: a window without padding takes less."""

_LONGEST_BRIDGE = 2
_FEWEST = 5

Cells = dict[Item, "Cell"]


class Cell(Record):
    """Where an item is in a grid, and which way the network goes through it; it may span several columns."""

    column: int
    row: int
    heading: str = DOWN
    span: int = 1

    @property
    def middle(self) -> float:
        """Its axis, as the number of a column or halfway between two."""
        return self.column + (self.span - 1) / 2


def cells_of(
    wiring: Wiring, wires: Sequence[Wire], shapes: Mapping[str, str], items: Mapping[Item, Box | None]
) -> Cells | None:
    """Where the items of a frame are if they are better seen in a grid than in the rows of their wiring; else None.

    ``items`` are in an order in which each comes after those that it reads, with the boxes that they are, if they are such;
    ``shapes`` are those of values.
    """
    cells = column_cells({item: box.column if box is not None else (0, 1) for item, box in items.items()})
    if cells is None:
        cells = u_cells([*items], wires, shapes)
    if cells is None and wiring.beside:
        cells = stream_cells([*items], wires, shapes)
    return cells and _with_ends(cells)


def column_cells(columns: Mapping[Item, tuple[int, int]]) -> Cells | None:
    """Layers in columns side by side, and whatever is in none above or below them; None if there are no columns."""
    count = max((count for _, count in columns.values()), default=1)
    if count == 1:
        return None
    cells: Cells = {}
    row = -1
    for item, (column, parts) in columns.items():
        row += column == 0
        cells[item] = Cell(column, row) if parts == count else Cell(0, row, span=count)
    return cells


def _with_ends(cells: Cells) -> Cells:
    """The beginning of a frame above all else, its end below, and right of what would be in its way."""
    begin = next((item for item in cells if item.key == INTO), None)
    end = next((item for item in cells if item.key == OUT), None)
    found = dict(cells)
    if begin is not None:
        shift = 1 - min(cell.row for item, cell in found.items() if item is not begin)
        found = {item: cell.replace(row=cell.row + shift) for item, cell in found.items()}
        found[begin] = Cell(0, 0)
    if end is not None:
        is_up = cells[end].heading == UP
        column = 1 + max(cell.column for cell in found.values()) if is_up else cells[end].column
        found[end] = Cell(column, 1 + max(cell.row for cell in found.values()))
    return found


class _Levels:
    """The level of each value and item: how many times the images were made smaller on the way there."""

    def __init__(self, items: Sequence[Item], wires: Sequence[Wire], shapes: Mapping[str, str]) -> None:
        self.items = items
        self.shapes = shapes
        self.entering: dict[Item, list[Wire]] = defaultdict(list)
        self.leaving: dict[Item, list[Wire]] = defaultdict(list)
        for wire in wires:
            self.entering[wire.target].append(wire)
            self.leaving[wire.source].append(wire)
        self.of_value: dict[str, int] = {}
        self.of_item: dict[Item, int] = {}
        self.downs: list[Item] = []
        self.ups: list[Item] = []
        self.before: dict[Item, set[Item]] = {}
        for item in items:
            self._add(item)

    def _add(self, item: Item) -> None:
        self.before[item] = {
            before for wire in self.entering[item] for before in (wire.source, *self.before[wire.source])
        }
        inputs = [wire.value or "" for wire in self.entering[item]]
        outputs = [wire.value or "" for wire in self.leaving[item]]
        for value in outputs:
            self.of_value[value] = self._level(value, inputs)
        levels = {self.of_value[value] for value in inputs} or {0}
        out = min((self.of_value[value] for value in outputs), default=min(levels))
        self.of_item[item] = out if len(levels) > 1 else max(out, *levels)
        is_resized = any(self._differ(one, other) for one in inputs for other in outputs)
        if is_resized and out > min(levels):
            self.downs.append(item)
        if is_resized and out < max(levels):
            self.ups.append(item)

    def _differ(self, one: str, other: str) -> bool:
        """Whether two values are on different levels by their sizes.

        What has a single position along an axis is on none of its own: it is made by a pooling over all, for a gate.
        """
        sizes = [_sizes(self.shapes[each]) for each in (one, other) if each]
        if len(sizes) < 2 or any((left == 1) != (right == 1) for left, right in zip(*sizes, strict=False)):
            return False
        small, large = sorted(_side(self.shapes[each]) for each in (one, other))
        return large >= _STEP * small

    def _level(self, value: str, inputs: Sequence[str]) -> int:
        """That of the input that is nearest in size, and how much smaller the value is."""
        if not inputs and self.of_value:
            inputs = [next(iter(self.of_value))]  # of what enters a frame, the first value is the measure
        steps = [(log2(_side(self.shapes[each]) / _side(self.shapes[value])), each) for each in inputs]
        change, nearest = min(steps, key=lambda step: abs(step[0]), default=(0.0, ""))
        return self.of_value.get(nearest, 0) + (round(change) if self._differ(nearest, value) else 0)

    def are_in_order(self) -> bool:
        """Whether no image becomes smaller beside one that becomes larger."""
        ups = [*filter(self.leads_on, self.ups)]
        downs = [*filter(self.leads_on, self.downs)]
        return all(up in self.before[down] or down in self.before[up] for down in downs for up in ups)

    def leads_on(self, item: Item) -> bool:
        """Whether the last item needs it; what a head reads is not on the way."""
        return item is self.items[-1] or item in self.before[self.items[-1]]


def _side(shape: str) -> float:
    """The side of an image as a square has it."""
    sizes = _sizes(shape)
    return float(prod(sizes) ** (1 / len(sizes)))


def _sizes(shape: str) -> list[int]:
    """The height and width of an image; of what is none, a single position."""
    return [int(text) for text in shape.split("x")[1:] if text.isdecimal()] or [1]


def u_cells(items: Sequence[Item], wires: Sequence[Wire], shapes: Mapping[str, str]) -> Cells | None:
    """The items of a U, or of several one after the other; None if it is none.

    ``items`` are in an order in which each comes after those that it reads, and ``shapes`` are those of values.
    """
    found = _Levels(items, wires, shapes)
    if len(items) < _FEWEST or not found.downs or not found.ups or not found.are_in_order():
        return None
    phases = _phases(found)
    return _Arms(found, phases).cells() if _reaches_across(found, phases) else None


def _phases(levels: _Levels) -> dict[Item, int]:
    """How many times the way to each item turned: 0 on the first way down, 1 on the way up, and so on."""
    phases: dict[Item, int] = {}
    downs, ups = set(levels.downs), set(levels.ups)
    for item in levels.items:
        phase = max((phases[wire.source] for wire in levels.entering[item]), default=0)
        turns = item in ups if phase % 2 == 0 else item in downs
        phases[item] = phase + turns
    return phases


def _reaches_across(levels: _Levels, phases: Mapping[Item, int]) -> bool:
    """Whether a value of the way down is read on the way up that is not the last of the way down."""
    deepest = max(levels.of_item[item] for item in levels.items if phases[item] == 0 and levels.leads_on(item))
    return any(
        levels.of_value[wire.value or ""] < deepest and phases[wire.target] == 1
        for item in levels.items
        if phases[item] == 0
        for wire in levels.leaving[item]
    )


class _Arms:
    """Puts the items of each way in a column, from top to bottom or back, and beside them what leads across or ends."""

    def __init__(self, levels: _Levels, phases: Mapping[Item, int]) -> None:
        self.levels = levels
        self.phases = phases
        self.bridges = self._bridges()
        self.outer = {item for item in levels.items if not levels.leads_on(item)}

    def _bridges(self) -> dict[Item, int]:
        """What leads from one way to the next and is on neither, by how many such items come before it."""
        found: dict[Item, int] = {}
        for phase in range(self._last_phase()):
            loose = self._loose(phase)
            for item in loose:
                befores = [found[wire.source] + 1 for wire in self.levels.entering[item] if wire.source in found]
                found[item] = max(befores, default=0)
        too_long = max(found.values(), default=0) >= _LONGEST_BRIDGE
        return {} if too_long else found

    def _last_phase(self) -> int:
        return max(phase for item, phase in self.phases.items() if self.levels.leads_on(item))

    def _loose(self, phase: int) -> list[Item]:
        """The items on a way that do not lead to its end."""
        here = [item for item in self.levels.items if self.phases[item] == phase and self.levels.leads_on(item)]
        turn = next(item for item in self.levels.items if self.phases[item] > phase and self.levels.leads_on(item))
        return [item for item in here if item not in self.levels.before[turn]]

    def cells(self) -> Cells:
        widths = [self._bridge_width(phase) for phase in range(self._last_phase() + 1)]
        columns = [sum(widths[:phase]) + phase for phase in range(len(widths))]
        arms = {
            item: self.phases[item] for item in self.levels.items if item not in self.bridges and item not in self.outer
        }
        rows = self._rows(arms)
        cells = {item: Cell(columns[phase], rows[item], UP if phase % 2 else DOWN) for item, phase in arms.items()}
        self._put_beside(cells, columns)
        return _from_zero(cells)

    def _bridge_width(self, phase: int) -> int:
        return max((depth + 1 for item, depth in self.bridges.items() if self.phases[item] == phase), default=0)

    def _rows(self, arms: Mapping[Item, int]) -> dict[Item, int]:
        """The height of each item: the levels one below the other, in each what is read across beside its reader."""
        rows: dict[Item, int] = {}
        top = 0
        for level in sorted({self.levels.of_item[item] for item in arms}):
            band = [item for item in arms if self.levels.of_item[item] == level]
            placed = self._band(band, arms)
            first = min(placed.values())
            rows.update((item, top + row - first) for item, row in placed.items())
            top += max(placed.values()) - first + 1
        return rows

    def _band(self, band: Sequence[Item], arms: Mapping[Item, int]) -> dict[Item, int]:
        rows: dict[Item, int] = {}
        for phase in sorted({arms[item] for item in band}):
            here = [item for item in band if arms[item] == phase]
            here = here[::-1] if phase % 2 else here
            shift = self._shift(here, rows)
            rows.update((item, number + shift) for number, item in enumerate(here))
        return rows

    def _shift(self, here: Sequence[Item], rows: Mapping[Item, int]) -> int:
        """How far a column moves so that what reads across is level with what it reads; else its lower ends meet."""
        for number, item in enumerate(here):
            for source in self._sources_across(item):
                if source in rows:
                    return rows[source] - number
        return max(rows.values(), default=len(here) - 1) - len(here) + 1

    def _sources_across(self, item: Item) -> Iterable[Item]:
        for wire in self.levels.entering[item]:
            source = wire.source
            while source in self.bridges:
                source = self.levels.entering[source][0].source
            if self.phases[source] < self.phases[item]:
                yield source

    def _put_beside(self, cells: Cells, columns: Sequence[int]) -> None:
        """Bridges beside what they read, and what leads nowhere to the right of all."""
        taken = {(cell.column, cell.row) for cell in cells.values()}
        last = max(cell.column for cell in cells.values())
        for item in self.levels.items:
            if item in cells:
                continue
            sources = [cells[wire.source] for wire in self.levels.entering[item]]
            before = max(sources, key=lambda cell: cell.column, default=Cell(0, 0))
            if item in self.bridges:
                column = columns[self.phases[item]] + 1 + self.bridges[item]
            else:
                column = max(last, before.column) + 1
            row = before.row
            while (column, row) in taken:
                row += 1
            taken.add((column, row))
            cells[item] = Cell(column, row, ACROSS)


def stream_cells(items: Sequence[Item], wires: Sequence[Wire], shapes: Mapping[str, str]) -> Cells | None:
    """The items of a network in which resolutions run side by side, each in a column of its own; None if it is none."""
    found = _Levels(items, wires, shapes)
    if not found.downs or not found.ups or found.are_in_order():
        return None
    shallowest = min(found.of_value[wire.value or ""] for item in found.ups for wire in found.leaving[item])
    level_of = {item: max(level, shallowest) for item, level in found.of_item.items()}
    levels = sorted(set(level_of.values()))
    cells: Cells = {}
    taken: set[tuple[int, int]] = set()
    for item in items:
        column = levels.index(level_of[item])
        row = max((cells[wire.source].row + 1 for wire in found.entering[item]), default=0)
        while (column, row) in taken:
            row += 1
        taken.add((column, row))
        cells[item] = Cell(column, row)
    return cells


def lanes_by_size(items: Sequence[Item], wires: Sequence[Wire], shapes: Mapping[str, str]) -> dict[Item, float] | None:
    """How far down the items of a U, or of sizes side by side, are by the size of what they give; None if it is neither."""
    if u_cells(items, wires, shapes) is None and stream_cells(items, wires, shapes) is None:
        return None
    found = _Levels(items, wires, shapes)
    outs = {
        item: min((found.of_value[wire.value or ""] for wire in found.leaving[item]), default=None) for item in items
    }
    lanes = {item: found.of_item[item] if out is None else out for item, out in outs.items()}
    levels = sorted(set(lanes.values()))
    return {item: float(levels.index(level)) for item, level in lanes.items()}


def _from_zero(cells: Cells) -> Cells:
    first = min(cell.row for cell in cells.values())
    return {item: cell.replace(row=cell.row - first) for item, cell in cells.items()}
