"""From grey levels to the input of a network: one rule for training and prediction.

Levels go from 0 (background) to 1 (ink) and are brought to the range of LeCun et al. 1998, section II.B: background -0.1,
ink 1.175, which makes the mean about 0 and the variance about 1.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ...ops import Shape
from .model import Images, Levels

__all__ = ["normalize", "pad_to", "resize"]

_BACKGROUND = -0.1
_INK = 1.175


def normalize(levels: Levels, input_shape: Shape) -> Images:
    """Levels N x H x W as inputs N x 1 x H x W, or N x HW where the network takes a vector."""
    images = levels * np.float32(_INK - _BACKGROUND) + np.float32(_BACKGROUND)
    return images.reshape(len(levels), *input_shape)


def pad_to(levels: Levels, height: int, width: int) -> Levels:
    """Background around the levels, as much on each side; where that is odd, one row or column more at the end."""
    missing = (height - levels.shape[1], width - levels.shape[2])
    around = [(extent // 2, extent - extent // 2) for extent in missing]
    return np.pad(levels, [(0, 0), *around])


def resize(levels: Levels, height: int, width: int) -> Levels:
    """Levels N x H x W at another size, by a triangle filter.

    Enlarging is bilinear interpolation with pixels as squares (torch: ``align_corners=False``); shrinking widens the
    triangle so that every pixel counts (torch: ``antialias=True``).
    """
    if levels.shape[1:] == (height, width):
        return levels
    rows = _triangle_weights(levels.shape[1], height)
    columns = _triangle_weights(levels.shape[2], width)
    resized: Levels = np.matmul(np.matmul(rows, levels), columns.T)
    return resized


def _triangle_weights(size: int, wanted: int) -> NDArray[np.float32]:
    """The share of each of ``size`` pixels (columns) in each of ``wanted`` (rows); every row sums to 1."""
    scale = size / wanted
    centers = (np.arange(wanted) + 0.5) * scale
    if scale < 1:
        centers = np.clip(centers, 0.5, size - 0.5)
    distance = np.abs(centers[:, None] - (np.arange(size) + 0.5)[None, :])
    weights = np.maximum(0, 1 - distance / max(1.0, scale))
    shares: NDArray[np.float32] = (weights / weights.sum(axis=1, keepdims=True)).astype(np.float32)
    return shares
