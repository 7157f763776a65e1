"""Lines of one value run together for a while and are drawn once there: two over each other look thicker than one."""

from __future__ import annotations

import itertools
from collections import defaultdict
from math import hypot

from .model import Edge
from .rows import Point

__all__ = ["strokes"]

_OVERLAP = 7.0  # both lines are drawn where they part, so that the bend of each joins the other

Path = tuple[Point, ...]


def strokes(edges: tuple[Edge, ...], paths: tuple[Path, ...]) -> tuple[Path, ...]:
    """The corners of what is drawn of each edge: not what another with the same value has drawn, that skips nothing."""
    leaving: dict[str, list[Path]] = defaultdict(list)
    found: dict[int, Path] = {}
    for number in sorted(range(len(edges)), key=lambda number: edges[number].is_skip):
        value, path = edges[number].value, paths[number]
        shared = max((_together(path, other) for other in leaving[value]), default=0.0)
        found[number] = _without(path, shared - _OVERLAP)
        leaving[value].append(path)
    return tuple(found[number] for number in range(len(edges)))


def _together(path: Path, other: Path) -> float:
    """How far two lines that begin at one point run together."""
    far = 0.0
    for (one, one_end), (two, two_end) in zip(_segments(path), _segments(other), strict=False):
        if one != two or _direction(one, one_end) != _direction(two, two_end):
            break
        far += min(_distance(one, one_end), _distance(two, two_end))
        if one_end != two_end:
            break
    return far


def _without(path: Path, length: float) -> Path:
    """A line less its beginning."""
    left = length
    for number, (begin, end) in enumerate(_segments(path)):
        step = _distance(begin, end)
        if left <= 0:
            return path[number:]
        if left < step:
            x, y = (start + (stop - start) * left / step for start, stop in zip(begin, end, strict=True))
            return ((x, y), *path[number + 1 :])
        left -= step
    return path[-2:]


def _segments(path: Path) -> list[tuple[Point, Point]]:
    return list(itertools.pairwise(path))


def _distance(one: Point, other: Point) -> float:
    return hypot(other[0] - one[0], other[1] - one[1])


def _direction(begin: Point, end: Point) -> tuple[bool, bool, bool, bool]:
    return end[0] > begin[0], end[0] < begin[0], end[1] > begin[1], end[1] < begin[1]
