"""``expect params = 61_706``: what a network says of itself as a whole, at its defaults or at named settings."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Protocol

from .. import problems
from ..ir import Graph
from ..ops.free_size import Undecided
from ..source import Span
from ..syntax import ast
from .budget import MAX_VARIANTS
from .counting import count_expansion
from .evaluate import EvaluationError, compare, evaluate, evaluate_argument
from .network import expand
from .scope import Place
from .settings import parameters
from .shapes import matches, written_shape
from .state import State

__all__ = ["MAX_VARIANT_OPERATORS", "Watcher", "check_expectations"]

MAX_VARIANT_OPERATORS = 10_000  # of all variants together

_QUANTITIES: dict[str, Callable[[Graph], int]] = {
    "params": lambda graph: graph.parameter_count,
    "macs": lambda graph: graph.macs,
}


class Watcher(Protocol):
    """Is shown a graph at the defaults, or at the settings that an expectation names."""

    def __call__(self, graph: Graph, *, expectation: Span | None = None) -> None: ...


def check_expectations(state: State, graph: Graph, watch: Watcher | None) -> None:
    """Compare all that a network expects with its graph, and with those at the settings that the expectations name.

    Each variant is built once and let go, while all are of a fair size together. ``--set`` breaks no expectation.
    """
    variants: dict[str, tuple[Place | None, list[ast.Expect]]] = {_key(graph.settings): (None, [])}
    for expect in state.expectations:
        place = _place(expect, state)
        if place is None:
            continue
        key = _key(place.variables)
        if key not in variants and len(variants) > MAX_VARIANTS:
            state.report(problems.TooMany(expect.span, "variants", MAX_VARIANTS))
            break
        variants.setdefault(key, (place, []))[1].append(expect)
    off: list[problems.Figure] = []
    operators = 0
    for place, expected in variants.values():
        operators += count_expansion(state.network.body, place).operators if place else 0
        if operators > MAX_VARIANT_OPERATORS:
            if not off:
                state.report(problems.TooMany(expected[0].span, "operators in its variants", MAX_VARIANT_OPERATORS))
            break
        variant = graph if place is None else _build(state, place, expected[0], watch)
        off += [] if variant is None else _compared(expected, variant, state)
    _report(off, state)


def _key(values: Mapping[str, Any]) -> str:
    return ", ".join(f"{name}={type(value).__name__}:{value!r}" for name, value in sorted(values.items()))


def _place(expect: ast.Expect, state: State) -> Place | None:
    """The place of the network's body at the settings that an expectation names, or None if a mistake was reported."""
    written: dict[str, ast.Setting] = {}
    for setting in expect.settings:
        name = setting.name
        if name.text in written:
            state.report(problems.GivenTwice(name.span, written[name.text].name.span, name.text))
            return None
        written[name.text] = setting
    try:
        settings = {name: evaluate_argument(setting.value, {}) for name, setting in written.items()}
    except EvaluationError as error:
        state.report(error.problem)
        return None
    return parameters(state.network, settings, state.library, state.sink, written)


def _build(state: State, place: Place, expect: ast.Expect, watch: Watcher | None) -> Graph | None:
    graph = expand(State(state.network, place, state.sink, expectation=expect))
    if graph is not None and watch is not None:
        watch(graph, expectation=expect.span)
    return graph


def _compared(expectations: Iterable[ast.Expect], graph: Graph, state: State) -> list[problems.Figure]:
    """The figures that are off; what else is wrong is reported."""
    off: list[problems.Figure] = []
    for expect in expectations:
        try:
            off += _compare(expect, graph, state)
        except EvaluationError as error:
            state.report(error.problem)
        except Undecided:
            state.report(problems.Undecided(expect.quantity.span))
    return off


def _compare(expect: ast.Expect, graph: Graph, state: State) -> list[problems.Figure]:
    name = expect.quantity.text
    if name == "output":
        _compare_output(expect, graph, state)
        return []
    if name not in _QUANTITIES:
        state.report(problems.UnknownQuantity(expect.quantity.span, expect, (*_QUANTITIES, "output")))
        return []
    expected, found = evaluate(expect.value, graph.settings), _QUANTITIES[name](graph)
    if not isinstance(found, int):
        raise Undecided
    operator = "==" if expect.comparison == "=" else expect.comparison
    return [] if compare(operator, found, expected, expect.value) else [problems.Figure(expect, expected, found, graph)]


def _compare_output(expect: ast.Expect, graph: Graph, state: State) -> None:
    if expect.comparison not in ("=", "=="):
        state.report(problems.ShapeHasNoOrder(expect.quantity.span, expect))
        return
    written = written_shape(expect.value, graph.settings)
    if not matches(written, graph.output.type.shape):
        state.report(problems.OutputOff(expect.value.span, expect, written, graph))


def _report(off: list[problems.Figure], state: State) -> None:
    """Report figures: all numbers that were to be met as one mistake of the network, each bound that is broken alone."""
    exact = tuple(figure for figure in off if figure.is_exact)
    bounds = [(figure,) for figure in off if not figure.is_exact]
    for figures in (exact, *bounds) if exact else bounds:
        state.report(problems.FiguresOff(figures[0].expect.value.span, figures))
