"""The value of an expression. Finite by construction: no loops but over lists, and every number and list is bounded."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any

from ..attributes import LARGEST, Word, format_value
from ..diagnostics import Diagnostic, DiagnosticKind, Edit, Fix, Label
from ..diagnostics.kinds import limits, names
from ..diagnostics.suggest import nearest
from ..source import Span
from ..syntax import ast

__all__ = ["FUNCTIONS", "MAX_LIST", "UNKNOWN", "EvaluationError", "evaluate", "evaluate_argument"]


class _Unknown:
    def __repr__(self) -> str:
        return "UNKNOWN"


UNKNOWN: Any = _Unknown()
"""What a variable holds whose value depends on a mistake that has been reported."""

MAX_LIST = 10_000

Variables = Mapping[str, Any]


class EvaluationError(Exception):
    """An expression has no value; carries the diagnostic, or None if the mistake has been reported before."""

    def __init__(self, diagnostic: Diagnostic | None) -> None:
        super().__init__(diagnostic)
        self.diagnostic = diagnostic


def fail(kind: DiagnosticKind, message: str, span: Span, *help_: str, fixes: tuple[Fix, ...] = ()) -> EvaluationError:
    return EvaluationError(Diagnostic(kind, message, Label(span), help=help_, fixes=fixes))


def evaluate(expression: ast.Expression, variables: Variables) -> Any:
    """The value: int, float, bool, str, tuple (sizes too), list, or dict (a keyed tuple).

    Raises:
        EvaluationError: If it has none.
    """
    try:
        return _RULES[type(expression)](expression, variables)
    except RecursionError:
        raise fail(limits.TOO_DEEP, "this expression is nested too deeply", _start(expression)) from None


def evaluate_argument(expression: ast.Expression, variables: Variables) -> Any:
    """The same for an argument, where a bare name that no variable has stands for itself (a :class:`Word`)."""
    if isinstance(expression, ast.Variable) and expression.name not in variables:
        return Word(expression.name)
    return evaluate(expression, variables)


def _start(expression: ast.Expression) -> Span:
    return Span(expression.span.source, expression.span.start, min(expression.span.end, expression.span.start + 1))


def _error(expression: ast.Error, variables: Variables) -> Any:
    raise EvaluationError(None)


def _number(expression: ast.Number, variables: Variables) -> Any:
    return _bounded(expression.value, expression.span)


def _bounded(value: Any, span: Span) -> Any:
    """Refuse numbers that no extent, count or rate can be, before they grow without bound."""
    if isinstance(value, int) and abs(value) > LARGEST**2:
        raise fail(limits.EXTENT_TOO_LARGE, "this whole number is larger than 2^62", span)
    if isinstance(value, float) and not math.isfinite(value):
        raise fail(names.BAD_EXPRESSION, "the result is not a finite number", span)
    if isinstance(value, str | list | tuple) and len(value) > MAX_LIST:
        raise fail(limits.EXTENT_TOO_LARGE, f"this has more than {MAX_LIST} elements", span)
    return value


def _size(expression: ast.Size, variables: Variables) -> Any:
    if None in expression.extents:
        raise fail(names.WRONG_VALUE, "a free extent `?` stands only in an input or behind `->`", expression.span)
    return tuple(_bounded(extent, expression.span) for extent in expression.extents)


def _literal(expression: ast.String | ast.Boolean, variables: Variables) -> Any:
    return expression.value


def _variable(expression: ast.Variable, variables: Variables) -> Any:
    return _look_up(expression.name, expression.span, variables)


def _look_up(name: str, span: Span, variables: Variables) -> Any:
    if name in variables:
        value = variables[name]
        if value is UNKNOWN:
            raise EvaluationError(None)
        return value
    meant = nearest(name, variables)
    help_ = (f"did you mean `{meant}`?",) if meant else ()
    fixes = (Fix(f"write `{meant}`", (Edit(span, meant),)),) if meant else ()
    raise fail(names.UNKNOWN_NAME, f"nothing here is called `{name}`", span, *help_, fixes=fixes)


def _tuple(expression: ast.Tuple, variables: Variables) -> Any:
    return tuple(evaluate_argument(item, variables) for item in expression.items)


def _list(expression: ast.List, variables: Variables) -> Any:
    return _bounded([evaluate_argument(item, variables) for item in expression.items], expression.span)


def _keyed(expression: ast.Keyed, variables: Variables) -> Any:
    return {item.name.text: evaluate_argument(item.value, variables) for item in expression.items}


def _comprehension(expression: ast.Comprehension, variables: Variables) -> Any:
    items = evaluate(expression.items, variables)
    if not isinstance(items, list | tuple):
        raise fail(names.WRONG_VALUE, f"expected a list, found {format_value(items)}", expression.items.span)
    return [evaluate(expression.item, {**variables, **bind_pattern(expression.pattern, item)}) for item in items]


def bind_pattern(pattern: ast.Pattern, value: Any) -> dict[str, Any]:
    """The variables that a ``let`` or ``for`` makes of a value."""
    if not pattern.is_tuple:
        return {pattern.names[0].text: value}
    if not isinstance(value, list | tuple) or len(value) != len(pattern.names):
        message = f"expected {len(pattern.names)} values for {len(pattern.names)} names, found {format_value(value)}"
        raise fail(names.WRONG_VALUE, message, pattern.span)
    return {name.text: item for name, item in zip(pattern.names, value, strict=True)}


def _index(expression: ast.Index, variables: Variables) -> Any:
    items = _sequence(expression.name, variables)
    place = evaluate(expression.index, variables)
    if isinstance(place, bool) or not isinstance(place, int):
        raise fail(names.WRONG_VALUE, f"expected a whole number, found {format_value(place)}", expression.index.span)
    if not -len(items) <= place < len(items):
        message = f"index {place} is outside a list of {len(items)}"
        raise fail(names.OUT_OF_RANGE, message, expression.index.span, "indices count from 0")
    return items[place]


def _slice(expression: ast.Slice, variables: Variables) -> Any:
    items = _sequence(expression.name, variables)
    bounds = [None if bound is None else evaluate(bound, variables) for bound in (expression.start, expression.stop)]
    for bound in bounds:
        if isinstance(bound, bool) or not isinstance(bound, int | None):
            raise fail(names.WRONG_VALUE, f"expected a whole number, found {format_value(bound)}", expression.span)
    return items[bounds[0] : bounds[1]]


def _sequence(name: ast.Name, variables: Variables) -> Any:
    items = _look_up(name.text, name.span, variables)
    if not isinstance(items, list | tuple):
        raise fail(names.WRONG_VALUE, f"`{name.text}` is no list but {format_value(items)}", name.span)
    return items


def _conditional(expression: ast.Conditional, variables: Variables) -> Any:
    chosen = expression.value if condition(expression.condition, variables) else expression.otherwise
    return evaluate_argument(chosen, variables)


def condition(expression: ast.Expression, variables: Variables) -> bool:
    """The value of an expression that must be true or false."""
    value = evaluate(expression, variables)
    if not isinstance(value, bool):
        raise fail(names.WRONG_VALUE, f"expected true or false, found {format_value(value)}", expression.span)
    return value


def _negative(expression: ast.Negative, variables: Variables) -> Any:
    return -expression.operand.value


def _unary(expression: ast.Unary, variables: Variables) -> Any:
    if expression.operator == "not":
        return not condition(expression.operand, variables)
    return -_numeric(evaluate(expression.operand, variables), expression.operand.span)


def _numeric(value: Any, span: Span) -> Any:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise fail(names.WRONG_VALUE, f"expected a number, found {format_value(value)}", span)
    return value


def _power(left: Any, right: Any) -> Any:
    if isinstance(left, int) and isinstance(right, int) and abs(left).bit_length() * max(0, right) > 4 * 62:
        raise OverflowError
    value = left**right
    if isinstance(value, complex):
        raise ArithmeticError
    return value


_ARITHMETIC: dict[str, Callable[[Any, Any], Any]] = {
    "+": lambda left, right: left + right,
    "-": lambda left, right: left - right,
    "*": lambda left, right: left * right,
    "/": lambda left, right: left / right,
    "//": lambda left, right: left // right,
    "%": lambda left, right: left % right,
    "**": _power,
}
_COMPARISONS: dict[str, Callable[[Any, Any], bool]] = {
    "==": lambda left, right: left == right,
    "!=": lambda left, right: left != right,
    "<": lambda left, right: left < right,
    "<=": lambda left, right: left <= right,
    ">": lambda left, right: left > right,
    ">=": lambda left, right: left >= right,
}


def _binary(expression: ast.Binary, variables: Variables) -> Any:
    """Chains such as ``a + b + c`` lean to the left and may be long: they are folded in a loop."""
    chain = [expression]
    while isinstance(chain[-1].left, ast.Binary):
        chain.append(chain[-1].left)
    if expression.operator in ("and", "or"):
        return _logical(expression, variables)
    value = evaluate_argument(chain[-1].left, variables)
    for link in reversed(chain):
        value = _combine(link, value, variables)
    return value


def _logical(expression: ast.Binary, variables: Variables) -> bool:
    left = condition(expression.left, variables)
    if left is (expression.operator == "or"):
        return left
    return condition(expression.right, variables)


def _combine(link: ast.Binary, left: Any, variables: Variables) -> Any:
    if link.operator in ("and", "or"):
        raise fail(names.WRONG_VALUE, "expected a number, found true or false", link.left.span)
    right = evaluate_argument(link.right, variables)
    if link.operator in _COMPARISONS:
        return compare(link.operator, left, right, link.span)
    if link.operator == "+" and type(left) is type(right) and isinstance(left, str | list):
        return _bounded(left + right, link.span)
    left, right = _numeric(left, link.left.span), _numeric(right, link.right.span)
    try:
        return _bounded(_ARITHMETIC[link.operator](left, right), link.span)
    except ZeroDivisionError:
        raise fail(names.BAD_EXPRESSION, "division by zero", link.right.span) from None
    except OverflowError:
        raise fail(limits.EXTENT_TOO_LARGE, "the result is too large", link.span) from None
    except ArithmeticError:
        raise fail(names.BAD_EXPRESSION, "a root of a negative number is no number", link.span) from None


def compare(operator: str, left: Any, right: Any, span: Span) -> bool:
    """``left operator right``; order is defined between numbers only."""
    if operator not in ("==", "!="):
        left, right = _numeric(left, span), _numeric(right, span)
    return _COMPARISONS[operator](left, right)


def _make_divisible(value: Any, divisor: Any) -> int:
    """Round to a multiple of the divisor, not below 90 % of the value (Sandler et al. 2018, as published code does)."""
    rounded = max(divisor, int(value + divisor / 2) // divisor * divisor)
    return int(rounded + divisor if rounded < 0.9 * value else rounded)


def _range(*bounds: int) -> list[int]:
    numbers = range(*bounds)
    if len(numbers) > MAX_LIST:
        raise OverflowError
    return list(numbers)


FUNCTIONS: dict[str, tuple[Callable[..., Any], str]] = {
    "max": (max, "the largest of some numbers, or of a list"),
    "min": (min, "the smallest of some numbers, or of a list"),
    "round": (round, "the nearest whole number; halves go to the even one"),
    "floor": (math.floor, "the next whole number below"),
    "ceil": (math.ceil, "the next whole number above"),
    "log": (math.log, "the natural logarithm"),
    "sqrt": (math.sqrt, "the square root"),
    "abs": (abs, "the number without its sign"),
    "sum": (sum, "the sum of a list"),
    "len": (len, "how many elements a list has"),
    "range": (_range, "the whole numbers from 0, or from the first bound, up to but not including the last"),
    "unique": (lambda items: list(dict.fromkeys(items)), "the list without repeated elements, in order"),
    "count": (lambda items, item: items.count(item), "how often an element is in a list"),
    "make_divisible": (_make_divisible, "the value rounded to a multiple of a divisor, losing at most a tenth"),
}


def _function(expression: ast.Function, variables: Variables) -> Any:
    name = expression.name.text
    if name not in FUNCTIONS:
        meant = nearest(name, FUNCTIONS)
        help_ = f"did you mean `{meant}`?" if meant else f"there are {', '.join(FUNCTIONS)}"
        raise fail(names.UNKNOWN_NAME, f"no function is called `{name}`", expression.name.span, help_)
    arguments = [evaluate(argument, variables) for argument in expression.arguments]
    try:
        return _bounded(FUNCTIONS[name][0](*arguments), expression.span)
    except OverflowError:
        raise fail(limits.EXTENT_TOO_LARGE, "the result is too large", expression.span) from None
    except (ArithmeticError, AttributeError, TypeError, ValueError):
        given = ", ".join(format_value(argument) for argument in arguments)
        message = f"`{name}` cannot be computed of ({given})"
        raise fail(names.BAD_EXPRESSION, message, expression.span, f"{name}: {FUNCTIONS[name][1]}") from None


_RULES: dict[type, Callable[[Any, Variables], Any]] = {
    ast.Error: _error,
    ast.Number: _number,
    ast.Size: _size,
    ast.String: _literal,
    ast.Boolean: _literal,
    ast.Variable: _variable,
    ast.Negative: _negative,
    ast.Tuple: _tuple,
    ast.Keyed: _keyed,
    ast.List: _list,
    ast.Comprehension: _comprehension,
    ast.Function: _function,
    ast.Index: _index,
    ast.Slice: _slice,
    ast.Unary: _unary,
    ast.Binary: _binary,
    ast.Conditional: _conditional,
}
