"""Least-cost repair of tokens over the LALR tables, after Corchuelo et al. (2002) and CPCT+ (Diekmann and Tratt 2020).

A repair changes a few tokens so that the parser gets past the one that it could not take, to the end of that line. Other
than in CPCT+ a change may stand some tokens before the one that the parser stumbles at: that is where the slip often is.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from heapq import heappop, heappush
from itertools import count
from typing import NamedTuple

from ...source import Source
from ...syntax.lexer import Token
from . import costs
from .changes import Change, Changes
from .stack import Stack

__all__ = ["Repair", "Search", "open_bracket"]

_BACK = 8
"""So many tokens before the one that cannot be read may be changed."""
_FURTHEST = 24
"""So many tokens after it have to go well, unless the line ends before."""
_MOST_CHANGES = 3
_MOST_NODES = 500
_MOST_FOUND = 16
_LONGEST_LOOK = 200
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

    @property
    def is_silent(self) -> bool:
        """Whether nothing is wrong but for a bracket that is found to be open later."""
        return all(change.kind == "join" for change in self.changes)

    def is_whole(self, tokens: list[Token]) -> bool:
        """Whether nothing can be missing after what is taken away, and no word of the language is put in."""
        if any(change.kind == "insert" and change.types[0] == "LET" for change in self.changes):
            return False
        deleted = [change for change in self.changes if change.kind == "delete" and change.cost > costs.DOUBLED]
        return not any(tokens[change.at].type in costs.INCOMPLETE for change in deleted)

    def moves_braces(self, tokens: list[Token]) -> bool:
        """Whether bodies begin or end elsewhere, though every brace has a partner."""
        types = [type_ for change in self.changes for type_ in change.types]
        types += [token.type for change in self.changes for token in tokens[change.at : change.at + change.size]]
        return ("LBRACE" in types or "RBRACE" in types) and not costs.BRACES.keys() & set(types)

    @property
    def invents(self) -> bool:
        """Whether a name or a number is put in that stands nowhere in the text."""
        return any(
            change.kind in ("insert", "unknown") and change.types[0] in costs.INVENTED for change in self.changes
        )


class _Node(NamedTuple):
    cost: int
    order: int
    changes: tuple[Change, ...]
    stack: Stack
    at: int


class Search:
    """Looks for repairs in the tokens of a text, within a number of steps for all of them together."""

    def __init__(self, source: Source, tokens: list[Token], steps: int) -> None:
        self.tokens = tokens
        self.steps = steps
        self.changes = Changes(source, tokens)

    def repairs(self, stack: Stack, begin: int, stop: int) -> list[Repair]:
        """The cheapest repairs, cheapest first, of what begins at a token with this stack and cannot be read at ``stop``."""
        self.changes.count_brackets(begin)
        goal = self._goal(stop)
        order = count()
        waiting = [_Node(0, next(order), (), stack, begin)]
        seen: set[tuple[Stack, int]] = set()
        found: list[Repair] = []
        nodes = 0
        while waiting and nodes < min(_MOST_NODES, self.steps) and len(found) < _MOST_FOUND:
            node = heappop(waiting)
            if node.cost >= costs.LEAVE or (found and node.cost > found[0].cost + _SLACK):
                break
            if (node.stack, node.at) in seen:
                continue
            seen.add((node.stack, node.at))
            nodes += 1
            trace = self._trace(node, goal)
            last, top = trace[-1]
            stumbles = top.shift(self.tokens[last].type) is None
            if last > goal and self._is_repair(node, goal, stumbles=stumbles):
                found.append(Repair(node.cost + _STUMBLES * stumbles, node.changes))
            elif last >= stop and len(node.changes) < _MOST_CHANGES:
                for change, after in self._changes_on(self._changeable(trace)):
                    cost = node.cost + change.cost + self._distance(node, change, last)
                    after_it = change.at + change.size
                    heappush(waiting, _Node(cost, next(order), (*node.changes, change), after, after_it))
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
        stack, at = node.stack, node.at
        trace = [(at, stack)]
        while at <= goal:
            after = stack.shift(self.tokens[at].type)
            if after is None:
                return trace
            stack, at = after, at + 1
            trace.append((at, stack))
        return trace

    def _changeable(self, trace: list[tuple[int, Stack]]) -> list[tuple[int, Stack]]:
        """The last places of a trace, and the bracket that is closed wrongly at its end."""
        partner = (
            open_bracket(self.tokens, trace[-1][0]) if self.tokens[trace[-1][0]].type in ("RPAR", "RSQB") else None
        )
        earlier = [place for place in trace[:-_BACK] if place[0] == partner]
        return earlier + trace[-_BACK:]

    def _distance(self, node: _Node, change: Change, last: int) -> int:
        """What a change costs more the further it stands before the place where the parser stumbles."""
        if node.changes or (change.kind == "replace" and change.at == open_bracket(self.tokens, last)):
            return 0
        return _FAR * max(0, last - change.at - 2)

    def _changes_on(self, trace: list[tuple[int, Stack]]) -> Iterator[tuple[Change, Stack]]:
        for at, stack in trace:
            yield from self.changes.here(stack, at)

    def _balances(self, changes: tuple[Change, ...]) -> bool:
        """Whether changes open as many braces as they close; those without a partner count as they are repaired."""
        put = Counter(type_ for change in changes for type_ in change.types)
        put.subtract(token.type for change in changes for token in self.tokens[change.at : change.at + change.size])
        return put["LBRACE"] == put["RBRACE"]


def open_bracket(tokens: list[Token], closer: int) -> int | None:
    """The innermost ( or [ that is open before a token."""
    depth = 0
    for at in range(closer - 1, max(-1, closer - _LONGEST_LOOK), -1):
        depth += (tokens[at].type in ("LPAR", "LSQB")) - (tokens[at].type in ("RPAR", "RSQB"))
        if depth > 0:
            return at
        if tokens[at].type in ("LBRACE", "RBRACE"):
            return None
    return None
