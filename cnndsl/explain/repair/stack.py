"""Stacks of parser states, without the values of a parse: what could come next, and what would follow from it."""

from __future__ import annotations

from collections.abc import Sequence

from ...syntax.parser import row
from ...syntax.tables import RULES

__all__ = ["LEFT_OUT", "Stack", "place"]

LEFT_OUT = "LEFT_OUT"
"""The type of the token that stands for a statement or item that could not be read."""


def place(state: int) -> str:
    """What may begin in a state, a statement or an item; empty if neither."""
    return next((symbol for symbol in ("statement", "item") if symbol in row(state)), "")


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
        stack = self
        while True:
            actions = row(stack.state)
            if type_ == LEFT_OUT and place(stack.state):
                return stack.push(actions[place(stack.state)])
            action = actions.get("LET", actions.get("NETWORK")) if type_ == LEFT_OUT else actions.get(type_)
            if action is None or (action >= 0 and type_ == LEFT_OUT):
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
