"""Expressions whose value cannot be used, and computations without one."""

from __future__ import annotations

from typing import Any

from .. import problems
from ..attributes import Boolean, format_value
from ..diagnostics import Diagnostic, Edit, Fix, Label
from ..diagnostics.kinds import syntax
from ..elaborate.functions import FUNCTIONS
from ..problems import plain
from ..source import Span
from ..syntax import ast
from .context import Context
from .table import explains
from .values import expected_type, of_expression

__all__: list[str] = []


@explains(problems.WrongValue)
def wrong_value(problem: problems.WrongValue, context: Context) -> Diagnostic:
    """A value of a wrong sort: what it should be, or what to do with it."""
    found, expression, value = plain(problem), problem.expression, problem.found
    contract = context.contract(problem.span)
    if contract is not None and (text := _shape(contract.shape)):
        found = found.replace(kind=syntax.BAD_NUMBER, message=f"a shape is written with x: `{text}`")
        return _written(found, contract.span, "a shape is that of one sample", text)
    if expression is None:
        return found
    why, text, certain = _instead(problem, expression, value)
    if not why:
        return found
    return _written(found, expression.span, why, text, certain=certain) if text else found.replace(help=(why,))


def _written(found: Diagnostic, span: Span, why: str, text: str, *, certain: bool = True) -> Diagnostic:
    fix = Fix(f"write `{text}`", (Edit(span, text),), certain)
    label = found.primary.text if found.primary is not None else ""
    return found.replace(primary=Label(span, label), help=(f"{why}: write `{text}`",), fixes=(fix,))


def _shape(expression: ast.Expression) -> str:
    """A shape in brackets, with the batch or without, as a shape is written here; empty if it is something else."""
    items = expression.items if isinstance(expression, ast.List | ast.Tuple) else ()
    extents = [item.span.text for item in items if isinstance(item, ast.Number) and isinstance(item.value, int)]
    batch = bool(items) and not isinstance(items[0], ast.Number)
    return "x".join(extents) if extents and len(extents) == len(items) - batch else ""


def _instead(problem: problems.WrongValue, expression: ast.Expression, value: Any) -> tuple[str, str, bool]:
    """Why, what to write in place of an expression if that can be told, and whether it is certain."""
    type_, text = expected_type(problem), expression.span.text
    if type_ is None:
        return _instead_of_several(problem, expression, value)
    meant = of_expression(type_, expression, value)
    if meant is not None:
        return meant.why, meant.text, meant.certain and not isinstance(type_, Boolean)
    if isinstance(expression, ast.Function) and expression.name.text == "range" and len(expression.arguments) == 1:
        return "a count is a number", expression.arguments[0].span.text, True
    if isinstance(value, list | tuple):
        return "`for c in [16, 32] { ... }` goes through a list", "", False
    if isinstance(type_, Boolean) and type(value) in (int, float):
        return "compare it with a number", f"{text} > 0", False
    return "", "", False


def _instead_of_several(problem: problems.WrongValue, expression: ast.Expression, value: Any) -> tuple[str, str, bool]:
    """The same where a list, a shape or the name of a value is expected."""
    end = expression.span.end
    if problem.expected == "a list" and type(value) is int and expression.span.source.text[end : end + 1] != "[":
        return "a loop goes through a list", f"range({expression.span.text})", True
    if problem.expected == "a shape" and (shape := _shape(expression)):
        return "a shape is written with x", shape, True
    if problem.expected == "a list" and isinstance(value, str) and value.strip():
        return "a list stands in brackets", f"[{value}]", False
    items = expression.items if isinstance(expression, ast.List | ast.Tuple) else (expression,)
    named = [
        item.name if isinstance(item, ast.Variable) else item.value
        for item in items
        if isinstance(item, ast.Variable | ast.String)
    ]
    if problem.expected == "the name of a value" and len(named) == len(items) and all(map(str.isidentifier, named)):
        return "names of values stand bare", " ".join(named), len(named) == 1
    return "", "", False


@explains(problems.FunctionRefuses)
def function(problem: problems.FunctionRefuses, context: Context) -> Diagnostic:
    """A function that has no value for its arguments, and has one if they are exchanged."""
    found, name = plain(problem), problem.expression.name.text
    if len(problem.arguments) != 2:
        return found
    try:
        FUNCTIONS[name][0](*reversed(problem.arguments))
    except (ArithmeticError, AttributeError, TypeError, ValueError):
        return found
    first, second = (argument.span.text for argument in problem.expression.arguments)
    text = f"{name}({second}, {first})"
    fix = Fix(f"write `{text}`", (Edit(problem.expression.span, text),))
    return found.replace(help=(*found.help, f"the arguments stand the other way round: `{text}`"), fixes=(fix,))


@explains(problems.OutOfList)
def out_of_list(problem: problems.OutOfList, context: Context) -> Diagnostic:
    """An index beyond the end."""
    help_ = f"indices count from 0: the last is {problem.length - 1}" if problem.length else "the list is empty"
    return plain(problem).replace(help=(help_,))


@explains(problems.NoCase)
def no_case(problem: problems.NoCase, context: Context) -> Diagnostic:
    """A ``match`` without a case for its subject."""
    return plain(problem).replace(help=(f"there are {', '.join(map(format_value, problem.keys))}",))
