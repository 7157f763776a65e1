"""A graph as the module that a user of PyTorch would write: contiguous tensors, one module per layer, nothing folded."""

from __future__ import annotations

from operator import attrgetter
from typing import Any

import torch
from torch import nn

from cnndsl.ir import Graph, Node
from cnndsl.ops.base import Call, Function


class Eager(nn.Module):
    """The layers of a graph in order, for evaluation and training; the tensors are torch's own initial ones."""

    def __init__(self, graph: Graph) -> None:
        super().__init__()
        self.graph = graph
        self.steps = [
            (node, [_callable(call) for call in node.operator.torch_calls(*node.input_types)]) for node in graph.nodes
        ]
        self.layers = nn.ModuleList(call for _, calls in self.steps for call in calls if isinstance(call, nn.Module))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        values = {self.graph.input: x}
        for node, calls in self.steps:
            values[node.output] = _run(node, calls, values)
        return values[self.graph.output]


def _callable(call: Call) -> Any:
    found = attrgetter(call.target)(torch)
    if not isinstance(call, Function):
        return found(**call.arguments)

    def run(*inputs: torch.Tensor) -> torch.Tensor:
        if call.takes == "together":
            return found(inputs, **call.arguments)
        if call.takes == "folded":
            total = inputs[0]
            for other in inputs[1:]:
                total = found(total, other, **call.arguments)
            return total
        return found(*inputs, **call.arguments)

    return run


def _run(node: Node, calls: list[Any], values: dict[Any, torch.Tensor]) -> torch.Tensor:
    inputs = [values[value] for value in node.inputs]
    for call in calls:
        inputs = [call(*inputs)]
    return inputs[0]
