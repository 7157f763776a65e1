"""A sum of a convolution and another value is added while the result of the convolution is still in the cache."""

from __future__ import annotations

from .....ir import Value
from ..task import Program, Task

__all__ = ["fuse_residuals"]


def fuse_residuals(program: Program) -> None:
    """Give the later of two summands, if it is a convolution that nothing else reads, the other one as its residual."""
    for task in [task for task in program.tasks if task.operator.name == "add" and len(task.inputs) == 2]:
        found = _later_convolution(program, task)
        if found is None:
            continue
        convolution, other = found
        convolution.residual = other
        convolution.outputs = task.outputs
        program.remove([task])


def _later_convolution(program: Program, task: Task) -> tuple[Task, Value] | None:
    uses, makers = program.uses(), program.makers()
    order = {id(each): place for place, each in enumerate(program.tasks)}
    for value, other in (task.inputs, task.inputs[::-1]):
        maker, before = makers.get(value), makers.get(other)
        if maker is None or not maker.is_convolution or uses[value] > 1 or maker.residual is not None:
            continue
        if before is None or order[id(before)] < order[id(maker)]:
            return maker, other
    return None
