"""A graph run node by node, by the calls that its operators name: what the written source must agree with."""

from __future__ import annotations

from functools import reduce
from operator import attrgetter
from typing import Any

import torch
from torch import Tensor, nn
from torch.func import functional_call

from cnndsl.backends.torch import layers
from cnndsl.ir import Graph, Node, join_path
from cnndsl.ops import Call, Function

__all__ = ["run"]


def run(graph: Graph, state: dict[str, Tensor], x: Tensor) -> Tensor:
    """The output in evaluation, of these tensors by name."""
    values: dict[Any, Any] = {graph.input: x}
    for node in graph.needed_nodes((graph.output,)):
        made: tuple[Any, ...] = tuple(values[value] for value in node.inputs)
        for call in node.operator.torch_calls(*node.input_types):
            result = _result(node, call, made, state)
            made = result if isinstance(result, tuple | list) else (result,)
        values.update(zip(node.outputs, made, strict=True))
    return values[graph.output]


def _result(node: Node, call: Call, values: tuple[Any, ...], state: dict[str, Tensor]) -> Any:
    if not isinstance(call, Function):
        where, _, name = call.target.partition(".")
        module: nn.Module = getattr(layers if where == "layers" else nn, name)(**call.arguments).double().eval()
        own = {key: state[join_path(node.path, key)] for key in module.state_dict()}
        return functional_call(module, own, values)
    function = attrgetter(call.target)(torch)
    if call.takes == "together":
        return function(values, **call.arguments)
    if call.takes == "folded":
        return reduce(function, values)
    return function(*values, *(state[join_path(node.path, leaf)] for leaf in call.tensors), **call.arguments)
