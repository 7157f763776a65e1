"""Calls of blocks: their parameters are bound, and their body is elaborated in place of the call."""

from __future__ import annotations

from typing import Any

from .. import problems
from ..ir import Block, Value
from ..syntax import ast
from .arguments import match_arguments
from .budget import MAX_CALLS
from .evaluate import EvaluationError, evaluate_argument
from .scope import Origin, Place, Scope
from .state import State
from .values import UNKNOWN, BlockReference

__all__ = ["call_block"]


def call_block(state: State, block: BlockReference, statement: ast.Statement, action: ast.Call, place: Place) -> None:
    """Elaborate the body of a block where it is called."""
    path = state.path(statement, place)
    if action.body is not None:
        state.report(problems.TakesNoBody(action.body.span, action))
    state.require_current(action.word)
    inner = None if id(block.definition) in state.library.recursive else _bound(state, block, action, place)
    if inner is None:
        state.report(None)
        state.current = None
        return
    inner.scope = Scope(path)
    inner.block = Block(str(block), path, _settings(block, inner.variables), statement.span, place.block)
    inner.block.use = (block.definition, action, dict(inner.variables))
    state.calls.append((action, block))
    state.body(block.definition.body, inner)
    state.calls.pop()


def _bound(state: State, block: BlockReference, action: ast.Call, place: Place) -> Place | None:
    """The place of a block's body with its parameters and ``in_channels``, or None if a mistake was reported."""
    if len(state.calls) >= MAX_CALLS:
        state.report(problems.TooDeep(action.word.span, f"blocks call each other more than {MAX_CALLS} deep"))
        return None
    inner = Place({"in_channels": _in_channels(state)}, Scope(), block.library)
    given, mistakes = match_arguments(block.definition, action.word, action.arguments)
    for parameter in () if mistakes else block.definition.parameters:
        argument = given.get(parameter.name.text)
        seen, binder = (inner, parameter) if argument is None else (place, argument)
        expression = parameter.default if argument is None else argument.value
        assert expression is not None
        try:
            value = seen.resolve(evaluate_argument(expression, seen.variables), expression.span)
            inner.bind({parameter.name.text: value}, Origin(binder, expression, seen))
        except EvaluationError as error:
            mistakes.append(error.problem)
            inner.forget([parameter.name.text])
    for mistake in mistakes:
        state.report(mistake)
    return None if mistakes else inner


def _in_channels(state: State) -> Any:
    """The channels of the value that enters, or UNKNOWN."""
    current = state.current
    return current.type.shape[0] if isinstance(current, Value) and current.type.shape else UNKNOWN


def _settings(block: BlockReference, variables: dict[str, Any]) -> dict[str, Any]:
    """The values of a block's parameters by name, without those that are what the default is."""
    parameters = block.definition.parameters
    return {each.name.text: variables[each.name.text] for each in parameters if not _is_default(each, variables)}


def _is_default(parameter: ast.Parameter, variables: dict[str, Any]) -> bool:
    if parameter.default is None:
        return False
    try:
        return bool(evaluate_argument(parameter.default, variables) == variables[parameter.name.text])
    except EvaluationError:
        return False
