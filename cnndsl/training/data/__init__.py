"""Data sets as samples. What a data set is stands in ``recipe/datasets.py``; how it is read stands here.

Modules are imported on first use: a prediction reads no data set.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...lazy import imported_on_use

if TYPE_CHECKING:
    from .arrays import data_of_pairs
    from .model import ArraySamples, Chosen, Data, Images, Labels, Levels, Request, Samples, Targets
    from .normalization import with_normalization
    from .preparation import Preparation
    from .reader import Reader
    from .readers import READERS, load, load_held_out, require_fit, require_fit_of_recipe

__all__ = [
    "READERS",
    "ArraySamples",
    "Chosen",
    "Data",
    "Images",
    "Labels",
    "Levels",
    "Preparation",
    "Reader",
    "Request",
    "Samples",
    "Targets",
    "data_of_pairs",
    "load",
    "load_held_out",
    "require_fit",
    "require_fit_of_recipe",
    "with_normalization",
]

__getattr__ = imported_on_use(
    __name__,
    {
        "arrays": ("data_of_pairs",),
        "model": ("ArraySamples", "Chosen", "Data", "Images", "Labels", "Levels", "Request", "Samples", "Targets"),
        "normalization": ("with_normalization",),
        "preparation": ("Preparation",),
        "reader": ("Reader",),
        "readers": ("READERS", "load", "load_held_out", "require_fit", "require_fit_of_recipe"),
    },
)
