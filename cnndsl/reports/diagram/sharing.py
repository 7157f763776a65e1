"""Lines that run together for a while are drawn once there: two over each other look thicker than one."""

from __future__ import annotations

import itertools
from collections import defaultdict
from math import hypot

from ...record import Record
from .model import Edge
from .rows import Point

__all__ = ["Stroke", "strokes"]

_OVERLAP = 7.0  # both lines are drawn where they part, so that the bend of each joins the other

Path = tuple[Point, ...]


class Stroke(Record):
    """The corners of what is drawn of an edge, and whether its arrow is."""

    path: Path
    has_arrow: bool = True


def strokes(edges: tuple[Edge, ...], paths: tuple[Path, ...]) -> tuple[Stroke, ...]:
    """What to draw of each edge: not what another has drawn already, those that skip nothing first."""
    leaving: dict[str, list[Path]] = defaultdict(list)
    entering: dict[str, list[Path]] = defaultdict(list)
    found: dict[int, Stroke] = {}
    for number in sorted(range(len(edges)), key=lambda number: edges[number].is_skip):
        edge, path = edges[number], paths[number]
        back = path[::-1]
        begin = max((_together(path, other) for other in leaving[edge.source]), default=0.0)
        end = max((_together(back, other) for other in entering[edge.target]), default=0.0)
        if begin + end < _length(path):
            kept = _without(path, begin - _OVERLAP)
            kept = _without(kept[::-1], end - _OVERLAP)[::-1]
            found[number] = Stroke(kept, end <= _OVERLAP)
        else:
            found[number] = Stroke(path)
        leaving[edge.source].append(path)
        entering[edge.target].append(back)
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


def _length(path: Path) -> float:
    return sum(_distance(*segment) for segment in _segments(path))


def _distance(one: Point, other: Point) -> float:
    return hypot(other[0] - one[0], other[1] - one[1])


def _direction(begin: Point, end: Point) -> tuple[bool, bool, bool, bool]:
    return end[0] > begin[0], end[0] < begin[0], end[1] > begin[1], end[1] < begin[1]
