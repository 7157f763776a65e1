"""The layer that decides how many outputs a network has, and what it would cost with others."""

from __future__ import annotations

import re

from ..ir import Graph, Node
from ..ops import OperatorError
from ..ops.convolution import Conv
from ..ops.linear import Dense

__all__ = ["LastLayer", "last_layer"]

_LARGEST = 100_000
"""Outputs beyond which nobody's network is meant."""


class LastLayer:
    """A dense layer or a convolution, and the layers behind it, none of which has parameters."""

    def __init__(self, graph: Graph, node: Node, behind: tuple[Node, ...]) -> None:
        self.graph = graph
        self.node = node
        self.behind = behind
        self.attribute = "out_features" if isinstance(node.operator, Dense) else "out_channels"
        self.outputs: int = getattr(node.operator, self.attribute)

    def outputs_giving(self, missing: int, total: int) -> int | None:
        """With how many outputs the layer would cost so much more than its ``total``, which grows evenly with them."""
        wanted, rest = divmod((total + missing) * self.outputs, total)
        fits = not rest and 1 <= wanted <= _LARGEST and wanted != self.outputs and self.takes(wanted)
        return wanted if fits else None

    def takes(self, outputs: int) -> bool:
        """Whether the layers behind accept so many."""
        try:
            type_ = self.node.operator.replace(**{self.attribute: outputs}).infer(*self.node.input_types)
            for node in self.behind:
                type_ = node.operator.infer(type_)
        except OperatorError:
            return False
        return True

    def described(self, outputs: int) -> str:
        """The layer with so many outputs, and the setting of the network that makes it so."""
        setting = self.setting(outputs)
        return f"with {outputs:,} outputs of the last layer, `{self.node.span.text}`{setting and f' (`{setting}`)'},"

    def setting(self, outputs: int) -> str:
        """``classes=10``, if a parameter of the network says how many there are and nothing else; else empty."""
        span = self.node.attribute_spans.get(self.attribute)
        if span is None or span.text not in self.graph.settings:
            return ""
        lines = (line.partition("#")[0].strip() for line in span.source.text.split("\n"))
        words = [word for line in lines if not line.startswith("expect") for word in re.findall(r"\w+", line)]
        return f"{span.text}={outputs}" if words.count(span.text) == 2 else ""


def last_layer(graph: Graph) -> LastLayer | None:
    """The last layer with parameters, if it is one way from there to the output; None if it is of another sort."""
    makers = {value: node for node in graph.nodes for value in node.outputs}
    behind: list[Node] = []
    node = makers.get(graph.output)
    while node is not None and not node.parameters and len(node.inputs) == len(node.outputs) == 1:
        behind.insert(0, node)
        node = makers.get(node.input)
    if node is None or not isinstance(node.operator, Dense | Conv) or getattr(node.operator, "groups", 1) != 1:
        return None
    return LastLayer(graph, node, tuple(behind))
