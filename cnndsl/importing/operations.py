"""What Python computes with numbers, texts and lists, as far as it is known without running a program."""

from __future__ import annotations

import ast
import math
import operator
from collections.abc import Callable, Mapping
from itertools import islice
from typing import Any

from ..translation.records import UNKNOWN

__all__ = [
    "BUILTINS",
    "LONGEST",
    "METHODS",
    "binary",
    "compared",
    "is_plain",
    "items_of",
    "subscript",
    "unary",
    "weigh",
]

LONGEST = 10_000
"""No list or text is longer, and no number has more digits."""

_BINARY: Mapping[type, Callable[[Any, Any], Any]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.FloorDiv: operator.floordiv,
    ast.Mod: operator.mod,
    ast.Pow: operator.pow,
    ast.LShift: operator.lshift,
    ast.RShift: operator.rshift,
    ast.BitAnd: operator.and_,
    ast.BitOr: operator.or_,
}
_UNARY: Mapping[type, Callable[[Any], Any]] = {
    ast.USub: operator.neg,
    ast.UAdd: operator.pos,
    ast.Not: operator.not_,
    ast.Invert: operator.invert,
}
_COMPARED: Mapping[type, Callable[[Any, Any], Any]] = {
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
    ast.Is: operator.is_,
    ast.IsNot: operator.is_not,
    ast.In: lambda left, right: left in right,
    ast.NotIn: lambda left, right: left not in right,
}
_WRONG = (TypeError, ValueError, ArithmeticError, LookupError, AttributeError, RecursionError)


def weigh(value: Any) -> int:
    """How much a value holds, lists in lists counted each time; more than ``LONGEST`` if it is too much."""
    weight, left = 0, [value]
    while left and weight <= LONGEST:
        each = left.pop()
        weight += 1
        if isinstance(each, list | tuple | set):
            weight += max(0, len(each) - LONGEST)
            left.extend(islice(each, LONGEST))
        elif isinstance(each, dict):
            left.extend(islice(each.values(), LONGEST))
        elif isinstance(each, str):
            weight += len(each) // 100
    return weight


def is_plain(value: Any) -> bool:
    """Whether a value that is not too large is a literal of Python, all through."""
    if isinstance(value, list | tuple | set):
        return all(map(is_plain, value))
    if isinstance(value, dict):
        return all(map(is_plain, value.values()))
    return value is None or isinstance(value, bool | int | float | str)


def _is_small(value: Any) -> bool:
    if isinstance(value, int):
        return value.bit_length() <= 64
    return not isinstance(value, list | tuple | str) or len(value) <= LONGEST


def _bounded(made: Any) -> Any:
    return made if _is_small(made) else UNKNOWN


def binary(kind: ast.operator, left: Any, right: Any) -> Any:
    """``left + right`` and its like; unknown where it is wrong, too large or not to be known."""
    if left is UNKNOWN or right is UNKNOWN or type(kind) not in _BINARY or _grows(kind, left, right):
        return UNKNOWN
    try:
        return _bounded(_BINARY[type(kind)](left, right))
    except _WRONG:
        return UNKNOWN


def _grows(kind: ast.operator, left: Any, right: Any) -> bool:
    """Whether the result may be too large to be computed at all."""
    if isinstance(kind, ast.Pow | ast.LShift):
        return not isinstance(right, int | float) or abs(right) > 64 or abs(left) > 2**32
    if isinstance(kind, ast.Mod) and isinstance(left, str):
        return len(left) > 100 or "*" in left or any(part.isdigit() and len(part) > 2 for part in left.split("%"))
    counts = [each for each in (left, right) if isinstance(each, int)]
    sizes = [len(each) for each in (left, right) if isinstance(each, list | tuple | str)]
    return isinstance(kind, ast.Mult) and bool(counts and sizes) and counts[0] * sizes[0] > LONGEST


def unary(kind: ast.unaryop, value: Any) -> Any:
    """``-value``, ``not value``."""
    if value is UNKNOWN:
        return UNKNOWN
    try:
        return _UNARY[type(kind)](value)
    except _WRONG:
        return UNKNOWN


def compared(kind: ast.cmpop, left: Any, right: Any) -> Any:
    """``left < right``; unknown if one side is, but for comparisons with None."""
    if left is UNKNOWN or right is UNKNOWN:
        return UNKNOWN
    try:
        return bool(_COMPARED[type(kind)](left, right))
    except _WRONG:
        return UNKNOWN


def subscript(value: Any, index: Any) -> Any:
    """``value[index]`` of lists, texts and dictionaries."""
    try:
        return value[index]
    except _WRONG:
        return UNKNOWN


def items_of(value: Any) -> list[Any] | None:
    """What a loop goes through; None if that is not known."""
    if isinstance(value, range | list | tuple | str | set):
        return list(islice(value, LONGEST))
    return list(value) if isinstance(value, dict) else None


def _range(*bounds: Any) -> Any:
    made = range(*bounds)
    return list(made) if len(made) <= LONGEST else UNKNOWN


def _enumerate(values: Any, start: int = 0) -> Any:
    return [(index + start, item) for index, item in enumerate(_known(values))]


def _zip(*lists: Any, strict: bool = False) -> Any:
    return list(zip(*map(_known, lists), strict=False))


def _known(values: Any) -> list[Any]:
    found = items_of(values)
    if found is None:
        raise TypeError(values)
    return found


BUILTINS: Mapping[str, Callable[..., Any]] = {
    "range": _range,
    "enumerate": _enumerate,
    "zip": _zip,
    "len": lambda value: len(_known(value)),
    "list": lambda value=(): _known(value),
    "tuple": lambda value=(): tuple(_known(value)),
    "set": lambda value=(): set(_known(value)),
    "reversed": lambda value: _known(value)[::-1],
    "sorted": lambda value: sorted(_known(value)),
    "sum": lambda value, start=0: sum(_known(value), start),
    "any": lambda value: any(_known(value)),
    "all": lambda value: all(_known(value)),
    "dict": dict,
    "max": max,
    "min": min,
    "int": int,
    "float": float,
    "str": lambda value="": str(value) if isinstance(value, bool | int | float | str) else UNKNOWN,
    "bool": bool,
    "abs": abs,
    "round": round,
    "divmod": divmod,
    "OrderedDict": dict,
    "math.ceil": math.ceil,
    "math.floor": math.floor,
    "math.sqrt": math.sqrt,
    "math.log2": math.log2,
    "math.log": math.log,
    "numpy.prod": lambda value: math.prod(_known(value)),
    "math.prod": lambda value: math.prod(_known(value)),
}
"""Functions of Python that are computed, where their arguments are known."""

METHODS: Mapping[type, frozenset[str]] = {
    list: frozenset(("append", "extend", "insert", "pop", "reverse", "index", "copy")),
    tuple: frozenset(("index", "count")),
    dict: frozenset(("items", "keys", "values", "get", "update", "pop", "copy", "setdefault")),
    str: frozenset(("lower", "upper", "startswith", "endswith", "split", "strip")),
}
"""Methods of values of Python that are computed."""
