"""The layers that led to a value: the chain of shapes that an error shows."""

from __future__ import annotations

from itertools import takewhile
from typing import TYPE_CHECKING

from ..ir import Node, Value
from ..ops import Shape, element_count
from ..source import Span

if TYPE_CHECKING:
    from .network import NetworkElaborator

__all__ = ["Trail", "is_written", "origin", "shown_span"]

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
        since = takewhile(lambda node: node.output not in self.network.asserted, self.nodes)
        changing = [node for node in since if node.output.type.shape != node.input.type.shape][:_SHOWN_STEPS]
        if len(changing) < 2:
            return ()
        steps = ", ".join(f"{self.call(node)} gives {node.output.type}" for node in reversed(changing))
        return (f"from {changing[-1].input.type}, {steps}",)

    def formulas(self) -> tuple[str, ...]:
        """The formulas of the last layer that has any: a window made the shape."""
        for node in self.nodes:
            formulas = node.operator.formulas(*node.input_types)
            if formulas:
                return tuple(f"{self.call(node)}: {formula}" for formula in formulas)
        return ()

    def formulas_before(self) -> tuple[str, ...]:
        """The formulas of the last window before the joins at the start that made an image smaller."""
        value, steps = self.start, 0
        while (node := self.network.makers.get(value)) is not None and steps < _MOST_ANCESTORS:
            if value in self.network.asserted:
                break
            formulas = node.operator.formulas(*node.input_types)
            if formulas and node.input.type.shape[1:] != node.output.type.shape[1:]:
                line = shown_span(self.network, node).position[0]
                return tuple(f"{self.call(node)} on line {line}: {formula}" for formula in formulas)
            value, steps = node.inputs[0], steps + 1
        return ()

    def joined_channels(self) -> tuple[str, ...]:
        """The sum that a `concat` makes of channels, if nothing has changed the shape since."""
        node = self.network.makers.get(self.start)
        if node is None or node.operator.name != "concat" or node.output.type.shape != self.value.type.shape:
            return ()
        if any(type_.shape[1:] != node.output.type.shape[1:] for type_ in node.input_types):
            return ()
        channels = [type_.shape[0] for type_ in node.input_types]
        return (f"`concat` adds the channels up: {' + '.join(map(str, channels))} = {node.output.type.shape[0]}",)

    def call(self, node: Node) -> str:
        """The call that made a node, as the author wrote it."""
        text = shown_span(self.network, node).text if is_written(node) else node.operator.name
        return f"`{text if text.isprintable() and len(text) <= _LONGEST else node.operator.name}`"

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


def shown_span(network: NetworkElaborator, node: Node) -> Span:
    """Where the author sees a node: for a layer of a block in another file, such as one of std, where it is called."""
    span, block = node.span, node.block
    while block is not None and span.source is not network.network.span.source:
        span = network.uses[block][0].span if block in network.uses else span
        block = block.parent
    return span


def origin(network: NetworkElaborator, value: Value) -> Span | None:
    """Where the author sees a value come from."""
    node = network.makers.get(value)
    return shown_span(network, node) if node is not None else network.spans.get(value)


def is_written(node: Node) -> bool:
    """Whether the spec has a call for just this node; a projection, for example, comes of a residual."""
    text = node.span.text
    return text == node.operator.name or text.startswith(f"{node.operator.name} ")
