"""Which nodes a pass runs, and when a value is used for the last time: what every backend that walks the graph asks."""

from __future__ import annotations

from collections.abc import Iterable

from ..ir import Graph, Node, Value

__all__ = ["last_uses", "needed_nodes", "results"]


def results(graph: Graph, training: bool) -> tuple[Value, ...]:
    """What a pass is to compute: the output and, in training, the heads behind it."""
    heads = tuple(head.value for head in graph.heads) if training else ()
    return (graph.output, *heads)


def needed_nodes(graph: Graph, wanted: Iterable[Value]) -> tuple[Node, ...]:
    """The nodes that some values depend on, in order: evaluation runs no node that only a head needs."""
    needed = set(wanted)
    nodes: list[Node] = []
    for node in reversed(graph.nodes):
        if needed.isdisjoint(node.outputs):
            continue
        needed.update(node.inputs)
        nodes.append(node)
    return tuple(reversed(nodes))


def last_uses(nodes: Iterable[Node], wanted: Iterable[Value]) -> tuple[tuple[Value, ...], ...]:
    """For each of some nodes, the values that nothing reads after it, so that they need not be held."""
    used = set(wanted)
    unused: list[tuple[Value, ...]] = []
    for node in reversed(tuple(nodes)):
        last = tuple(dict.fromkeys(value for value in (*node.inputs, *node.outputs) if value not in used))
        used.update(last)
        unused.append(last)
    return tuple(reversed(unused))
