"""Which class does a task in training, and what a training program looks like."""

from __future__ import annotations

from collections.abc import Collection

from .....ir import Graph
from .....ops import Operator
from .....ops.activation import Relu
from .....ops.convolution import Conv
from .....ops.linear import Dense as DenseOperator
from .....ops.linear import Flatten
from .....ops.merge import Add, Concat, Identity
from .....ops.normalization import BatchNorm
from .....ops.pooling import AvgPool, GlobalAvgPool, MaxPool
from .....ops.rectifiers import Relu6
from ..task import Program, Task
from .base import IN_PLACE, Layer
from .convolution import Convolution
from .norms import Normalisation
from .pooled import PooledMaximum, PooledMean
from .pooling import GlobalMean, Maximum, Mean
from .row_convolution import RowConvolution, is_able, saves
from .simple import Concatenation, Dense, Flattening, Reference, Sum
from .tiles import can_pool

__all__ = ["couples_samples", "layer_class", "program_of"]

LAYERS: dict[type[Operator], type[Layer]] = {
    Conv: Convolution,
    MaxPool: Maximum,
    AvgPool: Mean,
    GlobalAvgPool: GlobalMean,
    BatchNorm: Normalisation,
    DenseOperator: Dense,
    Add: Sum,
    Concat: Concatenation,
    Flatten: Flattening,
}

FUSING = (Conv, AvgPool, MaxPool, BatchNorm, DenseOperator, Add)

CLIPPING = (Relu, Relu6)
"""Activations that leave a number as it is wherever its gradient passes."""


def layer_class(task: Task, *, training: bool, by_rows: bool | None = None) -> type[Layer]:
    """The class that does a task; the reference kernel what no other can.

    Convolutions work by rows where that is cheaper, or as ``by_rows`` says where they can.
    """
    if task.pool is not None:
        return PooledMaximum if type(task.pool.operator) is MaxPool else PooledMean
    found = LAYERS.get(type(task.operator), Reference)
    ranks = {len(value.type.shape) for value in task.inputs}
    if found in (Convolution, Maximum, Mean) and ranks != {3}:
        return Reference
    if getattr(task.operator, "axis", None) and found in (Dense, Concatenation):
        return Reference
    if found is Convolution and is_able(task):
        return RowConvolution if (saves(task) if by_rows is None else by_rows) else Convolution
    return Reference if found is Normalisation and not training else found


def couples_samples(graph: Graph) -> bool:
    """Whether the samples of a batch must be together, as their mean is looked at."""
    return any(isinstance(node.operator, BatchNorm) for node in graph.nodes)


def program_of(graph: Graph, *, training: bool, frozen: Collection[str] = ()) -> Program:
    """The tasks of a training step: activations in place, and after a pooling instead of before it.

    The layers at the ``frozen`` paths stay as they are.
    """
    program = Program(graph, training=training)
    for task in program.tasks:
        task.is_frozen = task.node.path in frozen
    for task in [task for task in program.tasks if isinstance(task.operator, Identity)]:
        program.replace(task.outputs[0], task.inputs[0])
        program.remove([task])
    _fuse(program, training)
    _pool_first(program)
    _join_pooling(program)
    return program


def _fuse(program: Program, training: bool) -> None:
    uses, makers = program.uses(), program.makers()
    for task in list(program.tasks):
        before = makers.get(task.inputs[0])
        if type(task.operator) not in IN_PLACE or before is None or uses[task.inputs[0]] > 1:
            continue
        if type(before.operator) not in FUSING or before.activation is not None:
            continue
        if type(before.operator) is MaxPool and type(task.operator) not in CLIPPING:
            continue  # which element won is told by comparing it with the result
        if layer_class(before, training=training) is Reference:
            continue
        before.activation, before.outputs = task.operator, task.outputs
        makers[task.outputs[0]] = before
        program.remove([task])


def _pool_first(program: Program) -> None:
    """A ReLU before a maximum is one after it: where it is 0, no element gets a gradient either way."""
    uses, makers = program.uses(), program.makers()
    for task in program.tasks:
        before = makers.get(task.inputs[0])
        if type(task.operator) is not MaxPool or task.activation is not None or before is None:
            continue
        if type(before.activation) is Relu and uses[task.inputs[0]] == 1:
            task.activation, before.activation = before.activation, None


def _join_pooling(program: Program) -> None:
    """Let convolutions do the pooling that alone reads them; a maximum only if no activation comes before it."""
    uses, makers = program.uses(), program.makers()
    for task in list(program.tasks):
        before = makers.get(task.inputs[0])
        if before is None or before.pool is not None or uses[task.inputs[0]] > 1 or not can_pool(before, task):
            continue
        if before.activation is not None and type(task.operator) is MaxPool:
            continue
        before.pool, before.outputs = task, task.outputs
        makers[task.outputs[0]] = before
        program.remove([task])
