"""Which positions of a long axis a drawing shows: all of a short one, else those that matter, with breaks between."""

from __future__ import annotations

from collections.abc import Iterable

from ...record import Record
from .axes import Axis, stretches

__all__ = ["Ruler", "plain_ruler", "ruler_of", "sparse_ruler"]

_LONGEST_WINDOW = 12


class Ruler(Record):
    """The stretches of positions that are shown, each by its first and last."""

    segments: tuple[tuple[int, int], ...]

    @property
    def places(self) -> list[int]:
        return [place for first, last in self.segments for place in range(first, last + 1)]

    @property
    def count(self) -> int:
        """How many positions are shown."""
        return sum(last - first + 1 for first, last in self.segments)

    @property
    def length(self) -> float:
        """The length in places, each break counted as one and a half."""
        return self.count + _BREAK * (len(self.segments) - 1)

    def offset(self, place: int) -> float:
        """Where a position begins, in places from the start; of one that is left out, the middle of the break."""
        position = 0.0
        for first, last in self.segments:
            if place < first:
                return position - _BREAK / 2
            if place <= last + 1:
                return position + place - first
            position += last - first + 1 + _BREAK
        return position - _BREAK

    def end(self, place: int) -> float:
        """Where a position ends."""
        shown = any(first <= place <= last for first, last in self.segments)
        return self.offset(place) + 1 if shown else self.offset(place)


_BREAK = 1.5


def ruler_of(axis: Axis, most: int) -> Ruler:
    """The ruler of the side of an axis on which windows lie, with its padding and what hangs over."""
    first, last = -axis.before, axis.wide + axis.after + axis.overhang - 1
    if last - first < most:
        return Ruler(((first, last),))
    keys = {first, last, 0, axis.wide - 1}
    for place in axis.shown():
        seen = axis.at(place)
        if seen:
            keys.update(seen if len(seen) <= _LONGEST_WINDOW else (seen[0], seen[1], seen[-2], seen[-1]))
    for start, stop in (*axis.unseen[:1], *axis.unseen[-1:]):
        keys.update((start, stop))
    return _around(keys, first, last)


def plain_ruler(size: int, most: int) -> Ruler:
    """The ruler of a side on which single positions lie."""
    return Ruler(((0, size - 1),)) if size <= most else _around((0, 1, 2, size - 2, size - 1), 0, size - 1)


def _around(keys: Iterable[int], first: int, last: int) -> Ruler:
    """Places with their neighbours; a gap of two or fewer is not worth a break."""
    near = {place for key in keys for place in range(key - 1, key + 2) if first <= place <= last}
    found: list[tuple[int, int]] = []
    for start, stop in stretches(sorted(near)):
        if found and start - found[-1][1] <= 3:
            found[-1] = (found[-1][0], stop)
        else:
            found.append((start, stop))
    return Ruler(tuple(found))


def sparse_ruler(size: int, keys: Iterable[int], most: int) -> Ruler:
    """All positions of a short axis; of a long one its ends and some that matter, without their neighbours."""
    if size <= most:
        return Ruler(((0, size - 1),))
    return Ruler(tuple(stretches(sorted({0, size - 1, *keys}))))
