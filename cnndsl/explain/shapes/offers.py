"""What may have been meant where shapes or figures are wrong, in words: edits that are still to be tried on the text.

Other numbers are inferred over the network that is there (:mod:`.goals`), and those that end the problem are offered. The
layers that are inferred are counted, so that no search keeps anyone waiting.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from ...diagnostics import Edit, Fix
from ...diagnostics.fixing import apply_edits
from ...diagnostics.kinds import shapes
from ...elaborate.state import State
from ...ops import format_shape
from ...ops.free_size import is_free
from ...problems import ContractBroken, FiguresOff, GivenTwice, OfResidual, OutputOff, Problem, Refused
from ...source import Span
from ...syntax import ast
from ..edits import insertion
from ..trial import Offer
from .goals import Goal
from .literals import Literal, removal
from .network import Network
from .search import Guess, guesses

__all__ = ["offers"]

_OF_SHAPES = (ContractBroken, FiguresOff, OfResidual, OutputOff, Refused)
_LONGEST = 64
_LONGEST_TEXT, _MOST_LAYERS = 50_000, 3_000
"""Nobody waits for what is meant by more."""


def offers(problem: Problem, state: State | None) -> Iterator[Offer]:
    """Edits that may end a problem, the likeliest first."""
    if isinstance(problem, GivenTwice):
        for span in (problem.first, problem.span):
            yield Offer(1.0, Fix(f"remove `{span.text}`", (Edit(removal(span), ""),)))
    if len(problem.span.source.text) > _LONGEST_TEXT:
        return
    repeated = tuple(_repeated_lines(problem.span))
    if _is_of_shapes(problem, state):
        assert state is not None
        yield from _of_shapes(problem, state, repeated)
    else:
        yield from (offer for offer in repeated[:1] if offer.cost < 1)


def _is_of_shapes(problem: Problem, state: State | None) -> bool:
    """Whether numbers can be looked for."""
    if state is None or state.input is None or not isinstance(problem, _OF_SHAPES):
        return False
    if isinstance(problem, FiguresOff) and _expected(problem, state) is None:
        return False
    return not is_free(state.input.type.shape) and len(state.layers) <= _MOST_LAYERS


def _of_shapes(problem: Problem, state: State, others: tuple[Offer, ...]) -> Iterator[Offer]:
    network = Network(problem, state)
    goal = Goal(network, _expected(problem, state))
    ranked: list[Offer | Guess] = [*others, *_of_problem(network), *guesses(network, goal)]
    ranked.sort(key=lambda each: each.cost)
    found = (each if isinstance(each, Offer) else _offer(each, goal) for each in ranked)
    right = (each for each in found if each is not None)
    yield from right if goal.is_told else islice(right, 1)  # where nothing tells which one is meant


def _repeated_lines(span: Span) -> Iterator[Offer]:
    """One line less where it says the same as the line above, the nearest before a place first."""
    lines = [line + "\n" for line in span.source.text.split("\n")[: span.position[0]]]
    end = sum(map(len, lines))
    for number in range(len(lines), 1, -1):
        line, start = lines[number - 1], end - len(lines[number - 1])
        if line == lines[number - 2] and line.strip() and line.count("{") == line.count("}"):
            edit = Edit(Span(span.source, start, min(end, len(span.source.text))), "")
            said = f"line {number} repeats line {number - 1}: remove it"
            yield Offer(0.5 if number == len(lines) else 0.9, Fix(said, (edit,)))
        end = start


def _of_problem(network: Network) -> Iterator[Offer]:
    """The changes that a problem itself suggests, besides other numbers."""
    problem, shape, key = network.problem, network.input.type.shape, network.input_key
    if key is not None and len(shape) == 2:
        text = format_shape((1, *shape))
        yield Offer(0.6, Fix(f"an image has channels: `input {text}`", (Edit(key[0], text),)))
    if isinstance(problem, OfResidual) and problem.action.shortcut is None:
        end = problem.action.body.span.end
        edit = insertion(Span(problem.span.source, end, end), " shortcut projection")
        yield Offer(0.9, Fix("write `shortcut projection`", (edit,)))
    elif isinstance(problem, Refused) and problem.kind is shapes.WRONG_RANK and problem.operator.name == "dense":
        for node in network.tree:
            if isinstance(node, ast.Statement) and node.action is problem.action:
                yield Offer(1.5, Fix("write `flatten` before `dense`", (insertion(node.span, "flatten | "),)))


def _expected(problem: Problem, state: State) -> int | None:
    """The number of parameters that is expected of the network as it was built, if that is the problem."""
    figures = problem.figures if isinstance(problem, FiguresOff) else ()
    here = (each for each in figures if each.is_exact and each.graph.settings == state.settings)
    counts = (each.expected for each in here if each.expect.quantity.text == "params")
    return next((count for count in counts if isinstance(count, int)), None)


def _offer(guess: Guess, goal: Goal) -> Offer | None:
    """Numbers in words, if they end the problem: what to write, where, and what is there then."""
    type_ = goal.result(guess.literal.key, guess.values)
    if type_ is None:
        return None
    problem, edit = goal.network.problem, guess.literal.edit(guess.values)
    line = edit.span.position[0]
    where = "" if line == problem.span.position[0] else f" on line {line}"
    gives = f"{problem.first.expected:,}" if isinstance(problem, FiguresOff) else type_
    return Offer(guess.cost, Fix(f"{_edited(guess.literal, edit)}{where} gives {gives}", (edit,)))


def _edited(literal: Literal, edit: Edit) -> str:
    """The call or line with the edit in it, or the new text alone where that would be long."""
    start, source = literal.around.start, literal.around.source
    inside = edit.replace(span=Span(source, edit.span.start - start, edit.span.end - start))
    text = apply_edits(literal.around.text, (inside,)).strip()
    is_short = "\n" not in text and len(text) <= _LONGEST
    return f"`{text}`" if is_short else f"`{edit.replacement}` in place of `{edit.span.text}`"
