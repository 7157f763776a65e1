"""Where a wrong value was written: it is followed back through the names that hand it on.

Every place knows what bound its variables, so that the way back is exact: a name stands for an argument of the call around it,
for a setting, for a default, or for what a ``let`` took. A computed value is followed into the one variable that made it odd.
"""

from __future__ import annotations

from .. import problems
from ..diagnostics import Diagnostic, Label
from ..elaborate.scope import Place
from ..elaborate.state import State
from ..problems import Problem, plain
from ..record import Record
from ..source import Span
from ..syntax import ast
from ..syntax.walk import walk
from .edits import instead
from .values import expected_type, suggestion

__all__ = ["Cause", "cause"]


class Cause(Record):
    """A problem told where its value was written, inside so many calls; ``key`` is the same for all that comes of it."""

    diagnostic: Diagnostic
    calls: int
    key: Span


def cause(problem: Problem, state: State) -> Cause | None:
    """The problem told where its value was written, if that can be put right, else at the last call that hands it on."""
    (expression, value), place, calls = _at_fault(problem), state.place, len(state.calls)
    given: Cause | None = None
    name = ""
    while (used := _name(expression, place)) and (origin := place.origin(used)) is not None:
        if origin.expression is None or isinstance(origin.binder, ast.For):
            break
        calls -= isinstance(origin.binder, ast.Argument)
        name, value = used, place.variables.get(used)
        expression, place = origin.expression, origin.place
        if isinstance(origin.binder, ast.Argument | ast.Setting):
            found = plain(problem).replace(
                primary=Label(expression.span, problem.label), secondary=(Label(problem.span, "used here"),)
            )
            is_argument = isinstance(origin.binder, ast.Argument)  # two that are exchanged are one mistake
            given = Cause(found, calls, state.calls[calls][0].span if is_argument else expression.span)
    type_ = expected_type(problem)
    meant = suggestion(type_, value) if name and expression is not None and type_ is not None else None
    if meant is None or expression is None:
        return given
    there = Label(problem.span, problem.label or problem.sentence)
    said = f"`{name}` cannot be {expression.span.text}"
    found = plain(problem).replace(message=said, primary=Label(expression.span), secondary=(there,))
    return Cause(instead(found, expression.span, meant), calls, expression.span)


def _at_fault(problem: Problem) -> tuple[ast.Expression | None, object]:
    """The expression whose value a problem is about, and the value."""
    match problem:
        case problems.RefusedValue(argument=ast.Argument(value=expression), value=value):
            return expression, value
        case problems.WrongValue(expression=expression, found=value):
            return expression, value
        case problems.NotALayer(span=span, action=ast.Call(word=word)):
            return ast.Variable(span, word.text), None
    return None, None


def _name(expression: ast.Expression | None, place: Place) -> str:
    """The variable that an expression is, or the one text or broken number that it computes with; empty if there is none."""
    if isinstance(expression, ast.Variable):
        return expression.name
    used = {node.name for node in walk(expression) if isinstance(node, ast.Variable)} if expression is not None else ()
    odd = [name for name in used if type(place.variables.get(name)) in (str, float)]
    return odd[0] if len(odd) == 1 else ""
