"""Networks from short texts, and what there is to say of them."""

from __future__ import annotations

from cnndsl.api import check_text
from cnndsl.ir import Graph, Node
from cnndsl.ir.verify import verify
from cnndsl.ops import format_shape


def network(body: str, shape: str = "8x16x16", *, parameters: str = "", blocks: str = "", **settings: object) -> Graph:
    """The graph of a network with this body behind its input."""
    text = f"{blocks}\nnetwork Test({parameters}) {{\n    input {shape}\n{body}\n}}\n".replace("Test()", "Test")
    graph = check_text(text, settings=settings).require_graph()
    verify(graph)
    return graph


def codes(body: str, shape: str = "8x16x16", *, blocks: str = "") -> list[str]:
    """The codes of what is wrong with such a network."""
    text = f"{blocks}\nnetwork Test {{\n    input {shape}\n{body}\n}}\n"
    return [item.kind.code for item in check_text(text).diagnostics if item.is_error]


def layers(graph: Graph) -> list[str]:
    """Path and operator of each node, in order: ``conv1 conv``; a node without a path of its own is its operator."""
    return [f"{node.path} {node.operator.name}".strip() for node in graph.nodes]


def shape(graph: Graph) -> str:
    """The shape of the output."""
    return format_shape(graph.output.type.shape)


def node(graph: Graph, path: str) -> Node:
    """The node with this path."""
    (found,) = (item for item in graph.nodes if item.path == path)
    return found
