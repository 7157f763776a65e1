"""What a network computes at each layer, and the part of a network after a value: for whoever wants to look inside."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..backends.numpy.kernels import Pass, find_kernel
from ..backends.schedule import last_uses
from ..ir import Graph, Node, Value, join_path

__all__ = ["layer_values", "rest_after"]

Array = NDArray[Any]


def layer_values(
    graph: Graph, state: Mapping[str, Array], x: Array, run: Pass | None = None
) -> Iterator[tuple[Node, tuple[Array, ...]]]:
    """The outputs of each layer for a batch, layer by layer as they are computed, by the reference kernels of NumPy.

    Args:
        graph: The network.
        state: Its tensors, as any backend gives them; they stay as they are.
        x: N x sample shape.
        run: Whether to compute as in training; by default as in evaluation, for which heads are left out.
    """
    run = run or Pass()
    heads = tuple(head.value for head in graph.heads) if run.training else ()
    nodes = graph.needed_nodes((graph.output, *heads))
    values: dict[Value, Array] = {graph.input: x}
    for node, unused in zip(nodes, last_uses(nodes, ()), strict=True):
        operator, types = node.operator, node.input_types
        leaves = {**operator.parameters(*types), **operator.buffers(*types)}
        tensors = {leaf: np.copy(state[join_path(node.path, leaf)]) for leaf in leaves}
        kernel = find_kernel(node)(operator, node.path, tensors, run, input_needed=False)
        with np.errstate(all="ignore"):
            made = kernel.forward(*(values[value] for value in node.inputs))
        outputs = made if isinstance(made, tuple) else (made,)
        values.update(zip(node.outputs, outputs, strict=True))
        yield node, outputs
        for value in unused:
            values.pop(value, None)


def rest_after(graph: Graph, value: Value, output: Value) -> Graph | None:
    """The network from a value to an output; None if the output depends on anything else than this value."""
    needed, nodes = {output}, []
    for node in reversed(graph.nodes):
        if value in node.outputs:
            break
        if not needed.isdisjoint(node.outputs):
            needed = needed.difference(node.outputs).union(node.inputs)
            nodes.append(node)
    return Graph(graph.name, value, tuple(reversed(nodes)), output) if needed == {value} else None
