"""The value of an expression. Finite by construction: no loops but over lists, and every number and list is bounded."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any

from ..attributes import LARGEST, Word, format_value
from ..diagnostics import Diagnostic, DiagnosticKind, Fix, Label
from ..diagnostics.kinds import limits, names
from ..ops.extent import Extent
from ..source import Span
from ..syntax import ast
from .functions import FUNCTIONS
from .limits import MAX_LIST
from .references import describe
from .steps import take_steps

__all__ = ["FUNCTIONS", "MAX_LIST", "UNKNOWN", "EvaluationError", "evaluate", "evaluate_argument"]


class _Unknown:
    def __repr__(self) -> str:
        return "UNKNOWN"


UNKNOWN: Any = _Unknown()
"""What a variable holds whose value depends on a mistake that has been reported."""

Variables = Mapping[str, Any]


class EvaluationError(Exception):
    """An expression has no value; carries the diagnostic, or None if the mistake has been reported before."""

    def __init__(self, diagnostic: Diagnostic | None) -> None:
        super().__init__(diagnostic)
        self.diagnostic = diagnostic


def fail(
    kind: DiagnosticKind, message: str, span: Span, *help_: str, label: str = "", fixes: tuple[Fix, ...] = ()
) -> EvaluationError:
    """The error of a diagnostic at one place."""
    return EvaluationError(Diagnostic(kind, message, Label(span, label), help=help_, fixes=fixes))


def evaluate(expression: ast.Expression, variables: Variables) -> Any:
    """The value: int, float, bool, str, tuple (sizes too), list, or dict (a keyed tuple).

    Raises:
        EvaluationError: If it has none.
    """
    take_steps(1, expression.span)
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
    if isinstance(value, str | list | tuple | dict):
        size = _size_of(value)
        take_steps(2 * size, span)
        if size > MAX_LIST:
            raise fail(limits.EXTENT_TOO_LARGE, f"this has more than {MAX_LIST:,} elements", span)
    return value


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
        left += [
            item for item in (items.values() if isinstance(items, dict) else items) if isinstance(item, _CONTAINERS)
        ]
    return count


_CONTAINERS = (list, tuple, dict)


def _size(expression: ast.Size, variables: Variables) -> Any:
    if None in expression.extents:
        raise fail(names.WRONG_VALUE, "a free extent `?` stands only in an input or behind `->`", expression.span)
    return tuple(_bounded(extent, expression.span) for extent in expression.extents)


def _literal(expression: ast.String | ast.Boolean, variables: Variables) -> Any:
    return expression.value


def _variable(expression: ast.Variable, variables: Variables) -> Any:
    return _look_up(expression.name, expression.span, variables)


def _look_up(name: str, span: Span, variables: Variables, *help_: str) -> Any:
    if name in variables:
        value = variables[name]
        if value is UNKNOWN:
            raise EvaluationError(None)
        return value.as_number() if isinstance(value, Extent) else value
    from .unknown_names import unknown_name  # all names of a text without mistakes are known

    raise EvaluationError(unknown_name(name, span, variables, *help_))


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
    items = evaluate(expression.items, variables)
    if not isinstance(items, list | tuple):
        raise fail(names.WRONG_VALUE, f"expected a list, found {format_value(items)}", expression.items.span)
    rounds = len(items) * (variables.rounds if isinstance(variables, _Inside) else 1)
    if rounds > MAX_LIST:
        raise fail(limits.EXTENT_TOO_LARGE, f"this is computed more than {MAX_LIST:,} times", expression.span)
    inside = (_Inside({**variables, **bind_pattern(expression.pattern, item)}, rounds=max(1, rounds)) for item in items)
    take_steps(len(items) * (1 + len(variables) // 32), expression.span)  # each round copies the variables
    values: list[Any] = []
    size = 0
    for around in inside:
        values.append(evaluate_argument(expression.item, around))
        size += 1 + (_size_of(values[-1]) if isinstance(values[-1], _CONTAINERS) else 0)
        if size > MAX_LIST:
            raise fail(limits.EXTENT_TOO_LARGE, f"this has more than {MAX_LIST:,} elements", expression.span)
    return values


def bind_pattern(pattern: ast.Pattern, value: Any) -> dict[str, Any]:
    """The variables that a ``let`` or ``for`` makes of a value."""
    if not pattern.is_tuple:
        return {pattern.names[0].text: value}
    texts = [name.text for name in pattern.names]
    again = next((name for place, name in enumerate(pattern.names) if name.text in texts[:place]), None)
    if again is not None:
        raise fail(names.DUPLICATE_NAME, f"`{again.text}` stands twice in this pattern", again.span)
    if not isinstance(value, list | tuple) or len(value) != len(pattern.names):
        count = len(pattern.names)
        message = f"{count} names take {count} values, and {_listed(value)}"
        raise fail(names.WRONG_VALUE, message, pattern.span)
    return {name.text: item for name, item in zip(pattern.names, value, strict=True)}


def _listed(value: Any) -> str:
    """A value that was to be taken apart, and how many parts it has."""
    if not isinstance(value, list | tuple):
        return f"this is {format_value(value)}"
    shown = f"({', '.join(map(format_value, value))})" if isinstance(value, tuple) else format_value(value)
    return f"{shown} has {len(value)}"


def _index(expression: ast.Index, variables: Variables) -> Any:
    items = _sequence(expression.name, variables)
    place = evaluate(expression.index, variables)
    if isinstance(place, bool) or not isinstance(place, int):
        raise fail(names.WRONG_VALUE, f"expected a whole number, found {format_value(place)}", expression.index.span)
    if not -len(items) <= place < len(items):
        message = f"`{expression.name.text}` has {len(items)} elements, and none at {place}"
        help_ = f"indices count from 0: the last is {len(items) - 1}" if items else "the list is empty"
        raise fail(names.OUT_OF_RANGE, message, expression.index.span, help_)
    return items[place]


def _slice(expression: ast.Slice, variables: Variables) -> Any:
    items = _sequence(expression.name, variables)
    bounds = [None if bound is None else evaluate(bound, variables) for bound in (expression.start, expression.stop)]
    for bound in bounds:
        if isinstance(bound, bool) or not isinstance(bound, int | None):
            raise fail(names.WRONG_VALUE, f"expected a whole number, found {format_value(bound)}", expression.span)
    return _bounded(items[bounds[0] : bounds[1]], expression.span)


def _sequence(name: ast.Name, variables: Variables) -> Any:
    items = _look_up(name.text, name.span, variables)
    if not isinstance(items, list | tuple):
        raise fail(names.WRONG_VALUE, f"`{name.text}` is {format_value(items)}, not a list", name.span)
    return items


def _conditional(expression: ast.Conditional, variables: Variables) -> Any:
    chosen = expression.value if condition(expression.condition, variables) else expression.otherwise
    return evaluate_argument(chosen, variables)


def condition(expression: ast.Expression, variables: Variables) -> bool:
    """The value of an expression that must be true or false."""
    value = evaluate(expression, variables)
    if not isinstance(value, bool):
        compared = type(value) in (int, float) and isinstance(expression, ast.Function | ast.Binary | ast.Index)
        advice = (f"compare it with a number, as in `{expression.span.text} > 0`",) if compared else ()
        raise fail(names.WRONG_VALUE, f"expected true or false, found {format_value(value)}", expression.span, *advice)
    return value


def _negative(expression: ast.Negative, variables: Variables) -> Any:
    return -expression.operand.value


def _unary(expression: ast.Unary, variables: Variables) -> Any:
    if expression.operator == "not":
        return not condition(expression.operand, variables)
    return -numeric(evaluate(expression.operand, variables), expression.operand.span)


def numeric(value: Any, span: Span) -> Any:
    """The value, which must be a number.

    Raises:
        EvaluationError: If it is something else.
    """
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise fail(names.WRONG_VALUE, f"expected a number, found {describe(value)}", span)
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


_LOGICAL = ("and", "or")


def _refuse_unknown_words(link: ast.Binary, left: Any, right: Any, variables: Variables) -> None:
    """A bare name stands for itself only where it is compared with another: ``act == relu``."""
    equality = link.operator in ("==", "!=")
    if equality and isinstance(left, Word) and isinstance(right, Word):
        return
    quoted = equality and str in (type(left), type(right))
    for value, side in ((left, link.left), (right, link.right)):
        if type(value) is Word and isinstance(side, ast.Variable):
            help_ = (f'a text stands in quotes: `"{side.name}"`',) if quoted else ()
            _look_up(side.name, side.span, variables, *help_)


def _combine(link: ast.Binary, left: Any, variables: Variables) -> Any:
    right = evaluate_argument(link.right, variables)
    _refuse_unknown_words(link, left, right, variables)
    if link.operator in ("==", "!="):
        return same(left, right, link.span) is (link.operator == "==")
    if link.operator in _COMPARISONS:
        left, right = numeric(left, link.left.span), numeric(right, link.right.span)
        return _COMPARISONS[link.operator](left, right)
    if link.operator == "+" and type(left) is type(right) and isinstance(left, str | list):
        return _bounded(left + right, link.span)
    left, right = numeric(left, link.left.span), numeric(right, link.right.span)
    try:
        return _bounded(_ARITHMETIC[link.operator](left, right), link.span)
    except ZeroDivisionError:
        raise fail(names.BAD_EXPRESSION, "division by zero", link.right.span) from None
    except OverflowError:
        raise fail(limits.EXTENT_TOO_LARGE, "the result is too large", link.span) from None
    except ArithmeticError:
        raise fail(names.BAD_EXPRESSION, "the root of a negative number is no number", link.span) from None


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


def compare(operator: str, left: Any, right: Any, span: Span) -> bool:
    """``left operator right`` for two numbers, of which ``right`` is the one that a spec gives."""
    numeric(right, span)
    return _COMPARISONS[operator](left, right)


def _function(expression: ast.Function, variables: Variables) -> Any:
    name = expression.name.text
    if name not in FUNCTIONS:
        from .refused_functions import unknown_function  # only a mistake needs it

        raise EvaluationError(unknown_function(expression, variables))
    arguments = [evaluate(argument, variables) for argument in expression.arguments]
    take_steps(sum(_size_of(argument) for argument in arguments if isinstance(argument, _CONTAINERS)), expression.span)
    try:
        return _bounded(FUNCTIONS[name][0](*arguments), expression.span)
    except OverflowError:
        limit = f"a list has at most {MAX_LIST:,} elements, and a whole number ends at 2^62"
        raise fail(limits.EXTENT_TOO_LARGE, "the result is too large", expression.span, limit) from None
    except (ArithmeticError, AttributeError, TypeError, ValueError):
        from .refused_functions import other_order

        given = ", ".join(format_value(argument) for argument in arguments)
        message = f"`{name}({given})` has no value"
        notes = (f"`{name}` gives {FUNCTIONS[name][1]}", *other_order(expression, arguments))
        raise fail(names.BAD_EXPRESSION, message, expression.span, *notes) from None


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
