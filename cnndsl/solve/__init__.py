"""``cnndsl solve``: which inputs suit a network, and what to change of a layer for an output of a wanted size.

The elaborator runs with extents that stand for many sizes at once (``candidates.py``); a run puts aside what it cannot
answer for, which gets runs of its own (docs/decisions/0008).
"""

from __future__ import annotations

from .inputs import InputSizes, Loss, Question, Refusal, free_axes, solve_input
from .layer_sizes import LayerSizes, find_layer, solve_layer

__all__ = [
    "InputSizes",
    "LayerSizes",
    "Loss",
    "Question",
    "Refusal",
    "find_layer",
    "free_axes",
    "solve_input",
    "solve_layer",
]
