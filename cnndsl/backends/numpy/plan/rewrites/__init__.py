"""Rewrites of an inference program, in the order in which they run; each leaves what the network computes as it was.

They are imported for programs with the operators that they look for.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from .....lazy import imported_on_use
from ..task import Program

if TYPE_CHECKING:
    from .activations import fuse_activations
    from .dropped import drop_idle
    from .flattened import absorb_flatten
    from .norms import fold_norms
    from .pooled import pool_before_bias
    from .residuals import fuse_residuals
    from .siblings import merge_siblings

__all__ = [
    "REWRITES",
    "absorb_flatten",
    "drop_idle",
    "fold_norms",
    "fuse_activations",
    "fuse_residuals",
    "merge_siblings",
    "pool_before_bias",
    "rewrite",
]

REWRITES = {
    "drop_idle": ("identity", "dropout", "dropout2d", "stochastic_depth"),
    "fold_norms": ("bn",),
    "fuse_residuals": ("add",),
    "fuse_activations": ("conv", "dense", "add", "bn", "avgpool", "maxpool"),
    "pool_before_bias": ("maxpool",),
    "merge_siblings": ("conv",),
    "absorb_flatten": ("flatten",),
}
"""The words of the operators without which a rewrite changes nothing."""

_find = __getattr__ = imported_on_use(
    __name__,
    {
        "activations": ("fuse_activations",),
        "dropped": ("drop_idle",),
        "flattened": ("absorb_flatten",),
        "norms": ("fold_norms",),
        "pooled": ("pool_before_bias",),
        "residuals": ("fuse_residuals",),
        "siblings": ("merge_siblings",),
    },
)


def rewrite(program: Program) -> Program:
    """The program after all rewrites that change it."""
    words = {task.operator.name for task in program.tasks}
    for name, sought in REWRITES.items():
        if not words.isdisjoint(sought):
            _find(name)(program)
    return program
