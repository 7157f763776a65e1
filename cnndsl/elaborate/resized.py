"""What a network costs at another size of its input: every shape inferred anew, nothing elaborated again."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from ..ir import Graph, Node
from ..ops import OperatorError, Shape, TensorType

__all__ = ["Tally", "may_pad_otherwise", "sizes_giving"]

Tally = Callable[[Node, tuple[TensorType, ...], TensorType], int]
"""What is counted of a node whose inputs and output have these types."""

_LARGEST, _TIMES = 512, 4
"""An input is tried up to this height and width, and up to so many times its own."""
_MOST_LAYERS = 10_000
"""Layers inferred in one search, so that help never keeps anyone waiting."""


class _Unknown(Exception):
    """The network cannot be told at this size."""


def sizes_giving(graph: Graph, tally: Tally, expected: int) -> tuple[Shape, Shape] | None:
    """The least and the largest square input between which every size gives a count; None if there is none.

    Counts grow with the input, so that the search halves what is left.
    """
    shape = graph.input.type.shape
    if len(shape) != 3 or shape[1] != shape[2]:
        return None
    search = _Search(graph, tally)
    most = max(_LARGEST, _TIMES * shape[1])
    low, high = 1, most
    while low < high:
        middle = (low + high) // 2
        size, count = search.at_or_above(middle, high)
        low, high = (low, middle) if count is None or count >= expected else (size + 1, high)
    if search.count(low) != expected:
        return None
    last = low
    while last < most and search.count(last + 1) == expected:
        last += 1
    return (shape[0], low, low), (shape[0], last, last)


class _Search:
    def __init__(self, graph: Graph, tally: Tally) -> None:
        self.graph = graph
        self.tally = tally
        self.left = _MOST_LAYERS

    def at_or_above(self, size: int, most: int) -> tuple[int, int | None]:
        """The first size from here on that the network takes, and the count there: sums may need even ones."""
        for each in range(size, most + 1):
            count = self.count(each)
            if count is not None:
                return each, count
        return most, None

    def count(self, size: int) -> int | None:
        """The count at a size; None if the network cannot be told there."""
        self.left -= len(self.graph.nodes)
        if self.left < 0:
            return None
        type_ = self.graph.input.type
        try:
            return sum(self._counts(type_.replace(shape=(type_.shape[0], size, size))))
        except (OperatorError, _Unknown):
            return None

    def _counts(self, input_: TensorType) -> Iterator[int]:
        types = {self.graph.input: input_}
        for node in self.graph.nodes:
            inputs = tuple(types[value] for value in node.inputs)
            if may_pad_otherwise(node, inputs):
                raise _Unknown
            types.update(zip(node.outputs, node.operator.outputs(*inputs), strict=True))
            yield self.tally(node, inputs, types[node.output])


def may_pad_otherwise(node: Node, inputs: tuple[TensorType, ...]) -> bool:
    """Whether the padding may have been written as ``same``, and would then be another one here.

    The node holds what ``same`` came to; the size decides that only where the window steps by more than one.
    """
    if "padding" not in node.attribute_spans or getattr(node.operator, "stride", (1,)) in ((1,), (1, 1)):
        return False
    if all(char in "pading=0123456789(), " for char in node.attribute_spans["padding"].text):
        return False
    same = node.operator.replace(padding="same")
    before, here = same.resolve(*node.input_types), same.resolve(*inputs)
    return before == node.operator and here != before
