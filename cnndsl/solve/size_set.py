"""Sets of input sizes: exact, whatever their form, and told in few words.

A set is a union of boxes, each some heights with some widths. The sizes of an axis are the bits of one whole number, so
that sets of thousands of sizes meet in one operation.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from ..record import Record
from .candidates import Box

__all__ = ["Pattern", "SizeSet", "mask_of", "pattern_of", "progressions", "sizes_in"]


def mask_of(sizes: Iterable[int]) -> int:
    """The number whose bits are these sizes."""
    bits = bytearray()
    for size in sizes:
        place, bit = divmod(size, 8)
        if place >= len(bits):
            bits.extend(bytes(place + 1 - len(bits)))
        bits[place] |= 1 << bit
    return int.from_bytes(bits, "little")


def sizes_in(mask: int) -> list[int]:
    """The sizes that are the bits of a number, in order."""
    return [place for place, bit in enumerate(bin(mask)[:1:-1]) if bit == "1"]


class SizeSet(Record):
    """A set of sizes of one axis or of two: groups of the sizes of the first axis, each with those of the second.

    The groups are disjoint, none is empty, no two have the same second part, and they are in order: equal sets are equal.
    A set of one axis is one group, whose second part is 1.
    """

    rank: int
    groups: tuple[tuple[int, int], ...] = ()

    @classmethod
    def of(cls, rank: int, boxes: Iterable[Box]) -> SizeSet:
        """The union of some boxes."""
        groups = ((mask_of(box[0]), mask_of(box[1]) if rank > 1 else 1) for box in boxes)
        return cls.union(rank, (cls(rank, (group,)) for group in groups))

    @classmethod
    def union(cls, rank: int, sets: Iterable[SizeSet]) -> SizeSet:
        """What is in any of some sets."""
        groups: list[tuple[int, int]] = []
        for each in sets:
            for rows, columns in each.groups:
                groups = [part for part in _merged(groups, rows, columns) if all(part)]
        return cls(rank, _canonical(groups))

    def __contains__(self, sizes: Sequence[int]) -> bool:
        first, second = (*sizes, 0)[:2]
        return any(rows >> first & columns >> second & 1 for rows, columns in self.groups)

    def __and__(self, other: SizeSet) -> SizeSet:
        both = [(a & c, b & d) for a, b in self.groups for c, d in other.groups]
        return SizeSet(self.rank, _canonical([part for part in both if all(part)]))

    def __bool__(self) -> bool:
        return bool(self.groups)

    def __len__(self) -> int:
        return sum(rows.bit_count() * columns.bit_count() for rows, columns in self.groups)

    @property
    def by_axis(self) -> Iterator[tuple[int, ...]]:
        """The groups, with as many parts as there are axes."""
        return (group[: self.rank] for group in self.groups)

    def smallest(self) -> tuple[int, ...]:
        """The member with the least area, of those the least high; the set is not empty."""
        corners = [tuple((mask & -mask).bit_length() - 1 for mask in group) for group in self.by_axis]
        return min(corners, key=lambda corner: (_area(corner), corner))

    def nearest(self, sizes: Sequence[int]) -> tuple[int, ...]:
        """The member that is least away from some sizes, height and width added up; of those the largest."""
        found = [tuple(map(_nearest, group, sizes)) for group in self.by_axis]
        return min(found, key=lambda item: (sum(abs(a - b) for a, b in zip(item, sizes, strict=True)), -_area(item)))


def _area(sizes: Iterable[int]) -> int:
    area = 1
    for size in sizes:
        area *= size
    return area


def _nearest(mask: int, size: int) -> int:
    below, above = mask & ((1 << size + 1) - 1), mask >> size
    least = size + (above & -above).bit_length() - 1
    most = below.bit_length() - 1
    return least if above and (not below or least - size <= size - most) else most


def _merged(parts: list[tuple[int, int]], first: int, second: int) -> Iterator[tuple[int, int]]:
    """Disjoint groups, and one more box."""
    rest = first
    for rows, columns in parts:
        yield rows & first, columns | second
        yield rows & ~first, columns
        rest &= ~rows
    yield rest, second


def _canonical(parts: list[tuple[int, int]]) -> tuple[tuple[int, int], ...]:
    groups: dict[int, int] = {}
    for rows, columns in parts:
        groups[columns] = groups.get(columns, 0) | rows
    return tuple(sorted(((rows, columns) for columns, rows in groups.items()), key=lambda group: group[0] & -group[0]))


class Pattern(Record):
    """The form of the sizes of one axis: stretches from one size to another, and then some that come again every ``period``.

    ``repeated`` is what comes again, as it stands first; it goes on up to the largest size that was asked about.
    """

    stretches: tuple[tuple[int, int], ...]
    repeated: tuple[tuple[int, int], ...] = ()
    period: int = 0


_BEFORE_PERIOD = 4
"""After how many stretches a set may begin to repeat."""


def pattern_of(mask: int, most: int) -> Pattern:
    """The shortest exact form of a set of sizes up to ``most``."""
    stretches = _stretches(mask)
    for skipped in range(min(_BEFORE_PERIOD, len(stretches) - 3) + 1 if len(stretches) > 3 else 0):
        start = stretches[skipped][0]
        period = _period(mask >> start, most - start + 1)
        if period:
            end = start + period - 1
            repeated = tuple((first, min(last, end)) for first, last in stretches[skipped:] if first <= end)
            return Pattern(stretches[:skipped], repeated, period)
    return Pattern(stretches)


def progressions(mask: int, most: int) -> list[tuple[int, int, int]]:
    """The same as arithmetic progressions: first, last, step. They are disjoint."""
    pattern = pattern_of(mask, most)
    found = [(first, last, 1) for first, last in pattern.stretches]
    for first, last in pattern.repeated:
        ends = [(size, most - (most - size) % pattern.period) for size in range(first, last + 1)]
        found += [(size, end, pattern.period) for size, end in ends]
    return found


def _stretches(mask: int) -> tuple[tuple[int, int], ...]:
    found: list[tuple[int, int]] = []
    for size in sizes_in(mask):
        if found and found[-1][1] == size - 1:
            found[-1] = (found[-1][0], size)
        else:
            found.append((size, size))
    return tuple(found)


def _period(mask: int, length: int) -> int:
    """The least number of bits after which a mask of this length repeats itself, at least three times; 0 if none."""
    for period in range(2, length // 3 + 1):
        if mask >> period == mask & ((1 << length - period) - 1):
            return period
    return 0
