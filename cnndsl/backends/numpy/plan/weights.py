"""The numbers of tasks as algorithms want them, kept up to date in place so that a plan can hold on to them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from ....ir import Node, join_path
from ....ops.convolution import Conv
from ....ops.linear import Dense
from .task import Task

if TYPE_CHECKING:
    from ..kernels import Array

__all__ = ["Store", "bias_of", "factors", "filters", "has_bias"]


class Store:
    """Arrays that are made of the tensors of a network, each by a function; ``refresh`` makes them again in place."""

    def __init__(self, tensors: Mapping[str, Array], dtype: np.dtype[Any]) -> None:
        self.tensors = tensors
        self.dtype = dtype
        self._made: dict[object, tuple[Array, Callable[[], Array]]] = {}

    def get(self, key: object, make: Callable[[], Array]) -> Array:
        """The array of a key; ``make`` gives it in any dtype when it is asked for the first time and after each change."""
        if key not in self._made:
            self._made[key] = (np.ascontiguousarray(make(), self.dtype), make)
        return self._made[key][0]

    @property
    def size(self) -> int:
        """The bytes of all arrays."""
        return sum(array.nbytes for array, _ in self._made.values())

    def refresh(self) -> None:
        """Make all arrays again: the tensors have changed."""
        for array, make in self._made.values():
            array[...] = make()


def filters(task: Task, tensors: Mapping[str, Array]) -> Array:
    """The weights of a convolution, O x C/G x K x K', with its normalisations; of merged ones one after the other."""
    if task.members:
        return np.concatenate([filters(member, tensors) for member in task.members])
    weight = tensors[join_path(task.node.path, "weight")]
    if isinstance(task.operator, Dense):
        return _in_place_order(weight, task)
    for norm in task.norms:
        scale, _ = factors(norm, tensors)
        weight = weight * scale[:, np.newaxis, np.newaxis, np.newaxis]
    return weight


def _in_place_order(weight: Array, task: Task) -> Array:
    """O x F with the channels of a flattened image last."""
    if task.flattened is None or len(task.flattened) < 2:
        return weight
    return np.moveaxis(weight.reshape(-1, *task.flattened), 1, -1).reshape(weight.shape)


def has_bias(task: Task) -> bool:
    """Whether anything is to be added per channel."""
    if task.members:
        return any(map(has_bias, task.members))
    assert isinstance(task.operator, Conv | Dense)
    return task.operator.bias or bool(task.norms)


def bias_of(task: Task, tensors: Mapping[str, Array]) -> Array:
    """What is added per channel, O, with the normalisations."""
    if task.members:
        return np.concatenate([bias_of(member, tensors) for member in task.members])
    assert isinstance(task.operator, Conv | Dense)
    outputs = len(tensors[join_path(task.node.path, "weight")])
    bias = tensors[join_path(task.node.path, "bias")] if task.operator.bias else np.zeros(outputs)
    for norm in task.norms:
        scale, shift = factors(norm, tensors)
        bias = bias * scale + shift
    return bias


def factors(node: Node, tensors: Mapping[str, Array]) -> tuple[Array, Array]:
    """Batch normalisation in evaluation as a factor and a summand per channel, in float64."""
    operator: Any = node.operator
    named = {
        leaf: np.asarray(tensors[join_path(node.path, leaf)], np.float64) for leaf in operator.buffers(node.input.type)
    }
    scale = 1 / np.sqrt(named["running_var"] + operator.eps)
    if not operator.affine:
        return scale, -named["running_mean"] * scale
    scale = scale * tensors[join_path(node.path, "weight")]
    return scale, tensors[join_path(node.path, "bias")] - named["running_mean"] * scale
