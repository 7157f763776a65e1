"""A graph as a live ``nn.Module``, built from the ``torch_calls`` of its operators: the data that emitted source is made of."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from operator import attrgetter
from typing import Any, cast

import torch
from torch import Tensor, nn

from ...ir import Graph, Node, Value
from ...ops import Call
from .dropout import KeyedDropout

__all__ = ["GraphModel", "build_model"]


def build_model(graph: Graph, seed: int) -> GraphModel:
    """The module of a graph on torch's meta device: shapes without numbers, and no random numbers spent."""
    with torch.device("meta"):
        return GraphModel(graph, seed)


class GraphModel(nn.Module):
    """Runs the nodes of a graph in order.

    The submodules stand under the paths of the nodes, so that ``state_dict`` has exactly the names of the graph.
    """

    def __init__(self, graph: Graph, seed: int) -> None:
        super().__init__()
        self._plan = _Plan(graph, seed)
        for stage in self._plan.stages:
            _place(self, stage.path, stage.modules[-1])

    def train(self, mode: bool = True) -> GraphModel:
        # not by assignment, which `nn.Module` refuses where a layer is called `training`
        for module in self.modules():
            module.__dict__["training"] = mode
        return self

    def at_step(self, step: int) -> GraphModel:
        """This model, with its dropout set to a training step (from 0)."""
        for module in self.modules():
            if isinstance(module, KeyedDropout):
                module.step = step
        return self

    def forward(self, x: Tensor) -> Tensor:
        return self._plan.run(x)


class _Plan:
    """What is run, in order. A single attribute of the model: its other names belong to the layers, such as `output`."""

    def __init__(self, graph: Graph, seed: int) -> None:
        self.input = graph.input
        self.output = graph.output
        self.stages = tuple(_Stage(node, seed) for node in graph.nodes)
        self.unused = _last_uses(graph)

    def run(self, x: Tensor) -> Tensor:
        values = {self.input: x}
        for stage, unused in zip(self.stages, self.unused, strict=True):
            stage.run(values)
            for value in unused:
                del values[value]
        return values[self.output]


class _Stage:
    """One node as modules that follow each other: the first takes the node's inputs, the last owns its tensors."""

    def __init__(self, node: Node, seed: int) -> None:
        self.path = node.path
        self.inputs = node.inputs
        self.outputs = node.outputs
        self.modules = tuple(_build(call, seed, node.path) for call in node.operator.torch_calls(*node.input_types))

    def run(self, values: dict[Value, Tensor]) -> None:
        """Compute the outputs from the inputs."""
        results: Any = tuple(values[value] for value in self.inputs)
        for module in self.modules:
            result = module(*results)
            results = result if isinstance(result, tuple) else (result,)
        values.update(zip(self.outputs, results, strict=True))


def _dropout(arguments: Mapping[str, Any], seed: int, path: str) -> nn.Module:
    return KeyedDropout(**arguments, seed=seed, path=path)


REPLACEMENTS: dict[str, Callable[[Mapping[str, Any], int, str], nn.Module]] = {"nn.Dropout": _dropout}
"""Modules of the backend's own that take the place of torch's, which draw from the random state of the process."""


def _build(call: Call, seed: int, path: str) -> nn.Module:
    if call.target in REPLACEMENTS:
        return REPLACEMENTS[call.target](call.arguments, seed, path)
    module: nn.Module = attrgetter(call.target)(torch)(**call.arguments)
    return module


def _place(parent: nn.Module, path: str, module: nn.Module) -> None:
    """Make a module the descendant of another at a dotted path.

    ``add_module`` would do but for names that are methods of ``nn.Module`` as well; a layer may be called `train`.
    """
    *scopes, leaf = path.split(".")
    for scope in scopes:
        parent = cast(nn.Module, parent._modules.setdefault(scope, nn.Module()))
    parent._modules[leaf] = module


def _last_uses(graph: Graph) -> tuple[tuple[Value, ...], ...]:
    """After each node, the values that nothing reads any more, so that inference need not hold them."""
    used = {graph.output}
    unused: list[tuple[Value, ...]] = []
    for node in reversed(graph.nodes):
        last = tuple(dict.fromkeys(value for value in (*node.inputs, *node.outputs) if value not in used))
        used.update(last)
        unused.append(last)
    return tuple(reversed(unused))
