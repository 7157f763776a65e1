"""Which algorithm does a task: the only one that can, or the cheapest by a model of time."""

from __future__ import annotations

from math import prod

from ....ops.activation import Pointwise as PointwiseOperator
from ....ops.convolution import Conv
from ....ops.linear import Dense as DenseOperator
from . import algorithms
from .algorithms import Algorithm
from .task import Task

__all__ = ["candidates", "choose", "cost"]

SIMPLE: dict[str, str] = {
    "add": "Sum",
    "mul": "Product",
    "bn": "Normalisation",
    "maxpool": "Maximum",
    "avgpool": "Mean",
    "global_avgpool": "GlobalMean",
    "flatten": "Flattening",
}
"""The algorithms of operators that have one, by their words."""

PRODUCT = 1 / 65
"""Nanoseconds of a multiplication and addition of a large product, times two."""
SMALL_PRODUCT = 1 / 45
"""The same for the transforms of tiles, which are short on one side."""
COPY = 0.25
"""Nanoseconds to move a number inside the cache."""
LINE = 12.0
"""Nanoseconds to begin another line of a copy."""
STREAM = 0.4
"""Nanoseconds to read a number from memory."""


def choose(task: Task, batch: int, *, exact: bool, forced: type[Algorithm] | None = None) -> type[Algorithm] | None:
    """The algorithm of a task; None if only the reference kernel can do it. ``exact`` leaves out F(4x4, 3x3)."""
    if task.is_convolution and len(task.inputs[0].type.shape) == 3:
        able = [each for each in candidates(task) if not (exact and each.name == "winograd4")]
        return forced if forced in able else min(able, key=lambda each: cost(each, task, batch))
    return _only(task)


def candidates(task: Task) -> list[type[Algorithm]]:
    """The algorithms that can do a convolution."""
    operator = task.operator
    assert isinstance(operator, Conv)
    channels = task.inputs[0].type.shape[0]
    able: list[type[Algorithm]] = []
    if operator.kernel_size == (1, 1) and operator.groups == 1 and operator.padding == ((0, 0), (0, 0)):
        return [algorithms.Pointwise] if task.members else [algorithms.Pointwise, algorithms.Columns]
    if operator.groups == channels == operator.out_channels and channels > 1:
        able.append(algorithms.Depthwise)
    is_plain = (operator.kernel_size, operator.stride, operator.dilation) == ((3, 3), (1, 1), (1, 1))
    if is_plain and operator.groups == 1:
        able += [algorithms.Winograd4, algorithms.Winograd2]
    return [*able, algorithms.Columns]


def cost(algorithm: type[Algorithm], task: Task, batch: int) -> float:
    """About how many nanoseconds a convolution takes one core."""
    operator = task.operator
    assert isinstance(operator, Conv)
    channels, (filters, height, width) = task.inputs[0].type.shape[0], task.outputs[0].type.shape
    places, share = batch * height * width, channels // operator.groups
    if algorithm.name == "gemm":
        return 2 * places * channels * filters * PRODUCT
    if algorithm.name == "depthwise":
        return 2 * places * channels * prod(operator.kernel_size) * COPY
    if algorithm.name == "columns":
        line = prod(operator.kernel_size) * share
        copies = places * operator.groups * (line * COPY + operator.kernel_size[0] * LINE)
        return copies + 2 * places * filters * line * PRODUCT
    return _cost_of_winograd(4 if algorithm.name == "winograd4" else 2, batch, channels, (filters, height, width))


def _cost_of_winograd(tile: int, batch: int, channels: int, output: tuple[int, ...]) -> float:
    filters, height, width = output
    tiles, square = batch * -(-height // tile) * -(-width // tile), (tile + 2) ** 2
    transforms = 2 * tiles * square * (square * channels + tile * tile * filters) * SMALL_PRODUCT
    products = 2 * tiles * square * channels * filters * PRODUCT
    copies = tiles * (square * channels + tile * tile * filters) * COPY + tiles * (square + tile * tile) * LINE
    return transforms + products + copies + square * channels * filters * STREAM


def _only(task: Task) -> type[Algorithm] | None:
    operator, ranks = task.operator, {len(value.type.shape) for value in task.inputs}
    if any(value.type.dtype != "float" for value in task.inputs):
        return None
    if isinstance(operator, DenseOperator):
        return algorithms.Dense if operator.axis is None else None
    if isinstance(operator, PointwiseOperator):
        return algorithms.Activation
    if operator.name == "concat":
        return algorithms.Concatenation if task.joined_axis == 0 else None
    if operator.name in ("maxpool", "avgpool") and ranks != {3}:
        return None
    found: type[Algorithm] | None = getattr(algorithms, SIMPLE[operator.name]) if operator.name in SIMPLE else None
    return found
