"""Shapes as they are written: inputs, contracts and ``expect output``."""

from __future__ import annotations

from typing import Any

from .. import problems
from ..attributes import LARGEST
from ..ops import Shape
from ..ops.free_size import FreeSize
from ..problems import Written
from ..syntax import ast
from .evaluate import EvaluationError, Variables, evaluate

__all__ = ["is_undecided", "matches", "written_shape"]


def written_shape(expression: ast.Expression, variables: Variables) -> Written:
    """The extents of a size, a number or a tuple; None where ``?`` stands.

    Raises:
        EvaluationError: If it is no shape, or an extent is not from 1 to 2^31 - 1.
    """
    if isinstance(expression, ast.Size):
        extents: tuple[Any, ...] = expression.extents
    else:
        value = evaluate(expression, variables)
        extents = value if isinstance(value, tuple) else (value,)
    for place, extent in enumerate(extents):
        _require_extent(expression, place, extent)
    return extents


def _require_extent(expression: ast.Expression, place: int, extent: Any) -> None:
    if isinstance(extent, bool) or not isinstance(extent, int | None):
        item = expression.items[place] if isinstance(expression, ast.Tuple) else expression
        expected = "a shape" if item is expression else "a whole number"
        raise EvaluationError(problems.WrongValue(item.span, expected, extent, item))
    if extent is not None and extent < 1:
        raise EvaluationError(problems.SmallSize(expression.span, extent))
    if extent is not None and extent > LARGEST:
        raise EvaluationError(problems.TooLarge(expression.span, f"a size is at most {LARGEST:,}"))


def is_undecided(written: Written, shape: Shape) -> bool:
    """Whether it depends on free extents if a shape is the one written: all others are."""
    if len(written) != len(shape):
        return False
    return all(a is None or a == b or isinstance(b, FreeSize) for a, b in zip(written, shape, strict=True))


def matches(written: Written, shape: Shape) -> bool:
    """Whether a shape is the one written, where None matches every extent."""
    return len(written) == len(shape) and all(a is None or a == b for a, b in zip(written, shape, strict=True))
