"""Pictures at other extents."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["pad_to", "resize"]


def pad_to(levels: NDArray[Any], height: int, width: int) -> NDArray[Any]:
    """Background (0) around levels N x C x h x w, as much on each side; where that is odd, one more at the end."""
    missing = (height - levels.shape[-2], width - levels.shape[-1])
    around = [(extent // 2, extent - extent // 2) for extent in missing]
    return np.pad(levels, [(0, 0), (0, 0), *around])


def resize(levels: NDArray[Any], height: int, width: int) -> NDArray[Any]:
    """Levels N x C x h x w at another size, by a triangle filter; bytes stay bytes.

    Enlarging is bilinear interpolation with pixels as squares (torch: ``align_corners=False``); shrinking widens the
    triangle so that every pixel counts (torch: ``antialias=True``).
    """
    if levels.shape[2:] == (height, width):
        return levels
    rows = _triangle_weights(levels.shape[2], height)
    columns = _triangle_weights(levels.shape[3], width)
    resized: NDArray[np.float32] = np.matmul(np.matmul(rows, levels.astype(np.float32, copy=False)), columns.T)
    return np.rint(resized).astype(np.uint8) if levels.dtype == np.uint8 else resized


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
