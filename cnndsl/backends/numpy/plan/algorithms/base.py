"""What an algorithm is: a task as a list of calls that write where they are told to and allocate nothing."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from itertools import pairwise
from math import prod
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from .....ops import Operator, Shape
from .....record import Record
from ... import kernels
from ..task import Task
from ..weights import Store, bias_of, has_bias

if TYPE_CHECKING:
    from ...kernels import Array

__all__ = ["CACHE", "Algorithm", "Call", "Job", "Unit", "activate", "carve", "fill", "lines", "pieces", "room", "rows"]

Call = Callable[[], object]

Unit = tuple[int, int, int, int]
"""Samples from, to and rows from, to: a part of the result that is made on its own, by one thread."""

LINE = 2048
"""Numbers that one inner loop takes at least, where it may."""

SHARED = 12_000_000
"""Multiplications that one core takes about 0.2 ms for, so that it is worth it for two threads to meet."""
FEWEST = 784
"""Places that are worth two parts: each of them reads all weights again."""

PART = 16 * 1024
"""Numbers that a function goes through at a time which makes arrays of its own."""

CACHE = 192 * 1024
"""Numbers that a unit may touch: what the cache of one core holds (768 KiB in float32)."""


class Job(Record):
    """A task with the arrays that it reads and writes."""

    task: Task
    inputs: tuple[Array, ...]
    output: Array
    residual: Array | None
    store: Store

    @property
    def operator(self) -> Any:
        return self.task.operator

    @property
    def dtype(self) -> Any:
        return self.store.dtype

    def weights(self, name: str, make: Callable[[], Array]) -> Array:
        """An array made of the task's tensors, shared by all plans."""
        return self.store.get((id(self.task), name), make)

    def bias(self, repeated: int = 1) -> Array | None:
        """What the task adds per channel, several times over; None if it is nothing."""
        source = self.task.biased or self.task
        if not self.task.adds_bias or not has_bias(source):
            return None
        return self.store.get(
            (id(source), "bias", repeated), lambda: np.tile(bias_of(source, self.store.tensors), repeated)
        )


class Algorithm:
    """One way to do a task. The result of a unit does not depend on who computes it, or when."""

    name: ClassVar[str]

    def __init__(self, job: Job) -> None:
        self.job = job

    def scratch(self) -> int:
        """How many numbers of working memory a unit needs."""
        return 0

    def units(self) -> list[Unit]:
        """The parts of the result."""
        return [(0, len(self.job.output), 0, 1)]

    def is_shared(self, multiplications: int) -> bool:
        """Whether the places of a result that takes so many multiplications are worth two parts at least."""
        return multiplications >= SHARED and prod(self.job.output.shape[:-1]) >= FEWEST

    def calls(self, unit: Unit, scratch: Array) -> list[Call]:
        """What makes one part, with working memory of its own."""
        raise NotImplementedError

    def finish(self, out: Array, residual: Array | None = None) -> list[Call]:
        """Bias, residual and activation for a part of the result with its channels last."""
        calls: list[Call] = []
        if (
            self.job.task.biased is not None
            or self.job.task.is_convolution
            or hasattr(self.job.operator, "out_features")
        ):
            calls += self._add_bias(out)
        if residual is not None:
            calls.append(partial(np.add, out, residual, out))
        return calls + activate(self.job.task.activation, out)

    def _add_bias(self, out: Array) -> list[Call]:
        """Short lines of channels are taken several at a time."""
        out, repeated = lines(out)
        bias = self.job.bias(repeated)
        return [] if bias is None else [partial(np.add, out, bias, out)]


def lines(x: Array) -> tuple[Array, int]:
    """An array as lines that are long enough to be worth a loop each, and how many of its own a line holds."""
    places, channels = prod(x.shape[:-1]), x.shape[-1]
    if not x.flags.c_contiguous:
        return x, 1
    most = max(1, min(places, LINE // channels))
    repeated = next(each for each in range(most, 0, -1) if places % each == 0)
    return x.reshape(-1, repeated * channels), repeated


def activate(operator: Operator | None, x: Array) -> list[Call]:
    """Apply a function of one number in place."""
    if operator is None:
        return []
    if operator.name in ("relu", "relu6"):
        line, _ = lines(x)
        # beside a whole line: NumPy compares two arrays three times as fast as an array and a number
        above: Call = partial(np.maximum, line, np.zeros(line.shape[-1], x.dtype), out=line)
        below: Call = partial(np.minimum, line, np.full(line.shape[-1], 6, x.dtype), out=line)
        return [above] if operator.name == "relu" else [above, below]
    if operator.name == "tanh":
        return [partial(np.tanh, x, x)]
    kernel, run = kernels.kernel_of(type(operator)), kernels.Pass()
    # some numbers at a time, so that what the kernel allocates is small and in the cache
    flat = x.reshape(-1) if x.flags.c_contiguous else x
    parts = [flat[start : start + PART] for start in range(0, len(flat), PART)] if flat.ndim == 1 else [flat]

    def apply() -> None:
        for part in parts:
            part[...] = kernel(operator, "", {}, run, input_needed=False).forward(part)

    return [apply]


def rows(x: Array) -> Array:
    """An array with its channels last as a matrix of one line per place, without a copy."""
    matrix = x.reshape(-1, x.shape[-1])
    assert np.shares_memory(matrix, x), "the lines of this array do not follow each other evenly"
    return matrix


def pieces(samples: int, height: int, most: int, *, halved: bool = False) -> list[Unit]:
    """Parts of at most about ``most`` rows: several samples at once where they are small, parts of one where not.

    If it is to be ``halved``, there are two parts at least, whoever computes them: bytes do not depend on the threads.
    """
    if halved:
        most = min(most, -(-samples * height // 2))
    if most >= height:
        step = min(samples, max(1, most // height))
        count = -(-samples // step)
        edges = [samples * each // count for each in range(count + 1)]
        return [(start, end, 0, height) for start, end in pairwise(edges)]
    count = -(-height // max(1, most))
    edges = [height * each // count for each in range(count + 1)]
    return [(sample, sample + 1, start, end) for sample in range(samples) for start, end in pairwise(edges)]


def fill(strip: Array, x: Array, top: int, left: int) -> list[Call]:
    """Copy a part of images, N x H x W x C, that begins at a row and a column, which may lie outside: zeros there."""
    height, width = strip.shape[1:3]
    first, last = max(0, -top), min(height, x.shape[1] - top)
    begin, end = max(0, -left), min(width, x.shape[2] - left)
    edges = (strip[:, :first], strip[:, last:], strip[:, first:last, :begin], strip[:, first:last, end:])
    calls: list[Call] = [partial(np.copyto, edge, 0) for edge in edges if edge.size]
    inside = x[:, top + first : top + last, left + begin : left + end]
    return [*calls, partial(np.copyto, strip[:, first:last, begin:end], inside)]


def carve(scratch: Array, *shapes: Shape) -> list[Array]:
    """Arrays of these shapes one after the other in working memory, on 64 byte boundaries."""
    found, start = [], 0
    for shape in shapes:
        size = prod(shape)
        found.append(scratch[start : start + size].reshape(shape))
        start += -(-size // 16) * 16
    return found


def room(*shapes: Shape) -> int:
    """How many numbers :func:`carve` needs for these shapes."""
    return sum(-(-prod(shape) // 16) * 16 for shape in shapes)
