"""How many statements and operators a network expands to, at least, without expanding it.

Blocks that double are counted in the time of their text: the count of a block is remembered by its arguments, and a
repeated body is counted once. What depends on shapes counts as nothing, so the count never exceeds the truth.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from ..syntax import ast
from .budget import MAX_CALLS, MAX_OPERATORS, MAX_STATEMENTS, take_steps
from .evaluate import EvaluationError, bind_pattern, evaluate, evaluate_argument
from .scope import Place, Scope
from .statements import chosen_body, chosen_case
from .values import UNKNOWN, BlockReference

__all__ = ["Count", "count_expansion"]

_PLENTY = 10**18


class Count(NamedTuple):
    """What some statements expand to, at least."""

    operators: int = 0
    statements: int = 0

    def plus(self, other: Count) -> Count:
        """Both together."""
        return Count(min(self.operators + other.operators, _PLENTY), min(self.statements + other.statements, _PLENTY))

    def times(self, rounds: int) -> Count:
        """So many rounds of it."""
        return Count(min(self.operators * rounds, _PLENTY), min(self.statements * rounds, _PLENTY))


def count_expansion(body: ast.Body, place: Place) -> Count:
    """A lower bound of what is in some braces; anything above a limit may be more."""
    return _Counter(place.library.recursive).body(body, _place(place, {"in_channels": UNKNOWN}), 0)


class _Counter:
    def __init__(self, recursive: set[int]) -> None:
        self.recursive = recursive
        self.known: dict[tuple[int, str], Count] = {}
        self.steps = 0

    def body(self, body: ast.Body, place: Place, depth: int) -> Count:
        total = Count(0, len(body.statements))
        for statement in body.statements:
            take_steps(4 + len(place.variables) // 32, statement.span)
            self.steps += 1
            if self.steps > MAX_STATEMENTS:
                return Count(_PLENTY, _PLENTY)
            try:
                total = total.plus(self.action(statement.action, place, depth))
            except EvaluationError:
                continue
        return total

    def action(self, action: Any, place: Place, depth: int) -> Count:
        match action:
            case ast.Call():
                return self.call(action, place, depth)
            case ast.Let():
                self.let(action, place)
            case ast.Repeat():
                count = evaluate(action.count, place.variables)
                rounds = count if isinstance(count, int) and not isinstance(count, bool) else 0
                return self.body(action.body, _place(place, _counted(action)), depth).times(max(0, rounds))
            case ast.For():
                return self.loop(action, place, depth)
            case ast.If():
                chosen = chosen_body(action, place.variables)
                return Count() if chosen is None else self.body(chosen, _place(place), depth)
            case ast.Residual():
                return self.body(action.body, _place(place), depth)
        return Count()

    def let(self, action: ast.Let, place: Place) -> None:
        try:
            expression = chosen_case(action.value, place.variables)
            place.variables.update(bind_pattern(action.pattern, _value(expression, place)))
        except EvaluationError:
            place.forget(name.text for name in action.pattern.names)

    def loop(self, action: ast.For, place: Place, depth: int) -> Count:
        items = _value(action.items, place)
        total = Count()
        for item in items if isinstance(items, list | tuple) else ():
            inner = _place(place, {**_counted(action), **bind_pattern(action.pattern, item)})
            total = total.plus(self.body(action.body, inner, depth))
            if total.operators > MAX_OPERATORS or total.statements > MAX_STATEMENTS:
                break
        return total

    def call(self, action: ast.Call, place: Place, depth: int) -> Count:
        inside = Count() if action.body is None else self.body(action.body, _place(place), depth)
        meaning = place.variables.get(action.word.text) or place.library.find(action.word.text)
        if not isinstance(meaning, BlockReference):
            return inside.plus(Count(int(meaning is not None and meaning is not UNKNOWN)))
        if depth >= MAX_CALLS or id(meaning.definition) in self.recursive:
            return Count()
        inner = self.block(meaning, action, place)
        values = ", ".join(f"{name}={_frozen(value)}" for name, value in inner.variables.items())
        key = (id(meaning.definition), values)
        if key not in self.known:
            self.known[key] = self.body(meaning.definition.body, inner, depth + 1)
        return self.known[key]

    def block(self, block: BlockReference, action: ast.Call, place: Place) -> Place:
        """The place of a block's body; UNKNOWN what cannot be known without shapes."""
        left = iter([parameter.name.text for parameter in block.definition.parameters])
        given = {argument.name.text if argument.name else next(left, ""): argument for argument in action.arguments}
        inner = Place({"in_channels": UNKNOWN}, Scope(), block.library)
        for parameter in block.definition.parameters:
            name = parameter.name.text
            expression, seen = (given[name].value, place) if name in given else (parameter.default, inner)
            try:
                inner.variables[name] = UNKNOWN if expression is None else _value(expression, seen)
            except EvaluationError:
                inner.forget([name])
        return inner


def _place(around: Place, values: Mapping[str, Any] = {}) -> Place:
    return Place({**around.variables, **values}, Scope(), around.library)


def _counted(action: ast.Repeat | ast.For) -> dict[str, Any]:
    """The variable that counts the rounds: their bodies are alike but for it."""
    return {} if action.index is None else {action.index.text: UNKNOWN}


def _value(expression: ast.Expression, place: Place) -> Any:
    return place.resolve(evaluate_argument(expression, place.variables), expression.span)


def _frozen(value: Any) -> str:
    return f"{id(value.definition)}" if isinstance(value, BlockReference) else f"{type(value).__name__} {value!r}"
