"""The layers that led to a value: the chain of shapes that an error shows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..ir import Node, Value
from ..ops import Shape, element_count

if TYPE_CHECKING:
    from .network import NetworkElaborator

__all__ = ["Trail", "call_text", "is_written"]

_LONGEST = 64
_SHOWN_STEPS = 4
_MOST_ANCESTORS = 500


class Trail:
    """The layers behind a value, the last first, as far as each reads one value; ``start`` is what the first one reads.

    With ``apart_from`` it ends where another value comes from as well: a change there would change both.
    """

    def __init__(self, network: NetworkElaborator, value: Value, apart_from: Value | None = None) -> None:
        self.network = network
        self.value = value
        self.nodes: list[Node] = []
        shared = set[Value]() if apart_from is None else _ancestors(network, apart_from)
        while (node := network.makers.get(value)) is not None and len(self.nodes) < _LONGEST:
            if len(node.inputs) > 1 or value in shared:
                break
            self.nodes.append(node)
            value = node.input
        self.start = value

    def shapes(self) -> tuple[str, ...]:
        """How the shape came about over the last layers that changed one, if they are more than the last alone."""
        changing = [node for node in self.nodes if node.output.type.shape != node.input.type.shape][:_SHOWN_STEPS]
        if len(changing) < 2:
            return ()
        steps = ", ".join(f"{call_text(node)} gives {node.output.type}" for node in reversed(changing))
        return (f"from {changing[-1].input.type}, {steps}",)

    def formulas(self) -> tuple[str, ...]:
        """The formulas of the last layer that has any: a window made the shape."""
        for node in self.nodes:
            formulas = node.operator.formulas(*node.input_types)
            if formulas:
                return tuple(f"{call_text(node)}: {formula}" for formula in formulas)
        return ()

    def parting(self, sizes: Shape) -> Node | None:
        """The last layer that reads a value of these sizes behind the channels and gives a smaller one, never made larger."""
        for node in self.nodes:
            if element_count(node.output.type.shape[1:]) > element_count(node.input.type.shape[1:]):
                return None
            if node.input.type.shape[1:] == sizes and node.output.type.shape[1:] != sizes:
                return node
        return None


def _ancestors(network: NetworkElaborator, value: Value) -> set[Value]:
    """The value and those that it was made from, the nearest few hundred."""
    found, waiting = {value}, [value]
    for each in waiting:
        node = network.makers.get(each)
        if node is None or len(waiting) > _MOST_ANCESTORS:
            continue
        new = [input_ for input_ in node.inputs if input_ not in found]
        found.update(new)
        waiting += new
    return found


def is_written(node: Node) -> bool:
    """Whether the spec has a call for just this node; a projection, for example, comes of a residual."""
    text = node.span.text
    return text == node.operator.name or text.startswith(f"{node.operator.name} ")


def call_text(node: Node) -> str:
    """The call as it is written, or the name of the operator."""
    text = node.span.text if is_written(node) else node.operator.name
    return f"`{text if text.isprintable() and len(text) <= _LONGEST else node.operator.name}`"
