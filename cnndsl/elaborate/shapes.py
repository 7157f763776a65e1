"""Shapes as they are written: inputs, contracts and ``expect output``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..attributes import LARGEST
from ..diagnostics.kinds import limits, names
from ..ops import Shape
from ..ops.extent import FreeExtent
from ..syntax import ast
from .expressions import EvaluationError, evaluate, fail
from .references import describe

__all__ = ["is_undecided", "matches", "written_shape"]


def written_shape(expression: ast.Expression, variables: Mapping[str, Any]) -> tuple[int | None, ...]:
    """The extents of a size, a number or a tuple; None where ``?`` stands.

    Raises:
        EvaluationError: If it is no shape, or an extent is not from 1 to 2^31 - 1.
    """
    extents = expression.extents if isinstance(expression, ast.Size) else _extents(evaluate(expression, variables))
    for place, extent in enumerate(extents):
        if isinstance(extent, bool) or not isinstance(extent, int | None):
            raise _no_extent(expression, place, extent)
        if extent is not None and extent < 1:
            raise fail(names.OUT_OF_RANGE, f"an extent is at least 1, not {extent}", expression.span)
        if extent is not None and extent > LARGEST:
            raise fail(limits.EXTENT_TOO_LARGE, f"an extent is at most {LARGEST}", expression.span)
    return extents


def _no_extent(expression: ast.Expression, place: int, found: Any) -> EvaluationError:
    """The complaint that what stands at a place of a shape is no whole number."""
    if not isinstance(expression, ast.Tuple):
        return fail(names.WRONG_VALUE, f"expected a shape, found {describe(found)}", expression.span)
    item = expression.items[place].span
    help_ = ("`/` gives a number with a point; `//` divides whole numbers",) if "/" in item.text else ()
    return fail(names.WRONG_VALUE, f"an extent is a whole number, not {describe(found)}", item, *help_)


def _extents(value: Any) -> tuple[Any, ...]:
    return value if isinstance(value, tuple) else (value,)


def is_undecided(written: tuple[int | None, ...], shape: Shape) -> bool:
    """Whether it depends on free extents if a shape is the one written: all others are."""
    if len(written) != len(shape):
        return False
    return all(a is None or a == b or isinstance(b, FreeExtent) for a, b in zip(written, shape, strict=True))


def matches(written: tuple[int | None, ...], shape: Shape) -> bool:
    """Whether a shape is the one written, where None matches every extent."""
    return len(written) == len(shape) and all(a is None or a == b for a, b in zip(written, shape, strict=True))
