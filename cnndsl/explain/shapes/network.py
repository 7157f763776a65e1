"""The layers of a network in which there is a problem, and which numbers of the text the attributes of each hang on.

Every place knows what bound its variables, so that the way from an attribute to these numbers is exact.
"""

from __future__ import annotations

from collections.abc import Iterator

from ...elaborate.scope import Place
from ...elaborate.shapes import matches
from ...elaborate.state import State
from ...ir import Block, Node, Value
from ...ops import Operator, TensorType
from ...problems import Problem, Refused, Written
from ...source import Span
from ...syntax import ast
from ...syntax.walk import walk
from .literals import Key, literals, written

__all__ = ["Network", "Run"]

Run = tuple[Operator, tuple[TensorType, ...], TensorType]
"""An operator, what it is given, and its first output."""

_MOST_LAYERS = 6_000


class Network:
    """The layers that an elaboration tried, up to the problem and beyond. ``refused`` is the one that refused its input: it
    stands among the others and has no output.
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
        self.makers = {value: place for place, node in enumerate(self.nodes) for value in node.outputs}
        self.tree = tuple(self._walked())
        """Each node of the syntax of the network and of the blocks that it may call."""
        blocks = {name: block.definition for name, block in state.library.blocks.items()}
        source = state.network.span.source
        self.literals = literals((node for node in self.tree if node.span.source is source), blocks)
        self.arguments = {node.span: node.value for node in self.tree if isinstance(node, ast.Argument)}
        self._sources: dict[tuple[Span, int], frozenset[Key]] = {}
        self.uses: dict[Key, list[tuple[int, str]]] = {}
        """The layers that each number of the text goes into, with the attribute of each."""
        for place, node in enumerate(self.nodes):
            for name in node.operator.attributes():
                for key in self.sources_of(node, name):
                    self.uses.setdefault(key, []).append((place, name))
        self.held = dict(self._held())
        """What is asserted of values, rightly."""
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
                node = self.refused = Node(layer.path, layer.operator, layer.inputs, (), layer.span, problem.spans)
            if node is not None:
                self.operators[node] = layer.operator
            if node is not None and layer.place is not None:
                self.places[node] = layer.place

    def sources_of(self, node: Node, name: str) -> frozenset[Key]:
        """The numbers that an attribute of a layer hangs on."""
        if name in node.attribute_spans:
            expression = self.arguments.get(node.attribute_spans[name])
            return self.sources(expression, self.places[node]) if expression is not None else frozenset()
        key = (node.span, name)
        return frozenset([key] if key in self.literals else ())

    def sources(self, expression: ast.Expression, place: Place) -> frozenset[Key]:
        """The numbers that the value of an expression hangs on."""
        known = (expression.span, id(place))
        if known not in self._sources:
            self._sources[known] = frozenset(key for node in walk(expression) for key in self._of(node, place))
        return self._sources[known]

    def _of(self, node: ast.Syntax, place: Place) -> Iterator[Key]:
        if (node.span, "") in self.literals:
            yield node.span, ""
        origin = place.origin(node.name) if isinstance(node, ast.Variable) else None
        if origin is not None and isinstance(origin.binder, ast.Parameter) and origin.place.block is not None:
            left_out = (origin.place.block.span, origin.binder.name.text)
            yield from (left_out,) if left_out in self.literals else ()
        if origin is not None and origin.expression is not None:
            yield from self.sources(origin.expression, origin.place)

    def _held(self) -> Iterator[tuple[Value, Written]]:
        """What contracts assert in numbers alone, as far as it is right."""
        asserted: dict[Span, Written] = {}
        for node in self.tree:
            if isinstance(node, ast.Statement) and node.contract is not None:
                asserted |= dict.fromkeys((node.span, node.action.span), written(node.contract.shape))
        last: dict[Node | Block, tuple[Value, Written]] = {}
        for layer in self.nodes:
            around: tuple[Node | Block, ...] = (layer, *(layer.block.chain if layer.block else ()))
            made = [each for each in around if each.span in asserted and layer.outputs]
            last |= {each: (layer.output, asserted[each.span]) for each in made}
        return (each for each in last.values() if matches(each[1], each[0].type.shape))
