"""Whose value is wrong: a value is followed back through the names that hand it on, to where somebody wrote it.

Every place knows what bound its variables, so that the way back is exact: a name stands for an argument of the call around it,
for a default, or for what a ``let`` or a loop took. A computed value is followed into the one variable that made it odd.
"""

from __future__ import annotations

from collections.abc import Sequence

from .. import problems
from ..attributes import format_value
from ..diagnostics import Diagnostic, Label
from ..diagnostics.kinds import names
from ..elaborate.evaluate import EvaluationError, evaluate_argument
from ..elaborate.scope import Place
from ..elaborate.state import State
from ..problems import Problem, listed, plain
from ..record import Record
from ..source import Span
from ..syntax import ast
from ..syntax.walk import walk
from .edits import Suggestion, instead
from .values import expected_type, suggestion

__all__ = ["Cause", "Writing", "cause", "writings"]


class Writing(Record):
    """A place where a value was written or handed on: by ``expression``, seen from ``place``, inside so many ``calls``.

    ``binder`` is what took the value from there, and ``name`` what it is called since; there is none where it is used.
    """

    expression: ast.Expression
    place: Place
    calls: int
    binder: ast.Syntax | None = None
    name: str = ""

    @property
    def labels(self) -> tuple[Label, ...]:
        """What there is to say where the value was named."""
        match self.binder:
            case ast.For(items=items):
                return (Label(items.span, f"`{self.name}` comes from this list"),)
            case ast.Let(pattern=pattern):
                return (Label(pattern.span, f"`{self.name}` is named here"),)
            case ast.Parameter():
                return (Label(self.expression.span, f"the default of `{self.name}`"),)
        return ()


class Cause(Record):
    """A problem told where its value comes from, inside so many calls; ``key`` is the same for all that comes of the value."""

    diagnostic: Diagnostic
    calls: int
    key: Span


def _at_fault(problem: Problem) -> ast.Expression | None:
    """The expression whose value a problem is about."""
    match problem:
        case (
            problems.RefusedValue(argument=ast.Argument(value=expression))
            | problems.WrongValue(expression=expression)
            | problems.NoCase(match=ast.Match(subject=expression))
        ):
            return expression
        case problems.NotALayer(span=span, action=ast.Call(word=word)):
            return ast.Variable(span, word.text)
    return None


def writings(problem: Problem, state: State | None) -> list[Writing]:
    """Where a wrong value is used, and before that each place that handed it on; the last is where it was written."""
    expression = _at_fault(problem)
    found: list[Writing] = []
    writing = Writing(expression, state.place, len(state.calls)) if expression and state else None
    while writing is not None:
        found.append(writing)
        writing = _before(writing)
    return found


def _before(writing: Writing) -> Writing | None:
    name = _name(writing.expression, writing.place)
    origin = writing.place.origin(name) if name else None
    if origin is None or origin.expression is None:
        return None
    left = isinstance(origin.binder, ast.Argument)
    return Writing(origin.expression, origin.place, writing.calls - left, origin.binder, name)


def _name(expression: ast.Expression, place: Place) -> str:
    """The variable that an expression is, or the one text or broken number that it computes with; empty if there is none."""
    if isinstance(expression, ast.Variable):
        return expression.name
    used = {node.name for node in walk(expression) if isinstance(node, ast.Variable)}
    odd = [name for name in used if type(place.variables.get(name)) in (str, float)]
    return odd[0] if len(odd) == 1 else ""


def cause(problem: Problem, steps: Sequence[Writing], state: State) -> Cause | None:
    """The problem told where its value was written, if that can be put right, else at the last call that hands it on."""
    last, used = steps[-1], Label(problem.span, "used here")
    meant = _meant(problem, last) if last.binder is not None else None
    if meant is not None:
        kind = names.OUT_OF_RANGE if problem.kind is names.OUT_OF_RANGE else names.WRONG_VALUE
        span, there = last.expression.span, Label(problem.span, problem.label or problem.sentence)
        found = Diagnostic(kind, f"`{last.name}` cannot be {span.text}", Label(span), (there,))
        return Cause(instead(found, span, meant), last.calls, span)
    told = next((step for step in reversed(steps) if isinstance(step.binder, ast.Argument | ast.Setting)), None)
    if told is None:
        return None
    further = [label for step in steps[steps.index(told) + 1 :] for label in step.labels]
    found = plain(problem).replace(primary=Label(told.expression.span, problem.label), secondary=(used, *further))
    if isinstance(told.binder, ast.Setting):
        return Cause(found, told.calls, told.expression.span)
    call, block = state.calls[told.calls]
    parameters = [parameter.name.text for parameter in block.definition.parameters]
    order = (f"`{block}` takes {listed(parameters)}, in this order",) if len(parameters) > 1 else ()
    return Cause(found.replace(help=order), told.calls, call.span)  # two arguments that are exchanged are one mistake


def _meant(problem: Problem, writing: Writing) -> Suggestion | None:
    """What to write in place of a value where it is written."""
    try:
        value = evaluate_argument(writing.expression, writing.place.variables)
    except EvaluationError:
        return None
    if isinstance(problem, problems.NoCase):
        alike = [format_value(key) for key in problem.keys if str(key).lower() == str(value).lower()]
        return Suggestion(alike[0], "capitals are told apart", True) if len(alike) == 1 else None
    type_ = expected_type(problem)
    return suggestion(type_, value) if type_ is not None else None
