"""Graphs made by hand, for tests of what lies below the language."""

from __future__ import annotations

from cnndsl.ir import Graph, Node, Value
from cnndsl.ir.verify import verify
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


def graph_of(shape: Shape, *layers: tuple[str | Operator, ...]) -> Graph:
    """A network of any form: each layer is its path, its operator and the names of its inputs.

    The input is called ``x``, a layer's output as its path, and several outputs ``path.0``, ``path.1``, ...
    """
    values = {"x": Value(TensorType(shape))}
    nodes = []
    for path, operator, *names in layers:
        inputs = tuple(values[name] for name in names)
        types = tuple(value.type for value in inputs)
        resolved = operator.resolve(*types)
        outputs = tuple(Value(type_) for type_ in resolved.outputs(*types))
        nodes.append(Node(path, resolved, inputs, outputs, SPAN))
        values[path] = outputs[-1]
        values.update({f"{path}.{place}": value for place, value in enumerate(outputs)})
    graph = Graph("Test", values["x"], tuple(nodes), nodes[-1].output)
    verify(graph)
    return graph
