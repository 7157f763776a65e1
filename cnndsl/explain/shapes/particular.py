"""Changes that only one sort of problem suggests: a line less, a shortcut, the channels of an input."""

from __future__ import annotations

from collections.abc import Iterator

from ...diagnostics import Edit, Fix
from ...diagnostics.kinds import shapes
from ...ops import format_shape
from ...problems import OfResidual, Refused
from ...source import Span
from ...syntax import ast
from ..edits import insertion
from ..trial import Offer
from .network import Network

__all__ = ["of_problem", "repeated_lines"]


def repeated_lines(span: Span) -> Iterator[Offer]:
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


def of_problem(network: Network) -> Iterator[Offer]:
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
