"""What changed between two networks, layer by layer."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property

from ..analysis.cost import LayerCost, NetworkCost, network_cost
from ..ir import Graph, Node, Value
from ..record import Record
from .alignment import align
from .words import operator_text

__all__ = ["Change", "Difference", "compare", "layer_name"]


class Change(Record):
    """A layer of two networks; one of the two is None where a layer was added or removed.

    ``kind`` is ``added``, ``removed``, ``changed`` (other arguments or other inputs), ``affected`` (its text is the same,
    its shape or cost is not), ``renamed`` or ``same``.
    """

    kind: str
    before: LayerCost | None
    after: LayerCost | None
    is_rewired: bool = False

    @property
    def sides(self) -> tuple[LayerCost, ...]:
        return tuple(side for side in (self.before, self.after) if side is not None)


class Difference(Record):
    """Two networks and all their layers in order, those of both once.

    ``same_ends`` is whether input, output and heads correspond.
    """

    before: NetworkCost
    after: NetworkCost
    layers: tuple[Change, ...]
    same_ends: bool

    @cached_property
    def changes(self) -> tuple[Change, ...]:
        """The layers that are not the same."""
        return tuple(layer for layer in self.layers if layer.kind != "same")

    @property
    def is_equal(self) -> bool:
        """Whether both networks compute the same with the same names of weights; their own names do not matter."""
        return not self.changes and self.same_ends

    def fitting_tensors(self) -> tuple[int, int]:
        """How many weights and running statistics of the first network fit the second, and how many there are."""
        old, new = (_tensors(cost.graph) for cost in (self.before, self.after))
        return sum(new.get(name) == shape for name, shape in old.items()), len(old)


def layer_name(layer: LayerCost) -> str:
    """The path of a layer, or its operator where it has none."""
    return layer.node.path or layer.node.operator.name


def compare(before: Graph, after: Graph) -> Difference:
    """Compare two networks."""
    pairs = align(before.nodes, after.nodes)
    comparison = _Comparison(network_cost(before), network_cost(after), pairs)
    return Difference(comparison.before, comparison.after, tuple(comparison.layers()), comparison.has_same_ends())


class _Comparison:
    """Goes through the layers of both networks side by side."""

    def __init__(self, before: NetworkCost, after: NetworkCost, pairs: list[tuple[int, int]]) -> None:
        self.before = before
        self.after = after
        self.pairs = pairs
        self.like: dict[Value, Value] = {before.graph.input: after.graph.input}
        for i, j in pairs:
            old, new = before.graph.nodes[i], after.graph.nodes[j]
            self.like.update(zip(old.outputs, new.outputs, strict=False))
        self.known = frozenset(self.like.values())

    def layers(self) -> Iterator[Change]:
        row = column = 0
        for i, j in (*self.pairs, (len(self.before.layers), len(self.after.layers))):
            yield from (Change("removed", layer, None) for layer in self.before.layers[row:i])
            yield from (Change("added", None, layer) for layer in self.after.layers[column:j])
            if i < len(self.before.layers):
                yield self._pair(self.before.layers[i], self.after.layers[j])
            row, column = i + 1, j + 1

    def has_same_ends(self) -> bool:
        """Whether input, output and heads of both networks correspond."""
        old, new = self.before.graph, self.after.graph
        heads = [(head.path, self.like.get(head.value), head.weight) for head in old.heads]
        return (
            old.input.type == new.input.type
            and self.like.get(old.output) is new.output
            and heads == [(head.path, head.value, head.weight) for head in new.heads]
        )

    def _pair(self, old: LayerCost, new: LayerCost) -> Change:
        rewired = self._is_rewired(old.node, new.node)
        if rewired or operator_text(old.node) != operator_text(new.node):
            return Change("changed", old, new, rewired)
        if _figures(old) != _figures(new):
            return Change("affected", old, new)
        return Change("same" if old.node.path == new.node.path else "renamed", old, new)

    def _is_rewired(self, old: Node, new: Node) -> bool:
        """Whether it reads other layers: what reads a new layer in place of the one before it does not count."""
        if len(old.inputs) != len(new.inputs):
            return True
        pairs = ((self.like.get(left), right) for left, right in zip(old.inputs, new.inputs, strict=True))
        return any(like is not None and right in self.known and like is not right for like, right in pairs)


def _figures(layer: LayerCost) -> tuple[object, ...]:
    types = tuple(value.type for value in layer.node.outputs)
    return types, layer.parameters, layer.macs, layer.needed_for


def _tensors(graph: Graph) -> dict[str, tuple[int, ...]]:
    return {name: spec.shape for name, spec in (*graph.parameters.items(), *graph.buffers.items())}
