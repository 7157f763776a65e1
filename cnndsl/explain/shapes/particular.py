"""Changes that only one sort of problem suggests: a shortcut, a layer for the rank that is there, channels of an input."""

from __future__ import annotations

from collections.abc import Iterator

from ...diagnostics import Edit
from ...diagnostics.kinds import shapes
from ...ops import OPERATORS, format_shape
from ...problems import OfResidual, Refused
from ...source import Span
from ...syntax import ast
from ..edits import insertion
from .network import Network
from .search import Move

__all__ = ["particular_moves", "repeated_lines"]

_MOST_LINES, _MOST_REPEATED = 200, 4
_COLOURS = (1, 3, 4)


def repeated_lines(span: Span) -> list[Move]:
    """The line of a place less, if it says the same as the line above, or another one above it, the nearest first."""
    last, text = span.position[0], span.source.text
    start, end = span.start - span.position[1] + 1, span.source.rest_of_line(span.start)[1]
    found: list[Move] = []
    for number in range(last, max(last - _MOST_LINES, 1), -1):
        above, line = text.rfind("\n", 0, start - 1) + 1, text[start:end]
        if text[above : start - 1] == line and line.count("{") == line.count("}") and line.strip():
            place = Span(span.source, start, min(end + 1, len(text)))
            advice = f"line {number} repeats line {number - 1}: remove it"
            around, cost = (span, 0.5) if number == last else (place, 0.9)
            found.append(Move(cost, (Edit(place, ""),), around, advice=advice))
        start, end = above, start - 1
    return found[:_MOST_REPEATED]


def particular_moves(network: Network) -> Iterator[Move]:
    """The changes that a problem itself suggests, besides other numbers."""
    yield from _of_input(network)
    problem = network.problem
    if isinstance(problem, OfResidual):
        yield from _shortcut(problem)
    elif isinstance(problem, Refused) and isinstance(problem.action, ast.Call) and problem.kind is shapes.WRONG_RANK:
        yield from _other_rank(network, problem, problem.action)


def _of_input(network: Network) -> Iterator[Move]:
    """The channels that an input lacks, or the batch that is no part of it; tokens for an embedding."""
    span, shape = network.state.anchors[network.input], network.input.type.shape
    written = network.literals[network.input_key].span if network.input_key else None
    image = shape[1:] if len(shape) == 4 else (1, *shape) if len(shape) == 2 else shape
    channels_last = len(image) == 3 and image[2] in _COLOURS and image[0] not in _COLOURS
    why = {2: "an image has channels", 3: "channels come first", 4: "the batch is not part of the shape"}
    if written is not None and (len(shape) in (2, 4) or channels_last):
        text = format_shape((image[2], *image[:2]) if channels_last else image)
        yield Move(0.6, (Edit(written, text),), span, advice=f"{why[len(shape)]}: `input {text}`")
    if isinstance(network.problem, Refused) and network.problem.kind is shapes.WRONG_DTYPE:
        end = Span(span.source, span.end, span.end)
        yield Move(1.0, (Edit(end, " of=token"),), span, advice=f"write `{span.text} of=token`")


def _shortcut(problem: OfResidual) -> Iterator[Move]:
    """A shortcut that changes the shape as the body does."""
    action, after = problem.action, problem.result.type.shape
    if action.shortcut is None or action.shortcut.body is None:
        text = f"shortcut {{ dense {after[0]} }}" if len(after) == 1 else "shortcut projection"
        end = Span(action.span.source, action.body.span.end, action.body.span.end)
        edit = Edit(end, f" {text}") if action.shortcut is None else Edit(action.shortcut.span, text)
        yield Move(0.9, (edit,), action.body.span, advice=f"write `{text}`")


def _other_rank(network: Network, problem: Refused, action: ast.Call) -> Iterator[Move]:
    """The layer of the same kind for the axes that are there, or a vector for a layer that takes one."""
    word, rank = action.word.text, len(problem.inputs[0].type.shape)
    meant = {2: f"{word}1d", 3: word.removesuffix("1d")}.get(rank, word)
    if meant != word and meant in OPERATORS:
        what = "a line CxL" if meant.endswith("1d") else "an image CxHxW"
        yield Move(1.0, (Edit(action.word.span, meant),), action.span, advice=f"`{meant}` takes {what}")
    elif word == "dense":
        yield _before(network, action, "flatten", 1.5)


def _before(network: Network, action: ast.Call, layer: str, cost: float) -> Move:
    """A layer before a call and the labels that it may have."""
    statements = (node for node in network.tree if isinstance(node, ast.Statement) and node.action is action)
    edit = insertion(next(statements).span, f"{layer} | ")
    return Move(cost, (edit,), action.span, advice=f"write `{layer}` before `{action.word.text}`")
