"""The line of an edge: straight from corner to corner, with the corners rounded."""

from __future__ import annotations

from math import hypot

from .rows import Point

__all__ = ["ARROW_LENGTH", "bezier"]

ARROW_LENGTH = 6.0

_RADIUS = 6.0
_REACH = 0.5523  # of the radius: the handles of a quarter of a circle


def bezier(path: tuple[Point, ...]) -> list[Point]:
    """A path as cubic Bezier segments, 3n + 1 points, that ends where its arrow begins."""
    *corners, tip = path
    arrow = min(ARROW_LENGTH, _length(corners[-1], tip) / 2)
    stops = [*corners, _toward(tip, corners[-1], arrow)]
    points = [stops[0]]
    for before, corner, after in zip(stops, stops[1:], stops[2:], strict=False):
        radius = min(_RADIUS, _length(before, corner) / 2, _length(corner, after) / 2)
        begin, end = _toward(corner, before, radius), _toward(corner, after, radius)
        points += _straight(points[-1], begin)
        points += [_toward(begin, corner, _REACH * radius), _toward(end, corner, _REACH * radius), end]
    return points + _straight(points[-1], stops[-1])


def _straight(begin: Point, end: Point) -> list[Point]:
    third = _length(begin, end) / 3
    return [_toward(begin, end, third), _toward(end, begin, third), end]


def _length(one: Point, other: Point) -> float:
    return hypot(other[0] - one[0], other[1] - one[1])


def _toward(point: Point, goal: Point, distance: float) -> Point:
    length = _length(point, goal) or 1.0
    return tuple(start + (stop - start) * distance / length for start, stop in zip(point, goal, strict=True))  # type: ignore[return-value]
