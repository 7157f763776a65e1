"""A function of one number is applied to a result before that is written."""

from __future__ import annotations

from .....ops.activation import Pointwise
from .....ops.linear import Dense
from ..task import Program, Task

__all__ = ["fuse_activations"]


def fuse_activations(program: Program) -> None:
    """Give each task that nothing but an activation reads that activation."""
    uses, makers = program.uses(), program.makers()
    for task in list(program.tasks):
        if not isinstance(task.operator, Pointwise):
            continue
        before = makers.get(task.inputs[0])
        if before is None or not _takes_activation(before) or uses[task.inputs[0]] > 1:
            continue
        before.activation = task.operator
        before.outputs = task.outputs
        makers[task.outputs[0]] = before
        program.remove([task])


def _takes_activation(task: Task) -> bool:
    words = ("add", "bn", "avgpool", "maxpool")
    is_vector_dense = isinstance(task.operator, Dense) and len(task.node.input.type.shape) == 1
    return task.activation is None and (task.is_convolution or task.operator.name in words or is_vector_dense)
