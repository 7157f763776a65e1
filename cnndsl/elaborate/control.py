"""Statements that bind names and choose or repeat others: ``let``, ``match``, ``if``, ``repeat``, ``for``, ``expect``."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

from ..attributes import format_value
from ..diagnostics import Diagnostic, Edit, Fix, Label
from ..diagnostics.kinds import names, syntax
from ..ops.extent import Undecided
from ..syntax import ast
from .expressions import UNKNOWN, EvaluationError, bind_pattern, condition, evaluate, evaluate_argument, same
from .place import Place
from .steps import take_steps

if TYPE_CHECKING:
    from .network import NetworkElaborator

__all__ = ["broken", "chosen_body", "expect", "if_", "let", "loop", "rounds"]


_ROUNDS_TO_FIND_MISTAKES = 100


def chosen_body(action: ast.If, place: Place) -> ast.Body | None:
    """The braces of an ``if`` and its ``else if`` that the conditions choose."""
    chosen: ast.Body | ast.If | None = action
    while isinstance(chosen, ast.If):
        chosen = chosen.body if condition(chosen.condition, place.variables) else chosen.otherwise
    return chosen


def broken(network: NetworkElaborator, statement: ast.Statement, action: ast.Error, place: Place) -> None:
    """Go on behind a statement that could not be read: what it makes and names is not known."""
    network.failed = True
    network.started = True
    network.current = None
    labels = [label.text for label in statement.labels]
    place.scope.values.update(dict.fromkeys((*action.names, *labels)))
    unknown = [name for name in action.names if place.library.find(name) is None]
    place.variables.update(dict.fromkeys(unknown, UNKNOWN))


def expect(network: NetworkElaborator, statement: ast.Statement, action: ast.Expect, place: Place) -> None:
    """Remember what is expected of the network; it is held once the network is whole."""
    if place.top:
        network.expectations.append(action)
        return
    if network.diagnostics.has(syntax.UNCLOSED):
        return  # it only seems to stand in braces
    message = "`expect` speaks of the whole network"
    network.error(names.WRONG_PLACE, message, action.span, "move it to the top level of the network's body")


def let(network: NetworkElaborator, statement: ast.Statement, action: ast.Let, place: Place) -> None:
    """Bind names to a value."""
    try:
        if isinstance(action.value, ast.Match):
            value = _match(action.value, place)
        else:
            value = place.resolve(evaluate_argument(action.value, place.variables), action.value.span)
        place.variables.update(bind_pattern(action.pattern, value))
    except (EvaluationError, Undecided):
        place.variables.update({name.text: UNKNOWN for name in action.pattern.names})
        raise


def _match(match: ast.Match, place: Place) -> Any:
    subject = evaluate(match.subject, place.variables)
    keys: list[Any] = []
    for case in match.cases:
        take_steps(len(keys), case.span)
        key = evaluate(case.key, place.variables)
        earlier = next((index for index, other in enumerate(keys) if same(key, other, case.span)), None)
        if earlier is not None:
            first = (Label(match.cases[earlier].key.span, "first here"),)
            message = f"there are two cases for {format_value(key)}"
            raise EvaluationError(Diagnostic(names.DUPLICATE_NAME, message, Label(case.key.span, "again here"), first))
        keys.append(key)
    for key, case in zip(keys, match.cases, strict=True):
        if same(key, subject, case.span):
            return place.resolve(evaluate_argument(case.value, place.variables), case.value.span)
    listed = ", ".join(format_value(key) for key in keys)
    message = f"no case for {format_value(subject)}"
    near = [key for key in keys if str(key).lower() == str(subject).lower()]
    help_ = f"did you mean {format_value(near[0])}?" if len(near) == 1 else f"there are {listed}"
    raise EvaluationError(Diagnostic(names.BAD_EXPRESSION, message, Label(match.subject.span), help=(help_,)))


def if_(network: NetworkElaborator, statement: ast.Statement, action: ast.If, place: Place) -> None:
    """Elaborate the braces that the conditions choose."""
    inner = network.inner_scope(statement, place)
    chosen = chosen_body(action, place)
    if chosen is not None:
        network.body(chosen, inner)
    network.name_output(statement, place)


def loop(network: NetworkElaborator, statement: ast.Statement, action: ast.Repeat | ast.For, place: Place) -> None:
    """Elaborate the braces once a round."""
    for inner in rounds(network, statement, action, place):
        network.body(action.body, inner)
    network.name_output(statement, place)


def rounds(
    network: NetworkElaborator, statement: ast.Statement, action: ast.Repeat | ast.For, place: Place
) -> Iterator[Place]:
    """The place of each round of a loop."""
    if not action.body.statements:
        return
    if isinstance(action, ast.Repeat):
        items: Iterable[Any] = range(_count(action, place))
    else:
        items = _items(action, place)
    around = network.inner_scope(statement, place)
    for index, item in enumerate(items):
        if network.failed and index >= _ROUNDS_TO_FIND_MISTAKES:
            return  # there will be no graph, and what is wrong has shown by now
        bound = bind_pattern(action.pattern, item) if isinstance(action, ast.For) else {}
        if action.index is not None:
            bound[action.index.text] = index
        yield around.inner(bound)
        if all(map(network.was_mistaken, action.body.statements)):
            return  # the rounds to come have nothing to add


def _count(action: ast.Repeat, place: Place) -> int:
    count = evaluate(action.count, place.variables)
    if isinstance(count, bool) or not isinstance(count, int) or count < 0:
        raise EvaluationError(_no_count(action.count, count))
    return count


def _no_count(expression: ast.Expression, count: Any) -> Diagnostic:
    """What is wrong with ``repeat 3.0``, ``repeat "3"`` and ``repeat range(3)``."""
    message = f"expected a whole number of at least 0, found {format_value(count)}"
    found = Diagnostic(names.WRONG_VALUE, message, Label(expression.span))
    if isinstance(expression, ast.Function) and expression.name.text == "range" and len(expression.arguments) == 1:
        written = expression.arguments[0].span.text
    elif isinstance(expression, ast.Number | ast.String):
        written = str(count).removesuffix(".0")
    else:
        listed = isinstance(count, list | tuple)
        if isinstance(count, float) and "/" in expression.span.text:
            return found.replace(help=("`/` gives a number with a point; `//` divides whole numbers",))
        return found.replace(help=("`for c in [16, 32] { ... }` goes through a list",)) if listed else found
    if not written.isdigit() and not isinstance(expression, ast.Function):
        return found
    fix = Fix(f"write `{written}`", (Edit(expression.span, written),), True)
    return found.replace(help=(f"write `repeat {written}`",), fixes=(fix,))


def _items(action: ast.For, place: Place) -> list[Any] | tuple[Any, ...]:
    items = evaluate(action.items, place.variables)
    if not isinstance(items, list | tuple):
        message = f"expected a list, found {format_value(items)}"
        found = Diagnostic(names.WRONG_VALUE, message, Label(action.items.span))
        if type(items) is int:
            text = f"range({action.items.span.text})"
            fix = Fix(f"write `{text}`", (Edit(action.items.span, text),), True)
            found = found.replace(help=(f"`{text}` counts from 0; without a name it is `repeat`",), fixes=(fix,))
        raise EvaluationError(found)
    resolved: list[Any] | tuple[Any, ...] = place.resolve(items, action.items.span)
    return resolved
