"""The layers of a network in which there is a problem, and which numbers of the text the attributes of each hang on.

Every place knows what bound its variables, so that the way from an attribute to these numbers is exact.
"""

from __future__ import annotations

from collections.abc import Iterator

from ...elaborate.scope import Origin, Place
from ...elaborate.state import State
from ...ir import Node, Value
from ...ops import Operator
from ...problems import Problem, Refused
from ...syntax import ast
from ...syntax.walk import walk
from .literals import Key, literals

__all__ = ["Network"]

_MOST_LAYERS = 6_000


class Network:
    """The layers that an elaboration tried, up to the problem and beyond.

    ``refused`` is the one that refused its input: it stands among the others, and its output has a type that means nothing.
    """

    def __init__(self, problem: Problem, state: State) -> None:
        assert state.input is not None
        self.problem = problem
        self.state = state
        self.input = state.input
        self.refused: Node | None = None
        self.left = _MOST_LAYERS
        """How many layers may be inferred in all."""
        self.operators: dict[Node, Operator] = {}
        """The operator of each layer as it is written."""
        self.places: dict[Node, Place] = {}
        """What the names mean in the arguments of each layer that has some."""
        self._note_layers()
        self.nodes = tuple(self.operators)
        self.parameter_count = sum(node.parameter_count for node in self.nodes if node is not self.refused)
        self.tree = tuple(self._walked())
        """Each node of the syntax of the network and of the blocks that it may call."""
        blocks = {name: block.definition for name, block in state.library.blocks.items()}
        source = state.network.span.source
        self.literals = literals((node for node in self.tree if node.span.source is source), blocks)
        self.arguments = {node.span: node.value for node in self.tree if isinstance(node, ast.Argument)}
        self.uses: dict[Key, list[tuple[int, str]]] = {}
        """The layers that each number of the text goes into, with the attribute of each."""
        for place, node in enumerate(self.nodes):
            for name in node.operator.attributes():
                for key in self._written(node, name):
                    self.uses.setdefault(key, []).append((place, name))
        around = state.anchors.get(self.input)
        of_input = (key for key, each in self.literals.items() if each.around == around and not each.name)
        self.input_key = next(of_input, None)

    def _walked(self) -> Iterator[ast.Syntax]:
        libraries = {id(place.library): place.library for place in (self.state.place, *self.places.values())}
        blocks = {id(block.definition): block for library in libraries.values() for block in library.blocks.values()}
        for definition in (self.state.network, *(block.definition for block in blocks.values())):
            yield from walk(definition)

    def _note_layers(self) -> None:
        problem = self.problem
        for layer in self.state.layers:
            node = layer.node
            if node is None and isinstance(problem, Refused) and layer.operator is problem.operator:
                output = Value(layer.inputs[0].type)
                node = Node(layer.path, layer.operator, layer.inputs, (output,), layer.span, problem.spans)
                self.refused = node
            if node is not None:
                self.operators[node] = layer.operator
            if node is not None and layer.place is not None:
                self.places[node] = layer.place

    def _written(self, node: Node, name: str) -> Iterator[Key]:
        """The number that an attribute of a layer is, under whatever names; none if it is computed."""
        if name not in node.attribute_spans:
            yield node.span, name
            return
        expression, place = self.arguments.get(node.attribute_spans[name]), self.places[node]
        while isinstance(expression, ast.Variable):
            origin = place.origin(expression.name)
            if origin is None:
                return
            if isinstance(origin.binder, ast.Parameter) and origin.place.block is not None:
                yield origin.place.block.span, expression.name
            expression, place = _part(origin, expression.name), origin.place
        if expression is not None:
            yield expression.span, ""


def _part(origin: Origin, name: str) -> ast.Expression | None:
    """The expression of what a name stands for."""
    expression, binder = origin.expression, origin.binder
    if isinstance(binder, ast.For):
        expression = _item(expression, origin.round)
    if isinstance(binder, ast.For | ast.Let) and binder.pattern.is_tuple:
        expression = _item(expression, [each.text for each in binder.pattern.names].index(name))
    return expression


def _item(expression: ast.Expression | None, place: int) -> ast.Expression | None:
    return expression.items[place] if isinstance(expression, ast.List | ast.Tuple) else None
