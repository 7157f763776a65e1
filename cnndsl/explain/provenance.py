"""Whose value is wrong: a value is followed back through the names that hand it on, to where somebody wrote it.

Every place knows what bound its variables, so that the way back is exact: a name stands for an argument of the call around it,
for a default, or for what a ``let`` or a loop took. A computed value is followed into the one variable that made it odd.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from .. import problems
from ..attributes import format_value
from ..diagnostics import Diagnostic, Edit, Fix, Label
from ..diagnostics.kinds import names
from ..elaborate.evaluate import EvaluationError, evaluate_argument
from ..elaborate.scope import Origin, Place
from ..elaborate.state import State
from ..problems import Problem, listed, plain
from ..record import Record
from ..source import Span
from ..syntax import ast
from ..syntax.walk import walk
from .values import Suggestion, expected_type, suggestion

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
        if isinstance(self.binder, ast.For):
            return (Label(self.binder.items.span, f"`{self.name}` comes from this list"),)
        if isinstance(self.binder, ast.Let):
            return (Label(self.binder.pattern.span, f"`{self.name}` is named here"),)
        if isinstance(self.binder, ast.Parameter):
            return (Label(self.expression.span, f"the default of `{self.name}`"),)
        return ()

    def owner(self, state: State) -> str:
        """Whose the name is, if it is a parameter."""
        if isinstance(self.binder, ast.Argument):
            return f" of the block `{state.calls[self.calls][1]}`"
        if not isinstance(self.binder, ast.Parameter):
            return ""
        return (
            f" of the block `{state.calls[self.calls - 1][1]}`"
            if self.calls
            else f" of the network `{state.network.name.text}`"
        )


_AT_FAULT: dict[type[Problem], Callable[[Any], ast.Expression | None]] = {
    problems.RefusedValue: lambda problem: problem.argument.value,
    problems.WrongValue: lambda problem: problem.expression,
    problems.NoCase: lambda problem: problem.match.subject,
    problems.NotALayer: lambda problem: ast.Variable(problem.span, problem.action.word.text),
}
"""The expression whose value a problem is about."""


def writings(problem: Problem, state: State) -> list[Writing]:
    """Where a wrong value is used, and before that each place that handed it on; the last is where it was written."""
    find = _AT_FAULT.get(type(problem))
    expression = find(problem) if find is not None else None
    if expression is None:
        return []
    found = [Writing(expression, state.place, len(state.calls))]
    while (before := _before(found[-1])) is not None:
        found.append(before)
    return found


def _before(writing: Writing) -> Writing | None:
    name = _name(writing.expression, writing.place)
    origin = writing.place.origin(name) if name else None
    if origin is None or origin.expression is None:
        return None
    left = isinstance(origin.binder, ast.Argument)
    return Writing(_element(origin, name), origin.place, writing.calls - left, origin.binder, name)


def _name(expression: ast.Expression, place: Place) -> str:
    """The variable that an expression is, or the one text or broken number that it computes with; empty if there is none."""
    if isinstance(expression, ast.Variable):
        return expression.name
    used = {node.name for node in walk(expression) if isinstance(node, ast.Variable)}
    odd = [name for name in used if type(place.variables.get(name)) in (str, float)]
    return odd[0] if len(odd) == 1 else ""


def _element(origin: Origin, name: str) -> ast.Expression:
    """The expression of a name: of a list that is written out the item that a loop or a pattern took."""
    expression = origin.expression
    assert expression is not None
    if isinstance(origin.binder, ast.For) and isinstance(expression, ast.List | ast.Tuple):
        expression = expression.items[origin.round]
    if not isinstance(origin.binder, ast.For | ast.Let) or not isinstance(expression, ast.List | ast.Tuple):
        return expression
    places = [each.text for each in origin.binder.pattern.names]
    return expression.items[places.index(name)] if origin.binder.pattern.is_tuple else expression


def _meant(problem: Problem, writing: Writing) -> Suggestion | None:
    """What to write in place of a value where it is written."""
    try:
        value = evaluate_argument(writing.expression, writing.place.variables)
    except EvaluationError:
        return None
    if isinstance(problem, problems.NoCase):
        alike = [key for key in problem.keys if str(key).lower() == str(value).lower()]
        return Suggestion(format_value(alike[0]), "capitals are told apart", True) if len(alike) == 1 else None
    type_ = problem.info.type if isinstance(problem, problems.RefusedValue) else expected_type(problem)
    return suggestion(type_, value) if type_ is not None else None


class Cause(Record):
    """A problem told where its value comes from, inside so many calls; ``key`` is the same for all that comes of the value."""

    diagnostic: Diagnostic
    calls: int
    key: Span


def cause(problem: Problem, steps: Sequence[Writing], state: State) -> Cause | None:
    """The problem told where its value was written, if that can be put right, else at the last call that hands it on."""
    last = steps[-1]
    suggested = _meant(problem, last) if last.binder is not None else None
    if suggested is not None:
        return Cause(_put_right(problem, last, suggested, state), last.calls, last.expression.span)
    passed = [step for step in steps if isinstance(step.binder, ast.Argument | ast.Setting)]
    if not passed:
        return None
    told = passed[-1]
    further = steps[steps.index(told) + 1 :]
    labels = (Label(problem.span, "used here"), *(label for step in further for label in step.labels))
    found = plain(problem).replace(primary=Label(told.expression.span, problem.label), secondary=labels)
    if isinstance(told.binder, ast.Setting):
        return Cause(found, told.calls, told.expression.span)
    call, block = state.calls[told.calls]
    parameters = [parameter.name.text for parameter in block.definition.parameters]
    if len(parameters) > 1:
        found = found.replace(help=(f"`{block}` takes {listed(parameters)}, in this order",))
    return Cause(found, told.calls, call.span)  # two arguments that are exchanged are one mistake


def _put_right(problem: Problem, writing: Writing, meant: Suggestion, state: State) -> Diagnostic:
    span = writing.expression.span
    kind = problem.kind if problem.kind is names.OUT_OF_RANGE else names.WRONG_VALUE
    return Diagnostic(
        kind,
        f"`{writing.name}`{writing.owner(state)} cannot be {span.text}",
        Label(span),
        (Label(problem.span, problem.label or problem.sentence),),
        help=(f"{meant.why}: write `{meant.text}`",),
        fixes=(Fix(f"write `{meant.text}`", (Edit(span, meant.text),), meant.certain),),
    )
