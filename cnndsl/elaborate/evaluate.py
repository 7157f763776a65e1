"""The value of an expression. Finite by construction: no loops but over lists, and every number and list is bounded."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any

from .. import problems
from ..attributes import LARGEST, Word
from ..ops.free_size import Size
from ..problems import Problem
from ..source import Span
from ..syntax import ast
from .budget import MAX_LIST, take_steps
from .functions import FUNCTIONS
from .values import UNKNOWN

__all__ = [
    "EvaluationError",
    "bind_pattern",
    "compare",
    "condition",
    "evaluate",
    "evaluate_argument",
    "require",
    "same",
]

Variables = Mapping[str, Any]

_Types = type | tuple[type, ...]

_CONTAINERS = (list, tuple, dict)
_LOGICAL = ("and", "or")


class EvaluationError(Exception):
    """An expression has no value; carries the problem, or None if the mistake has been reported before."""

    def __init__(self, problem: Problem | None) -> None:
        super().__init__(problem)
        self.problem = problem


def evaluate(expression: ast.Expression, variables: Variables) -> Any:
    """The value: int, float, bool, str, tuple (sizes too), list, or dict (a keyed tuple).

    Raises:
        EvaluationError: If it has none.
    """
    take_steps(1, expression.span)
    try:
        return _RULES[type(expression)](expression, variables)
    except RecursionError:
        start = expression.span.start
        place = Span(expression.span.source, start, min(expression.span.end, start + 1))
        raise EvaluationError(problems.TooDeep(place, "this expression is nested too deeply")) from None


def evaluate_argument(expression: ast.Expression, variables: Variables) -> Any:
    """The same for an argument, where a bare name that no variable has stands for itself (a :class:`Word`)."""
    if isinstance(expression, ast.Variable) and expression.name not in variables:
        return Word(expression.name)
    return evaluate(expression, variables)


def condition(expression: ast.Expression, variables: Variables) -> bool:
    """The value of an expression that must be true or false."""
    value = evaluate(expression, variables)
    if not isinstance(value, bool):
        raise EvaluationError(problems.WrongValue(expression.span, "true or false", value, expression))
    return value


def require(value: Any, types: _Types, expected: str, expression: ast.Expression, least: int | None = None) -> Any:
    """The value of an expression, which must be of some types, and of at least so much; no truth passes for a number.

    Raises:
        EvaluationError: If it is something else than is expected.
    """
    fits = isinstance(value, types) and not isinstance(value, bool)
    if not fits or (least is not None and value < least):
        raise EvaluationError(problems.WrongValue(expression.span, expected, value, expression))
    return value


def _require_number(value: Any, expression: ast.Expression) -> Any:
    return require(value, (int, float), "a number", expression)


def bind_pattern(pattern: ast.Pattern, value: Any) -> dict[str, Any]:
    """The variables that a ``let`` or ``for`` makes of a value.

    Raises:
        EvaluationError: If the value has another number of parts.
    """
    texts = [name.text for name in pattern.names]
    if not pattern.is_tuple:
        return {texts[0]: value}
    again = next((name for place, name in enumerate(pattern.names) if name.text in texts[:place]), None)
    if again is not None:
        raise EvaluationError(problems.NameTwice(again.span, again.text))
    if not isinstance(value, list | tuple) or len(value) != len(texts):
        raise EvaluationError(problems.WrongParts(pattern.span, pattern, value))
    return dict(zip(texts, value, strict=True))


# Bounds


def _bounded(value: Any, span: Span) -> Any:
    """Refuse numbers that no extent, count or rate can be, before they grow without bound."""
    if isinstance(value, int) and abs(value) > LARGEST**2:
        raise EvaluationError(problems.TooLarge(span, "this whole number is larger than 2^62"))
    if isinstance(value, float) and not math.isfinite(value):
        raise EvaluationError(problems.NoResult(span, "the result is not a finite number"))
    if isinstance(value, str | list | tuple | dict):
        size = _size_of(value)
        take_steps(2 * size, span)
        _require_size(size, span)
    return value


def _require_size(size: int, span: Span) -> None:
    if size > MAX_LIST:
        raise EvaluationError(problems.TooLarge(span, f"this has more than {MAX_LIST:,} elements"))


def _size_of(value: Any) -> int:
    """How many elements a value has in all its lists, counted to just above the limit.

    Lists that share their elements grow without end in a few lines, and to compare or show one would take as long.
    """
    if isinstance(value, str):
        return len(value)
    count, left = 0, [value]
    while left and count <= MAX_LIST:
        items = left.pop()
        count += len(items)
        elements = items.values() if isinstance(items, dict) else items
        left += [item for item in elements if isinstance(item, _CONTAINERS)]
    return count


# Literals and names


def _error(expression: ast.Error, variables: Variables) -> Any:
    raise EvaluationError(None)


def _number(expression: ast.Number, variables: Variables) -> Any:
    return _bounded(expression.value, expression.span)


def _size(expression: ast.Size, variables: Variables) -> Any:
    if None in expression.extents:
        raise EvaluationError(problems.FreeSizeHere(expression.span))
    return tuple(_bounded(extent, expression.span) for extent in expression.extents)


def _literal(expression: ast.String | ast.Boolean, variables: Variables) -> Any:
    return expression.value


def _variable(expression: ast.Variable, variables: Variables) -> Any:
    return _look_up(expression.name, expression.span, variables)


def _look_up(name: str, span: Span, variables: Variables) -> Any:
    if name not in variables:
        raise EvaluationError(problems.UnknownName(span, name, variables))
    value = variables[name]
    if value is UNKNOWN:
        raise EvaluationError(None)
    return value.as_number() if isinstance(value, Size) else value


# Lists


def _tuple(expression: ast.Tuple, variables: Variables) -> Any:
    return _bounded(tuple(evaluate_argument(item, variables) for item in expression.items), expression.span)


def _list(expression: ast.List, variables: Variables) -> Any:
    return _bounded([evaluate_argument(item, variables) for item in expression.items], expression.span)


def _keyed(expression: ast.Keyed, variables: Variables) -> Any:
    values = {item.name.text: evaluate_argument(item.value, variables) for item in expression.items}
    return _bounded(values, expression.span)


class _Inside(dict[str, Any]):
    """The variables inside a comprehension, and how many rounds it and those around it take."""

    def __init__(self, variables: Variables, rounds: int) -> None:
        super().__init__(variables)
        self.rounds = rounds


def _comprehension(expression: ast.Comprehension, variables: Variables) -> Any:
    items = require(evaluate(expression.items, variables), (list, tuple), "a list", expression.items)
    rounds = len(items) * (variables.rounds if isinstance(variables, _Inside) else 1)
    if rounds > MAX_LIST:
        raise EvaluationError(problems.TooLarge(expression.span, f"this is computed more than {MAX_LIST:,} times"))
    take_steps(len(items) * (1 + len(variables) // 32), expression.span)  # each round copies the variables
    values: list[Any] = []
    size = 0
    for item in items:
        inside = _Inside({**variables, **bind_pattern(expression.pattern, item)}, rounds=max(1, rounds))
        values.append(evaluate_argument(expression.item, inside))
        size += 1 + (_size_of(values[-1]) if isinstance(values[-1], _CONTAINERS) else 0)
        _require_size(size, expression.span)
    return values


def _index(expression: ast.Index, variables: Variables) -> Any:
    items = _sequence(expression.name, variables)
    place = _position(expression.index, variables)
    if not -len(items) <= place < len(items):
        raise EvaluationError(problems.OutOfList(expression.index.span, expression.name.text, len(items), place))
    return items[place]


def _slice(expression: ast.Slice, variables: Variables) -> Any:
    items = _sequence(expression.name, variables)
    start = expression.start and _position(expression.start, variables)
    stop = expression.stop and _position(expression.stop, variables)
    return _bounded(items[start:stop], expression.span)


def _position(expression: ast.Expression, variables: Variables) -> int:
    place: int = require(evaluate(expression, variables), int, "a whole number", expression)
    return place


def _sequence(name: ast.Name, variables: Variables) -> Any:
    items = _look_up(name.text, name.span, variables)
    return require(items, (list, tuple), "a list", ast.Variable(name.span, name.text))


# Computations


def _conditional(expression: ast.Conditional, variables: Variables) -> Any:
    chosen = expression.value if condition(expression.condition, variables) else expression.otherwise
    return evaluate_argument(chosen, variables)


def _negative(expression: ast.Negative, variables: Variables) -> Any:
    return -expression.operand.value


def _unary(expression: ast.Unary, variables: Variables) -> Any:
    if expression.operator == "not":
        return not condition(expression.operand, variables)
    return -_require_number(evaluate(expression.operand, variables), expression.operand)


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
    logical = expression.operator in _LOGICAL
    chain = [expression]
    while isinstance(chain[-1].left, ast.Binary) and (chain[-1].left.operator in _LOGICAL) is logical:
        chain.append(chain[-1].left)
    first = chain[-1].left
    value = condition(first, variables) if logical else evaluate_argument(first, variables)
    for link in reversed(chain):
        take_steps(1, link.span)
        if not logical:
            value = _combine(link, value, variables)
        elif value is not (link.operator == "or"):
            value = condition(link.right, variables)
    return value


def _combine(link: ast.Binary, left: Any, variables: Variables) -> Any:
    right = evaluate_argument(link.right, variables)
    _refuse_unknown_names(link, left, right, variables)
    if link.operator in ("==", "!="):
        return same(left, right, link.span) is (link.operator == "==")
    if link.operator == "+" and type(left) is type(right) and isinstance(left, str | list):
        return _bounded(left + right, link.span)
    left, right = _require_number(left, link.left), _require_number(right, link.right)
    if link.operator in _COMPARISONS:
        return _COMPARISONS[link.operator](left, right)
    try:
        return _bounded(_ARITHMETIC[link.operator](left, right), link.span)
    except ZeroDivisionError:
        raise EvaluationError(problems.NoResult(link.right.span, "division by zero")) from None
    except OverflowError:
        raise EvaluationError(problems.TooLarge(link.span, "the result is too large")) from None
    except ArithmeticError:
        raise EvaluationError(problems.NoResult(link.span, "a negative number has no root")) from None


def _refuse_unknown_names(link: ast.Binary, left: Any, right: Any, variables: Variables) -> None:
    """A bare name stands for itself only where it is compared with another: ``act == relu``."""
    if link.operator in ("==", "!=") and isinstance(left, Word) and isinstance(right, Word):
        return
    for value, side in ((left, link.left), (right, link.right)):
        if type(value) is Word and isinstance(side, ast.Variable):
            _look_up(side.name, side.span, variables)


def same(left: Any, right: Any, span: Span) -> bool:
    """Whether two values are equal; ``true`` is not 1, and a list is not a tuple."""
    if isinstance(left, _CONTAINERS) and isinstance(right, _CONTAINERS):
        take_steps(min(_size_of(left), _size_of(right)), span)
    return _same(left, right)


def _same(left: Any, right: Any) -> bool:
    if isinstance(left, dict) and isinstance(right, dict):
        return left.keys() == right.keys() and all(_same(value, right[name]) for name, value in left.items())
    if isinstance(left, list | tuple) and isinstance(right, list | tuple):
        pairs = zip(left, right, strict=False)
        return type(left) is type(right) and len(left) == len(right) and all(_same(*pair) for pair in pairs)
    return isinstance(left, bool) is isinstance(right, bool) and bool(left == right)


def compare(operator: str, found: Any, wanted: Any, expression: ast.Expression) -> bool:
    """``found operator wanted`` for two numbers, of which ``wanted`` is the value of an expression."""
    return _COMPARISONS[operator](found, _require_number(wanted, expression))


def _function(expression: ast.Function, variables: Variables) -> Any:
    name, span = expression.name.text, expression.span
    if name not in FUNCTIONS:
        raise EvaluationError(problems.UnknownFunction(expression.name.span, expression, tuple(FUNCTIONS), variables))
    compute, gives = FUNCTIONS[name]
    arguments = tuple(evaluate(argument, variables) for argument in expression.arguments)
    take_steps(sum(_size_of(argument) for argument in arguments if isinstance(argument, _CONTAINERS)), span)
    try:
        return _bounded(compute(*arguments), span)
    except OverflowError:
        raise EvaluationError(problems.TooLarge(span, "the result is too large")) from None
    except (ArithmeticError, AttributeError, TypeError, ValueError):
        raise EvaluationError(problems.FunctionRefuses(span, expression, arguments, gives)) from None


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
