"""What was meant by a value that cannot stand where it is written, and where it was written.

Small changes of a value are tried on the type that refused it. A value is followed back through the names that hand it on.
Every place knows what bound its variables, so that the way back is exact: a name stands for an argument of the call around it,
for a setting, for a default, or for what a ``let`` took. A computed value is followed into the one variable that made it odd.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

from .. import problems
from ..attributes import LARGEST, AttributeType, Boolean, Integer, Number, Pair, ValueProblem, Word, format_value
from ..diagnostics import Diagnostic, Label
from ..diagnostics.suggest import nearest
from ..elaborate.scope import Place
from ..elaborate.state import State
from ..problems import Problem, plain
from ..record import Record
from ..source import Span
from ..syntax import ast
from ..syntax.walk import walk
from .context import Context, Suggestion, explains, instead

__all__ = ["Cause", "accepts", "cause", "of_expression"]

_TRUTH = {**dict.fromkeys(("no", "off", "false", "0"), False), **dict.fromkeys(("yes", "on", "true", "1"), True)}

_EXPECTED: dict[str, AttributeType] = {
    "true or false": Boolean(),
    "a number": Number(),
    "a whole number": Integer(-LARGEST),
    "a whole number of at least 0": Integer(0),
}


def expected_type(problem: Problem) -> AttributeType | None:
    """The type of the values that can stand where another one does."""
    match problem:
        case problems.WrongValue(expected=expected):
            return _EXPECTED.get(expected)
        case problems.RefusedValue(info=info):
            return info.type
        case problems.RefusedNumber(type=type_):
            return type_
    return None


def accepts(type_: AttributeType, value: Any) -> bool:
    """Whether an attribute of a type can have a value; words of it stand without quotes."""
    try:
        type_.convert(value)
    except ValueProblem:
        return False
    return type(value) is not str or value not in type_.words


def suggestion(type_: AttributeType, value: Any) -> Suggestion | None:
    """The first change of a value that its type accepts; None if there is none."""
    fitting = (each for each in _changes(type_, value) if accepts(type_, each[0]))
    return next((Suggestion(format_value(changed), why, certain) for changed, why, certain in fitting), None)


def _changes(type_: AttributeType, value: Any) -> Iterator[tuple[Any, str, bool]]:
    """Other values that may have been meant, the likeliest first, each with a reason and whether it says the same."""
    if isinstance(type_, Boolean):
        yield _TRUTH.get(str(value).lower()), "it is true or false", True
    elif isinstance(value, str):
        text = value.strip().lower()
        if not isinstance(value, Word):
            yield _number(text), "write a number without quotes", True
        yield Word(text), "write words in small letters and without quotes", True
        yield Word(nearest(text, type_.words) or ""), "", False
    elif isinstance(value, float) and value.is_integer():
        yield int(value), "a whole number has no point", True
    elif isinstance(value, list | tuple) and value:
        yield tuple(value), "a size has an x between its numbers", isinstance(type_, Pair)
        yield tuple(value[:2]), "a window has a height and a width, and goes through all channels", False
        if all(item == value[0] for item in value):
            yield value[0], "it is one number here", False
    if isinstance(type_, Number) and isinstance(value, int | float) and 1 < value <= 100:
        yield value / 100, f"{format_value(value)} % is {format_value(value / 100)}", False


def _number(text: str) -> Any:
    """The number or size that a text spells; None if it spells none."""
    parts = text.split("x")
    if all(part.isdecimal() and part.isascii() for part in parts):
        return int(text) if len(parts) == 1 else tuple(map(int, parts))
    try:
        number = float(text)
    except ValueError:
        return None
    return number if math.isfinite(number) else None


def of_expression(type_: AttributeType, expression: ast.Expression, value: Any) -> Suggestion | None:
    """The same for a value with the expression that gave it: what divides is written with ``//``."""
    if isinstance(expression, ast.Number | ast.Size | ast.String | ast.Boolean | ast.Variable | ast.List | ast.Tuple):
        return suggestion(type_, value)
    if not isinstance(expression, ast.Binary) or expression.operator != "/" or isinstance(type_, Number):
        return None
    if not isinstance(value, float) or not accepts(type_, round(value)):
        return None
    text = f"{expression.left.span.text} // {expression.right.span.text}"
    return Suggestion(text, "`/` gives a number with a point, and `//` divides whole numbers")


@explains(problems.WrongValue, problems.RefusedNumber)
def wrong_value(problem: problems.WrongValue | problems.RefusedNumber, context: Context) -> Diagnostic:
    """A value of a wrong sort: what it should be, or what to do with it."""
    found, type_, meant = plain(problem), expected_type(problem), None
    if isinstance(problem, problems.RefusedNumber):
        meant = suggestion(problem.type, problem.value)
    elif type_ is not None and problem.expression is not None:
        meant = of_expression(type_, problem.expression, problem.found)
        meant = meant.replace(certain=False) if meant is not None and isinstance(type_, Boolean) else meant
    return instead(found, problem.span, meant) if meant is not None else found


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
