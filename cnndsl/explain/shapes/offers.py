"""What may have been meant where shapes or figures are wrong, in words: edits that are still to be tried on the text."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from ...diagnostics import Edit, Fix
from ...diagnostics.fixing import apply_edits
from ...elaborate.state import State
from ...ops.free_size import is_free
from ...problems import ContractBroken, FiguresOff, GivenTwice, OfResidual, OutputOff, Problem, Refused
from ...source import Span
from ..trial import Offer
from .goals import Goal
from .literals import removal
from .network import Network
from .particular import particular_moves, repeated_lines
from .search import Move, found_moves

__all__ = ["offers"]

_OF_SHAPES = (ContractBroken, FiguresOff, OfResidual, OutputOff, Refused)
_LONGEST = 64
_LONGEST_TEXT, _MOST_LAYERS = 50_000, 3_000
"""Nobody waits for what is meant by more."""


def offers(problem: Problem, state: State | None, *, only: bool) -> Iterator[Offer]:
    """Edits that may end a problem, the likeliest first; with ``only`` there is no other in the text."""
    repeated = repeated_lines(problem.span)
    yield from (Offer(move.cost, Fix(move.advice, move.edits)) for move in repeated[:1] if move.around == problem.span)
    if isinstance(problem, GivenTwice):
        for span in (problem.first, problem.span):
            yield Offer(1.0, Fix(f"remove `{span.text}`", (Edit(removal(span), ""),)))
    if state is None or not isinstance(problem, _OF_SHAPES) or len(problem.span.source.text) > _LONGEST_TEXT:
        return
    if state.input is None or is_free(state.input.type.shape) or len(state.layers) > _MOST_LAYERS:
        return
    expected = _expected(problem, state) if isinstance(problem, FiguresOff) else None
    if isinstance(problem, FiguresOff) and expected is None:
        return
    network = Network(problem, state)
    goal = Goal(network, expected)
    found = found_moves(network, goal, (*repeated, *particular_moves(network)))
    for move in found if goal.is_told else islice(found, 1):  # where nothing tells which one is meant
        yield Offer(move.cost, Fix(_said(move, problem), move.edits))


def _expected(problem: FiguresOff, state: State) -> int | None:
    """The number of parameters that is expected of the network as it was built."""
    here = (each for each in problem.figures if each.is_exact and each.graph.settings == state.settings)
    counts = (each.expected for each in here if each.expect.quantity.text == "params")
    return next((count for count in counts if isinstance(count, int)), None)


def _said(move: Move, problem: Problem) -> str:
    """An offer in words: what to write, where, and what is there then."""
    if move.advice:
        return move.advice
    line = move.edits[0].span.position[0]
    text = _edited(move) + ("" if line == problem.span.position[0] else f" on line {line}")
    if isinstance(problem, FiguresOff):
        figures = " and ".join(f"{each.expected:,}" for each in problem.figures if each.graph is problem.first.graph)
        return f"with {text} it would be {figures}"
    return f"{text} gives {move.type}"


def _edited(move: Move) -> str:
    """The call or line with the edits in it, or the new text alone where that would be long."""
    start, source = move.around.start, move.around.source
    inside = [edit.replace(span=Span(source, edit.span.start - start, edit.span.end - start)) for edit in move.edits]
    text = apply_edits(move.around.text, inside).strip()
    if "\n" not in text and len(text) <= _LONGEST:
        return f"`{text}`"
    return " and ".join(f"`{edit.replacement}` in place of `{edit.span.text}`" for edit in move.edits)
