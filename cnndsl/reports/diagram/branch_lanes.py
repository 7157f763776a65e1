"""Lanes for volumes whose network branches: the way to the output is in the first, each other branch below."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from itertools import count

from .model import Edge

__all__ = ["lanes_of_branches"]


def lanes_of_branches(boxes: Sequence[str], edges: Iterable[Edge]) -> dict[str, float]:
    """The lane of each box by its id; ``boxes`` are in the order in which they are computed.

    A branch goes on in its lane along the longest way, until it meets another. Its lane is the first that is free beside it.
    """
    readers, sources = defaultdict(list), defaultdict(list)
    for edge in edges:
        readers[edge.source].append(edge.target)
        sources[edge.target].append(edge.source)
    before, after = _longest(boxes, sources), _longest(boxes[::-1], readers)
    leading = _leading(boxes, readers)
    lanes: dict[str, float] = {}
    ends: dict[float, int] = {}
    for box in boxes:
        branch = []
        after_it: str | None = box
        while after_it is not None and after_it not in lanes:
            branch.append(after_it)
            after_it = max(readers[after_it], key=lambda reader: (reader in leading, after[reader]), default=None)
        if branch:
            lane = next(lane for lane in count(0.0) if ends.get(lane, -1) < before[branch[0]])
            ends[lane] = before[branch[-1]]
            lanes |= dict.fromkeys(branch, lane)
    return lanes


def _longest(boxes: Sequence[str], neighbours: Mapping[str, list[str]]) -> dict[str, int]:
    """How many boxes there are at most on the way to each."""
    found: dict[str, int] = {}
    for box in boxes:
        found[box] = max((found[each] + 1 for each in neighbours[box]), default=0)
    return found


def _leading(boxes: Sequence[str], readers: Mapping[str, list[str]]) -> set[str]:
    """The boxes from which a way leads to the output of the network."""
    found = {"output"}
    for box in reversed(boxes):
        if not found.isdisjoint(readers[box]):
            found.add(box)
    return found
