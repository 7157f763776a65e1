"""One search for what was meant where shapes or figures are wrong: other numbers in the text, the likeliest first.

Each is inferred over the network that is there (:mod:`.rerun`); those that reach the goal are left to be tried on the text
(:mod:`cnndsl.explain.trial`). A number is the likelier the more often such a slip is made, and the nearer it is to the
mistake. The layers that are inferred are counted, so that no search keeps anyone waiting.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from math import log2

from ...diagnostics import Edit
from ...ops import TensorType
from ...record import Record
from ...source import Span
from .goals import Goal
from .literals import Numbers
from .network import Network
from .numbers import likely

__all__ = ["Move", "found_moves"]

_DISTANCE = 0.12
"""What other numbers cost more for each doubling of the layers between them and the mistake."""


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
    for move in sorted((*others, *_moves(network, goal)), key=lambda move: move.cost):
        type_ = goal.result(move.numbers) if move.numbers else None
        if type_ is not None or not move.numbers:
            yield move.replace(type=type_)


def _moves(network: Network, goal: Goal) -> Iterator[Move]:
    """Other numbers wherever they touch a layer before the mistake."""
    for literal in network.literals.values():
        uses = network.uses.get(literal.key, ())
        before = [place for place, _ in uses if place <= goal.here] + [0] * (literal.key == network.input_key)
        if before and (goal.is_told or not literal.name):
            distance = _DISTANCE * log2(1 + max(goal.here - max(before), 0))
            for values, cost in likely(literal, {name for _, name in uses}):
                yield Move(cost + distance, (literal.edit(values),), literal.around, {literal.key: values})
