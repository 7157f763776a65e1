"""Attributes as a spec writes them: ``5x5``, ``(top=1, bottom=2, left=1, right=2)``, ``pad``."""

from __future__ import annotations

from typing import Any

from ..attributes import Word, format_value
from .base import Operator
from .geometry import Padding

__all__ = ["argument_text", "spelling"]


def spelling(operator: Operator | type[Operator], name: str) -> str:
    """The shortest of an attribute's names, as specs usually write it: ``pad``."""
    return min((name, *operator.attributes()[name].aliases), key=len)


def argument_text(value: Any, *, positional: bool) -> str:
    """The value of an attribute; a pair of equal numbers is one number, and by place a size."""
    if isinstance(value, tuple) and all(isinstance(item, tuple) for item in value):
        return _padding(value)
    if isinstance(value, tuple) and len(set(value)) == 1 and not (positional and len(value) > 1):
        return format_value(value[0])
    if isinstance(value, str):
        return format_value(Word(value))
    if positional and isinstance(value, tuple) and 0 in value:  # axes: no size is 0
        return f"({', '.join(map(str, value))})"
    return format_value(value)


def _padding(padding: Padding) -> str:
    if len(padding) == 1:
        ((left, right),) = padding
        return str(left) if left == right else f"(left={left}, right={right})"
    (top, bottom), (left, right) = padding
    if top == bottom == left == right:
        return str(top)
    if top == bottom and left == right:
        return f"({top}, {left})"
    return f"(top={top}, bottom={bottom}, left={left}, right={right})"
