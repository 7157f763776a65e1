"""How many statements and operators a network expands to, at least, without expanding it.

Blocks that double are counted in the time of their text: the count of a block is remembered by its arguments, and a
repeated body is counted once. What depends on shapes counts as nothing, so the count never exceeds the truth.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from ..syntax import ast
from .budget import MAX_CALLS, MAX_OPERATORS, MAX_STATEMENTS, take_steps
from .evaluate import EvaluationError, bind_pattern, evaluate, evaluate_argument
from .scope import Place, Scope
from .statements import chosen_body, chosen_case
from .values import UNKNOWN, BlockReference, Library

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
    variables = {**place.variables, "in_channels": UNKNOWN}
    return _Counter(place.library.recursive).body(body, variables, place.library, 0)


class _Counter:
    def __init__(self, recursive: set[int]) -> None:
        self.recursive = recursive
        self.known: dict[tuple[int, str], Count] = {}
        self.steps = 0

    def body(self, body: ast.Body, variables: dict[str, Any], library: Library, depth: int) -> Count:
        total = Count(0, len(body.statements))
        for statement in body.statements:
            take_steps(4 + len(variables) // 32, statement.span)
            self.steps += 1
            if self.steps > MAX_STATEMENTS:
                return Count(_PLENTY, _PLENTY)
            try:
                total = total.plus(self.action(statement.action, variables, library, depth))
            except EvaluationError:
                continue
        return total

    def action(self, action: Any, variables: dict[str, Any], library: Library, depth: int) -> Count:
        match action:
            case ast.Call():
                return self.call(action, variables, library, depth)
            case ast.Let():
                return self.let(action, variables, library)
            case ast.Repeat():
                count = evaluate(action.count, variables)
                inner = dict(variables) if action.index is None else {**variables, action.index.text: UNKNOWN}
                rounds = count if isinstance(count, int) and not isinstance(count, bool) else 0
                return self.body(action.body, inner, library, depth).times(max(0, rounds))
            case ast.For():
                return self.loop(action, variables, library, depth)
            case ast.If():
                return self.choice(action, variables, library, depth)
            case ast.Residual():
                return self.body(action.body, dict(variables), library, depth)
        return Count()

    def let(self, action: ast.Let, variables: dict[str, Any], library: Library) -> Count:
        try:
            expression = chosen_case(action.value, variables)
            variables.update(bind_pattern(action.pattern, _value(expression, variables, library)))
        except EvaluationError:
            variables.update({name.text: UNKNOWN for name in action.pattern.names})
        return Count()

    def loop(self, action: ast.For, variables: dict[str, Any], library: Library, depth: int) -> Count:
        items = _value(action.items, variables, library)
        counted = {} if action.index is None else {action.index.text: UNKNOWN}
        total = Count()
        for item in items if isinstance(items, list | tuple) else ():
            bound = bind_pattern(action.pattern, item)
            total = total.plus(self.body(action.body, {**variables, **counted, **bound}, library, depth))
            if total.operators > MAX_OPERATORS or total.statements > MAX_STATEMENTS:
                break
        return total

    def choice(self, action: ast.If, variables: dict[str, Any], library: Library, depth: int) -> Count:
        chosen = chosen_body(action, variables)
        return Count() if chosen is None else self.body(chosen, dict(variables), library, depth)

    def call(self, action: ast.Call, variables: dict[str, Any], library: Library, depth: int) -> Count:
        inside = Count() if action.body is None else self.body(action.body, dict(variables), library, depth)
        meaning = variables.get(action.word.text) or library.find(action.word.text)
        if not isinstance(meaning, BlockReference):
            return inside.plus(Count(int(meaning is not None and meaning is not UNKNOWN)))
        if depth >= MAX_CALLS or id(meaning.definition) in self.recursive:
            return Count()
        bound = self.arguments(meaning, action, variables, library)
        key = (id(meaning.definition), ", ".join(f"{name}={_frozen(value)}" for name, value in bound.items()))
        if key not in self.known:
            self.known[key] = self.body(meaning.definition.body, bound, meaning.library, depth + 1)
        return self.known[key]

    def arguments(
        self, block: BlockReference, action: ast.Call, variables: dict[str, Any], library: Library
    ) -> dict[str, Any]:
        """The variables of a block's body; UNKNOWN what cannot be known without shapes."""
        names = [parameter.name.text for parameter in block.definition.parameters]
        places = iter(names)
        given = {argument.name.text if argument.name else next(places, ""): argument for argument in action.arguments}
        bound: dict[str, Any] = {"in_channels": UNKNOWN}
        for parameter in block.definition.parameters:
            name = parameter.name.text
            expression, seen = (given[name].value, variables) if name in given else (parameter.default, bound)
            try:
                bound[name] = _value(expression, seen, library if name in given else block.library)
            except EvaluationError:
                bound[name] = UNKNOWN
        return bound


def _value(expression: ast.Expression | None, variables: dict[str, Any], library: Library) -> Any:
    if expression is None:
        return UNKNOWN
    place = Place(variables, Scope(), library)
    return place.resolve(evaluate_argument(expression, variables), expression.span)


def _frozen(value: Any) -> str:
    return f"{id(value.definition)}" if isinstance(value, BlockReference) else f"{type(value).__name__} {value!r}"
