"""One search for what was meant where shapes or figures are wrong: small changes of the text, the likeliest first.

Each is inferred over the network that is there (:mod:`.rerun`); those that reach the goal are left to be tried on the text
(:mod:`cnndsl.explain.trial`). A change is the likelier the more often such a slip is made, and the nearer it is to the
mistake. The layers that are inferred are counted, so that no search keeps anyone waiting.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from math import isqrt, log2

from ...ops import OPERATORS, TensorType
from ...record import Record
from ...syntax import ast
from ...syntax.walk import walk
from .goals import CHANNELS, SIZES, Goal
from .literals import Literal
from .moves import Move, are_alike, argument_moves, exchanges, inserted, line_moves, number_moves, set_to
from .rerun import Change, Rerun, Spent
from .retrace import Network
from .traced import trace_of

__all__ = ["Found", "find_moves"]

_LARGEST = 1_000_000
"""What is larger is no number of channels."""
_DISTANCE = 0.12
"""What a change costs more for each doubling of the layers between it and the mistake."""
_LOSS = 0.1
"""What it costs more if a window that is changed leaves rows of its input behind."""
_OF_SIZES = (
    *("kernel_size", "pool_size", "stride", "padding", "dilation", "output_padding"),
    *("ceil_mode", "scale_factor", "size", "output_size"),
)


class Found(Record):
    """A move with its distance in its cost, and what then is there where the problem was; None if that is not known."""

    move: Move
    type: TensorType | None


def find_moves(network: Network, goal: Goal, others: Iterable[Move] = ()) -> list[Found]:
    """The moves that reach a goal, or may, the cheapest first; ``others`` are some that only this problem suggests."""
    search = _Search(network, goal)
    found: list[Found] = []
    try:
        for move in sorted((*others, *search.moves()), key=lambda move: move.cost):
            if move.change is None or search.removes_refused(move.change):
                found.append(Found(move, None))
                continue
            rerun = Rerun(network, move.change)
            type_ = goal.result(rerun)
            if type_ is not None:
                found.append(Found(move.replace(cost=move.cost + _LOSS * rerun.loses_rows), type_))
    except Spent:
        pass
    return sorted(found, key=lambda each: each.move.cost)


class _Search:
    def __init__(self, network: Network, goal: Goal) -> None:
        self.network = network
        self.goal = goal

    def moves(self) -> Iterator[Move]:
        """All moves that touch a layer before the mistake, with their distance in the cost."""
        for move in self._everywhere():
            distance = self._distance(move.change)
            if distance is not None:
                yield move.replace(cost=move.cost + distance)

    def removes_refused(self, change: Change) -> bool:
        """Whether the layer that was refused goes, so that what comes of it is not known."""
        group, refused = change.group, self.network.refused
        return bool(group and refused and group.times == 0 and group.span.start <= refused.span.start < group.span.end)

    def _everywhere(self) -> Iterator[Move]:
        for literal in self.network.literals:
            yield from self._numbers(literal)
        nodes = [node for tree in self.network.trees for node in walk(tree)]
        calls = [node for node in nodes if isinstance(node, ast.Call) and node.word.text in OPERATORS and not node.body]
        bodies = [node for node in nodes if isinstance(node, ast.Body)]
        moves = [move for call in calls for move in (*argument_moves(call), *self._insertions(call))]
        moves += [move for body in bodies for move in line_moves(body)]
        yield from (move for move in moves if not self._only_removes(move))
        if self.goal.is_told:
            yield from exchanges(self.network.literals)

    def _only_removes(self, move: Move) -> bool:
        """Whether a move takes away the layer that was refused, or adds what fits where nothing tells that it is meant."""
        change = move.change
        if change is not None and self.removes_refused(change):
            return move.cost >= 1
        return not self.goal.is_told and bool(change and change.call and move.edits[0].replacement)

    def _decided(self, change: Change) -> set[str]:
        """What a change of numbers or attributes decides."""
        if self._is_of_input(change):
            return {SIZES, CHANNELS}
        return {SIZES if name in _OF_SIZES else CHANNELS for name in (*change.attributes, *self._names(change))}

    def _names(self, change: Change) -> set[str]:
        """The attributes that the numbers of a change go into."""
        return {name for bit in change.numbers for _, name in self.network.uses.get(bit, ())}

    def _is_of_input(self, change: Change) -> bool:
        traced = trace_of(self.network.input.type.shape)
        return any(traced >> bit & 1 for bit in change.numbers)

    def _numbers(self, literal: Literal) -> Iterator[Move]:
        change = Change(literal.numbers(literal.values))
        decided = self._decided(change)
        if self.goal.off not in (None, *decided) or self._distance(change) is None:
            return
        missing = self._missing(literal) if self.goal.off != SIZES and len(set(literal.values)) == 1 else []
        now, count = literal.values[0], len(literal.values)
        for each in roots(missing, now) if missing else ():
            yield set_to(literal, (each,) * count, 1.0 if are_alike(now, each) else 1.25)
        if not missing or (SIZES in decided and len(set(missing)) > 1):
            yield from number_moves(literal, self._names(change))

    def _missing(self, literal: Literal) -> list[int]:
        """What is missing for once, twice and three times a number; empty if that cannot be told."""
        value, missing = literal.values[0], list[int]()
        for times in (1, 2, 3) if value > 0 else ():
            change = Change(literal.numbers((value * times,) * len(literal.values)))
            short = self.goal.missing(Rerun(self.network, change, self.goal.here))
            if short is None:
                return []
            missing.append(short)
        return missing

    def _insertions(self, call: ast.Call) -> Iterator[Move]:
        if call.word.text == "dense":
            yield inserted(call, "flatten", OPERATORS["flatten"](), 1.5)
            yield inserted(call, "global_avgpool | flatten", OPERATORS["flatten"](), 1.6)
        pools = {
            node.operator: node.span.text
            for node in self.network.nodes
            if node.operator.name in ("maxpool", "avgpool") and node.span.source is self.network.source
        }
        for operator, text in list(pools.items())[:2]:
            yield inserted(call, text, operator, 2.5)

    def _distance(self, change: Change | None) -> float | None:
        """What a change costs more for where it is; None if it touches no layer up to the mistake."""
        if change is None:
            return 0.0
        if change.group is None and self.goal.off not in (None, *self._decided(change)):
            return None
        places = self._touched(change)
        before = [place for place in places if place <= self.goal.here]
        return _DISTANCE * log2(1 + self.goal.here - max(before)) if before else None

    def _touched(self, change: Change) -> list[int]:
        """Layers that a change touches, the last one among them; the input counts as the first."""
        span = change.group.span if change.group else change.call
        if span is not None:
            return self.network.places(span)
        places = [place for bit in change.numbers for place, _ in self.network.uses.get(bit, ())]
        return [0, *places] if self._is_of_input(change) else places


def roots(missing: Sequence[int], value: int) -> list[int]:
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
