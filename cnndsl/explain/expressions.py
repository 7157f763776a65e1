"""Expressions whose value is of a sort that cannot be used."""

from __future__ import annotations

from .. import problems
from ..attributes import Boolean, Word
from ..diagnostics import Diagnostic
from ..diagnostics.kinds import syntax
from ..problems import plain
from ..syntax import ast
from .context import Context
from .edits import asked, instead
from .nearest import candidate
from .table import explains
from .values import Suggestion, expected_type, of_expression

__all__: list[str] = []


@explains(problems.WrongValue)
def wrong_value(problem: problems.WrongValue, context: Context) -> Diagnostic:
    """A value of a wrong sort: what it should be, or what to do with it."""
    found, expression, contract = plain(problem), problem.expression, context.tree.contract(problem.span)
    if contract is not None and (text := _shape(contract.shape)):
        found = found.replace(kind=syntax.BAD_NUMBER, message=f"a shape is written with x: `{text}`")
        return instead(found, contract.span, Suggestion(text, "a shape is that of one sample", True))
    if type(problem.found) is Word and (near := candidate(problem.found, context.variables)):
        return asked(found, problem.span, near)
    meant = _instead(problem, expression) if expression is not None else None
    if expression is None or meant is None:
        return found
    return instead(found, expression.span, meant) if meant.text else found.replace(help=(meant.why,))


def _shape(expression: ast.Expression) -> str:
    """A shape in quotes or in brackets, with the batch or without, as it is written here; empty if it is something else."""
    if isinstance(expression, ast.String):
        return expression.value if all(map(str.isdecimal, expression.value.split("x"))) else ""
    items = expression.items if isinstance(expression, ast.List | ast.Tuple) else ()
    extents = [item.span.text for item in items if isinstance(item, ast.Number) and isinstance(item.value, int)]
    batch = bool(items) and not isinstance(items[0], ast.Number)
    return "x".join(extents) if extents and len(extents) == len(items) - batch else ""


def _instead(problem: problems.WrongValue, expression: ast.Expression) -> Suggestion | None:
    """What to write in place of an expression, and why."""
    type_, value, text = expected_type(problem), problem.found, expression.span.text
    if type_ is None:
        return _instead_of_several(problem, expression)
    meant = of_expression(type_, expression, value)
    if meant is not None:
        return meant.replace(certain=meant.certain and not isinstance(type_, Boolean))
    if isinstance(expression, ast.Function) and expression.name.text == "range" and len(expression.arguments) == 1:
        return Suggestion(expression.arguments[0].span.text, "a count is a number", True)
    if isinstance(value, list | tuple):
        return Suggestion("", "`for c in [16, 32] { ... }` goes through a list")
    if isinstance(type_, Boolean) and type(value) in (int, float):
        return Suggestion(f"{text} > 0", "compare it with a number")
    return None


def _instead_of_several(problem: problems.WrongValue, expression: ast.Expression) -> Suggestion | None:
    """The same where a list, a shape or the name of a value is expected."""
    value, text, end = problem.found, expression.span.text, expression.span.end
    items = expression.items if isinstance(expression, ast.List | ast.Tuple) else (expression,)
    names = [item.span.text.strip('"') for item in items if isinstance(item, ast.Variable | ast.String)]
    indexed = expression.span.source.text[end : end + 1] == "["
    match problem.expected:
        case "a list" if type(value) is int and not indexed:
            return Suggestion(f"range({text})", "a loop goes through a list", True)
        case "a list" if isinstance(value, str) and value.strip():
            return Suggestion(f"[{value}]", "a list stands in brackets")
        case "a shape" if _shape(expression):
            return Suggestion(_shape(expression), "a shape is written with x", True)
        case "the name of a value" if len(names) == len(items) and all(map(str.isidentifier, names)):
            return Suggestion(" ".join(names), "names of values stand bare", len(names) == 1)
    return None
