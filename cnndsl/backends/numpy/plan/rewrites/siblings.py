"""Convolutions of 1x1 that read the same value are one product of matrices."""

from __future__ import annotations

from collections import defaultdict

from .....ops import Operator
from .....ops.convolution import Conv
from ..task import Program, Task

__all__ = ["is_pointwise", "merge_siblings"]


def is_pointwise(operator: Operator) -> bool:
    """Whether a convolution looks at single places, at all of them."""
    if type(operator) is not Conv:
        return False
    single = (operator.kernel_size, operator.stride) == ((1, 1), (1, 1))
    return single and operator.groups == 1 and operator.padding == ((0, 0), (0, 0))


def merge_siblings(program: Program) -> None:
    """Put siblings with one activation into the first of them: it makes all their results."""
    families: dict[object, list[Task]] = defaultdict(list)
    for task in program.tasks:
        if is_pointwise(task.operator) and task.residual is None and task.adds_bias:
            families[task.inputs[0], repr(task.activation)].append(task)
    for first, *others in families.values():
        if not others:
            continue
        merged = Task(first.node)
        merged.members = (first, *others)
        merged.inputs, merged.activation = first.inputs, first.activation
        merged.outputs = [task.outputs[0] for task in merged.members]
        program.tasks[program.tasks.index(first)] = merged
        program.remove(others)
