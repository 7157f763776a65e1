"""Through which frames each edge of a picture runs: out of the blocks around its source, and into those around its target.

Where several edges with the same value run through a frame, they share the wire there.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from .model import Box, Cluster, Edge, Picture

__all__ = ["INTO", "OUT", "ROOT", "Link", "Routes"]

ROOT = ""
INTO, OUT = "in:", "out:"  # no id has a colon: an end of a frame is never taken for a box

Link = tuple[str, str, str, int]
"""A wire of a frame: the ids of the two children that it joins, or an end of the frame, the value that it carries, and how
many wires like it there are already: one for each time that a box reads the same value."""


class Routes:
    """For each edge its links from frame to frame, and for each frame its links; ``shapes`` are those of values."""

    def __init__(self, picture: Picture) -> None:
        self.shapes = {edge.value: edge.shape for edge in picture.edges}
        self._around = dict(_around(picture.children, ()))
        self._read: Counter[tuple[str, str]] = Counter()
        self.of_edge: list[list[tuple[str, Link]]] = [list(self._route(edge)) for edge in picture.edges]
        self.in_frame: dict[str, dict[Link, None]] = {}
        for route in self.of_edge:
            for frame, link in route:
                self.in_frame.setdefault(frame, {})[link] = None

    def _route(self, edge: Edge) -> Iterator[tuple[str, Link]]:
        source, target = self._around[edge.source], self._around[edge.target]
        shared = _shared(source, target)
        last = len(target) - 1
        copy = self._read[edge.target, edge.value]
        self._read[edge.target, edge.value] += 1
        for level in range(len(source) - 1, shared, -1):
            yield _frame(source, level), (source[level], OUT, edge.value, 0)
        yield _frame(source, shared), (source[shared], target[shared], edge.value, copy if shared == last else 0)
        for level in range(shared + 1, len(target)):
            yield _frame(target, level), (INTO, target[level], edge.value, copy if level == last else 0)


def _frame(chain: tuple[str, ...], level: int) -> str:
    return chain[level - 1] if level else ROOT


def _shared(one: tuple[str, ...], other: tuple[str, ...]) -> int:
    """How many frames two boxes have in common."""
    pairs = zip(one[:-1], other[:-1], strict=False)
    return next((level for level, (left, right) in enumerate(pairs) if left != right), min(len(one), len(other)) - 1)


def _around(children: tuple[Box | Cluster, ...], outer: tuple[str, ...]) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Each box by its id, with the ids of the frames around it and its own."""
    for child in children:
        if isinstance(child, Cluster):
            yield from _around(child.children, (*outer, child.id))
        else:
            yield child.id, (*outer, child.id)
