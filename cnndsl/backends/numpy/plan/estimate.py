"""About how long a step of a plan takes: the model by which convolutions choose, and rougher ones for everything else."""

from __future__ import annotations

from math import prod

from ....ops import Operator
from ....ops.pooling import AvgPool, MaxPool
from .algorithms import Algorithm, Dense, Reference
from .choose import COPY, PRODUCT, STREAM, cost

__all__ = ["seconds"]

CALL = 700.0
"""Nanoseconds of a call of NumPy, besides what it does."""
REFERENCE = 10.0
"""By how many times a reference kernel moves numbers: it copies, allocates, and takes several passes."""


def seconds(algorithm: Algorithm, calls: int) -> float:
    """The estimate for an algorithm of one core, given how many calls it makes."""
    return (_work(algorithm) + calls * CALL) * 1e-9


def _work(algorithm: Algorithm) -> float:
    """Nanoseconds within the calls."""
    job = algorithm.job
    if job.task.is_convolution and not isinstance(algorithm, Reference):
        return cost(type(algorithm), job.task, len(job.output))
    if isinstance(algorithm, Dense):
        features = prod(job.inputs[0].shape[1:])
        return max(2.0 * job.output.size * features * PRODUCT, float(job.output.shape[1]) * features * STREAM)
    moved: float = COPY * sum(each.size for each in (*job.inputs, job.output))
    if isinstance(algorithm, Reference):
        return REFERENCE * moved
    return moved * _passes(job.operator)


def _passes(operator: Operator) -> float:
    """How often each number is looked at: a pooling goes along the height and then along the width of its windows."""
    if not isinstance(operator, MaxPool | AvgPool):
        return 1.0
    window = operator.window()
    shares = [size / step for size, step in zip(window.kernel_size, window.stride, strict=True)]
    return max(1.0, sum(shares) / len(shares))
