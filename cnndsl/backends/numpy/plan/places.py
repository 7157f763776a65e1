"""Where values lie: one block of memory for all of them, in which those that are never alive together share their place."""

from __future__ import annotations

from collections.abc import Iterable
from math import prod
from typing import TYPE_CHECKING, Any

import numpy as np

from ....ir import Value
from ....ops import TensorType
from ....ops.linear import Flatten
from .task import Program, Task

if TYPE_CHECKING:
    from ..kernels import Array

__all__ = ["Places", "last_axis_shape", "offsets"]

ALIGNMENT = 64


def last_axis_shape(shape: tuple[int, ...]) -> tuple[int, ...]:
    """The shape of a sample with its channels last, as plans for inference lay it out."""
    return (*shape[1:], shape[0])


class Places:
    """The array of each value of a program for one batch: N x H x W x C, N x L x C or N x F.

    Parts of a concatenation lie in its place from the start, parts of a split in that of the whole, and the results of
    merged convolutions in one array.
    """

    def __init__(self, program: Program, batch: int, dtype: np.dtype[Any]) -> None:
        self._batch = batch
        self._dtype = dtype
        self._within: dict[Value, tuple[Value, int]] = {}
        self.merged: dict[int, Value] = {}
        for task in program.tasks:
            self._share(task)
        for task in program.tasks:
            self._gather(task, program.input)
        spans = self._spans(program)
        roots = list(spans)
        starts, self.size = offsets([(self._bytes(root), *spans[root]) for root in roots])
        self._memory = np.zeros(self.size + ALIGNMENT, np.uint8)
        self._memory = self._memory[-self._memory.ctypes.data % ALIGNMENT :]
        self._roots = {root: self._array(root, start) for root, start in zip(roots, starts, strict=True)}

    @property
    def base(self) -> int:
        """The address of the block."""
        return self._memory.ctypes.data

    def array(self, value: Value) -> Array:
        """The view of a value."""
        if value not in self._within:
            return self._roots[value]
        whole, start = self._within[value]
        channels = value.type.shape[0]
        outer = self.array(whole)
        if len(value.type.shape) < len(whole.type.shape):
            return outer.reshape(outer.shape[0], outer.shape[-1])
        return outer[..., start : start + channels]

    def is_placed(self, value: Value, whole: Value) -> bool:
        """Whether a value lies in the place of another already."""
        return value in self._within and self._within[value][0] is whole

    def is_alias(self, task: Task) -> bool:
        """Whether a task has nothing to do, as its results lie where its input does."""
        return all(self.is_placed(value, task.inputs[0]) for value in task.outputs)

    def _share(self, task: Task) -> None:
        """Put results that are parts of something into its place."""
        if task.members:
            shapes = [value.type.shape for value in task.outputs]
            whole = Value(TensorType((sum(shape[0] for shape in shapes), *shapes[0][1:])))
            self.merged[id(task)] = whole
            self._line_up(task.outputs, whole)
        elif task.operator.name == "split":
            self._line_up(task.outputs, task.inputs[0])
        elif isinstance(task.operator, Flatten) and set(task.inputs[0].type.shape[1:]) == {1}:
            self._within[task.outputs[0]] = task.inputs[0], 0

    def _line_up(self, parts: Iterable[Value], whole: Value) -> None:
        start = 0
        for part in parts:
            self._within[part] = whole, start
            start += part.type.shape[0]

    def _gather(self, task: Task, given: Value) -> None:
        """Put the inputs of a concatenation into its place, but for those that lie elsewhere already."""
        if task.joined_axis != 0:
            return
        start = 0
        for value in task.inputs:
            if value not in self._within and value is not given and value.type.dtype == "float":
                self._within[value] = task.outputs[0], start
            start += value.type.shape[0]

    def _root(self, value: Value) -> Value:
        while value in self._within:
            value = self._within[value][0]
        return value

    def _spans(self, program: Program) -> dict[Value, tuple[int, int]]:
        """For each array the first and the last task that it must be there for."""
        last = len(program.tasks)
        spans = {self._root(program.input): (-1, -1)}
        for place, task in enumerate(program.tasks):
            for value in (*task.reads, *task.outputs):
                root = self._root(value)
                spans[root] = spans.get(root, (place, place))[0], place
        output = self._root(program.output)
        spans[output] = spans[output][0], last
        return spans

    def _bytes(self, value: Value) -> int:
        return self._batch * prod(value.type.shape) * self._dtype_of(value).itemsize

    def _dtype_of(self, value: Value) -> np.dtype[Any]:
        return np.dtype(np.int64) if value.type.dtype == "token" else self._dtype

    def _array(self, value: Value, start: int) -> Array:
        flat = self._memory[start : start + self._bytes(value)].view(self._dtype_of(value))
        return flat.reshape(self._batch, *last_axis_shape(value.type.shape))


def offsets(blocks: list[tuple[int, int, int]]) -> tuple[list[int], int]:
    """Where blocks of (bytes, first, last) go so that none overlap in memory and time, and the bytes of all.

    The largest first, each at the lowest place that is free all its life (Pisarchyk and Lee 2020, "greedy by size").
    """
    placed: list[tuple[int, int, int, int]] = []
    starts = [0] * len(blocks)
    for index in sorted(range(len(blocks)), key=lambda index: -blocks[index][0]):
        size, first, last = blocks[index]
        start = 0
        for begin, end, other_first, other_last in sorted(placed):
            if other_last < first or last < other_first or end <= start:
                continue
            if begin >= start + size:
                break
            start = end
        starts[index] = start
        placed.append((start, start + -(-size // ALIGNMENT) * ALIGNMENT, first, last))
    return starts, max((end for _, end, *_ in placed), default=0)
