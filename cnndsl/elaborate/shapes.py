"""Shapes as they are written: inputs, contracts and ``expect output``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..attributes import LARGEST, format_value
from ..diagnostics.kinds import limits, names
from ..ops import Shape
from ..syntax import ast
from .expressions import evaluate, fail

__all__ = ["matches", "written_shape"]


def written_shape(expression: ast.Expression, variables: Mapping[str, Any]) -> tuple[int | None, ...]:
    """The extents of a size, a number or a tuple; None where ``?`` stands.

    Raises:
        EvaluationError: If it is no shape, or an extent is not from 1 to 2^31 - 1.
    """
    extents = expression.extents if isinstance(expression, ast.Size) else _extents(evaluate(expression, variables))
    for extent in extents:
        if isinstance(extent, bool) or not isinstance(extent, int | None):
            raise fail(names.WRONG_VALUE, f"expected a shape, found {format_value(extents)}", expression.span)
        if extent is not None and extent < 1:
            raise fail(names.OUT_OF_RANGE, f"an extent is at least 1, not {extent}", expression.span)
        if extent is not None and extent > LARGEST:
            raise fail(limits.EXTENT_TOO_LARGE, f"an extent is at most {LARGEST}", expression.span)
    return extents


def _extents(value: Any) -> tuple[Any, ...]:
    return value if isinstance(value, tuple) else (value,)


def matches(written: tuple[int | None, ...], shape: Shape) -> bool:
    """Whether a shape is the one written, where None matches every extent."""
    return len(written) == len(shape) and all(a is None or a == b for a, b in zip(written, shape, strict=True))
