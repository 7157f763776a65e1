"""The maximum of windows first, bias and activation after: the same numbers, for fewer of them."""

from __future__ import annotations

from .....ops import Operator
from ..task import Program

__all__ = ["pool_before_bias"]

RISING = ("relu", "relu6", "leaky_relu", "elu", "sigmoid", "tanh")
"""Activations that never fall, given a slope that is not negative: the largest number stays the largest."""


def pool_before_bias(program: Program) -> None:
    """Move bias and activation of a convolution after the maximum pooling that alone reads it."""
    uses, makers = program.uses(), program.makers()
    for task in program.tasks:
        before = makers.get(task.inputs[0])
        if task.operator.name != "maxpool" or task.activation is not None or uses[task.inputs[0]] > 1:
            continue
        if before is None or not before.is_convolution or before.residual is not None:
            continue
        if before.activation is not None and not _rises(before.activation):
            continue
        task.activation, before.activation = before.activation, None
        task.biased, before.adds_bias = before, False


def _rises(activation: Operator) -> bool:
    slope = getattr(activation, "negative_slope", getattr(activation, "alpha", 0))
    return activation.name in RISING and slope >= 0
