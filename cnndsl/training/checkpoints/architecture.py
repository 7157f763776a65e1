"""What a network computes, layer by layer, as text that can be compared: tensors of equal shapes do not tell it.

The same weights mean something else after another activation or pooling. So a checkpoint keeps the lines of its network, and
whoever uses it is shown where the two differ.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ...attributes import format_value
from ...ir import Graph, Node, Value

__all__ = ["architecture_of", "differing_lines"]


def architecture_of(graph: Graph) -> tuple[str, ...]:
    """A line for the input and for each layer: its path, its operator with every attribute, and what it reads."""
    names = {graph.input: "input"}
    for place, node in enumerate(graph.nodes):
        for number, value in enumerate(node.outputs):
            names[value] = f"{node.path or place}" + (f"[{number}]" if len(node.outputs) > 1 else "")
    return (
        f"input: {graph.input.type}",
        *(_line(node, names) for node in graph.nodes),
        f"output: {names[graph.output]}",
        *(f"head {format_value(head.weight)}: {names[head.value]}" for head in graph.heads),
    )


def _line(node: Node, names: dict[Value, str]) -> str:
    operator = node.operator
    attributes = [f"{name}={format_value(getattr(operator, name))}" for name in operator.attributes()]
    read = ", ".join(names[value] for value in node.inputs)
    return f"{node.path}: {' '.join([operator.name, *attributes])} of {read}"


def differing_lines(before: Sequence[str], after: Sequence[str]) -> Iterator[str]:
    """What was and what is, as in a diff: lines that begin with ``-`` and ``+``."""
    if [*before] == [*after]:
        return
    from difflib import SequenceMatcher  # only a checkpoint of something else needs it

    for kind, begin, end, first, last in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if kind != "equal":
            yield from (f"- {line}" for line in before[begin:end])
            yield from (f"+ {line}" for line in after[first:last])
