"""A graph planned for batches of one size: a flat list of calls that write into memory laid out beforehand."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any
from weakref import proxy

import numpy as np

from ....ir import Graph
from . import algorithms
from .algorithms import Algorithm, Call, Job
from .choose import choose
from .places import Places
from .rewrites import rewrite
from .task import Program, Task
from .weights import Store

if TYPE_CHECKING:
    from ..kernels import Array
    from .team import Team

__all__ = ["Inference", "Plan", "Step"]

LARGEST = 64
"""The most samples that run at once."""
SMALLEST = 8
"""As many run at once, whatever they need: dense layers read their weights once for all of them."""
WORTH = 1e-4
"""Estimated seconds of a step from which threads share it: they need up to half of that to meet."""
ROOM = 1 << 20
"""Numbers that the largest value may have, if that does not leave too few samples."""


class Step:
    """What a plan does for one task: the algorithm, and its calls in parts that do not depend on each other."""

    def __init__(self, task: Task, algorithm: Algorithm, scratch: list[Array]) -> None:
        self.task = task
        self.algorithm = algorithm
        units = algorithm.units()
        threads = _threads(algorithm, len(scratch))
        lanes = [place * threads // len(units) for place in range(len(units))]
        parts = [(lane, algorithm.calls(unit, scratch[lane])) for lane, unit in zip(lanes, units, strict=True)]
        self.parts = [calls for _, calls in parts]
        self.lanes: list[list[Call]] = [
            [call for of, calls in parts if of == lane for call in calls] for lane in range(len(scratch))
        ]
        """The calls of each thread, which has working memory of its own."""


def _threads(algorithm: Algorithm, most: int) -> int:
    """How many threads share a step: one where they would take longer to meet."""
    if most == 1:
        return 1
    from .estimate import seconds  # one thread estimates nothing

    return most if seconds(algorithm, 0) >= WORTH else 1


class Plan:
    """The steps for one batch size."""

    def __init__(
        self,
        program: Program,
        batch: int,
        store: Store,
        *,
        exact: bool,
        team: Team | None,
        forced: type[Algorithm] | None,
    ) -> None:
        self.places = places = Places(program, batch, store.dtype)
        work = [
            (task, _algorithm(task, places, store, batch, exact, forced))
            for task in program.tasks
            if not places.is_alias(task)
        ]
        room = max((algorithm.scratch() for _, algorithm in work), default=0)
        scratch = [np.empty(room, store.dtype) for _ in range(1 if team is None else team.size)]
        self.scratch = sum(each.nbytes for each in scratch)
        self.steps = [Step(task, algorithm, scratch) for task, algorithm in work]
        self.calls = [call for step in self.steps for part in step.parts for call in part]
        self.team = team
        self.input = np.moveaxis(places.array(program.input), -1, 1)
        self.output = np.moveaxis(places.array(program.output), -1, 1)

    def run(self, x: Array) -> Array:
        """The output for a batch, in memory that the next run takes again."""
        np.copyto(self.input, x, casting="unsafe")
        if self.team is not None:
            for step in self.steps:
                self.team.run(step.lanes)
            return self.output
        for call in self.calls:
            call()
        return self.output


class Inference:
    """A graph with its tensors, ready for batches of any size; plans are made when they are first needed."""

    def __init__(
        self,
        graph: Graph,
        tensors: Mapping[str, Array],
        dtype: np.dtype[Any],
        *,
        exact: bool = False,
        threads: int = 1,
        forced: type[Algorithm] | None = None,
    ) -> None:
        self.program = rewrite(Program(graph))
        self.store = Store(tensors, dtype)
        self.exact = exact
        self.team = None if threads == 1 else _team(threads)
        self.forced = forced
        self._plans: dict[int, Plan] = {}
        values = [graph.input, *(value for task in self.program.tasks for value in task.outputs)]
        largest = max(int(np.prod(value.type.shape)) for value in values)
        self.step = min(LARGEST, max(SMALLEST, ROOM // largest))

    def plan(self, batch: int) -> Plan:
        """The plan for batches of one size."""
        if batch not in self._plans:
            if len(self._plans) > 2:
                self._plans.clear()
            self._plans[batch] = Plan(
                self.program, batch, self.store, exact=self.exact, team=self.team, forced=self.forced
            )
        return self._plans[batch]

    def run(self, x: Array) -> Array:
        """The output for a batch of any size."""
        output = np.empty((len(x), *self.program.output.type.shape), self.store.dtype)
        for start in range(0, len(x), self.step):
            part = x[start : start + self.step]
            output[start : start + self.step] = self.plan(len(part)).run(part)
        return output


def _team(threads: int) -> Team:
    from .team import Team  # one thread does without

    return Team(threads)


def _algorithm(
    task: Task, places: Places, store: Store, batch: int, exact: bool, forced: type[Algorithm] | None
) -> Algorithm:
    inputs = tuple(map(places.array, task.inputs))
    whole = places.merged.get(id(task), task.outputs[0])
    residual = None if task.residual is None else places.array(task.residual)
    # The store keeps functions of its jobs: if they kept the store, memory would stay until cycles are looked for.
    job = Job(task, inputs, places.array(whole), residual, proxy(store))
    chosen = choose(task, batch, exact=exact, forced=forced)
    return algorithms.Reference(job, tuple(map(places.array, task.outputs))) if chosen is None else chosen(job)
