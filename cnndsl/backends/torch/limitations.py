"""What the backend refuses, as data."""

from __future__ import annotations

from ...ops import Operator
from ...ops.pooling import AvgPool
from ..base import Limitation

__all__ = ["LIMITATIONS"]


class _UnevenMean(Limitation):
    """torch pads a mean that leaves its padding out by the same on both sides; some uneven paddings cannot be had so."""

    def applies(self, operator: Operator) -> bool:
        return isinstance(operator, AvgPool) and not operator.has_torch_calls


LIMITATIONS: tuple[Limitation, ...] = (
    _UnevenMean(
        backend="torch",
        operator=AvgPool,
        reason="ceil_mode with more padding after than before, and count_include_pad=false, has no form in torch.nn",
    ),
)
