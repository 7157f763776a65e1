"""The algorithms, one per file; each writes its result in parts that do not depend on each other.

They are imported when a plan chooses them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from .....lazy import imported_on_use
from .base import Algorithm, Call, Job, Unit

if TYPE_CHECKING:
    from .columns import Columns
    from .dense import Dense
    from .depthwise import Depthwise
    from .pointwise import Pointwise
    from .pooling import GlobalMean, Maximum, Mean
    from .reference import Reference
    from .simple import Activation, Concatenation, Flattening, Normalisation, Product, Sum
    from .winograd import Winograd2, Winograd4

__all__ = [
    "Activation",
    "Algorithm",
    "Call",
    "Columns",
    "Concatenation",
    "Dense",
    "Depthwise",
    "Flattening",
    "GlobalMean",
    "Job",
    "Maximum",
    "Mean",
    "Normalisation",
    "Pointwise",
    "Product",
    "Reference",
    "Sum",
    "Unit",
    "Winograd2",
    "Winograd4",
]

__getattr__ = imported_on_use(
    __name__,
    {
        "columns": ("Columns",),
        "dense": ("Dense",),
        "depthwise": ("Depthwise",),
        "pointwise": ("Pointwise",),
        "pooling": (
            "GlobalMean",
            "Maximum",
            "Mean",
        ),
        "reference": ("Reference",),
        "simple": (
            "Activation",
            "Concatenation",
            "Flattening",
            "Normalisation",
            "Product",
            "Sum",
        ),
        "winograd": (
            "Winograd2",
            "Winograd4",
        ),
    },
)
