"""What each output sees of an input, along one axis: the one fact that tells receptive fields and the pictures of windows.

A window, an upsampling, a pooling to a given size: all move on by whole places after every so many outputs. So a few taps
say it for an axis of any extent, and two of them, one after the other, make one of the same kind.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import cached_property
from itertools import pairwise
from math import gcd, lcm

from ...record import Record
from ..types import Shape

__all__ = [
    "MOST_PLACES",
    "OWN",
    "Box",
    "Places",
    "Sight",
    "Sights",
    "gathered",
    "group_sight",
    "repeated",
    "repeating",
    "reshaped",
    "shifted",
    "transposed_sight",
    "unravelled",
]

Places = Sequence[int]
"""Places along an axis in order; a ``range`` wherever they are evenly spaced, so that a long axis costs nothing."""

Box = tuple[Places, ...]
"""Places along each axis of a value; the numbers where they cross."""


class Sight(Record):
    """Place ``o`` of the output sees the places ``advance*(o // period) + tap`` of the input, for the taps of its turn.

    ``taps`` holds those of the first ``period`` outputs, each in order. Places outside of the input are padding. ``axis`` is
    the axis of the output that is meant, where it is not the input's own.
    """

    taps: tuple[Places, ...]
    advance: int = 1
    axis: int | None = None

    @property
    def period(self) -> int:
        return len(self.taps)

    @property
    def jump(self) -> int | float:
        """Input places between neighbouring outputs; a fraction where the output is larger than the input."""
        return self.advance // self.period if self.advance % self.period == 0 else self.advance / self.period

    def at(self, place: int) -> Places:
        """What one output sees, padding included."""
        turn, index = divmod(place, self.period)
        taps, start = self.taps[index], turn * self.advance
        if isinstance(taps, range):
            return range(taps.start + start, taps.stop + start, taps.step)
        return tuple(tap + start for tap in taps)

    @cached_property
    def is_solid(self) -> bool:
        """Whether outputs side by side see places side by side: no gap within what one sees, nor between two of them."""
        seen = [self.at(place) for place in range(self.period + 1)]
        whole = all(places and places[-1] - places[0] == len(places) - 1 for places in seen)
        return whole and all(a[0] <= b[0] <= a[-1] + 1 and a[-1] <= b[-1] for a, b in pairwise(seen))

    def reach(self, places: Places, size: int) -> Places:
        """What some outputs see together of an input of this extent."""
        if isinstance(places, range) and len(places) > 1 and (places.step == 1 or self.period == 1):
            step = self.advance * places.step
            first, last = self.at(places[0]), self.at(places[-1])
            if Sight(self.taps, step).is_solid:
                return range(max(0, first[0]), max(0, min(size, last[-1] + 1)))
            if self.period == 1 and len(first) == 1:
                begin = first[0] if first[0] >= 0 else first[0] % step
                return range(begin, max(begin, min(size, last[0] + 1)), step)
        if len(places) > MOST_PLACES:
            return self._between(places, size)
        return gathered(tap for place in places for tap in self.at(place) if 0 <= tap < size)

    def _between(self, places: Places, size: int) -> Places:
        """All from the first to the last place that is seen: of a longer axis than networks have, gaps are not listed."""
        first, last = self.ends(places[0], places[-1]) or (0, -1)
        return range(max(0, first), max(0, min(size, last + 1)))

    def ends(self, first: int, last: int) -> tuple[int, int] | None:
        """The first and last place that a stretch of outputs sees, padding included; None if it sees none."""
        near = [self.at(place) for place in range(first, min(last, first + self.period - 1) + 1)]
        far = [self.at(place) for place in range(max(first, last - self.period + 1), last + 1)]
        seen = [places for places in (*near, *far) if places]
        return (min(places[0] for places in seen), max(places[-1] for places in seen)) if seen else None

    def after(self, earlier: Sight) -> Sight | None:
        """The two as one: this one's input is the earlier one's output. Only the ends of what is seen are kept."""
        turns = earlier.period // gcd(self.advance, earlier.period)
        advance = self.advance * turns // earlier.period * earlier.advance

        def both(place: int) -> Places:
            seen = self.at(place)
            return _stretch(earlier.ends(seen[0], seen[-1]) if seen else None)

        return repeating(self.period * turns, advance, both)

    def beside(self, other: Sight, extent: int) -> Sight | None:
        """What sees all that either sees, end to end, for so many outputs; any number if both move on at one rate."""
        even = self.advance * other.period == other.advance * self.period
        period = lcm(self.period, other.period) if even else extent
        faster = max(self, other, key=lambda sight: sight.jump)

        def either(place: int) -> Places:
            seen = (*self.at(place), *other.at(place))
            return _stretch((min(seen), max(seen)) if seen else None)

        return repeating(period, faster.advance * period // faster.period, either)


def _stretch(ends: tuple[int, int] | None) -> range:
    return range(0) if ends is None else range(ends[0], ends[1] + 1)


MOST_TURNS = 65_536
MOST_PLACES = 1_000_000

OWN = Sight((range(1),))
"""Each output sees its own place."""

Sights = tuple[Sight | None, ...]
"""What outputs see of an input along each of its axes; None stands for every place."""


def shifted(offset: int) -> Sight:
    """Each output sees one place, so far from its own."""
    return Sight((range(offset, offset + 1),))


def repeating(turns: int, advance: int, taps: Callable[[int], Places]) -> Sight | None:
    """A sight by the taps of each of its turns; a pattern so long that no network has it counts as everything."""
    return None if turns > MOST_TURNS else Sight(tuple(map(taps, range(turns))), advance)


def repeated(factor: int) -> Sight | None:
    """So many outputs side by side see one place, then the next ones see the next place."""
    return repeating(factor, 1, lambda _: range(1))


def group_sight(inputs: int, outputs: int, groups: int) -> Sight | None:
    """Each output sees all inputs of its own group; None, which is everything, if there is one group."""
    inside = range(inputs // groups)
    return None if groups == 1 else repeating(outputs // groups, len(inside), lambda _: inside)


def transposed_sight(kernel_size: int, stride: int, padding: int, dilation: int) -> Sight | None:
    """What the outputs of a transposed convolution see: the inputs ``i`` with ``i*stride - padding + k*dilation`` there."""
    if stride > MOST_TURNS:
        return None
    taps: list[list[int]] = [[] for _ in range(stride)]
    for reached in range((kernel_size - 1) * dilation - padding, -padding - 1, -dilation):
        taps[reached % stride].append(-(reached // stride))
    return Sight(tuple(map(gathered, taps)), 1)


def reshaped(held: Shape, shape: Shape) -> Sights:
    """What the numbers of a value see along each axis of the one that it was before it was given another shape.

    Each axis that was is followed along the one new axis that says most of it; whatever stands along the others is seen
    together. None where no axis says anything.
    """
    return tuple(_reshaped_axis(size, stride, shape) for size, stride in zip(held, _strides(held), strict=True))


def _reshaped_axis(size: int, stride: int, shape: Shape) -> Sight | None:
    turn = size * stride  # after so many numbers, in the order of `flatten`, the places along the axis begin again
    for axis, (extent, step) in enumerate(zip(shape, _strides(shape), strict=True)):
        if step < turn and extent * step % turn == 0:
            sight = _stepping(size, stride, step, extent * step == turn)
            return None if sight is None else sight.replace(axis=axis)
    return Sight((range(1),), 0, 0) if size == 1 else None


def _stepping(size: int, stride: int, step: int, once: bool) -> Sight | None:
    """What one sees along an axis who moves on by ``step`` numbers; ``once`` if the end of the axis is never passed."""
    if once and step % stride == 0:
        return Sight((range(step // stride),), step // stride)
    if once and stride % step == 0:
        return repeated(stride // step)
    turn = size * stride

    def taps(place: int) -> Places:
        first, last = place * step % turn, place * step % turn + step - 1
        return range(size) if last >= turn else range(first // stride, last // stride + 1)

    return repeating(lcm(turn, step) // step, 0, taps)


def _strides(shape: Shape) -> list[int]:
    """How many numbers lie between neighbours along each axis, in the order of ``flatten``."""
    strides, step = [], 1
    for extent in reversed(shape):
        strides.append(step)
        step *= extent
    return strides[::-1]


def gathered(places: Iterable[int]) -> Places:
    """Places in order and once each, as a ``range`` if they are evenly spaced."""
    ordered = sorted(set(places))
    if not ordered:
        return range(0)
    step = ordered[1] - ordered[0] if len(ordered) > 1 else 1
    even = range(ordered[0], ordered[-1] + 1, step)
    return even if len(even) == len(ordered) and all(map(int.__eq__, even, ordered)) else tuple(ordered)


def unravelled(box: Box, shape: Shape, held: Shape) -> Box:
    """The part of a value that a part of it under another shape is, in the order of ``flatten``."""
    if all(len(places) == size for places, size in zip(box, shape, strict=True)):
        return tuple(map(range, held))
    numbers: Iterable[int] = (0,)
    for places, size in zip(box, shape, strict=True):
        numbers = [number * size + place for number in numbers for place in places]
    axes, numbers = [], set(numbers)
    for size in reversed(held):
        axes.append(gathered(number % size for number in numbers))
        numbers = {number // size for number in numbers}
    return tuple(reversed(axes))
