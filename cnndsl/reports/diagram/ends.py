"""How wires leave and enter the items of a frame: side by side, so that no two values share a line.

A wire runs straight from item to item, turns after the item that it leaves (to the beginning of a branch), turns before the
one that it enters (from the end of a branch), or runs in a lane beside everything between the two. Lanes lead into a box from
the side, and into anything else from the top.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator

from .rows import ENTRY, TRACK, Slot, lanes_of
from .series import Item, Parallel, Series, Wire, Wiring

__all__ = ["EARLY", "LANE", "LATE", "SIDE", "Ends", "ends_of", "way_of_wires"]

EARLY, LATE, LANE, SIDE = "early", "late", "lane", "side"

Ways = dict[Wire, str]


class Ends:
    """What leaves and enters an item: the values, and the wires from the top and from the side."""

    def __init__(self) -> None:
        self.values: dict[str, None] = {}
        self.turns = False
        self.tops: list[Wire] = []
        self.sides: list[Wire] = []

    def widen(self, slot: Slot) -> None:
        """Give a slot the room in which its wires turn."""
        slot.depart = TRACK * len(self.values) if self.turns else 0.0
        slot.arrive = TRACK * max(len(self.tops) - 1, 0)
        slot.reach = max((len(self.values) - 1) * slot.apart, (len(self.tops) - 1) * ENTRY, 0.0) / 2


def ends_of(wires: tuple[Wire, ...], ways: Ways) -> dict[Item, Ends]:
    """The ends of every item that a drawn wire joins, in the order of the wires."""
    ends: dict[Item, Ends] = {}
    for wire in wires:
        source, target = ends.setdefault(wire.source, Ends()), ends.setdefault(wire.target, Ends())
        source.values[wire.value or ""] = None
        source.turns = source.turns or ways[wire] != LATE
        (target.sides if ways[wire] == SIDE else target.tops).append(wire)
    return ends


def way_of_wires(wiring: Wiring, is_box: Callable[[Item], bool]) -> Ways:
    """How each wire runs."""
    ways = dict(_ways(wiring.row, is_box))
    ways.update((wire, SIDE if is_box(wire.target) else LANE) for wire in wiring.beside)
    return ways


def _ways(series: Series, is_box: Callable[[Item], bool]) -> Iterator[tuple[Wire, str]]:
    is_branch = len(series.links) > len(series.items)
    items = (None, *series.items, None) if is_branch else series.items
    for link, (before, after) in zip(series.links, itertools.pairwise(items), strict=True):
        straight = EARLY if before is None else LATE
        if isinstance(link, Wire):
            yield link, straight
        else:
            beside = SIDE if after is not None and is_box(after) else LANE
            yield from _ways_in_fan(link, straight, beside, is_box)


def _ways_in_fan(
    fan: Parallel, straight: str, beside: str, is_box: Callable[[Item], bool]
) -> Iterator[tuple[Wire, str]]:
    lanes = lanes_of(fan)
    for branch in fan.branches:
        if isinstance(branch, Wire):
            yield branch, beside if branch in lanes else straight
        else:
            yield from _ways(branch, is_box)
