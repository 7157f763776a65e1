"""The network in which a problem was found, elaborated once more: with numbers that are traced, and contracts put down.

What a change of the text would do is inferred over it by :mod:`.rerun`.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator

from ...elaborate.network import expand
from ...elaborate.scope import Scope
from ...elaborate.settings import parameters
from ...elaborate.shapes import matches
from ...elaborate.state import State
from ...elaborate.values import BlockReference, Library
from ...ir import Graph, Node, Value
from ...ops import Operator, TensorType
from ...problems import FiguresOff, Problem, Refused
from ...source import Source, Span
from ...syntax import ast
from .literals import Tracing
from .traced import plain, trace_of

__all__ = ["Network", "Run", "elaborated_again"]

Run = tuple[Operator, tuple[TensorType, ...], TensorType]
"""An operator, what it is given, and its first output."""

_MOST_LAYERS = 6_000


class Network:
    """The layers of an elaboration and what is asserted of them; ``trees`` are the definitions of the text.

    ``problem`` is the one looked for, with traced values. If it is that a layer refused its input, ``refused`` is this layer:
    it stands among the others and has no output.
    """

    def __init__(
        self, state: State, graph: Graph | None, tracing: Tracing, trees: tuple[ast.Definition, ...], sink: _Sink
    ) -> None:
        assert state.input is not None
        self.state = state
        self.graph = graph
        self.trees = trees
        self.source = tracing.source
        self.literals = tracing.literals
        self.problem = sink.found
        self.labelled = sink.labelled
        self.input = state.input
        self.refused: Node | None = None
        self.traced = dict(self._layers())
        """The operator of each layer as it is written."""
        self.nodes = tuple(self.traced)
        values = {value for node in self.nodes for value in (*node.inputs, *node.outputs)} | {self.input}
        self.types = {value: value.type.replace(shape=plain(value.type.shape)) for value in values}
        self.makers = {value: place for place, node in enumerate(self.nodes) for value in node.outputs}
        self.uses: dict[int, list[tuple[int, str]]] = {}
        """The layers that each number of the text goes into, with the attribute of each."""
        self._note_uses()
        self.asserted = [(contract, plain(written), value) for contract, written, value in state.asserted or ()]
        self.held = {value: written for _, written, value in self.asserted if matches(written, self.types[value].shape)}
        self.left = _MOST_LAYERS
        """How many layers may be inferred in all."""
        self._starts = sorted(self._started())
        self._plain: dict[Node, Operator] = {}

    def _layers(self) -> Iterator[tuple[Node, Operator]]:
        for layer in self.state.layers:
            if layer.node is not None:
                yield layer.node, layer.operator
            elif isinstance(self.problem, Refused) and layer.operator is self.problem.operator:
                self.refused = Node(layer.path, layer.operator, layer.inputs, (), layer.span, self.problem.spans)
                yield self.refused, layer.operator

    def _note_uses(self) -> None:
        for place, (node, operator) in enumerate(self.traced.items()):
            for name, value in vars(operator).items():
                pools = name == "kernel_size" and node.operator.name.endswith("pool")
                for bit in _bits(trace_of(value)):
                    self.uses.setdefault(bit, []).append((place, "pool_size" if pools else name))

    def _started(self) -> Iterator[tuple[int, int]]:
        """Where in the text the calls begin that make each layer."""
        for place, node in enumerate(self.nodes):
            for span in (node.span, *(block.span for block in (node.block.chain if node.block else ()))):
                if span.source is self.source:
                    yield span.start, place

    def operator(self, node: Node) -> Operator:
        """The operator of a layer as it is written, with numbers that are not traced."""
        if node not in self._plain:
            operator = self.traced[node]
            self._plain[node] = operator.replace(**{name: plain(value) for name, value in vars(operator).items()})
        return self._plain[node]

    def run(self, node: Node) -> Run:
        """How a layer runs as the text is."""
        inputs = tuple(self.types[value] for value in node.inputs)
        return self.operator(node).resolve(*inputs), inputs, self.types[node.output]

    def places(self, span: Span) -> list[int]:
        """Which layers a stretch of the text makes, those of the blocks that it calls included."""
        first, end = bisect_left(self._starts, (span.start, 0)), bisect_left(self._starts, (span.end, 0))
        return sorted({place for _, place in self._starts[first:end]})


def _bits(mask: int) -> Iterator[int]:
    while mask:
        bit = mask.bit_length() - 1
        yield bit
        mask -= 1 << bit


def elaborated_again(problem: Problem, state: State) -> Network | None:
    """The network of a state with the problem in it; None if its blocks call each other in a circle, or it has no input."""
    try:
        return _elaborated(problem, state)
    except RecursionError:
        return None  # which has been reported


def _elaborated(problem: Problem, state: State) -> Network | None:
    source = state.network.span.source
    blocks = {name: block.definition for name, block in state.library.blocks.items()}
    if state.library.recursive:
        return None
    tracing = Tracing(source, blocks)
    library = _traced_library(state.library, tracing, source)
    network = tracing.tree(state.network)
    sink = _Sink(problem)
    defaults = parameters(network, {}, library, sink)
    known = defaults.variables if defaults is not None else {}
    settings = problem.first.graph.settings if isinstance(problem, FiguresOff) else state.settings
    given = {name: value for name, value in settings.items() if name not in known or known[name] != value}
    place = parameters(network, given, library, sink)
    if place is None:
        return None
    again = State(network, place, sink, extents=state.extents, asserted=[], expectation=state.expectation)
    graph = expand(again)
    own = tuple(definition for definition in blocks.values() if definition.span.source is source)
    return Network(again, graph, tracing, (state.network, *own), sink) if again.input is not None else None


def _traced_library(library: Library, tracing: Tracing, source: Source) -> Library:
    traced = Library()
    traced.missing, traced.places = library.missing, library.places
    for name, block in library.blocks.items():
        is_own = block.definition.span.source is source
        traced.blocks[name] = BlockReference(tracing.tree(block.definition), traced) if is_own else block
    return traced


class _Sink:
    """Waits for a problem of the same sort at the same place, and goes on."""

    def __init__(self, wanted: Problem) -> None:
        self.wanted = wanted
        self.found: Problem | None = None
        self.labelled: dict[str, Value] = {}
        """The values that had names there."""

    def __call__(self, problem: Problem, state: State | None) -> None:
        if self.found is None and type(problem) is type(self.wanted) and problem.span == self.wanted.span:
            self.found = problem
            scope = state.place.scope if state is not None else Scope()
            values = {name: scope.find(name)[1] for name in scope.visible()}
            self.labelled = {name: value for name, value in values.items() if value is not None}
