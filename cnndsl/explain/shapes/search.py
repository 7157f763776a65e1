"""Numbers that may have been meant where shapes or figures are wrong, the likeliest first.

A number is the likelier the more often such a slip is made, and the nearer it is to the mistake.
"""

from __future__ import annotations

from collections.abc import Iterator
from math import log2

from ...record import Record
from .goals import Goal
from .literals import Literal
from .network import Network

__all__ = ["Guess", "guesses"]

_DISTANCE = 0.12
"""What other numbers cost more for each doubling of the layers between them and the mistake."""
_SMALL = 12
"""Numbers below are all tried; of larger ones only those that look alike."""
_SIDES = (224, 32, 28, 227, 299, 256, 64, 96, 128, 150, 512)
"""Heights of the inputs that data sets and published networks have."""
_USUAL = {"kernel_size": (3, 1, 5, 7, 2, 11), "pool_size": (2, 3), "stride": (2, 1, 4), "padding": (1, 2, 3, 0)}
"""What windows mostly have, the most frequent first."""


class Guess(Record):
    """Other numbers in place of those of a literal."""

    cost: float
    literal: Literal
    values: tuple[int, ...]


def guesses(network: Network, goal: Goal) -> Iterator[Guess]:
    """Other numbers wherever they touch a layer before the mistake."""
    for literal in network.literals.values():
        uses = network.uses.get(literal.key, ())
        before = [place for place, _ in uses if place <= goal.here] + [0] * (literal.key == network.input_key)
        if before and (goal.is_told or not literal.name):
            distance = _DISTANCE * log2(1 + max(goal.here - max(before), 0))
            for values, cost in _likely(literal, {name for _, name in uses}):
                yield Guess(cost + distance, literal, values)


def _likely(literal: Literal, names: set[str]) -> Iterator[tuple[tuple[int, ...], float]]:
    """The values that a number or size may have had, each with its cost; ``names`` are the attributes that it goes into."""
    values, first = literal.values, literal.values[0]
    if len(values) == 3:
        yield from _images(*values)
    elif len(set(values)) > 1:
        yield from (((each,) * len(values), 0.9) for each in dict.fromkeys(values))
        yield values[::-1], 0.9
        yield from (((each, *values[1:]), 1.3) for each in _alike(first))
        yield from (((*values[:-1], each), 1.3) for each in _alike(values[-1]))
    else:
        usual = next((_USUAL[name] for name in _USUAL if name in names), ())
        kept = 0.15 if first in usual[:3] and not literal.name else 0.05
        for place, each in enumerate(usual if usual and literal.name else _alike(first)):
            rank = usual.index(each) if each in usual else 8 if usual else place
            yield (each,) * len(values), 0.95 if usual and each == literal.default else 1 + kept + 0.03 * rank


def _images(first: int, second: int, third: int) -> Iterator[tuple[tuple[int, ...], float]]:
    """An input with its channels elsewhere, other ones, or another height and width."""
    for other in dict.fromkeys(((third, first, second), (second, first, third))):
        if other != (first, second, third) and other[1] == other[2]:
            yield other, 0.9
    yield from (((each, second, third), 1.0) for each in (1, 3, 2 * first, first // 2) if each != first)
    sides = (*(_SIDES if second == third else (second, third)), *_alike(second))
    for place, side in enumerate(dict.fromkeys(sides)):
        if (side, side) != (second, third):
            yield (first, side, side), 1.2 + 0.02 * place


def _alike(value: int) -> list[int]:
    """What a number is easily written for: a little more or less, twice or half of it, two digits exchanged or one too many."""
    if value < _SMALL:
        return sorted(set(range(_SMALL)) - {value}, key=lambda other: (abs(other - value), other))
    digits = str(value)
    exchanged = [digits[:i] + digits[i + 1] + digits[i] + digits[i + 2 :] for i in range(len(digits) - 1)]
    shorter = [digits[:i] + digits[i + 1 :] for i in range(len(digits))]
    others = (value - 1, value + 1, 2 * value, value // 2, 2 * value + 1, *map(int, (*exchanged, *shorter)))
    return [other for other in dict.fromkeys(others) if other != value]
