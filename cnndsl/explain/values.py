"""What was meant by a value that cannot stand where it is written: small changes, each tried on the type that refused it."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

from ..attributes import LARGEST, AttributeType, Boolean, Integer, Number, ValueProblem, Word, format_value
from ..diagnostics.suggest import nearest
from ..problems import Problem, WrongValue
from ..record import Record
from ..syntax import ast

__all__ = ["Suggestion", "accepts", "expected_type", "of_expression", "spelt", "suggestion"]

_TRUTH = {
    **dict.fromkeys(("no", "off", "n", "f", "disabled", "false", "0"), False),
    **dict.fromkeys(("yes", "on", "y", "t", "enabled", "true", "1"), True),
}


_EXPECTED: dict[str, AttributeType] = {
    "true or false": Boolean(),
    "a number": Number(),
    "a whole number": Integer(-LARGEST),
    "a whole number of at least 0": Integer(0),
}


class Suggestion(Record):
    """What to write in place of a value, why, and whether it says the same as the value and nothing else would."""

    text: str
    why: str
    certain: bool = False


def expected_type(problem: Problem) -> AttributeType | None:
    """The type of the values that can stand where another one does."""
    return _EXPECTED.get(problem.expected) if isinstance(problem, WrongValue) else None


def accepts(type_: AttributeType, value: Any) -> bool:
    """Whether an attribute of a type can have a value."""
    if type(value) is str and value in type_.words:
        return False  # which stand without quotes
    try:
        type_.convert(value)
    except ValueProblem:
        return False
    return True


def suggestion(type_: AttributeType, value: Any) -> Suggestion | None:
    """The first change of a value that its type accepts; None if there is none."""
    for changed, why, certain in _changes(type_, value):
        if accepts(type_, changed):
            spelt = type(value) is str and not isinstance(changed, Word | bool)
            return Suggestion(value.strip() if spelt else format_value(changed), why, certain)
    return None


def of_expression(type_: AttributeType, expression: ast.Expression, value: Any) -> Suggestion | None:
    """The same for a value with the expression that gave it: what is computed is computed in another way."""
    if isinstance(expression, ast.Number | ast.Size | ast.String | ast.Boolean | ast.Variable | ast.List | ast.Tuple):
        return suggestion(type_, value)
    text = expression.span.text
    if not isinstance(value, float) or not accepts(type_, round(value)):
        return None
    if isinstance(expression, ast.Binary) and expression.operator == "/" and value.is_integer():
        text = f"{expression.left.span.text} // {expression.right.span.text}"
        return Suggestion(text, "`/` gives a number with a point, and `//` divides whole numbers")
    return Suggestion(f"round{text}" if text.startswith("(") else f"round({text})", "it is a whole number")


def _changes(type_: AttributeType, value: Any) -> Iterator[tuple[Any, str, bool]]:
    """Other values that may have been meant, the likeliest first, each with a reason and whether it says the same."""
    if isinstance(type_, Boolean):
        yield _TRUTH.get(str(value).lower()), "it is true or false", True
    elif isinstance(value, str):
        yield from _of_text(type_, value)
    elif isinstance(value, float):
        yield int(value) if value.is_integer() else None, "a whole number has no point", True
    elif isinstance(value, list | tuple):
        yield from _of_several(type_, value)
    if isinstance(type_, Number) and isinstance(value, int | float) and 1 < value <= 100:
        yield value / 100, f"{format_value(value)} % is {format_value(value / 100)}", False


def _of_text(type_: AttributeType, value: str) -> Iterator[tuple[Any, str, bool]]:
    bare = value.strip().lower()
    if isinstance(value, Word):
        yield Word(bare), "words are written in small letters", True
        yield Word(nearest(bare, type_.words) or ""), "", False
        return
    yield _number(bare), "a number stands without quotes", True
    yield Word(bare), "a word stands without quotes", True


def spelt(text: str) -> Any:
    """The value that a text without quotes stands for among arguments: a number, a size, true or false, or a word."""
    number = _number(text)
    return number if number is not None else {"true": True, "false": False}.get(text, Word(text))


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


def _of_several(type_: AttributeType, value: list[Any] | tuple[Any, ...]) -> Iterator[tuple[Any, str, bool]]:
    if not value:
        return
    if isinstance(value, tuple) and len(value) == 2 and value[0] == 0 and isinstance(value[1], int):
        yield int(str(value[1]), 16), "numbers are decimal here, and this is hexadecimal", False
    if isinstance(value, list):
        yield tuple(value), "a size has an x between its numbers", True
    if len(value) == 3:
        kept = value[:2] if value[0] == value[1] else value[1:]
        yield tuple(kept), "a window has a height and a width, and goes through all channels", False
    if all(item == value[0] for item in value):
        yield value[0], "it is one number here", len(value) == 4
