"""The invariants of a graph, for tests to hold before and after every pass."""

from __future__ import annotations

from .graph import Graph

__all__ = ["verify"]


def verify(graph: Graph) -> None:
    """Raise AssertionError unless the graph is in order, its types are what its operators infer, and its names are unique."""
    known = {id(graph.input)}
    names: set[str] = set()
    for node in graph.nodes:
        assert all(id(value) in known for value in node.inputs), f"{node} reads a value before it is made"
        assert not any(id(value) in known for value in node.outputs), f"{node} writes a value twice"
        known.update(id(value) for value in node.outputs)
        assert node.operator.resolve(*node.input_types) == node.operator, f"{node} is not resolved"
        inferred = node.operator.outputs(*node.input_types)
        assert inferred == tuple(value.type for value in node.outputs), f"{node} infers {inferred}"
        tensors = [*node.parameters, *node.buffers]
        assert not names & set(tensors), f"{node} repeats the name of a tensor"
        names.update(tensors)
    assert id(graph.output) in known, "the output is made by no node"
    assert all(id(head.value) in known for head in graph.heads), "a head's value is made by no node"
