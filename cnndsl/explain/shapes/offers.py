"""What may have been meant where shapes or figures are wrong, in words: edits that are still to be tried on the text."""

from __future__ import annotations

from collections.abc import Iterator

from ...diagnostics import Edit, Fix
from ...diagnostics.mending import apply_edits
from ...elaborate.state import State
from ...ops.extent import is_free
from ...problems import ContractBroken, FiguresOff, GivenTwice, OfResidual, OutputOff, Problem, Refused
from ...source import Span
from ...syntax import ast
from ..trial import Offer
from .goals import Goal
from .literals import removal
from .moves import Move, repeated_line
from .particular import particular_moves
from .retrace import Network, elaborated_again
from .search import Found, find_moves

__all__ = ["offers"]

_OF_SHAPES = (ContractBroken, FiguresOff, OfResidual, OutputOff, Refused)
_LONGEST = 64
_LONGEST_TEXT, _MOST_LAYERS = 50_000, 3_000
"""Nobody waits for what is meant by more."""
_GUESSES = 1
"""How many changes are tried where nothing tells which one is meant."""


def offers(problem: Problem, state: State | None, *, only: bool) -> Iterator[Offer]:
    """Edits that may end a problem, the likeliest first; with ``only`` there is no other in the text."""
    repeated = repeated_line(problem.span)
    if repeated is not None:
        yield Offer(repeated.cost, Fix(repeated.advice, repeated.edits))
    if isinstance(problem, GivenTwice):
        for span in (problem.first, problem.span):
            yield Offer(1.0, Fix(f"remove `{span.text}`", (Edit(removal(span), ""),)))
    if state is None or not isinstance(problem, _OF_SHAPES) or len(problem.span.source.text) > _LONGEST_TEXT:
        return
    network = elaborated_again(problem, state) if len(state.layers) <= _MOST_LAYERS else None
    if network is None or is_free(network.input.type.shape):
        return
    goal = Goal(network, problem, _expected(network, problem, only), only=only)
    if isinstance(problem, FiguresOff) and not goal.expected:
        return
    every = find_moves(network, goal, particular_moves(network, problem))
    for found in every if goal.is_told else every[:_GUESSES]:
        yield Offer(found.move.cost, Fix(_said(found, problem), found.move.edits))


def _expected(network: Network, problem: Problem, only: bool) -> dict[str, int]:
    """The figures that are expected exactly of the network at the settings that it was built for."""
    built_for = problem.first.expect if isinstance(problem, FiguresOff) else network.state.expectation
    settings = [setting.span.text for setting in built_for.settings] if built_for else []
    expects = network.state.expectations if only or isinstance(problem, FiguresOff) else []
    found = {
        expect.quantity.text: expect.value.value
        for expect in reversed(expects)
        if expect.comparison in ("=", "==") and isinstance(expect.value, ast.Number)
        if expect.quantity.text in ("params", "macs") and [each.span.text for each in expect.settings] == settings
        if isinstance(expect.value.value, int)
    }
    return dict(sorted(found.items(), reverse=True))  # parameters, which take less work to count, before macs


def _said(found: Found, problem: Problem) -> str:
    """An offer in words: what to write, where, and what is there then."""
    move, line = found.move, found.move.edits[0].span.position[0]
    if move.advice:
        return move.advice
    text = (move.text or _edited(move)) + ("" if line == problem.span.position[0] else f" on line {line}")
    if found.type is None:
        return f"with {text} everything agrees"
    if isinstance(problem, FiguresOff):
        figures = " and ".join(f"{each.expected:,}" for each in problem.figures if each.graph is problem.first.graph)
        return f"with {text} it would be {figures}"
    return f"{text} gives {found.type}"


def _edited(move: Move) -> str:
    """The call or line with the edits in it, or the new text alone where that would be long."""
    start, source = move.around.start, move.around.source
    inside = [edit.replace(span=Span(source, edit.span.start - start, edit.span.end - start)) for edit in move.edits]
    text = apply_edits(move.around.text, inside).strip()
    if "\n" not in text and len(text) <= _LONGEST:
        return f"`{text}`"
    return " and ".join(f"`{edit.replacement}` in place of `{edit.span.text}`" for edit in move.edits)
