"""A training step: parts of the batch, each forwards and backwards, as many at once as there are threads.

Each part has its own gradients. They add up in the order of the parts, so that sums do not depend on who was done first.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from functools import partial
from itertools import accumulate, pairwise
from math import isfinite
from typing import Any

import numpy as np

from .....ir import Graph, Value, join_path
from .....ops import element_count
from .....recipe import Loss
from ....guards import check_labels
from ...kernels import Array, Pass
from ...losses import evaluate_part
from ..task import Program, Task
from ..team import Team
from .base import Layer, Seat
from .layers import couples_samples, layer_class, program_of
from .layout import Layout, batched

__all__ = ["Part", "Training"]

Take = Callable[[str, Array], None]
"""Takes the gradient by a parameter, which is overwritten afterwards."""

ROOM = 1 << 20
"""How many numbers the values of a part may have together."""
HALF = 1 << 19
"""If the values of a batch have more numbers, there are two parts at least."""
HEAVY = 1 << 22
"""A network with more parameters takes a batch whole, and keeps no sum of gradients: it would be most of the memory."""
MOST = 32
"""The most samples of a part: rows of so many are long enough for inner loops, and there are parts for several threads."""


class Part:
    """The layers for some samples at a time, with their memory."""

    def __init__(self, training: Training, samples: int) -> None:
        self.program, self.samples, self._learning = training.program, samples, training.learning
        self.tasks = self.program.tasks
        self.reached = _reached(self.program, training.learning)
        layout = Layout(training.dtype)
        self._want(layout, training)
        self.arrays = layout.arrays()
        self.layers = [self._layer(index, task, training) for index, task in enumerate(self.tasks)]

    def _want(self, layout: Layout, training: Training) -> None:
        count, last = len(self.tasks), 2 * len(self.tasks) + 1
        dtype = np.dtype(np.int64) if self.program.input.type.dtype == "token" else training.dtype
        layout.want(self.program.input, batched(self.program.input, self.samples), -1, self._last_look(training), dtype)
        if self.program.input in training.learning:
            layout.want(("gradient", self.program.input), batched(self.program.input, self.samples), count, last)
        needs = [training.layer_class(task).scratch(task, self.samples) for task in self.tasks]
        layout.want("scratch", (max(needs, default=0),), -1, last)
        born, uses = self._births(), self.program.uses()
        for index, task in enumerate(self.tasks):
            turn = 2 * count - index
            for value in task.outputs:
                layout.want(value, batched(value, self.samples), index, turn)
                if value in training.learning:
                    layout.want(("gradient", value), batched(value, self.samples), born.get(value, turn), turn)
            for place, value in enumerate(task.inputs):
                if value in training.learning and uses[value] > 1:
                    layout.want((index, place), batched(value, self.samples), turn, turn)
            for leaf, spec in task.node.operator.parameters(*task.node.input_types).items():
                layout.want((index, leaf), spec.shape, turn, turn if training.is_whole else last)

    def _last_look(self, training: Training) -> int:
        """When the input is read for the last time."""
        count, given = len(self.tasks), self.program.input
        if given in self.program.results:
            return 2 * count + 1
        readers = [(index, task) for index, task in enumerate(self.tasks) if given in task.inputs]
        looks = [2 * count - index if training.layer_class(task).rereads else index for index, task in readers]
        return max(looks, default=0)

    def _births(self) -> dict[Value, int]:
        """When the first gradient by each value comes."""
        count = len(self.tasks)
        born = dict.fromkeys(self.program.results, count)
        for index in reversed(range(count)):
            for value in self.tasks[index].inputs:
                born.setdefault(value, 2 * count - index)
        return born

    def _layer(self, index: int, task: Task, training: Training) -> Layer:
        node = task.node
        operator, types = node.operator, node.input_types
        leaves = [*operator.parameters(*types), *operator.buffers(*types)]
        tensors = {leaf: training.tensors[join_path(node.path, leaf)] for leaf in leaves}
        needed = tuple(value in training.learning for value in task.inputs)
        inputs, outputs = (tuple(self.arrays[value] for value in values) for values in (task.inputs, task.outputs))
        seat = Seat(task, self.samples, tensors, inputs, outputs, self.arrays["scratch"], needed)
        layer = training.layer_class(task)(seat)
        layer.gradients = {leaf: self.arrays[index, leaf] for leaf in operator.parameters(*types)}
        return layer

    @property
    def gradients(self) -> dict[str, Array]:
        """Those by parameters after ``backward``, in a network whose batches come in parts."""
        return {
            join_path(task.node.path, leaf): gradient
            for task, layer in zip(self.tasks, self.layers, strict=True)
            if task in self.reached
            for leaf, gradient in layer.gradients.items()
        }

    def forward(self, x: Array, run: Pass) -> list[Array]:
        """The results for some samples, N x ..., in memory of the plan."""
        self.arrays[self.program.input][...] = np.moveaxis(x, 0, -1)
        for layer in self.layers:
            layer.forward(run)
        return [np.moveaxis(self.arrays[value], -1, 0) for value in self.program.results]

    def backward(self, seeds: list[Array], take: Take | None) -> None:
        """Given the gradients by the results, N x ...: those by parameters are taken, if at all, as soon as they are there."""
        known: set[Value] = set()
        for value, seed in zip(self.program.results, seeds, strict=True):
            if value not in self._learning:
                continue
            self._receive(value, np.moveaxis(seed, 0, -1), known)
        for index in reversed(range(len(self.tasks))):
            if self.tasks[index] in self.reached:
                self._back(index, known, take)

    def _back(self, index: int, known: set[Value], take: Take | None) -> None:
        task, layer = self.tasks[index], self.layers[index]
        for value in task.outputs:
            if value not in known:
                self._gradient(value)[...] = 0
        targets = [self._target(index, place, known) for place in range(len(task.inputs))]
        layer.backward(tuple(map(self._gradient, task.outputs)), tuple(targets))
        for value, target in zip(task.inputs, targets, strict=True):
            if target is not None and target is not self._gradient(value):
                self._receive(value, target, known)
        if take is not None:
            for leaf, gradient in layer.gradients.items():
                take(join_path(task.node.path, leaf), gradient)

    def _target(self, index: int, place: int, known: set[Value]) -> Array | None:
        """Where a layer writes the gradient by an input: to its own place if it is the first, else beside it."""
        value = self.tasks[index].inputs[place]
        if value not in self._learning:
            return None
        if value in known:
            return self.arrays[index, place]
        known.add(value)
        return self._gradient(value)

    def _receive(self, value: Value, part: Array, known: set[Value]) -> None:
        gradient = self._gradient(value)
        if value in known:
            np.add(gradient, part, out=gradient)
        else:
            gradient[...] = part
        known.add(value)

    def _gradient(self, value: Value) -> Array:
        return self.arrays["gradient", value]


class Training:
    """A graph with its tensors, planned for steps on batches of any size."""

    def __init__(
        self,
        graph: Graph,
        tensors: Mapping[str, Array],
        dtype: np.dtype[Any],
        seed: int,
        *,
        training: bool = True,
        input_needed: bool = False,
        by_rows: bool | None = None,
        threads: int = 1,
        frozen: Collection[str] = (),
    ) -> None:
        self.graph, self.tensors, self.dtype, self.seed, self.training = graph, tensors, dtype, seed, training
        self.by_rows = by_rows
        self.program = program_of(graph, training=training, frozen=frozen)
        self.learning = _learning(self.program, input_needed)
        self.is_whole = couples_samples(graph) or graph.parameter_count > HEAVY
        self.team = Team(threads)
        self._sums: dict[str, Array] = {}
        self._parts: dict[tuple[int, int], Part] = {}

    def sizes(self, batch: int) -> list[int]:
        """How many samples each part of a batch has; this alone decides the order of sums."""
        if self.is_whole:
            return [batch]
        values = [self.program.input, *(value for task in self.program.tasks for value in task.outputs)]
        each = sum(element_count(value.type.shape) for value in values)
        count = -(-batch // max(4, min(MOST, ROOM // each)))
        if batch >= 8 and batch * each > HALF:
            count = max(count, 2)
        return [batch * (place + 1) // count - batch * place // count for place in range(count)]

    def layer_class(self, task: Task) -> type[Layer]:
        """The class that does a task of this plan."""
        return layer_class(task, training=self.training, by_rows=self.by_rows)

    def step(
        self,
        x: Array,
        labels: Array,
        loss: Loss,
        step: int,
        take: Take,
        *,
        start: int = 0,
        batch: Array | None = None,
        only_finite: bool = False,
    ) -> float:
        """The loss of a batch; ``take`` is given the gradient by each parameter once, when it is no longer read.

        If the samples are a part of a batch, the first of them is at ``start``, and its labels are ``batch``. With
        ``only_finite`` nothing is taken where the loss is infinite or not a number.
        """
        batch = labels if batch is None else batch
        check_labels(labels, (len(x), *self.graph.output.type.shape))
        weights = [1.0, *(head.weight for head in self.graph.heads)]
        losses: list[float] = []

        def descend(part: Part, chosen: slice, place: int, take: Take | None) -> None:
            seeds, run = [], Pass(True, self.seed, step, start + chosen.start)
            for weight, scores in zip(weights, part.forward(x[chosen], run), strict=True):
                value, seed = evaluate_part(loss, np.ascontiguousarray(scores), labels[chosen], batch)
                losses[place] += weight * value
                seeds.append(seed if weight == 1 else seed * weight)
            part.backward(seeds, take)

        def take_if_finite(name: str, gradient: Array) -> None:
            if isfinite(sum(losses)):
                take(name, gradient)

        losses += [0.0] * len(self.sizes(len(x)))
        self._over_parts(len(x), descend, take_if_finite if only_finite else take)
        return sum(losses)

    def differentiate(self, x: Array, seed: Array, step: int, take: Take) -> tuple[Array, Array]:
        """The output and the gradient by the input, given that by the output."""
        y = np.empty((len(x), *self.graph.output.type.shape), self.dtype)
        by_input = np.zeros(np.shape(x), self.dtype)

        def differentiate(part: Part, chosen: slice, place: int, take: Take | None) -> None:
            results = part.forward(x[chosen], Pass(self.training, self.seed, step, chosen.start))
            y[chosen] = results[0]
            part.backward([seed[chosen], *(np.zeros_like(result) for result in results[1:])], take)
            if self.program.input in self.learning:
                by_input[chosen] = np.moveaxis(part.arrays["gradient", self.program.input], -1, 0)

        self._over_parts(len(x), differentiate, take)
        return y, by_input

    def _over_parts(self, batch: int, work: Callable[[Part, slice, int, Take | None], None], take: Take) -> None:
        """Do the work in each part of a batch, given which samples and the how manieth it is; then give up the gradients."""
        edges = [slice(*ends) for ends in pairwise(accumulate(self.sizes(batch), initial=0))]
        if len(edges) == 1:
            work(self._part(0, batch), edges[0], 0, take)
        else:
            for start in range(0, len(edges), self.team.size):
                self._at_once(edges[start : start + self.team.size], start, work)
            for name, gradient in self._sums.items():
                take(name, gradient)
        self._take_rest(take)

    def _at_once(self, edges: list[slice], start: int, work: Callable[[Part, slice, int, Take | None], None]) -> None:
        """Parts that run side by side, and their gradients added one after the other."""
        parts = [self._part(lane, each.stop - each.start) for lane, each in enumerate(edges)]
        self.team.run(
            [[partial(work, *pair, start + lane, None)] for lane, pair in enumerate(zip(parts, edges, strict=True))]
        )
        for place, part in enumerate(parts, start):
            for name, gradient in part.gradients.items():
                if place == 0:
                    np.copyto(self._sums.setdefault(name, np.empty_like(gradient)), gradient)
                else:
                    self._sums[name] += gradient

    def _part(self, lane: int, samples: int) -> Part:
        """The part of a thread for so many samples; there are two sizes at a time."""
        if (lane, samples) not in self._parts:
            if len(self._parts) >= 2 * self.team.size:
                self._parts.clear()
            self._parts[lane, samples] = Part(self, samples)
        return self._parts[lane, samples]

    def _take_rest(self, take: Take) -> None:
        """Zeros by what nothing depends on."""
        taken = {
            join_path(task.node.path, leaf)
            for part in self._parts.values()
            for task in part.reached
            for leaf in task.node.operator.parameters(*task.node.input_types)
        }
        for name in self.graph.parameters:
            if name not in taken:
                take(name, np.zeros_like(self.tensors[name]))


def _learning(program: Program, input_needed: bool) -> set[Value]:
    """The values whose gradients are wanted: what some parameter has a part in, or the input."""
    learning = {program.input} if input_needed and program.input.type.dtype == "float" else set()
    for task in program.tasks:
        if task.learns or not learning.isdisjoint(task.inputs):
            learning.update(task.outputs)
    return learning


def _reached(program: Program, learning: set[Value]) -> set[Task]:
    """The tasks that gradients pass through."""
    known, reached = set(program.results), set()
    for task in reversed(program.tasks):
        if known.isdisjoint(task.outputs) or not (task.learns or not learning.isdisjoint(task.inputs)):
            continue
        reached.add(task)
        known.update(value for value in task.inputs if value in learning)
    return reached
