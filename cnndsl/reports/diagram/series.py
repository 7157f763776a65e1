"""A network of items as rows after each other and branches side by side: what a layout needs to know of it.

A network in series and parallel (Valdes, Tarjan and Lawler 1982) shrinks to one wire by two steps in turn: an item with one
wire in and one out becomes part of a series, and wires with the same ends become branches of one another. Blocks nest, so
nearly every network is of this sort. Where one is not, wires that another way leads past are taken out, to be drawn beside
the rest; if that does not help, the items are in one row and every other wire beside it.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence

__all__ = ["Item", "Parallel", "Series", "Wire", "Wiring", "arrange"]


class Item:
    """Something with a position: a box, a cluster, or an end of the frame of one."""

    __slots__ = ("key", "number")

    def __init__(self, key: str, number: int) -> None:
        self.key = key
        self.number = number

    def __repr__(self) -> str:
        return f"Item({self.key!r})"


class Wire:
    """From one item to another; ``value`` tells those between the same two apart, and is None for one that is not drawn."""

    __slots__ = ("source", "target", "value")

    def __init__(self, source: Item, target: Item, value: str | None) -> None:
        self.source = source
        self.target = target
        self.value = value


class Series:
    """Items in a row with what lies between them: a wire or branches before each item and after the last."""

    __slots__ = ("items", "links")

    def __init__(self, links: tuple[Wire | Parallel, ...], items: tuple[Item, ...]) -> None:
        self.links = links
        self.items = items


class Parallel:
    """Branches between the same two items, each a series or a wire."""

    __slots__ = ("branches",)

    def __init__(self, branches: tuple[Series | Wire, ...]) -> None:
        self.branches = branches


Piece = Wire | Parallel | Series
_Ends = tuple[Item, Item]


class Wiring:
    """The arrangement of some items: the row of them, and the wires to draw beside it."""

    __slots__ = ("beside", "row")

    def __init__(self, row: Series, beside: tuple[Wire, ...]) -> None:
        self.row = row
        self.beside = beside


def arrange(items: Sequence[Item], wires: Sequence[Wire]) -> Wiring:
    """Arrange items that are in an order in which each comes after those that it has wires from.

    The first item has no wire in and the last none out; every other has both.
    """
    taken_out: list[Wire] = []
    while True:
        row = _Reduction(items, [wire for wire in wires if wire not in taken_out]).row()
        if row is not None and all(_on_row(row, wire) for wire in taken_out):
            return Wiring(row, tuple(taken_out))
        wire = _dispensable([wire for wire in wires if wire not in taken_out]) if row is None else None
        if wire is None:
            return _chain(items, wires)
        taken_out.append(wire)


class _Reduction:
    """Shrinks a network as far as it goes."""

    def __init__(self, items: Sequence[Item], wires: Sequence[Wire]) -> None:
        self.items = items
        self.ahead: dict[Item, dict[Item, Piece]] = {item: {} for item in items}
        self.behind: dict[Item, dict[Item, Piece]] = {item: {} for item in items}
        for wire in wires:
            self._join((wire.source, wire.target), wire)

    def row(self) -> Series | None:
        """All between the first and the last item, both included, as one series; None if it does not shrink so far."""
        waiting = list(self.items[1:-1])
        while waiting:
            stuck = [item for item in waiting if not self._shrink(item)]
            if len(stuck) == len(waiting):
                return None
            waiting = stuck
        first, last = self.items[0], self.items[-1]
        link = self.ahead[first].get(last)
        if link is None:
            return None
        inside = link if isinstance(link, Series) else Series((link,), ())
        return Series(inside.links, (first, *inside.items, last))

    def _shrink(self, item: Item) -> bool:
        before, after = self.behind[item], self.ahead[item]
        if len(before) != 1 or len(after) != 1:
            return False
        ((source, first),) = before.items()
        ((target, second),) = after.items()
        del self.ahead[source][item], self.behind[target][item]
        self._join((source, target), _behind_each_other(first, item, second))
        return True

    def _join(self, ends: _Ends, piece: Piece) -> None:
        source, target = ends
        known = self.ahead[source].get(target)
        joined = piece if known is None else _side_by_side(known, piece)
        self.ahead[source][target] = self.behind[target][source] = joined


def _behind_each_other(first: Piece, item: Item, second: Piece) -> Series:
    before = first if isinstance(first, Series) else Series((first,), ())
    after = second if isinstance(second, Series) else Series((second,), ())
    return Series((*before.links, *after.links), (*before.items, item, *after.items))


def _side_by_side(one: Piece, other: Piece) -> Parallel:
    branches: list[Series | Wire] = []
    for piece in (one, other):
        branches += piece.branches if isinstance(piece, Parallel) else (piece,)
    return Parallel(tuple(sorted(branches, key=_order)))


def _order(branch: Series | Wire) -> int:
    return branch.items[0].number if isinstance(branch, Series) else branch.source.number


def _dispensable(wires: Sequence[Wire]) -> Wire | None:
    """The longest wire that another way leads past; None if there is none."""
    ahead: dict[Item, list[Item]] = {}
    for wire in wires:
        ahead.setdefault(wire.source, []).append(wire.target)
    for wire in sorted(wires, key=lambda wire: wire.source.number - wire.target.number):
        if wire.value is not None and _leads_past(wire, ahead):
            return wire
    return None


def _leads_past(wire: Wire, ahead: dict[Item, list[Item]]) -> bool:
    waiting = [item for item in ahead[wire.source] if item is not wire.target]
    seen = set(waiting)
    while waiting:
        for item in ahead.get(waiting.pop(), ()):
            if item is wire.target:
                return True
            if item not in seen and item.number < wire.target.number:
                seen.add(item)
                waiting.append(item)
    return False


def _on_row(row: Series, wire: Wire) -> bool:
    return wire.source in row.items and wire.target in row.items


def _chain(items: Sequence[Item], wires: Sequence[Wire]) -> Wiring:
    """Every item in one row, and beside it the wires that lead past others."""
    direct: dict[_Ends, tuple[Wire, ...]] = dict.fromkeys(itertools.pairwise(items), ())
    beside = []
    for wire in wires:
        ends = wire.source, wire.target
        if ends in direct:
            direct[ends] += (wire,)
        elif wire.value is not None:
            beside.append(wire)
    links = [_between(ends, found) for ends, found in direct.items()]
    return Wiring(Series(tuple(links), tuple(items)), tuple(beside))


def _between(ends: _Ends, wires: tuple[Wire, ...]) -> Wire | Parallel:
    if len(wires) > 1:
        return Parallel(wires)
    return wires[0] if wires else Wire(*ends, None)
