"""A plan for predictions as rows to read: what each step does, by which algorithm, where its result lies, how long it takes."""

from __future__ import annotations

from collections.abc import Callable
from time import get_clock_info, perf_counter, thread_time
from typing import TYPE_CHECKING

import numpy as np

from ....record import Record
from ..kernels import Array
from ..threads import single_threaded
from .algorithms import Reference
from .estimate import seconds
from .inference import Plan, Step
from .task import Task

if TYPE_CHECKING:
    from ..network import NumpyNetwork

__all__ = ["LAYOUTS", "Listing", "Row", "list_plan"]

LAYOUTS = {4: "NHWC", 3: "NLC", 2: "NF"}
"""Names of axes by their number: samples, height, width or length, and channels or features."""

_now = thread_time if get_clock_info("thread_time").resolution < 1e-6 else perf_counter
"""CPU time, which does not count what other programs take, unless it comes in steps of milliseconds as on Windows."""

ENOUGH = 0.3
"""Seconds after which the quietest run is taken."""
FEWEST = 3


class Row(Record):
    """One step: the ``nodes`` whose work it does, and what it does, the residual among it as ``add``.

    ``shape`` is that of the result as it lies in memory, from byte ``start`` of the plan's block on; ``parts`` are made
    independently of each other, so that threads can share them. Times are seconds of one thread's work.
    """

    nodes: tuple[str, ...]
    operators: tuple[str, ...]
    algorithm: str
    shape: tuple[int, ...]
    start: int
    size: int
    parts: int
    calls: int
    estimated: float
    measured: float


class Listing(Record):
    """The steps for ``samples`` at once, as which larger batches run in turns; bytes of values, working memory and weights."""

    samples: int
    dtype: str
    memory: int
    scratch: int
    weights: int
    rows: tuple[Row, ...]


def list_plan(network: NumpyNetwork, batch: int) -> Listing:
    """Plan a network for batches of one size, run the plan on random samples, and list it."""
    inference = network.inference
    samples = min(batch, inference.step)
    plan = inference.plan(samples)
    times = _measure(plan, _samples(network, samples))
    base = plan.places.base
    rows = tuple(_row(step, base, time) for step, time in zip(plan.steps, times, strict=True))
    return Listing(samples, network.dtype.name, plan.places.size, plan.scratch, inference.store.size, rows)


def _samples(network: NumpyNetwork, count: int) -> Array:
    type_ = network.graph.input.type
    if type_.dtype == "token":
        return np.zeros((count, *type_.shape), np.int64)
    return np.random.default_rng(0).standard_normal((count, *type_.shape)).astype(network.dtype)


@single_threaded
def _measure(plan: Plan, x: Array) -> list[float]:
    """The shortest time of each step; a first run that makes what is made once does not count."""
    with np.errstate(all="ignore"):
        plan.run(x)
        found: list[list[float]] = []
        start = perf_counter()
        while len(found) < FEWEST or perf_counter() - start < ENOUGH:
            np.copyto(plan.input, x, casting="unsafe")
            found.append([_time([call for part in step.parts for call in part]) for step in plan.steps])
    return [min(times) for times in zip(*found, strict=True)]


def _time(calls: list[Callable[[], object]]) -> float:
    start = _now()
    for call in calls:
        call()
    return _now() - start


def _row(step: Step, base: int, time: float) -> Row:
    algorithm, calls = step.algorithm, sum(map(len, step.parts))
    written = algorithm.outputs if isinstance(algorithm, Reference) else (algorithm.job.output,)
    return Row(
        tuple(member.node.path for member in step.task.members or (step.task,)),
        tuple(_operators(step.task)),
        algorithm.name,
        written[0].shape,
        written[0].ctypes.data - base,
        sum(each.nbytes for each in written),
        len(step.parts),
        calls,
        seconds(algorithm, calls),
        time,
    )


def _operators(task: Task) -> list[str]:
    """The words of what is done, in order."""
    found = [member.node.operator.name for member in task.members or (task,)]
    found += [norm.operator.name for norm in task.norms]
    found += ["add"] if task.residual is not None else []
    return [*found, task.activation.name] if task.activation is not None else found
