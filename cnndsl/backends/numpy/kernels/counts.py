"""What an average of windows is divided by."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from ....ops.pooling import AvgPool
    from .base import Array

__all__ = ["counted"]


def counted(operator: AvgPool, sizes: tuple[int, ...], axis: int) -> Array:
    """How many elements of each window count along an axis: never what lies after the padding."""
    along = operator.window().along(axis)
    before, after = (along.before, along.after) if operator.count_include_pad else (0, 0)
    starts = np.arange(along.output(sizes[axis])) * along.stride - along.before
    ends = np.minimum(starts + along.kernel_size, sizes[axis] + after)
    return np.asarray(ends - np.maximum(starts, -before))
