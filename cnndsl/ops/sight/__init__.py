"""What each output sees of an input; imported on first use, as whoever computes a network does not ask."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...lazy import imported_on_use

if TYPE_CHECKING:
    from .seen import (
        MOST_PLACES,
        OWN,
        Box,
        Places,
        Sight,
        Sights,
        gathered,
        group_sight,
        repeated,
        repeating,
        reshaped,
        shifted,
        transposed_sight,
        unravelled,
    )

__all__ = [
    "MOST_PLACES",
    "OWN",
    "Box",
    "Places",
    "Sight",
    "Sights",
    "gathered",
    "group_sight",
    "repeated",
    "repeating",
    "reshaped",
    "shifted",
    "transposed_sight",
    "unravelled",
]

__getattr__ = imported_on_use(__name__, {"seen": tuple(__all__)})
