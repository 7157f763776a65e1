"""Through which frames each edge of a picture runs: out of the blocks around its source, and into those around its target.

Where several edges with the same value run through a frame, they share the wire there.
"""

from __future__ import annotations

from collections.abc import Iterator

from .model import Box, Cluster, Edge, Picture

__all__ = ["INTO", "OUT", "ROOT", "Link", "Routes"]

ROOT = ""
INTO, OUT = "in:", "out:"  # no id has a colon: a port is never taken for a box

Link = tuple[str, str, str]
"""A wire of a frame: the ids of the two children that it joins, or ports, and that of the box whose value it carries."""


class Routes:
    """For each edge its links from frame to frame, and for each frame its links."""

    def __init__(self, picture: Picture) -> None:
        self._around = dict(_around(picture.children, ()))
        self.of_edge: list[list[tuple[str, Link]]] = [list(self._route(edge)) for edge in picture.edges]
        self.in_frame: dict[str, dict[Link, None]] = {}
        for route in self.of_edge:
            for frame, link in route:
                self.in_frame.setdefault(frame, {})[link] = None

    def _route(self, edge: Edge) -> Iterator[tuple[str, Link]]:
        value = edge.source
        source, target = self._around[edge.source], self._around[edge.target]
        shared = _shared(source, target)
        for level in range(len(source) - 1, shared, -1):
            yield _frame(source, level), (source[level], OUT + value, value)
        yield _frame(source, shared), (source[shared], target[shared], value)
        for level in range(shared + 1, len(target)):
            yield _frame(target, level), (INTO + value, target[level], value)


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
