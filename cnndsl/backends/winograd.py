"""The transforms of Winograd's convolutions (Winograd 1980; Lavin and Gray 2016), which both backends compute in their own way.

F(m x m, 3 x 3) turns tiles of m + 2 squared inputs, and the filters, so that m x m results need m + 2 squared products.
"""

from __future__ import annotations

from typing import NamedTuple

__all__ = ["TILES_OF_2", "TILES_OF_4", "Transforms"]

_Matrix = tuple[tuple[float, ...], ...]


class Transforms(NamedTuple):
    """The matrices that turn the rows and columns of a tile of inputs, of a filter, and of the products."""

    inputs: _Matrix
    kernel: _Matrix
    outputs: _Matrix


TILES_OF_2 = Transforms(
    ((1, 0, -1, 0), (0, 1, 1, 0), (0, -1, 1, 0), (0, 1, 0, -1)),
    ((1, 0, 0), (1 / 2, 1 / 2, 1 / 2), (1 / 2, -1 / 2, 1 / 2), (0, 0, 1)),
    ((1, 1, 1, 0), (0, 1, -1, -1)),
)
TILES_OF_4 = Transforms(
    (
        (4, 0, -5, 0, 1, 0),
        (0, -4, -4, 1, 1, 0),
        (0, 4, -4, -1, 1, 0),
        (0, -2, -1, 2, 1, 0),
        (0, 2, -1, -2, 1, 0),
        (0, 4, 0, -5, 0, 1),
    ),
    (
        (1 / 4, 0, 0),
        (-1 / 6, -1 / 6, -1 / 6),
        (-1 / 6, 1 / 6, -1 / 6),
        (1 / 24, 1 / 12, 1 / 6),
        (1 / 24, -1 / 12, 1 / 6),
        (0, 0, 1),
    ),
    ((1, 1, 1, 1, 1, 0), (0, 1, -1, 2, -2, 0), (0, 1, 1, 4, 4, 0), (0, 1, -1, 8, -8, 1)),
)
