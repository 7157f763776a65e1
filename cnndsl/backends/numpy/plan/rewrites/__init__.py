"""Rewrites of an inference program, in the order in which they run; each leaves what the network computes as it was."""

from __future__ import annotations

from ..task import Program
from .activations import fuse_activations
from .dropped import drop_idle
from .flattened import absorb_flatten
from .norms import fold_norms
from .pooled import pool_before_bias
from .residuals import fuse_residuals
from .siblings import merge_siblings

__all__ = ["REWRITES", "rewrite"]

REWRITES = (
    drop_idle,
    fold_norms,
    fuse_residuals,
    fuse_activations,
    pool_before_bias,
    merge_siblings,
    absorb_flatten,
)


def rewrite(program: Program) -> Program:
    """The program after all rewrites."""
    for each in REWRITES:
        each(program)
    return program
