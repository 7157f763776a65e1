"""A graph with its tensors: runs the kernels of its nodes forwards, and backwards for gradients."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import numpy as np

from ...ir import Graph, Node, Value, join_path
from ...recipe import Loss, Optimizer
from ..guards import check_input, check_state, check_statistics
from .kernels import Array, Kernel, Pass, find_kernel
from .losses import evaluate_loss
from .threads import single_threaded
from .trainer import NumpyTrainer

__all__ = ["NumpyNetwork"]

Step = tuple[Node, Kernel[Any]]

_as_ieee = np.errstate(all="ignore")
"""Infinities and what is not a number flow on without a warning, as in torch; training reports them where they end."""


class NumpyNetwork:
    """A graph compiled for NumPy: see :class:`cnndsl.backends.base.Network`."""

    def __init__(self, graph: Graph, dtype: np.dtype[Any], seed: int) -> None:
        self.graph = graph
        self.dtype = dtype
        self.seed = seed
        self.tensors: dict[str, Array] = {
            name: np.zeros(spec.shape, np.int64 if spec.dtype == "int64" else dtype)
            for node in graph.nodes
            for name, spec in {**node.parameters, **node.buffers}.items()
        }
        self._kernels = {node: (find_kernel(node), self._tensors_of(node)) for node in graph.nodes}
        self._learning = _behind_parameters(graph)

    def state(self) -> dict[str, Array]:
        """Copies of all parameters and buffers by name, in the order of the graph."""
        return {name: tensor.copy() for name, tensor in self.tensors.items()}

    def load_state(self, state: Mapping[str, Array]) -> None:
        """Replace all parameters and buffers.

        Raises:
            DiagnosticError: E0422 unless the names and shapes are those of the graph; then nothing has changed.
        """
        check_state(state, {name: tensor.shape for name, tensor in self.tensors.items()})
        for name, tensor in self.tensors.items():
            tensor[...] = state[name]

    @single_threaded
    @_as_ieee
    def forward(self, x: Array, *, training: bool = False, step: int = 0) -> Array:
        """The output for a batch x, N x sample shape.

        Raises:
            DiagnosticError: E0413 if the samples do not have the shape of the graph's input, or if a batch to train on
                leaves a batch normalisation nothing to take a variance of.
        """
        self._check(x, training)
        return self._evaluate(x, self._steps(Pass(training, self.seed, step), input_needed=False))

    @single_threaded
    @_as_ieee
    def differentiate(
        self, x: Array, output_gradient: Array, *, training: bool = False, step: int = 0
    ) -> tuple[Array, Array, dict[str, Array]]:
        """The output, and the gradients of sum(output * output_gradient) by the input and by each parameter."""
        self._check(x, training)
        steps = list(self._steps(Pass(training, self.seed, step), input_needed=True))
        y = self._evaluate(x, steps)
        gradients, parameter_gradients = self._sweep(steps, np.asarray(output_gradient, self.dtype))
        return y, gradients[self.graph.input], parameter_gradients

    @single_threaded
    @_as_ieee
    def loss_and_gradients(
        self, x: Array, labels: Array, loss: Loss, *, step: int = 0
    ) -> tuple[float, dict[str, Array]]:
        """The loss of a batch in training mode, and its gradient by each parameter."""
        self._check(x, training=True)
        steps = list(self._steps(Pass(True, self.seed, step), input_needed=False))
        value, output_gradient = evaluate_loss(loss, self._evaluate(x, steps), labels)
        return value, self._sweep(steps, output_gradient)[1]

    def trainer(self, loss: Loss, optimizer: Optimizer) -> NumpyTrainer:
        """This network together with a loss and a fresh optimizer."""
        return NumpyTrainer(self, loss, optimizer)

    def _tensors_of(self, node: Node) -> dict[str, Array]:
        """The tensors of a node by their short names."""
        operator, types = node.operator, node.input_types
        leaves = {**operator.parameters(*types), **operator.buffers(*types)}
        return {leaf: self.tensors[join_path(node.path, leaf)] for leaf in leaves}

    def _check(self, x: Array, training: bool) -> None:
        check_input(x, self.graph)
        if training:
            check_statistics(self.graph, len(x))

    def _steps(self, run: Pass, *, input_needed: bool) -> Iterator[Step]:
        """The nodes in order, each with a kernel for this pass; ``input_needed`` if the gradient of the input is wanted."""
        for node in self.graph.nodes:
            kernel, tensors = self._kernels[node]
            needed = input_needed or any(value in self._learning for value in node.inputs)
            yield node, kernel(node.operator, node.path, tensors, run, input_needed=needed)

    def _evaluate(self, x: Array, steps: Iterable[Step]) -> Array:
        """Run the kernels forwards. Those that no list holds are gone after their turn, with all that they keep."""
        values = {self.graph.input: np.asarray(x, self.dtype)}
        for node, kernel in steps:
            values[node.output] = kernel.forward(*(values[value] for value in node.inputs))
        return values[self.graph.output]

    def _sweep(self, steps: list[Step], output_gradient: Array) -> tuple[dict[Value, Array], dict[str, Array]]:
        """Run the kernels backwards: the gradients by what is left of the values, and by the parameters.

        Empties the list, so that each kernel is gone after its turn.
        """
        gradients: dict[Value, Array] = {self.graph.output: output_gradient}
        found: dict[str, Array] = {}
        while steps:
            node, kernel = steps.pop()
            if not kernel.input_needed and not node.parameters:
                continue
            gradient = gradients.pop(node.output)
            for value, part in zip(node.inputs, kernel.backward(gradient), strict=False):
                gradients[value] = gradients[value] + part if value in gradients else part
            found.update({join_path(node.path, leaf): part for leaf, part in kernel.gradients.items()})
        return gradients, {name: found[name] for name in self.graph.parameters}


def _behind_parameters(graph: Graph) -> set[Value]:
    """The values that some parameter has a part in, whose gradients training needs."""
    behind: set[Value] = set()
    for node in graph.nodes:
        if node.parameters or any(value in behind for value in node.inputs):
            behind.update(node.outputs)
    return behind
