"""Axes as other frameworks count them, where the batch is the first: `softmax axis=1`, `permute (0, 2, 3, 1)`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..diagnostics import Edit
from ..ir import Value
from ..ops import Operator, OperatorError
from ..ops.extent import Undecided
from ..source import Span
from .ways import Way

__all__ = ["without_batch"]


def without_batch(operator: Operator, inputs: tuple[Value, ...], spans: Mapping[str, Span]) -> Way | None:
    """The operator with its axes counted as they are here, if it then takes these values."""
    for name, value in _counted_here(operator).items():
        span = spans.get(name)
        if span is None or not _suits(operator.replace(**{name: value}), inputs):
            continue
        before, equals, _ = span.text.partition("=")
        text = f"({', '.join(map(str, value))})" if isinstance(value, tuple) else str(value)
        written = f"{before}={text}" if equals else text
        help_ = f"write `{written}`" if equals else f"axes count from 0, without the batch: write `{written}`"
        return Way(help_, (Edit(span, written),))
    return None


def _counted_here(operator: Operator) -> dict[str, Any]:
    """The attributes that name axes, each one less; the batch itself goes."""
    axis, dims = getattr(operator, "axis", None), getattr(operator, "dims", ())
    if isinstance(axis, int) and axis > 0:
        return {"axis": axis - 1}
    return {"dims": tuple(each - 1 for each in dims[1:])} if dims[:1] == (0,) and len(dims) > 1 else {}


def _suits(operator: Operator, inputs: tuple[Value, ...]) -> bool:
    try:
        operator.resolve(*(value.type for value in inputs)).outputs(*(value.type for value in inputs))
    except (OperatorError, Undecided):
        return False
    return True
