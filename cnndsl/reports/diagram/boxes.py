"""Which layers share a box: normalisation, activation and dropout go with the layer that they follow.

Drawn one by one they would make a network look three times as long as people think of it.
"""

from __future__ import annotations

from collections import Counter

from ...ir import Graph, Node, Value
from ...record import Record
from .palette import kind_of

__all__ = ["Box", "fold"]

_FOLDED = ("norm", "activation", "dropout")


class Box(Record):
    """One box of the picture: the layer that names it, and the layers folded into it in their order."""

    node: Node
    folded: tuple[Node, ...] = ()

    @property
    def output(self) -> Value:
        """The value that leaves the box."""
        return self.folded[-1].output if self.folded else self.node.output

    @property
    def parameter_count(self) -> int:
        return sum(node.parameter_count for node in (self.node, *self.folded))


def fold(graph: Graph) -> list[Box]:
    """The boxes of a network in the order of its nodes."""
    uses = Counter(id(value) for node in graph.nodes for value in node.inputs)
    uses[id(graph.output)] += 1
    boxes: list[Box] = []
    ends: dict[int, int] = {}  # where the box stands that a value leaves
    for node in graph.nodes:
        place = ends.get(id(node.input)) if _can_join(node, uses) else None
        if place is not None and len(boxes[place].node.outputs) == 1:
            boxes[place] = boxes[place].replace(folded=(*boxes[place].folded, node))
        else:
            place = len(boxes)
            boxes.append(Box(node))
        ends.update((id(value), place) for value in node.outputs)
    return boxes


def _can_join(node: Node, uses: Counter[int]) -> bool:
    """Whether a node is of a sort that is folded, and nothing else reads what it reads."""
    if kind_of(type(node.operator)) not in _FOLDED or len(node.inputs) != 1 or len(node.outputs) != 1:
        return False
    return uses[id(node.input)] == 1
