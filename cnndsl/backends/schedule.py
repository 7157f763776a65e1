"""What a pass is to compute, and when a value is used for the last time: what every backend that walks it asks."""

from __future__ import annotations

from collections.abc import Iterable

from ..ir import Graph, Node, Value

__all__ = ["last_uses", "results"]


def results(graph: Graph, training: bool) -> tuple[Value, ...]:
    """What a pass is to compute: the output and, in training, the heads after it."""
    heads = tuple(head.value for head in graph.heads) if training else ()
    return (graph.output, *heads)


def last_uses(nodes: Iterable[Node], wanted: Iterable[Value]) -> tuple[tuple[Value, ...], ...]:
    """For each of some nodes, the values that nothing reads after it, so that they need not be held."""
    used = set(wanted)
    unused: list[tuple[Value, ...]] = []
    for node in reversed(tuple(nodes)):
        last = tuple(dict.fromkeys(value for value in (*node.inputs, *node.outputs) if value not in used))
        used.update(last)
        unused.append(last)
    return tuple(reversed(unused))
