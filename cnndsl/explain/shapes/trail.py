"""The layers that led to a value, as the author wrote them: what the labels and notes of an error tell of them."""

from __future__ import annotations

from itertools import takewhile

from ...diagnostics import Label
from ...elaborate.state import State
from ...ir import Node, Value
from ...ops import Shape, element_count, format_shape
from ...source import Span
from ...syntax import ast
from ...syntax.walk import walk
from ..context import Context

__all__ = ["Trail", "origin"]

_LONGEST = 64
_SHOWN_STEPS = 4


class Trail:
    """The layers before a value, the last first, as far as each reads one value; ``start`` is what the first one reads."""

    def __init__(self, context: Context, value: Value) -> None:
        assert context.state is not None
        self.state = state = context.state
        statements = (node for node in walk(context.tree.file) if isinstance(node, ast.Statement) and node.contract)
        self.asserted = {statement.action.span for statement in statements}
        self.value = value
        self.makers = {output: node for node in state.nodes for output in node.outputs}
        self.nodes: list[Node] = []
        while (node := self.makers.get(value)) is not None and len(node.inputs) == 1 and len(self.nodes) < _LONGEST:
            self.nodes.append(node)
            value = node.input
        self.start = value

    def notes(self) -> tuple[str, ...]:
        """How the shape came about: the last window, or the join before it, and the layers that changed a shape."""
        return (*(self._joined() or self._formulas()), *self._steps())

    def _formulas(self) -> tuple[str, ...]:
        """The formula of the last layer that has one."""
        found = ((node, node.operator.formulas(*node.input_types)) for node in self.nodes)
        node, formulas = next(((node, each) for node, each in found if each), (None, ()))
        return tuple(f"{self._call(node)}: {formula}" for formula in formulas) if node is not None else ()

    def _joined(self) -> tuple[str, ...]:
        """The sum that a `concat` makes of channels, if nothing has changed the shape since."""
        node = self.makers.get(self.start)
        if node is None or node.operator.name != "concat" or node.output.type.shape != self.value.type.shape:
            return ()
        channels = [type_.shape[0] for type_ in node.input_types]
        return (f"`concat` adds the channels up: {' + '.join(map(str, channels))} = {sum(channels)}",)

    def _steps(self) -> tuple[str, ...]:
        nodes = [*self.nodes[:1], *takewhile(lambda node: node.span not in self.asserted, self.nodes[1:])]
        changing = [node for node in nodes if node.output.type.shape != node.input.type.shape][:_SHOWN_STEPS]
        if len(changing) < 2:
            return ()
        steps = ", ".join(f"{self._call(node)} gives {node.output.type}" for node in reversed(changing))
        return (f"from {changing[-1].input.type}, {steps}",)

    def _call(self, node: Node) -> str:
        text = shown(self.state, node).text
        return f"`{text if text.isprintable() and len(text) <= _LONGEST else node.operator.name}`"

    def parting(self, sizes: Shape) -> tuple[Label, ...]:
        """The layer that made an image of these sizes smaller, unless it is the last, or one made it larger again."""
        counts = [
            element_count(node.output.type.shape[1:]) - element_count(node.input.type.shape[1:]) for node in self.nodes
        ]
        shrinking = [node for node, _ in takewhile(lambda each: each[1] <= 0, zip(self.nodes, counts, strict=True))]
        found = (node for node in shrinking if node.input.type.shape[1:] == sizes != node.output.type.shape[1:])
        node = next(found, None)
        if node is None or shown(self.state, node) == origin(self.state, self.value):
            return ()
        before, after = (format_shape(type_.shape[1:]) for type_ in (node.input.type, node.output.type))
        return (Label(shown(self.state, node), f"here {before} becomes {after}"),)


def shown(state: State, node: Node) -> Span:
    """Where the author sees a layer: if it is of a block in another file, such as `std`, where that is called."""
    span, block = node.span, node.block
    while block is not None and span.source is not state.network.span.source:
        span, block = block.span, block.parent
    return span


def origin(state: State, value: Value) -> Span | None:
    """Where the author sees a value come from."""
    node = next((node for node in reversed(state.nodes) if value in node.outputs), None)
    return shown(state, node) if node is not None else state.anchors.get(value)
