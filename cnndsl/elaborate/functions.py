"""The functions of the language, each with what it gives. They take numbers and lists, and nothing else passes for one."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

from .budget import MAX_LIST

__all__ = ["FUNCTIONS"]


def _number(value: Any) -> Any:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise TypeError
    return value


def _whole(value: Any) -> int:
    if not isinstance(_number(value), int):
        raise TypeError
    return int(value)


def _list(value: Any) -> Any:
    if not isinstance(value, list | tuple):
        raise TypeError
    return value


def _numbers(values: tuple[Any, ...]) -> list[Any]:
    """Several arguments, or the elements of one list."""
    items = values[0] if len(values) == 1 and isinstance(values[0], list | tuple) else values
    return [_number(item) for item in items]


def _range(*bounds: Any) -> list[int]:
    numbers = range(*map(_whole, bounds))
    if len(numbers) > MAX_LIST:
        raise OverflowError
    return list(numbers)


def _make_divisible(value: Any, divisor: Any) -> int:
    """Round to a multiple of the divisor, not below 90 % of the value (Sandler et al. 2018, as published code does)."""
    rounded = max(_whole(divisor), int(_number(value) + divisor / 2) // divisor * divisor)
    return int(rounded + divisor if rounded < 0.9 * value else rounded)


FUNCTIONS: dict[str, tuple[Callable[..., Any], str]] = {
    "max": (lambda *values: max(_numbers(values)), "the largest of some numbers, or of a list"),
    "min": (lambda *values: min(_numbers(values)), "the smallest of some numbers, or of a list"),
    "round": (lambda value: round(_number(value)), "the nearest whole number; halves go to the even one"),
    "floor": (lambda value: math.floor(_number(value)), "the next whole number below"),
    "ceil": (lambda value: math.ceil(_number(value)), "the next whole number above"),
    "log": (lambda value: math.log(_number(value)), "the natural logarithm"),
    "sqrt": (lambda value: math.sqrt(_number(value)), "the square root"),
    "abs": (lambda value: abs(_number(value)), "the number without its sign"),
    "sum": (lambda items: sum(_numbers((_list(items),))), "the sum of a list"),
    "len": (lambda items: len(_list(items)), "how many elements a list has"),
    "range": (_range, "the whole numbers from 0, or from the first bound, up to but not including the last"),
    "unique": (lambda items: list(dict.fromkeys(_list(items))), "the list without repeated elements, in order"),
    "count": (lambda items, item: _list(items).count(item), "how often an element is in a list"),
    "make_divisible": (_make_divisible, "the value rounded to a multiple of a divisor, losing at most a tenth"),
}
