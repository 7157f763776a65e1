"""One search for what was meant where shapes or figures are wrong: other numbers in the text, the likeliest first.

Each is inferred over the network that is there (:mod:`.rerun`); those that reach the goal are left to be tried on the text
(:mod:`cnndsl.explain.trial`). A number is the likelier the more often such a slip is made, and the nearer it is to the
mistake. The layers that are inferred are counted, so that no search keeps anyone waiting.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import pairwise
from math import isqrt, log2

from ...diagnostics import Edit
from ...ops import TensorType
from ...record import Record
from ...source import Span
from .goals import Goal
from .literals import Literal, Numbers
from .network import Network
from .numbers import alike, likely

__all__ = ["Move", "found_moves"]

_LARGEST = 1_000_000
"""What is larger is no number of channels."""
_DISTANCE = 0.12
"""What other numbers cost more for each doubling of the layers between them and the mistake."""
_OF_SIZES = (
    *("kernel_size", "pool_size", "stride", "padding", "dilation", "output_padding"),
    *("scale_factor", "size", "output_size"),
)


class Move(Record):
    """Edits, the call or line that they are in, their cost, and what they say: numbers, or ``advice`` in words.

    ``type`` is what is there then where the problem was, if that is known.
    """

    cost: float
    edits: tuple[Edit, ...]
    around: Span
    numbers: Numbers | None = None
    advice: str = ""
    type: TensorType | None = None


def found_moves(network: Network, goal: Goal, others: Iterable[Move]) -> Iterator[Move]:
    """The moves that reach a goal, or may, the cheapest first; ``others`` are some that only this problem suggests."""
    for move in sorted((*others, *_Search(network, goal).moves()), key=lambda move: move.cost):
        type_ = goal.result(move.numbers) if move.numbers else None
        if type_ is not None or not move.numbers:
            yield move.replace(type=type_)


class _Search:
    def __init__(self, network: Network, goal: Goal) -> None:
        self.network = network
        self.goal = goal

    def moves(self) -> Iterator[Move]:
        """Other numbers wherever they touch a layer before the mistake."""
        for literal in self.network.literals.values():
            distance = self._distance(literal)
            if distance is not None:
                values = self._values(literal, self._names(literal))
                yield from (_set(literal, each, cost + distance) for each, cost in values)
        yield from self._exchanges() if self.goal.is_told else ()

    def _values(self, literal: Literal, names: set[str]) -> Iterator[tuple[tuple[int, ...], float]]:
        """What a number may have been, each with its cost; where it is known what is missing, what gives that alone."""
        now, of_sizes = literal.values[0], bool(names.intersection(_OF_SIZES)) or self._is_of_input(literal)
        missing = self._missing(literal) if names.difference(_OF_SIZES) and len(set(literal.values)) == 1 else []
        for each in _roots(missing, now) if missing else ():
            yield (each,) * len(literal.values), 1.0 if each in alike(now) or now in alike(each) else 1.25
        if (of_sizes or not missing) and (not literal.name or self.goal.is_told):
            yield from likely(literal, names)

    def _missing(self, literal: Literal) -> list[int]:
        """What is missing for once, twice and three times a number; empty if that cannot be told."""
        value, count = literal.values[0], len(literal.values)
        numbers = [{literal.key: (value * times,) * count} for times in (1, 2, 3)] if value > 0 else []
        missing = [each for each in map(self.goal.missing, numbers) if each is not None]
        return missing if len(missing) == 3 else []

    def _exchanges(self) -> Iterator[Move]:
        """Two neighbours of one call the other way round."""
        for one, other in pairwise(each for each in self.network.literals.values() if not each.name):
            distance = self._distance(one)
            if distance is None or one.around != other.around or one.values == other.values:
                continue
            first, second = _filling(one, other.values), _filling(other, one.values)
            if first and second:
                edits = (Edit(one.span, other.span.text), Edit(other.span, one.span.text))
                yield Move(0.9 + distance, edits, one.around, {one.key: first, other.key: second})

    def _names(self, literal: Literal) -> set[str]:
        """The attributes that a number goes into."""
        return {name for _, name in self.network.uses.get(literal.key, ())}

    def _is_of_input(self, literal: Literal) -> bool:
        return literal.key == self.network.input_key

    def _distance(self, literal: Literal) -> float | None:
        """What a number costs more for where it is; None if it touches no layer up to the mistake."""
        uses = self.network.uses.get(literal.key, ())
        before = [place for place, _ in uses if place <= self.goal.here] + [0] * self._is_of_input(literal)
        return _DISTANCE * log2(1 + max(self.goal.here - max(before), 0)) if before else None


def _set(literal: Literal, values: tuple[int, ...], cost: float) -> Move:
    return Move(cost, (literal.edit(values),), literal.around, {literal.key: values})


def _filling(literal: Literal, values: tuple[int, ...]) -> tuple[int, ...]:
    """The values of another literal for this one: those of a square for all its extents. Empty if they do not fit."""
    if len(values) == len(literal.values):
        return values
    return values[:1] * len(literal.values) if len(set(values)) == 1 else ()


def _roots(missing: list[int], value: int) -> list[int]:
    """For which numbers nothing is missing, given what is for once, twice and three times a value."""
    first, second = missing[1] - missing[0], missing[2] - 2 * missing[1] + missing[0]
    # missing[0] + first*k + second*k*(k - 1)/2 == 0, and the number is value*(1 + k)
    a, b, c = second, 2 * first - second, 2 * missing[0]
    inside = b * b - 4 * a * c
    if inside < 0 or isqrt(inside) ** 2 != inside:
        return []
    tops = [(-c, b)] if a == 0 else [(sign * isqrt(inside) - b, 2 * a) for sign in (1, -1)]
    found = [value + value * top // bottom for top, bottom in tops if bottom and value * top % bottom == 0]
    return [each for each in dict.fromkeys(found) if 0 < each <= _LARGEST and each != value]
