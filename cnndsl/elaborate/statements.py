"""Statements that bind names, choose, repeat and call: ``let``, ``if``, ``repeat``, ``for``, layers; and ``expect``."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from .. import problems
from ..ops.free_size import Undecided
from ..syntax import ast
from .blocks import call_block
from .budget import take_steps
from .evaluate import EvaluationError, bind_pattern, condition, evaluate, evaluate_argument, require, same
from .scope import Origin, Place
from .state import STRUCTURE_RULES, State, keyword, rule
from .values import UNKNOWN, BlockReference, LayerReference

__all__ = ["chosen_body", "chosen_case", "rounds"]

_ROUNDS_TO_FIND_MISTAKES = 100


@rule(ast.Call)
def call(state: State, statement: ast.Statement, action: ast.Call, place: Place) -> None:
    """Elaborate a call by what its word means here: variables come first, then structures, layers and blocks."""
    word = action.word.text
    meaning = place.variables.get(word)
    if meaning is None and word in STRUCTURE_RULES and word not in place.library.blocks:
        STRUCTURE_RULES[word](state, statement, action, place)
        return
    if meaning is None:
        meaning = place.library.find(word) or (UNKNOWN if word in place.library.missing else None)
    if isinstance(meaning, LayerReference):
        _layer(state, meaning, statement, action, place)
    elif isinstance(meaning, BlockReference):
        call_block(state, meaning, statement, action, place)
    else:
        _no_layer(state, meaning, statement, action, place)


def _layer(state: State, layer: LayerReference, statement: ast.Statement, action: ast.Call, place: Place) -> None:
    path = state.path(statement, place)
    if action.body is not None:
        state.report(problems.TakesNoBody(action.body.span, action))
    bound = state.bind(layer.operator, action.word, action.arguments, place)
    source = state.take_current(action.word)
    if bound is not None and source is not None:
        node = state.add(bound.value, (source,), path, action, place, bound.spans)
        state.current = node.output if node else None


def _no_layer(state: State, meaning: Any, statement: ast.Statement, action: ast.Call, place: Place) -> None:
    state.path(statement, place)
    if meaning is UNKNOWN:
        state.report(None)
    elif meaning is not None:
        state.report(problems.NotALayer(action.word.span, action, meaning))
    else:
        state.report(problems.UnknownLayer(action.word.span, action))
    state.current = None


@rule(ast.Let)
def let(state: State, statement: ast.Statement, action: ast.Let, place: Place) -> None:
    """Bind names to a value."""
    state.require_bare(statement, contract=False)
    try:
        expression = chosen_case(action.value, place.variables)
        value = place.resolve(evaluate_argument(expression, place.variables), expression.span)
        place.bind(bind_pattern(action.pattern, value), Origin(action, expression, place))
        return
    except EvaluationError as error:
        state.report(error.problem)
    except Undecided:
        state.report(problems.Undecided(keyword(action).span))
    place.forget(name.text for name in action.pattern.names)


def chosen_case(value: ast.Expression | ast.Match, variables: Mapping[str, Any]) -> ast.Expression:
    """The expression that gives the value of a ``let``: of a match, that of the case that applies.

    Raises:
        EvaluationError: If two cases have one key, or none applies.
    """
    if not isinstance(value, ast.Match):
        return value
    subject = evaluate(value.subject, variables)
    keys: list[Any] = []
    for case in value.cases:
        take_steps(len(keys), case.span)
        key = evaluate(case.key, variables)
        earlier = next((index for index, other in enumerate(keys) if same(key, other, case.span)), None)
        if earlier is not None:
            raise EvaluationError(problems.CaseTwice(case.key.span, value.cases[earlier].key.span, key))
        keys.append(key)
    for key, case in zip(keys, value.cases, strict=True):
        if same(key, subject, case.span):
            return case.value
    raise EvaluationError(problems.NoCase(value.subject.span, value, subject, tuple(keys)))


@rule(ast.If)
def if_(state: State, statement: ast.Statement, action: ast.If, place: Place) -> None:
    """Elaborate the braces that the conditions choose."""
    inner = state.inside(statement, place)
    chosen = chosen_body(action, place.variables)
    if chosen is not None:
        state.body(chosen, inner)


def chosen_body(action: ast.If, variables: Mapping[str, Any]) -> ast.Body | None:
    """The braces of an ``if`` and its ``else if`` that the conditions choose.

    Raises:
        EvaluationError: If a condition is neither true nor false.
    """
    chosen: ast.Body | ast.If | None = action
    while isinstance(chosen, ast.If):
        chosen = chosen.body if condition(chosen.condition, variables) else chosen.otherwise
    return chosen


@rule(ast.Repeat, ast.For)
def loop(state: State, statement: ast.Statement, action: ast.Repeat | ast.For, place: Place) -> None:
    """Elaborate the braces once a round."""
    for inner in rounds(state, statement, action, place):
        state.body(action.body, inner)


def rounds(state: State, statement: ast.Statement, action: ast.Repeat | ast.For, place: Place) -> Iterator[Place]:
    """The place of each round of a loop.

    Raises:
        EvaluationError: If it has no count or no list.
    """
    if not action.body.statements:
        return
    items = _items(action, place)
    around = state.inside(statement, place)
    for index, item in enumerate(items):
        if state.failed and index >= _ROUNDS_TO_FIND_MISTAKES:
            return  # there will be no graph, and what is wrong has shown by now
        inner = around.inner()
        if isinstance(action, ast.For):
            inner.bind(bind_pattern(action.pattern, item), Origin(action, action.items, place, index))
        if action.index is not None:
            inner.bind({action.index.text: index}, Origin(action, None, place, index))
        yield inner


def _items(action: ast.Repeat | ast.For, place: Place) -> Iterable[Any]:
    if isinstance(action, ast.Repeat):
        count = evaluate(action.count, place.variables)
        return range(require(count, int, "a whole number of at least 0", action.count, least=0))
    items = require(evaluate(action.items, place.variables), (list, tuple), "a list", action.items)
    resolved: Iterable[Any] = place.resolve(items, action.items.span)
    return resolved


@rule(ast.Expect)
def expect(state: State, statement: ast.Statement, action: ast.Expect, place: Place) -> None:
    """Remember what is expected of the network; it is checked once the network is whole."""
    state.require_bare(statement, contract=False)
    if place.top:
        state.expectations.append(action)
    else:
        state.report(problems.ExpectInside(action.span, action))


@rule(ast.Error)
def unreadable(state: State, statement: ast.Statement, action: ast.Error, place: Place) -> None:
    """Go on after a statement that could not be read: what it makes and names is not known."""
    state.report(None)
    state.started = True
    state.current = None
    place.scope.is_counted = False
    place.scope.values.update(dict.fromkeys(action.names))
    place.forget(name for name in action.names if place.library.find(name) is None)
