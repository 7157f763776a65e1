"""A graph as a live ``nn.Module``, built from the ``torch_calls`` of its operators: the data that emitted source is made of."""

from __future__ import annotations

from functools import partial, reduce
from operator import attrgetter
from typing import Any, cast

import torch
from torch import Tensor, nn

from ...ir import Graph, Node, Value, join_path
from ...ops import Call, Function
from ..schedule import last_uses, results
from . import layers
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
            stage.place(self)

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
        return self.with_heads(x)[0]

    def with_heads(self, x: Tensor) -> tuple[Tensor, ...]:
        """The output and, in training mode, those of the heads behind it."""
        return self._plan.run(self, x)


class _Plan:
    """What is run, in order. A single attribute of the model: its other names belong to the layers, such as `output`."""

    def __init__(self, graph: Graph, seed: int) -> None:
        self.input = graph.input
        self.stages = tuple(_Stage(node, seed) for node in graph.nodes)
        self.passes = {training: _Pass(graph, self.stages, training) for training in (False, True)}

    def run(self, model: nn.Module, x: Tensor) -> tuple[Tensor, ...]:
        return self.passes[model.training].run({self.input: x})


class _Pass:
    """What is run in one mode: evaluation leaves out what only heads need."""

    def __init__(self, graph: Graph, stages: tuple[_Stage, ...], training: bool) -> None:
        self.results = results(graph, training)
        nodes = graph.needed_nodes(self.results)
        by_node = dict(zip(graph.nodes, stages, strict=True))
        unused = last_uses(nodes, self.results)
        self.steps = tuple(zip((by_node[node] for node in nodes), unused, strict=True))

    def run(self, values: dict[Value, Tensor]) -> tuple[Tensor, ...]:
        for stage, unused in self.steps:
            stage.run(values)
            for value in unused:
                del values[value]
        return tuple(values[value] for value in self.results)


class _Stage:
    """One node as modules and functions that follow each other: the first takes the node's inputs."""

    def __init__(self, node: Node, seed: int) -> None:
        self.node = node
        self.calls = tuple(_build(call, node, seed) for call in node.operator.torch_calls(*node.input_types))

    def run(self, values: dict[Value, Tensor]) -> None:
        """Compute the outputs from the inputs."""
        made: Any = tuple(values[value] for value in self.node.inputs)
        for call in self.calls:
            result = call(*made)
            made = result if isinstance(result, tuple) else (result,)
        values.update(zip(self.node.outputs, made, strict=True))

    def place(self, model: nn.Module) -> None:
        """Give the model what owns the tensors of the node, and any other module for which there is a place."""
        modules = [call for call in self.calls if isinstance(call, nn.Module)]
        if modules and self.node.path:
            _place(model, self.node.path, modules[-1])
        for call in self.calls:
            if isinstance(call, _Applied):
                call.place(model)


class _Applied:
    """A function of torch with its arguments, and with the tensors of a node that it takes behind the values."""

    def __init__(self, function: Function, node: Node) -> None:
        self.apply = partial(attrgetter(function.target)(torch), **function.arguments)
        self.takes = function.takes
        self.shapes = {
            join_path(node.path, leaf): node.parameters[join_path(node.path, leaf)].shape for leaf in function.tensors
        }
        self.tensors: tuple[tuple[nn.Module, str], ...] = ()

    def place(self, model: nn.Module) -> None:
        self.tensors = tuple(_place_parameter(model, path, shape) for path, shape in self.shapes.items())

    def __call__(self, *values: Tensor) -> Any:
        if self.takes == "together":
            return self.apply(values)
        tensors = (owner._parameters[leaf] for owner, leaf in self.tensors)
        return reduce(self.apply, values) if self.takes == "folded" else self.apply(*values, *tensors)


DROPOUTS: dict[str, int | None] = {
    "nn.Dropout": None,
    "nn.Dropout1d": 2,
    "nn.Dropout2d": 2,
    "layers.StochasticDepth": 1,
}
"""Modules that draw from the random state of the process, and the axes of those that take their place: see KeyedDropout."""


def _build(call: Call, node: Node, seed: int) -> nn.Module | _Applied:
    if isinstance(call, Function):
        return _Applied(call, node)
    if call.target in DROPOUTS:
        return KeyedDropout(call.arguments["p"], seed, node.path, DROPOUTS[call.target])
    where, _, name = call.target.partition(".")
    module: nn.Module = getattr(layers if where == "layers" else nn, name)(**call.arguments)
    return module


def _scope(model: nn.Module, scopes: list[str]) -> nn.Module:
    """The module under these names, made if it is not there.

    ``add_module`` would do but for names that are methods of ``nn.Module`` as well; a layer may be called `train`.
    """
    for scope in scopes:
        model = cast(nn.Module, model._modules.setdefault(scope, nn.Module()))
    return model


def _place(model: nn.Module, path: str, module: nn.Module) -> None:
    """Make a module the descendant of another at a dotted path. One without tensors gives way to what is there."""
    *scopes, leaf = path.split(".")
    places = _scope(model, scopes)._modules
    if leaf not in places or next(module.parameters(), None) is not None:
        places[leaf] = module


def _place_parameter(model: nn.Module, path: str, shape: tuple[int, ...]) -> tuple[nn.Module, str]:
    *scopes, leaf = path.split(".")
    owner = _scope(model, scopes)
    owner._parameters[leaf] = nn.Parameter(torch.empty(shape))
    return owner, leaf
