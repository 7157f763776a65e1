"""The networks of a file: found by name, built at their settings, and compared with what they expect of themselves."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .. import problems
from ..ir import Graph
from ..ops import Shape
from ..ops.free_size import free_shape
from ..problems import Sink, Written
from ..source import Span
from ..syntax import ast
from .evaluate import EvaluationError
from .expectations import Watcher, check_expectations
from .network import affordable, expand
from .settings import parameters
from .shapes import matches
from .state import State
from .values import Library

__all__ = ["elaborate_network", "find_network"]


def find_network(file: ast.File, name: str | None, sink: Sink, *, whole: bool = True) -> ast.Definition | None:
    """The network of this name, or the first of the file; None, and a problem unless the file is a library of blocks.

    If the file is not ``whole``, a network may be in what could not be read, and none is missed.
    """
    first: dict[str, ast.Definition] = {}
    for network in file.networks:
        text = network.name.text
        earlier = first.setdefault(text, network)
        if earlier is not network:
            sink(problems.DefinedTwice(network.name.span, earlier.name.span, network, earlier), None)
    found = next(iter(first.values()), None) if name is None else first.get(name)
    if found is None and whole:
        start = Span(file.span.source, 0, 0)
        if name is not None:
            sink(problems.UnknownNetwork(start, name, tuple(first)), None)
        elif not file.blocks:
            sink(problems.NoNetwork(start), None)
    return found


def elaborate_network(
    network: ast.Definition,
    settings: Mapping[str, Any],
    library: Library,
    sink: Sink,
    input_shape: Shape | None = None,
    expectations: bool = True,
    watch: Watcher | None = None,
) -> Graph | None:
    """The graph of a network at these settings, or None; every ``expect`` is compared at the settings that it names.

    ``input_shape`` takes the place of its input: of the free extents, or of the whole, and then what is asserted and expected
    at the size that is written does not apply. Without ``expectations`` none is looked at, which saves the variants that they
    name. ``watch`` is shown each graph as it is built.
    """
    place = parameters(network, settings, library, sink)
    if place is None:
        return None

    def extents(written: Written, span: Span) -> Shape:
        if input_shape is None:
            return free_shape(written)
        if len(input_shape) != len(written):
            raise EvaluationError(problems.OtherInput(span, input_shape, written))
        if not matches(written, input_shape):
            state.asserted = []
        return input_shape

    state = State(network, place, sink, extents=extents)
    graph = expand(state)
    if graph is None or not affordable(graph, state):
        return None
    if watch is not None:
        watch(graph)
    if expectations and state.asserted is None:
        check_expectations(state, graph, watch)
    return graph
