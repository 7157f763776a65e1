"""Least-cost repair of tokens over the LALR tables, after Corchuelo et al. (2002) and CPCT+ (Diekmann and Tratt 2020).

A repair changes a few tokens so that the parser gets past the one that it could not take, to the end of that line. Other
than in CPCT+ a change may stand some tokens before the one that the parser stumbles at: that is where the slip often is.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from functools import lru_cache
from heapq import heappop, heappush
from itertools import count
from typing import NamedTuple

from ...source import Source
from ...syntax.lexer import Token
from ...syntax.parser import row
from ...syntax.tables import RULES
from .changes import Change, Changes, open_bracket
from .costs import BRACES, COSTS, LEAVE, LEFT_OUT, MAY_GO, TEXTS, UNCLOSED, UNOPENED

__all__ = ["Repair", "Search", "Stack", "expected", "place", "shifted"]

Stack = tuple[int, ...]
"""States of a parser, without the values of a parse: what could come next, and what would follow from it."""

_BACK = 8
"""So many tokens before the one that cannot be read may be changed."""
_FURTHEST = 24
"""So many tokens after it have to go well, unless the line ends before."""
_MOST_CHANGES = 3
_MOST_NODES = 500
_MOST_FOUND = 16
_SLACK = 6
"""Repairs that cost so much more than the cheapest are looked at too."""
_STUMBLES = 5
"""What it costs more if the next line cannot begin as it does."""
_FAR = 2
"""What it costs more for each token that a change stands further from where the parser stumbles."""


class Repair(NamedTuple):
    """Changes that let the parser go on, in order."""

    cost: int
    changes: tuple[Change, ...]

    def keeps_words(self, tokens: list[Token]) -> bool:
        """Whether nothing is taken away that means something or may lack what follows it, and no word is put in."""
        deleted = (change for change in self.changes if change.kind == "delete")
        lost = any(change.cost != COSTS["doubled sign"] and tokens[change.at].type not in MAY_GO for change in deleted)
        put_in = any(change.kind == "insert" and change.texts[0].isalpha() for change in self.changes)
        return not (lost or put_in or self.moves_braces(tokens))

    def moves_braces(self, tokens: list[Token]) -> bool:
        """Whether bodies begin or end elsewhere."""
        types = {type_ for change in self.changes for type_ in change.types}
        types |= {token.type for change in self.changes for token in tokens[change.at : change.at + change.size]}
        return bool(types & BRACES) and not types & {UNCLOSED, UNOPENED}

    @property
    def invents(self) -> bool:
        """Whether a name or a number is put in that stands nowhere in the text."""
        return any(
            each.kind in ("insert", "replace") and each.texts[0] in ("", TEXTS["NUMBER"]) for each in self.changes
        )


def place(state: int) -> str:
    """What may begin in a state, a statement or an item; empty if neither."""
    return next((symbol for symbol in ("statement", "item") if symbol in row(state)), "")


@lru_cache(100_000)
def shifted(stack: Stack, type_: str) -> Stack | None:
    """The stack after a terminal, or None if it cannot come next."""
    while True:
        actions = row(stack[-1])
        if type_ == LEFT_OUT and place(stack[-1]):
            return (*stack, actions[place(stack[-1])])
        action = actions.get("LET", actions.get("NETWORK")) if type_ == LEFT_OUT else actions.get(type_)
        if action is None or (action >= 0 and type_ == LEFT_OUT):
            return None
        if action >= 0:
            return (*stack, action)
        _, symbol, size = RULES[~action]
        stack = stack[: len(stack) - size]
        stack = (*stack, row(stack[-1])[symbol])


def expected(stack: Stack) -> list[str]:
    """The terminals that can come next."""
    return [type_ for type_ in row(stack[-1]) if (type_[0].isupper() or type_ == "$END") and shifted(stack, type_)]


class _Node(NamedTuple):
    cost: int
    order: int
    changes: tuple[Change, ...]
    stack: Stack
    at: int


class Search:
    """Looks for repairs in the tokens of a text, within a number of steps for all of them together."""

    def __init__(self, source: Source, tokens: list[Token], steps: int) -> None:
        self.source = source
        self.tokens = tokens
        self.steps = steps
        self.changes = Changes(source, tokens)
        self.order = count()

    def repairs(self, stack: Stack, begin: int, stop: int) -> list[Repair]:
        """The cheapest repairs, cheapest first, of what begins at a token with this stack and cannot be read at ``stop``."""
        self.changes.begin(begin)
        goal = self._goal(stop)
        waiting = [_Node(0, next(self.order), (), stack, begin)]
        seen: set[tuple[Stack, int]] = set()
        found: list[Repair] = []
        nodes = 0
        while waiting and nodes < min(_MOST_NODES, self.steps) and len(found) < _MOST_FOUND:
            node = heappop(waiting)
            if node.cost >= LEAVE or (found and node.cost > found[0].cost + _SLACK):
                break
            if (node.stack, node.at) in seen:
                continue
            seen.add((node.stack, node.at))
            nodes += 1
            trace = self._trace(node, goal)
            last, top = trace[-1]
            stumbles = shifted(top, self.tokens[last].type) is None
            if last > goal and self._is_repair(node, goal, stumbles=stumbles):
                found.append(Repair(node.cost + _STUMBLES * stumbles, node.changes))
            elif last >= stop and len(node.changes) < _MOST_CHANGES:
                most = min(LEAVE - 1, found[0].cost + _SLACK if found else LEAVE) - node.cost
                for following in self._changed(node, trace, most):
                    heappush(waiting, following)
        self.steps -= nodes
        return sorted(found, key=lambda repair: repair.cost)

    def _is_repair(self, node: _Node, goal: int, *, stumbles: bool) -> bool:
        """Whether a node that gets past the goal repairs anything: what was changed has to be followed by what goes well."""
        if stumbles and (node.at > goal or self.tokens[goal + 1].type == "$END"):
            return False
        return bool(node.changes) and self._balances(node.changes)

    def _goal(self, stop: int) -> int:
        """The last token that has to go well."""
        last = len(self.tokens) - 2
        if self.tokens[stop].type in ("NEWLINE", "$END"):
            return min(stop, last)
        reach = range(stop + 1, min(last, stop + _FURTHEST))
        return next((at for at in reach if self.tokens[at].type == "NEWLINE"), min(last, stop + _FURTHEST))

    def _trace(self, node: _Node, goal: int) -> list[tuple[int, Stack]]:
        """The places that are reached from a node without a change, up to the one after the goal."""
        trace = [(node.at, node.stack)]
        for at in range(node.at, goal + 1):
            after = shifted(trace[-1][1], self.tokens[at].type)
            if after is None:
                break
            trace.append((at + 1, after))
        return trace

    def _changed(self, node: _Node, trace: list[tuple[int, Stack]], most: int) -> Iterator[_Node]:
        """A node with one more change, which costs at most so much, in a place that it comes to."""
        last = trace[-1][0]
        for at, before in self._changeable(trace):
            for change in self.changes.here(before[-1], at):
                after = before if change.cost <= most else None
                for type_ in change.types:
                    after = after and shifted(after, type_)
                if after:
                    cost = node.cost + change.cost + self._distance(node, change, last)
                    yield _Node(cost, next(self.order), (*node.changes, change), after, at + change.size)

    def _changeable(self, trace: list[tuple[int, Stack]]) -> list[tuple[int, Stack]]:
        """The last places of a trace, and the bracket that is closed wrongly at its end."""
        last = trace[-1][0]
        partner = open_bracket(self.tokens, last) if self.tokens[last].type in ("RPAR", "RSQB") else None
        return [place for place in trace[:-_BACK] if place[0] == partner] + trace[-_BACK:]

    def _distance(self, node: _Node, change: Change, last: int) -> int:
        """What a change costs more the further it stands before the place where the parser stumbles."""
        if node.changes or (change.kind == "replace" and change.at == open_bracket(self.tokens, last)):
            return 0
        return _FAR * max(0, last - change.at - 2)

    def _balances(self, changes: tuple[Change, ...]) -> bool:
        """Whether changes open as many braces as they close: all have partners by now."""
        put = Counter(type_ for change in changes for type_ in change.types)
        put.subtract(token.type for change in changes for token in self.tokens[change.at : change.at + change.size])
        return put["LBRACE"] == put["RBRACE"]
