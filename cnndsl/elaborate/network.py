"""One network from its syntax tree: all rules together, within the limits."""

from __future__ import annotations

from .. import problems
from ..ir import Graph, Value
from ..problems import Stop
from . import contracts, flow, residual, statements
from .budget import MAX_OPERATORS, MAX_PARAMETERS, MAX_STATEMENTS
from .counting import count_expansion
from .state import State
from .values import SEVERAL

__all__ = ["affordable", "expand"]

_RULES = (contracts, flow, residual, statements)  # which register theirs when they are imported


def expand(state: State) -> Graph | None:
    """The graph of a network at the parameters of its place, or None if a mistake was reported."""
    try:
        _expand(state)
    except Stop:
        return None
    if state.failed or state.input is None or not isinstance(state.current, Value):
        return None
    name, doc = state.network.name.text, state.network.doc
    return Graph(name, state.input, tuple(state.nodes), state.current, state.settings, doc, tuple(state.heads))


def _expand(state: State) -> None:
    network = state.network
    try:
        count = count_expansion(network.body, state.place)
        if count.operators > MAX_OPERATORS:
            state.stop(problems.TooMany(network.name.span, "operators", MAX_OPERATORS))
        if count.statements > MAX_STATEMENTS:
            state.stop(problems.TooMany(network.name.span, "statements", MAX_STATEMENTS))
        state.body(network.body, state.place)
    except RecursionError:
        state.stop(problems.TooDeep(network.name.span, "statements are nested too deeply"))
    if not state.started:
        state.report(problems.NoInput(network.name.span, network))
    elif state.current is SEVERAL:
        state.report(problems.NoOutput(network.body.statements[-1].action.span, network))


def affordable(graph: Graph, state: State) -> bool:
    """Whether a graph has no more parameters than it may; if not, that is reported."""
    if graph.parameter_count <= MAX_PARAMETERS:
        return True
    state.report(problems.TooManyParameters(state.network.name.span, graph.parameter_count, MAX_PARAMETERS))
    return False
