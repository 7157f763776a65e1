"""Least-cost repair of tokens over the LALR tables, after Corchuelo et al. (2002) and CPCT+ (Diekmann and Tratt 2020).

A repair changes a few tokens so that the parser gets past the one that it could not take, to the end of that line. Other
than in CPCT+ a change may stand some tokens before the one that the parser stumbles at: that is where the slip often is.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from heapq import heappop, heappush
from itertools import count
from typing import NamedTuple

from ...diagnostics.suggest import distance
from ...source import Source
from ...syntax.lexer import Token, tokenize
from ...syntax.parser import row
from ...syntax.tables import KEYWORDS, RULES
from . import costs

__all__ = ["LEFT_OUT", "Edit", "Repair", "Search", "Stack"]

LEFT_OUT = "LEFT_OUT"
"""The type of the token that stands for a statement or item that could not be read."""

_BACK = 8
"""So many tokens before the one that cannot be read may be changed."""
_FURTHEST = 24
"""So many tokens after it have to go well, unless the line ends before."""
_MOST_EDITS = 3
_MOST_NODES = 500
_MOST_FOUND = 16
_SLACK = 6
_ENDS = frozenset(("NEWLINE", "PIPE", "LBRACE", "RBRACE", "$END"))
_GLUED = 3
"""The longest sign of another language has so many tokens of ours."""


class Stack:
    """A stack of parser states that shares what is below with others; equal ones are one."""

    __slots__ = ("_above", "_after", "below", "state")

    def __init__(self, state: int, below: Stack | None = None) -> None:
        self.state = state
        self.below = below
        self._above: dict[int, Stack] = {}
        self._after: dict[str, Stack | None] = {}

    @classmethod
    def of(cls, states: Sequence[int]) -> Stack:
        """The stack of a parser."""
        stack = cls(states[0])
        for state in states[1:]:
            stack = stack.push(state)
        return stack

    def push(self, state: int) -> Stack:
        """This with a state on top."""
        if state not in self._above:
            self._above[state] = Stack(state, self)
        return self._above[state]

    def shift(self, type_: str) -> Stack | None:
        """The stack after a terminal, or None if it cannot come next."""
        if type_ not in self._after:
            self._after[type_] = self._shifted(type_)
        return self._after[type_]

    def _shifted(self, type_: str) -> Stack | None:
        if type_ == LEFT_OUT:
            symbol = next((symbol for symbol in ("statement", "item") if symbol in row(self.state)), None)
            return self.push(row(self.state)[symbol]) if symbol else None
        stack = self
        while True:
            action = row(stack.state).get(type_)
            if action is None:
                return None
            if action >= 0:
                return stack.push(action)
            _, symbol, size = RULES[~action]
            for _ in range(size):
                assert stack.below is not None
                stack = stack.below
            stack = stack.push(row(stack.state)[symbol])

    @property
    def expected(self) -> list[str]:
        """The terminals that can come next."""
        return [type_ for type_ in row(self.state) if type_[0].isupper() or type_ == "$END" if self.shift(type_)]


class Edit(NamedTuple):
    """Tokens of these types and texts in place of ``size`` tokens from index ``at`` on."""

    kind: str
    at: int
    size: int
    types: tuple[str, ...]
    texts: tuple[str, ...]
    cost: int


class Repair(NamedTuple):
    """Edits that let the parser go on, in order."""

    cost: int
    edits: tuple[Edit, ...]

    @property
    def invents(self) -> bool:
        """Whether a name or a number is put in that stands nowhere in the text."""
        return any(edit.kind == "insert" and edit.types[0] in costs.INVENTED for edit in self.edits)


class _Node(NamedTuple):
    cost: int
    order: int
    edits: tuple[Edit, ...]
    stack: Stack
    at: int


class Search:
    """Looks for repairs in the tokens of a text, within a number of steps for all of them together."""

    def __init__(self, source: Source, tokens: list[Token], steps: int) -> None:
        self.source = source
        self.tokens = tokens
        self.steps = steps

    def repairs(self, stack: Stack, begin: int, stop: int) -> list[Repair]:
        """The cheapest repairs, cheapest first, of what begins at a token with this stack and cannot be read at ``stop``."""
        goal = self._goal(stop)
        order = count()
        waiting = [_Node(0, next(order), (), stack, begin)]
        seen: set[tuple[Stack, int]] = set()
        found: list[Repair] = []
        nodes = 0
        while waiting and nodes < min(_MOST_NODES, self.steps) and len(found) < _MOST_FOUND:
            node = heappop(waiting)
            if (found and node.cost > found[0].cost + _SLACK) or node.cost >= costs.LEAVE:
                break
            if (node.stack, node.at) in seen:
                continue
            seen.add((node.stack, node.at))
            nodes += 1
            trace = self._trace(node, goal)
            last = trace[-1][0]
            if last > goal:
                found.append(Repair(node.cost, node.edits))
            elif last >= stop and len(node.edits) < _MOST_EDITS:
                for edit, after in self._edits(trace[-_BACK:], bool(node.edits)):
                    far = 2 * max(0, last - edit.at - 2) if not node.edits else 0
                    entry = _Node(node.cost + edit.cost + far, next(order), (*node.edits, edit), after, edit.at + edit.size)
                    heappush(waiting, entry)
        self.steps -= nodes
        return found

    def _goal(self, stop: int) -> int:
        """The last token that has to go well."""
        if self.tokens[stop].type in ("NEWLINE", "$END"):
            return min(stop, len(self.tokens) - 2)
        end = stop + 1
        while end < len(self.tokens) - 1 and end < stop + _FURTHEST and self.tokens[end].type not in _ENDS:
            end += 1
        return end if self.tokens[end].type != "$END" else end - 1

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
        if not stack.shift(self.tokens[at].type):
            trace[-1] = (goal, stack)
        return trace

    def _edits(self, trace: list[tuple[int, Stack]], again: bool) -> Iterator[tuple[Edit, Stack]]:
        """All single changes at the places of a trace, and the stack after each."""
        for at, stack in trace:
            for edit in (*self._put_in(stack, at), *self._changed(at)):
                after: Stack | None = stack
                for type_ in edit.types:
                    after = after and after.shift(type_)
                if after is not None:
                    yield edit, after

    def _put_in(self, stack: Stack, at: int) -> Iterator[Edit]:
        types = row(stack.state)
        for type_ in types:
            if type_ in costs.INSERT and not (type_ == "NEWLINE" and "PIPE" in types) and self._may_put_in(type_, types):
                yield Edit("insert", at, 0, (type_,), (costs.TEXTS.get(type_, ""),), costs.INSERT[type_])

    def _may_put_in(self, type_: str, types: dict[str, int]) -> bool:
        """Whether a word is meant as such where it could be a name as well."""
        return not (type_ in ("BLOCK", "NETWORK", "TRAIN", "USE", "FROM", "WITH") and "NAME" in types)

    def _changed(self, at: int) -> Iterator[Edit]:
        token = self.tokens[at]
        type_ = token.type
        if type_ == "$END" or type_ == LEFT_OUT:
            return
        text = token.text(self.source)
        yield Edit("delete", at, 1, (), (), self._cost_to_delete(at))
        yield from self._foreign(at)
        for (wrong, right), cost in costs.SIMILAR.items():
            if wrong == type_:
                yield Edit("replace", at, 1, (right,), (costs.TEXTS.get(right, text),), cost)
        if type_ in costs.SIGNS or type_ == "BAD_CHARACTER":
            for other in costs.SIGNS:
                if other != type_ and (type_, other) not in costs.SIMILAR:
                    yield Edit("replace", at, 1, (other,), (costs.TEXTS[other],), costs.REPLACE)
        if type_ == "NAME":
            yield from self._misspelt(at, text)
        if type_ != "NEWLINE":
            yield from self._exchanged(at)

    def _cost_to_delete(self, at: int) -> int:
        token = self.tokens[at]
        text = token.text(self.source)
        for other in (at - 1, at + 1):
            if 0 <= other < len(self.tokens) and self.tokens[other].text(self.source) == text and text.strip():
                return costs.DOUBLED
        return costs.DELETE.get(token.type, 20)

    def _foreign(self, at: int) -> Iterator[Edit]:
        for size in range(1, _GLUED + 1):
            last = self.tokens[min(at + size, len(self.tokens)) - 1]
            text = self.source.text[self.tokens[at].start : last.end]
            if text in costs.FOREIGN:
                types = costs.FOREIGN[text]
                yield Edit("foreign", at, size, types, tuple(costs.TEXTS[type_] for type_ in types), costs.FOREIGN_COST)

    def _misspelt(self, at: int, text: str) -> Iterator[Edit]:
        allowed = 1 if len(text) < 6 else 2
        for word, type_ in KEYWORDS.items():
            if len(text) > 1 and abs(len(word) - len(text)) <= allowed and (far := distance(text.lower(), word, allowed)) <= allowed:
                yield Edit("misspelt", at, 1, (type_,), (word,), costs.MISSPELT + 4 * (far - 1))

    def _exchanged(self, at: int) -> Iterator[Edit]:
        one, other = self.tokens[at], self.tokens[at + 1]
        if other.type in ("$END", "NEWLINE", LEFT_OUT) or one.type == other.type:
            return
        texts = other.text(self.source), one.text(self.source)
        snippet = texts[0] + self.source.text[one.end : other.start] + texts[1] + self.source.text[other.end : other.end + 1]
        types = tuple(token.type for token in tokenize(Source("", snippet))[0])[:2]
        if len(types) == 2:
            yield Edit("exchange", at, 2, types, texts, costs.EXCHANGE)
