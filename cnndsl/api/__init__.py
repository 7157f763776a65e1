"""The few functions that people import: they know the whole way from text to graph, and nothing else does.

Modules are imported on first use: a prediction from a checkpoint checks no text.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..lazy import imported_on_use

if TYPE_CHECKING:
    from .checking import Checked, check_source, check_text
    from .model import Model, load
    from .solving import solve_layer_of, solve_source

__all__ = ["Checked", "Model", "check_source", "check_text", "load", "solve_layer_of", "solve_source"]

__getattr__ = imported_on_use(
    __name__,
    {
        "checking": ("Checked", "check_source", "check_text"),
        "model": ("Model", "load"),
        "solving": ("solve_layer_of", "solve_source"),
    },
)
