"""A graph as JSON data: what a network computes and under which names, without the text that it was written as.

Tensors of equal shapes do not tell it: the same weights mean something else after another activation or pooling. So a
checkpoint keeps the graph of its network. Whoever uses it with the very text that it was trained with takes the graph from
there, and whoever uses it with another is shown where the two differ.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ...attributes import Attribute, Single, format_value
from ...ir import Graph, Head, Node, Value
from ...ops import OPERATORS, Operator, TensorType
from ...ops.geometry import PaddingType
from ...source import Span

__all__ = ["as_data", "as_graph", "differing_lines"]


def as_data(graph: Graph) -> dict[str, Any]:
    """What a graph computes. A value is ``[node, output]`` by their places; the input is ``[-1, 0]``."""
    places = {graph.input: [-1, 0]}
    for place, node in enumerate(graph.nodes):
        places.update((value, [place, number]) for number, value in enumerate(node.outputs))
    return {
        "input": [list(graph.input.type.shape), graph.input.type.dtype],
        "nodes": [
            {
                "path": node.path,
                "operator": node.operator.name,
                "attributes": {name: _listed(getattr(node.operator, name)) for name in node.operator.attributes()},
                "inputs": [places[value] for value in node.inputs],
            }
            for node in graph.nodes
        ],
        "output": places[graph.output],
        "heads": [[head.path, places[head.value], float(head.weight)] for head in graph.heads],
    }


def _listed(value: Any) -> Any:
    """A value of the language as JSON data; sizes and tuples become lists."""
    if isinstance(value, list | tuple):
        return [_listed(item) for item in value]
    return value if value is None or isinstance(value, bool | int | float) else str(value)


def differing_lines(before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[str]:
    """What was and what is, as in a diff: lines that begin with ``-`` and ``+``."""
    from difflib import SequenceMatcher  # only a checkpoint of something else needs it

    old, new = _lines(before), _lines(after)
    for kind, begin, end, first, last in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if kind != "equal":
            yield from (f"- {line}" for line in old[begin:end])
            yield from (f"+ {line}" for line in new[first:last])


def _lines(data: Mapping[str, Any]) -> list[str]:
    """Data as text that can be compared: a line for the input and for each layer, with all attributes and what it reads."""

    def named(place: list[int]) -> str:
        node, number = place
        name = "input" if node < 0 else data["nodes"][node]["path"] or str(node)
        return name + (f"[{number}]" if number else "")

    return [
        f"input: {TensorType(tuple(data['input'][0]))}",
        *(
            f"{node['path']}: {' '.join([node['operator'], *_settings(node['attributes'])])} "
            f"of {', '.join(map(named, node['inputs']))}"
            for node in data["nodes"]
        ),
        f"output: {named(data['output'])}",
        *(f"head {format_value(weight)}: {named(place)}" for _, place, weight in data["heads"]),
    ]


def _settings(attributes: Mapping[str, Any]) -> list[str]:
    return [f"{name}={format_value(_tupled(value))}" for name, value in attributes.items()]


def as_graph(name: str, data: Mapping[str, Any], span: Span) -> Graph | None:
    """The graph of this name with data from outside, its layers at one place of a text; None if it is not that of a graph.

    Attributes are held to what operators declare, and types are those that operators infer.
    """
    try:
        graph = _graph(name, data, span)
    except Exception:  # whatever is wrong with data from outside
        return None
    return graph if as_data(graph) == data else None


def _graph(name: str, data: Mapping[str, Any], span: Span) -> Graph:
    shape, dtype = data["input"]
    given = Value(TensorType(tuple(map(_extent, shape)), dtype))
    nodes: list[Node] = []

    def value_of(place: list[int]) -> Value:
        return given if place[0] < 0 else nodes[place[0]].outputs[place[1]]

    for each in data["nodes"]:
        inputs = tuple(map(value_of, each["inputs"]))
        types = tuple(value.type for value in inputs)
        operator = _operator(each["operator"], each["attributes"])
        if operator.resolve(*types) != operator:
            raise ValueError("this is what a text says, and not yet what it means")
        outputs = tuple(map(Value, operator.outputs(*types)))
        nodes.append(Node(_text(each["path"]), operator, inputs, outputs, span))
    heads = tuple(Head(_text(path), value_of(place), float(weight)) for path, place, weight in data["heads"])
    return Graph(name, given, tuple(nodes), value_of(data["output"]), heads=heads)


def _extent(value: object) -> int:
    if type(value) is not int or value < 1:
        raise ValueError(f"not a size: {value!r}")
    return value


def _text(value: object) -> str:
    if type(value) is not str:
        raise TypeError(f"not a name: {value!r}")
    return value


def _operator(name: str, attributes: Mapping[str, Any]) -> Operator:
    class_ = OPERATORS[name]
    declared = class_.attributes()
    return class_(**{name: _attribute(declared[name], _tupled(value)) for name, value in attributes.items()})


def _attribute(info: Attribute, value: Any) -> Any:
    """A value that the attribute may have: its default, sizes as they are after resolving, or what can be written."""
    if value is info.default or (isinstance(info.type, Single | PaddingType) and _are_sizes(value)):
        return value
    return info.type.convert(value)


def _are_sizes(value: Any) -> bool:
    """Whether this is a tuple of whole numbers, or of such tuples."""
    return isinstance(value, tuple) and all(
        _are_sizes(item) if isinstance(item, tuple) else type(item) is int and item >= 0 for item in value
    )


def _tupled(value: Any) -> Any:
    return tuple(map(_tupled, value)) if isinstance(value, list) else value
