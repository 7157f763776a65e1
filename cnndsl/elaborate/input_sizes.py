"""The size of the input with which a shape far down the network would be the one asserted, searched by trying."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from ..diagnostics import Edit
from ..ir import Node, Value
from ..ops import OperatorError, TensorType, format_shape
from ..ops.extent import Undecided, is_free
from ..source import Span
from .resized import may_pad_otherwise
from .shapes import matches
from .way import Way

if TYPE_CHECKING:
    from .network import NetworkElaborator

__all__ = ["input_giving"]

_LARGEST = 1024
_MOST_LAYERS = 10_000
"""Layers inferred in one search, so that help never keeps anyone waiting."""
_COMMON = (224, 32, 28, 227, 299, 256, 64, 96, 128, 384, 512)
"""Sizes that data sets and published networks have: of several that would do, these are meant."""


def input_giving(network: NetworkElaborator, value: Value, wanted: tuple[int | None, ...]) -> Way | None:
    """A square input with which a value would have the wanted shape, if nothing asserted before speaks against it."""
    input_ = network.input
    if input_ is None or len(input_.type.shape) != 3 or is_free(input_.type.shape) or value is input_:
        return None
    span, text = network.spans[input_], format_shape(input_.type.shape)
    place = span.text.find(text)
    nodes = _leading_to(network, value)
    if place < 0 or not nodes or any(node.output in network.asserted for node in nodes):
        return None
    size = _Search(nodes, input_, value, wanted).size()
    if size is None:
        return None
    written = format_shape((input_.type.shape[0], size, size))
    where = Span(span.source, span.start + place, span.start + place + len(text))
    shown = "x".join("?" if extent is None else str(extent) for extent in wanted)
    return Way(f"an input of {written} gives {shown}", (Edit(where, written),))


def _leading_to(network: NetworkElaborator, value: Value) -> list[Node]:
    """The layers that a value is made by, in order."""
    needed = {value}
    nodes = []
    for node in reversed(network.nodes):
        if not needed.isdisjoint(node.outputs):
            needed.update(node.inputs)
            nodes.append(node)
    return nodes[::-1]


class _Search:
    """Halves what is left: extents grow with the input."""

    def __init__(self, nodes: Sequence[Node], input_: Value, value: Value, wanted: tuple[int | None, ...]) -> None:
        self.nodes = nodes
        self.input = input_
        self.value = value
        self.wanted = wanted
        self.left = _MOST_LAYERS

    def size(self) -> int | None:
        common = next((size for size in _COMMON if self.fits(size)), None)
        return common if common is not None else self._least()

    def _least(self) -> int | None:
        goal = next((extent for extent in self.wanted[1:] if extent is not None), None)
        if goal is None:
            return None
        low, high = 1, _LARGEST
        while low < high:
            middle = (low + high) // 2
            shape = self.shape(middle)
            low, high = (low, middle) if shape and shape[1:] and shape[1] >= goal else (middle + 1, high)
        return low if self.fits(low) else None

    def fits(self, size: int) -> bool:
        shape = self.shape(size)
        return shape is not None and matches(self.wanted, shape)

    def shape(self, size: int) -> tuple[int, ...] | None:
        """The shape of the value at a size; None if the network cannot be told there."""
        self.left -= len(self.nodes)
        if self.left < 0:
            return None
        types = {self.input: TensorType((self.input.type.shape[0], size, size))}
        try:
            for node in self.nodes:
                inputs = tuple(types[value] for value in node.inputs)
                if may_pad_otherwise(node, inputs):
                    return None
                types.update(zip(node.outputs, node.operator.outputs(*inputs), strict=True))
        except (OperatorError, Undecided, KeyError):
            return None
        return types[self.value].shape
