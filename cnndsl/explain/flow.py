"""Statements that stand where they have no meaning, or stand twice: what to put where."""

from __future__ import annotations

from .. import problems
from ..diagnostics import Diagnostic, Edit
from ..problems import plain
from ..source import Span
from .context import Context
from .edits import Suggestion, instead, offered, removed
from .table import ONE_INPUT, advised, explains

__all__: list[str] = []


@explains(problems.InputNeedsShape)
def input_needs_shape(problem: problems.InputNeedsShape, context: Context) -> Diagnostic:
    """Two shapes, of two inputs."""
    return advised(problem, ONE_INPUT) if len(problem.action.arguments) > 1 else advised(problem)


@explains(problems.OnlyBranches)
def only_branches(problem: problems.OnlyBranches, context: Context) -> Diagnostic:
    """Layers in the braces of a join, each of which is a branch, or names of values."""
    named = [name for each in problem.others for name in each.span.text.split()]
    if len(problem.others) == len(problem.body.statements) and all(map(context.is_value, named)):
        bare = Suggestion(" ".join(named), "write the names of values without braces", True)
        return instead(plain(problem), problem.body.span, bare)
    edits = [Edit(each.span, f"branch {{ {each.span.text} }}") for each in problem.others]
    one_a_line = len({each.span.position[0] for each in problem.others}) == len(edits)
    return offered(plain(problem), "write `branch { ... }` around each", *edits, certain=one_a_line)


@explains(problems.Twice)
def twice(problem: problems.Twice, context: Context) -> Diagnostic:
    """A definition or a line that says what the first says was pasted once more, unless another label was forgotten."""
    found, second, first = advised(problem), _whole(problem, problem.span), _whole(problem, problem.first)
    between = second.source.text[first.end : second.start]
    if second.text.split() != first.text.split() or second == first or between.strip():
        return found
    certain = not isinstance(problem, problems.LabelTwice)
    return offered(found, "it says what the first says, word for word: remove it", removed(second), certain=certain)


def _whole(problem: problems.Twice, span: Span) -> Span:
    """The definition or the line that a place is in."""
    match problem:
        case (
            problems.DefinedTwice(definition=later, earlier=earlier) | problems.TrainTwice(train=later, earlier=earlier)
        ):
            return later.span if span == problem.span else earlier.span
    start, end = span.source.rest_of_line(span.start - span.position[1] + 1)
    return Span(span.source, start, end)
