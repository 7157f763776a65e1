"""The algorithms, one per file; each writes its result in parts that do not depend on each other."""

from __future__ import annotations

from .base import Algorithm, Call, Job, Unit
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
