"""How many operators a network expands to, at least, without expanding it.

Blocks that double are counted in the time of their text: the count of a block is remembered by its arguments, and a
repeated body is counted once. What depends on shapes counts as nothing, so the count never exceeds the truth.
"""

from __future__ import annotations

from typing import Any

from ..syntax import ast
from .expressions import UNKNOWN, EvaluationError, bind_pattern, condition, evaluate, evaluate_argument
from .limits import MAX_CALLS, MAX_OPERATORS, MAX_STATEMENTS
from .place import Place
from .references import BlockReference, Library
from .scope import Scope

__all__ = ["count_operators"]

_PLENTY = 10**18


def count_operators(body: ast.Body, place: Place) -> int:
    """A lower bound of the operators in some braces; anything above the limit may be more."""
    return _Counter().body(body, dict(place.variables), place.library, 0)


class _Counter:
    def __init__(self) -> None:
        self.known: dict[tuple[int, str], int] = {}
        self.steps = 0

    def body(self, body: ast.Body, variables: dict[str, Any], library: Library, depth: int) -> int:
        total = 0
        for statement in body.statements:
            self.steps += 1
            if self.steps > MAX_STATEMENTS:
                return _PLENTY
            try:
                total += self.action(statement.action, variables, library, depth)
            except EvaluationError:
                continue
        return min(total, _PLENTY)

    def action(self, action: Any, variables: dict[str, Any], library: Library, depth: int) -> int:
        match action:
            case ast.Call():
                return self.call(action, variables, library, depth)
            case ast.Let():
                return self.let(action, variables, library)
            case ast.Repeat():
                count = evaluate(action.count, variables)
                inner = dict(variables) if action.index is None else {**variables, action.index.text: UNKNOWN}
                return max(0, int(count)) * self.body(action.body, inner, library, depth)
            case ast.For():
                return self.loop(action, variables, library, depth)
            case ast.If():
                return self.choice(action, variables, library, depth)
            case ast.Residual():
                return self.body(action.body, dict(variables), library, depth)
        return 0

    def let(self, action: ast.Let, variables: dict[str, Any], library: Library) -> int:
        variables.update({name.text: UNKNOWN for name in action.pattern.names})
        if isinstance(action.value, ast.Match):
            subject = evaluate(action.value.subject, variables)
            chosen = next(case for case in action.value.cases if evaluate(case.key, variables) == subject)
            value = evaluate_argument(chosen.value, variables)
        else:
            value = evaluate_argument(action.value, variables)
        place = Place(variables, Scope(), library)
        variables.update(bind_pattern(action.pattern, place.resolve(value, action.span)))
        return 0

    def loop(self, action: ast.For, variables: dict[str, Any], library: Library, depth: int) -> int:
        items = evaluate(action.items, variables)
        counted = {} if action.index is None else {action.index.text: UNKNOWN}
        total = 0
        for item in items if isinstance(items, list | tuple) else ():
            bound = bind_pattern(action.pattern, item)
            total += self.body(action.body, {**variables, **counted, **bound}, library, depth)
            if total > MAX_OPERATORS:
                break
        return total

    def choice(self, action: ast.If, variables: dict[str, Any], library: Library, depth: int) -> int:
        chosen: ast.Body | ast.If | None = action
        while isinstance(chosen, ast.If):
            chosen = chosen.body if condition(chosen.condition, variables) else chosen.otherwise
        return 0 if chosen is None else self.body(chosen, dict(variables), library, depth)

    def call(self, action: ast.Call, variables: dict[str, Any], library: Library, depth: int) -> int:
        inside = 0 if action.body is None else self.body(action.body, dict(variables), library, depth)
        meaning = variables.get(action.word.text) or library.find(action.word.text)
        if not isinstance(meaning, BlockReference):
            return inside + (meaning is not None and meaning is not UNKNOWN)
        if depth >= MAX_CALLS:
            return 0
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
            own = name not in given
            expression = parameter.default if own else given[name].value
            seen = Place(bound if own else variables, Scope(), block.library if own else library)
            bound[name] = _value(expression, seen)
        return bound


def _value(expression: ast.Expression | None, place: Place) -> Any:
    if expression is None:
        return UNKNOWN
    try:
        return place.resolve(evaluate_argument(expression, place.variables), expression.span)
    except EvaluationError:
        return UNKNOWN


def _frozen(value: Any) -> str:
    return f"{id(value.definition)}" if isinstance(value, BlockReference) else f"{type(value).__name__} {value!r}"
