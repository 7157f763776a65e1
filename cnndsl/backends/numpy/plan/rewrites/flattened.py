"""A dense layer after a flattened image reads the image as it lies: its weights are put in that order instead."""

from __future__ import annotations

from .....ops.linear import Dense, Flatten
from ..task import Program

__all__ = ["absorb_flatten"]


def absorb_flatten(program: Program) -> None:
    """Let dense layers that alone read a flattened image read the image."""
    uses, makers = program.uses(), program.makers()
    for task in list(program.tasks):
        before = makers.get(task.inputs[0])
        if not isinstance(task.operator, Dense) or before is None or not isinstance(before.operator, Flatten):
            continue
        if uses[task.inputs[0]] > 1 or task.operator.axis is not None:
            continue
        task.flattened = before.inputs[0].type.shape
        task.inputs = before.inputs
        program.remove([before])
