"""One walk of the elaborator through a network, for many sizes of its input at once."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress

from ..diagnostics import Diagnostics
from ..elaborate import network
from ..elaborate.scope import Place
from ..elaborate.state import Layer, State
from ..ir import Node, Value
from ..ops import Shape
from ..ops.geometry import WindowAxis
from ..problems import Problem, Sink, Stop, Written
from ..source import Span
from ..syntax import ast
from .affordable import affordable
from .candidates import Box, Field
from .size_set import SizeSet
from .where import where, where_equal

__all__ = ["Asked", "Walk", "as_node", "lost_rows", "written_input"]

Asked = tuple[int | None, ...]
"""The shape of an input; None for each extent that is asked about."""


def as_node(layer: Layer) -> Node:
    """A layer that may have been refused as a node that leads nowhere: for what writes nodes."""
    types = [value.type for value in layer.inputs]
    return Node(layer.path, layer.operator.resolve(*types), layer.inputs, (), layer.action.span)


def written_input(definition: ast.Definition, place: Place, sink: Sink) -> Asked | None:
    """The input of a network as it is written; None if a mistake was reported that comes before it."""
    found: list[Asked] = []

    def read(written: Written, span: Span) -> Shape:
        found.append(written)
        raise Stop

    network.expand(State(definition, place, sink, extents=read))
    return found[0] if found else None


class Walk:
    """One walk for the sizes of a field; it ends at the first mistake, and none of its sizes is legal then."""

    def __init__(
        self,
        definition: ast.Definition,
        place: Place,
        shape: Asked,
        box: Box,
        sink: Callable[[Diagnostics], Sink],
    ) -> None:
        self.diagnostics = Diagnostics()
        self.sink = sink(self.diagnostics)
        self.shape = shape
        self.field = Field(box)
        self.legal: list[Box] = []
        self._asserted: list[tuple[ast.Contract, Written, Value]] = []
        self._state = State(definition, place, self._stop, extents=self._extents, asserted=self._asserted)

    def go(self) -> None:
        """Walk, and keep what remains legal."""
        graph = network.expand(self._state)
        with suppress(Stop):
            if graph is not None and (self.field.axes or network.affordable(graph, self._state)):
                self.legal = affordable(graph, self.field)

    @property
    def nodes(self) -> list[Node]:
        """The layers that were not refused."""
        return self._state.nodes

    @property
    def layers(self) -> list[Layer]:
        """The layers as they are written, in order, up to one that is refused."""
        return self._state.layers

    @property
    def has_contracts(self) -> bool:
        """Whether shapes are asserted."""
        return bool(self._asserted)

    def lossless(self) -> SizeSet:
        """The legal sizes for which no window leaves rows of its input unread."""
        kept = SizeSet.of(self.rank, self.legal)
        for size, window in (each for node in self.nodes for each in _windows(node)):
            if kept and not (isinstance(window.stride, int) and window.stride == 1):  # a stride of 1 leaves none over
                extents = (size, *vars(window).values())
                boxes = where(self.field, extents, lambda size, *window: not WindowAxis(*window).lost(size))
                kept &= SizeSet.of(self.rank, boxes)
        return kept

    def contracts(self) -> SizeSet:
        """The legal sizes that give every shape that is asserted."""
        kept = SizeSet.of(self.rank, self.legal)
        for _, asserted, value in self._asserted:
            if len(asserted) != len(value.type.shape):
                return SizeSet(self.rank)
            for wanted, extent in zip(asserted, value.type.shape, strict=True):
                if wanted is not None and kept:
                    kept &= SizeSet.of(self.rank, where_equal(self.field, extent, wanted))
        return kept

    @property
    def rank(self) -> int:
        """How many extents are asked about."""
        return len(self.field.axes)

    def _extents(self, written: Written, span: Span) -> Shape:
        lines = iter(self.field.lines())
        return tuple(next(lines) if extent is None else extent for extent in self.shape)  # type: ignore[misc]

    def _stop(self, problem: Problem, state: State | None) -> None:
        if not self.field.axes:  # it is told for one size alone
            self.sink(problem, state)
        raise Stop


def lost_rows(node: Node) -> tuple[int, ...]:
    """How many rows of its input, and columns, lie after the last window of a node of known sizes."""
    return tuple(window.lost(size) for size, window in _windows(node))


def _windows(node: Node) -> list[tuple[int, WindowAxis]]:
    """The extent of the input and the window along each axis; none for a window that is 1x1, or where there is no window."""
    window = node.operator.window()
    if window is None or set(window.kernel_size) == {1}:
        return []
    return [(size, window.along(axis)) for axis, size in enumerate(node.input.type.shape[1:])]
