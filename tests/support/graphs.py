"""Graphs made by hand, for tests of what lies below the language."""

from __future__ import annotations

from cnndsl.ir import Graph, Node, Value, verify
from cnndsl.ops import Operator, Shape, TensorType
from cnndsl.source import Source, Span

SPAN = Span(Source("<test>", ""), 0, 0)


def chain(shape: Shape, *operators: Operator) -> Graph:
    """A network whose layers follow each other, called 0, 1, 2, ... as in the language."""
    first = value = Value(TensorType(shape))
    nodes = []
    for index, operator in enumerate(operators):
        resolved = operator.resolve(value.type)
        output = Value(resolved.infer(value.type))
        nodes.append(Node(str(index), resolved, (value,), (output,), SPAN))
        value = output
    graph = Graph("Test", first, tuple(nodes), value)
    verify(graph)
    return graph
