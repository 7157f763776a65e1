"""Batch normalisation by running statistics is a factor and a summand per channel: part of the convolution before it."""

from __future__ import annotations

from ..task import Program

__all__ = ["fold_norms"]


def fold_norms(program: Program) -> None:
    """Give each convolution that nothing but a normalisation reads that normalisation."""
    uses, makers = program.uses(), program.makers()
    for task in list(program.tasks):
        if task.operator.name != "bn":
            continue
        before = makers.get(task.inputs[0])
        if before is None or not before.is_convolution or uses[task.inputs[0]] > 1:
            continue
        before.norms += (task.node,)
        before.outputs = task.outputs
        makers[task.outputs[0]] = before
        program.remove([task])
