"""Numbers as pictures: feature maps and kernels side by side, and heat over a photo."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..data.resizing import resize

__all__ = ["Pixels", "grid", "heat", "levels_of", "signed"]

Pixels = NDArray[np.uint8]

_COLUMNS = 16
_CELL = 24
"""Pixels that a cell has at least; smaller ones are enlarged."""
_WIDEST = 64
"""Pixels that a cell has at most."""
_GAP = 2
_PAPER = 255


def grid(cells: Pixels, columns: int = _COLUMNS) -> Pixels:
    """Pictures N x C x h x w side by side, ``columns`` in a row, as one picture C x H x W."""
    cells = _sized(cells)
    count, channels, height, width = cells.shape
    columns = min(columns, count)
    rows = -(-count // columns)
    whole = np.full((channels, rows * (height + _GAP) - _GAP, columns * (width + _GAP) - _GAP), _PAPER, np.uint8)
    for place, cell in enumerate(cells):
        top, left = place // columns * (height + _GAP), place % columns * (width + _GAP)
        whole[:, top : top + height, left : left + width] = cell
    return whole


def _sized(cells: Pixels) -> Pixels:
    height, width = cells.shape[2:]
    most = max(height, width)
    if most > _WIDEST:
        return resize(cells, max(1, height * _WIDEST // most), max(1, width * _WIDEST // most)).astype(np.uint8)
    times = max(1, -(-_CELL // most))
    return cells.repeat(times, axis=2).repeat(times, axis=3)


def levels_of(values: NDArray[Any]) -> Pixels:
    """Numbers as grey levels: the least of all is black, the largest white; those that are not finite are black."""
    finite = np.nan_to_num(values.astype(np.float64), nan=0.0, posinf=0.0, neginf=0.0)
    least, most = finite.min(), finite.max()
    levels: Pixels = np.rint((finite - least) * (255 / ((most - least) or 1.0))).astype(np.uint8)
    return levels


def signed(values: NDArray[Any]) -> Pixels:
    """Numbers ... x h x w as colours ... x 3 x h x w: white is 0, orange above it, blue below."""
    finite = np.nan_to_num(values.astype(np.float64), nan=0.0, posinf=0.0, neginf=0.0)
    share = finite / (np.abs(finite).max() or 1.0)
    above, below = np.maximum(share, 0), np.maximum(-share, 0)
    red = 255 - 61 * above - 225 * below
    green = 255 - 190 * above - 177 * below
    blue = 255 - 243 * above - 80 * below
    colours: Pixels = np.rint(np.stack((red, green, blue), axis=-3)).astype(np.uint8)
    return colours


def heat(levels: Pixels, places: NDArray[np.float32]) -> Pixels:
    """A picture C x H x W, paler, with orange where the places h x w are high."""
    grey = np.broadcast_to(levels.astype(np.float32).mean(axis=0), (3, *levels.shape[1:]))
    share = resize((places / (places.max() or 1.0))[None, None], *levels.shape[1:])[0]
    orange = np.array((194, 65, 12), np.float32).reshape(3, 1, 1)
    pale = 96 + grey * (159 / 255)
    mixed: Pixels = np.rint(pale * (1 - 0.75 * share) + orange * (0.75 * share)).astype(np.uint8)
    return mixed
