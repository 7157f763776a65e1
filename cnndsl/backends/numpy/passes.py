"""Passes node by node through the reference kernels: in training mode forwards, and backwards for gradients."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import numpy as np

from ...ir import Graph, Node, Value, join_path
from ..schedule import last_uses, results
from .kernels import Array, Kernel, Pass, find_kernel

__all__ = ["Passes"]

Step = tuple[Node, Kernel[Any]]
Plan = tuple[tuple[Node, ...], tuple[tuple[Value, ...], ...]]
"""The nodes that a pass runs, and the values that are done with after each."""


class Passes:
    """What a graph computes with its tensors, as they are when a pass begins."""

    def __init__(self, graph: Graph, tensors: Mapping[str, Array], dtype: np.dtype[Any], seed: int) -> None:
        self.graph = graph
        self.tensors = tensors
        self.dtype = dtype
        self.seed = seed
        self._plans = {training: _plan(graph, training) for training in (False, True)}
        self._learning = _after_parameters(graph)

    def forward(self, x: Array, step: int) -> Array:
        """The output for a batch in training mode."""
        return self._evaluate(x, self._steps(Pass(True, self.seed, step), input_needed=False), True)[0]

    def differentiate(
        self, x: Array, output_gradient: Array, training: bool, step: int
    ) -> tuple[Array, Array, dict[str, Array]]:
        """The output, and the gradients of sum(output * output_gradient) by the input and by each parameter."""
        steps = list(self._steps(Pass(training, self.seed, step), input_needed=True))
        y = self._evaluate(x, steps, training)[0]
        gradients, by_parameter = self._sweep(steps, {self.graph.output: output_gradient})
        by_input = gradients.get(self.graph.input)
        return y, np.zeros(np.shape(x), self.dtype) if by_input is None else by_input, by_parameter

    def _tensors_of(self, node: Node) -> dict[str, Array]:
        """The tensors of a node by their short names."""
        operator, types = node.operator, node.input_types
        leaves = {**operator.parameters(*types), **operator.buffers(*types)}
        return {leaf: self.tensors[join_path(node.path, leaf)] for leaf in leaves}

    def _steps(self, run: Pass, *, input_needed: bool) -> Iterator[Step]:
        """The nodes to run, each with a kernel for this pass; ``input_needed`` if the gradient of the input is wanted."""
        for node in self._plans[run.training][0]:
            kernel, tensors = find_kernel(node), self._tensors_of(node)
            needed = input_needed or any(value in self._learning for value in node.inputs)
            yield node, kernel(node.operator, node.path, tensors, run, input_needed=needed)

    def _evaluate(self, x: Array, steps: Iterable[Step], training: bool) -> list[Array]:
        """Run the kernels forwards: the output and, in training, those of the heads.

        Kernels that no list holds are gone after their turn, with all that they keep; so are values after their last use.
        """
        values = {self.graph.input: x}
        for (node, kernel), unused in zip(steps, self._plans[training][1], strict=True):
            made = kernel.forward(*(values[value] for value in node.inputs))
            values.update(zip(node.outputs, made if isinstance(made, tuple) else (made,), strict=True))
            for value in unused:
                del values[value]
        return [values[value] for value in results(self.graph, training)]

    def _sweep(self, steps: list[Step], gradients: dict[Value, Array]) -> tuple[dict[Value, Array], dict[str, Array]]:
        """Run the kernels backwards, given the gradients by some values: those by what is left of them, and by parameters.

        Empties the list, so that each kernel is gone after its turn.
        """
        batch = len(gradients[self.graph.output])
        found: dict[str, Array] = {}
        while steps:
            node, kernel = steps.pop()
            if gradients.keys().isdisjoint(node.outputs) or not (kernel.input_needed or node.parameters):
                continue
            parts = kernel.backward(*(self._taken(gradients, value, batch) for value in node.outputs))
            for value, part in zip(node.inputs, parts, strict=False):
                _accumulate(gradients, value, part)
            found.update({join_path(node.path, leaf): part for leaf, part in kernel.gradients.items()})
        return gradients, {name: self._found(found, name) for name in self.graph.parameters}

    def _taken(self, gradients: dict[Value, Array], value: Value, batch: int) -> Array:
        """The gradient by an output, which is no longer needed afterwards; zeros if nothing depends on that output."""
        gradient = gradients.pop(value, None)
        return np.zeros((batch, *value.type.shape), self.dtype) if gradient is None else gradient

    def _found(self, found: dict[str, Array], name: str) -> Array:
        """The gradient by a parameter; zeros if nothing depends on it, as on those of a head in evaluation."""
        return found[name] if name in found else np.zeros_like(self.tensors[name])


def _plan(graph: Graph, training: bool) -> Plan:
    wanted = results(graph, training)
    nodes = graph.needed_nodes(wanted)
    return nodes, last_uses(nodes, wanted)


def _accumulate(gradients: dict[Value, Array], value: Value, part: Array) -> None:
    """Add to the gradient by a value: one that is used several times gets the sum."""
    gradients[value] = gradients[value] + part if value in gradients else part


def _after_parameters(graph: Graph) -> set[Value]:
    """The values that some parameter has a part in, whose gradients training needs."""
    found: set[Value] = set()
    for node in graph.nodes:
        if node.parameters or any(value in found for value in node.inputs):
            found.update(node.outputs)
    return found
