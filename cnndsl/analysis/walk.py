"""One walk of the elaborator through a network, for many sizes of its input at once."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from ..diagnostics import Diagnostic, Diagnostics
from ..elaborate import Library
from ..elaborate.expressions import EvaluationError
from ..elaborate.network import NetworkElaborator
from ..elaborate.place import Place
from ..elaborate.reporting import Stop
from ..elaborate.shapes import written_shape
from ..ir import Graph, Node, Value
from ..ops import Operator, Shape, TensorType
from ..ops.candidate_sets import where, where_equal
from ..ops.candidates import Box, Field
from ..ops.geometry import WindowAxis
from ..record import Record
from ..source import Span
from ..syntax import ast
from .affordable import affordable
from .size_set import SizeSet

__all__ = ["Asked", "FirstWalk", "Layer", "Walk", "lost_rows"]

Asked = tuple[int | None, ...]
"""The shape of an input; None for each extent that is asked about."""


class Layer(Record):
    """A layer that a walk has come to, as it is written, and what it is given."""

    path: str
    operator: Operator
    inputs: tuple[TensorType, ...]
    span: Span

    @property
    def node(self) -> Node:
        """The layer as a node that leads nowhere: for tables that write nodes."""
        values = tuple(map(Value, self.inputs))
        return Node(self.path, self.operator.resolve(*self.inputs), values, (), self.span)


class FirstWalk(NetworkElaborator):
    """Reads a network up to its input."""

    written: Asked | None = None

    def input_extents(self, written: Asked, span: Span) -> Shape | None:
        self.written = written
        raise Stop


class Walk(NetworkElaborator):
    """One walk for the sizes of a field; it ends at the first mistake, and none of its sizes is legal then."""

    def __init__(
        self, network: ast.Definition, values: Mapping[str, Any], library: Library, shape: Asked, box: Box
    ) -> None:
        super().__init__(network, values, library, Diagnostics())
        self.shape = shape
        self.field = Field(box)
        self.legal: list[Box] = []
        self.has_contracts = False
        self.layers: list[Layer] = []
        self._asserted: list[tuple[Asked, Shape]] = []

    def go(self) -> None:
        """Walk, and keep what remains legal."""
        try:
            graph = self.run()
        except Stop:
            return
        if graph is not None:
            self.legal = affordable(graph, self.field)

    def lossless(self) -> SizeSet:
        """The legal sizes for which no window leaves rows of its input behind."""
        kept = SizeSet.of(self.rank, self.legal)
        for size, window in (each for node in self.nodes for each in _windows(node)):
            if kept and not (isinstance(window.stride, int) and window.stride == 1):  # a stride of 1 leaves none behind
                boxes = where(self.field, (size, *window), lambda size, *window: not WindowAxis(*window).lost(size))
                kept &= SizeSet.of(self.rank, boxes)
        return kept

    def contracts(self) -> SizeSet:
        """The legal sizes that give every shape that is asserted."""
        kept = SizeSet.of(self.rank, self.legal)
        for asserted, shape in self._asserted:
            if len(asserted) != len(shape):
                return SizeSet(self.rank)
            for wanted, extent in zip(asserted, shape, strict=True):
                if wanted is not None and kept:
                    kept &= SizeSet.of(self.rank, where_equal(self.field, extent, wanted))
        return kept

    @property
    def rank(self) -> int:
        """How many extents are asked about."""
        return len(self.field.axes)

    # What a walk does otherwise

    def input_extents(self, written: Asked, span: Span) -> Shape | None:
        lines = iter(self.field.lines())
        return tuple(next(lines) if extent is None else extent for extent in self.shape)  # type: ignore[misc]

    def check_contract(self, contract: ast.Contract, place: Place) -> None:
        """Remember what is asserted; the walk goes on with the shape that is there."""
        if not isinstance(self.current, Value):
            super().check_contract(contract, place)
            return
        self.has_contracts = True
        try:
            self._asserted.append((written_shape(contract.shape, place.variables), self.current.type.shape))
        except EvaluationError as error:
            self.report(error.diagnostic)

    def apply_all(
        self,
        operator: Operator,
        inputs: tuple[Value, ...],
        path: str,
        action: ast.Call | ast.Residual | ast.Shortcut,
        place: Place,
        spans: Mapping[str, Span] | None = None,
    ) -> Node | None:
        """Remember every layer as it is written, the one that is refused too."""
        self.layers.append(Layer(path, operator, tuple(value.type for value in inputs), action.span))
        return super().apply_all(operator, inputs, path, action, place, spans)

    def report_made(self, make: Callable[[], Diagnostic]) -> None:
        """What would help is worked out for one size alone."""
        if self.field.axes:
            raise Stop
        super().report_made(make)

    def report(self, diagnostic: Diagnostic | None) -> None:
        super().report(diagnostic)
        raise Stop

    def within_limits(self, graph: Graph) -> Graph | None:
        """The count of parameters may differ between the sizes of a walk, and :func:`affordable` tells them apart."""
        return graph if self.field.axes else super().within_limits(graph)


def lost_rows(node: Node) -> tuple[int, ...]:
    """How many rows of its input, and columns, lie behind the last window of a node of known sizes."""
    return tuple(window.lost(size) for size, window in _windows(node))


def _windows(node: Node) -> list[tuple[int, WindowAxis]]:
    """The extent of the input and the window along each axis; none for a window that is 1x1, or where there is no window."""
    window = node.operator.window()
    if window is None or set(window.kernel_size) == {1}:
        return []
    return [(size, window.along(axis)) for axis, size in enumerate(node.input.type.shape[1:])]
