"""Statements and braces that stand where they have no meaning: what to put where."""

from __future__ import annotations

from .. import problems
from ..diagnostics import Diagnostic, Edit
from ..diagnostics.suggest import nearest
from ..ops import OPERATORS
from ..problems import plain
from ..source import Span
from ..syntax import ast
from .context import Context
from .edits import insertion, instead, line_alone, line_removed, offered, removed
from .table import ONE_INPUT, advised, explains
from .values import Suggestion

__all__: list[str] = []


@explains(problems.NeedsBody)
def needs_body(problem: problems.NeedsBody, context: Context) -> Diagnostic:
    """``branch skip`` and ``branch conv 64 1x1``, which lack the braces alone."""
    word, arguments = problem.action.word, problem.action.arguments
    if not arguments or not isinstance(arguments[0].value, ast.Variable):
        return advised(problem)
    inside = arguments[0].span.to(arguments[-1].span)
    is_layer = arguments[0].span.text in OPERATORS
    text = f"{{ {inside.text} }}" if is_layer else f"{{ from {inside.text} }}"
    certain = is_layer or len(arguments) == 1
    return offered(plain(problem), f"write `{word.text} {text}`", Edit(inside, text), certain=certain)


@explains(problems.InputNeedsShape)
def input_needs_shape(problem: problems.InputNeedsShape, context: Context) -> Diagnostic:
    """``input 3 32 32`` and ``input 1x32x32 1x32x32``."""
    spans = [argument.span for argument in problem.action.arguments if argument.name is None]
    texts = [span.text for span in spans]
    found = advised(problem, ONE_INPUT) if len(problem.action.arguments) > 1 else advised(problem)
    if len(spans) > 1 and all(map(str.isdecimal, texts)):
        text = "x".join(texts)
        return instead(plain(problem), spans[0].to(spans[-1]), Suggestion(text, "a shape is written with x", True))
    if len(spans) == 2 and texts[0] == texts[1]:
        return offered(found, f"`{texts[1]}` stands here twice", removed(spans[1]))
    return found


@explains(problems.OnlyBranches)
def only_branches(problem: problems.OnlyBranches, context: Context) -> Diagnostic:
    """Layers and names of values in the braces of a join."""
    others, body, place = problem.others, problem.body, context.place
    named = [name for each in others for name in each.action.span.text.split()]
    if place is not None and len(others) == len(body.statements) and all(place.scope.find(name)[0] for name in named):
        start = len(body.span.source.text[: body.span.start].rstrip(" \t"))
        bare = Edit(Span(body.span.source, start, body.span.end), f" {' '.join(named)}")
        return offered(plain(problem), f"values that are named stand without braces: `{' '.join(named)}`", bare)
    words = [each.action.word for each in others if isinstance(each.action, ast.Call) and each.action.body is not None]
    if len(words) == len(others) and all(nearest(word.text, ["branch"]) for word in words):
        edits = [Edit(word.span, "branch") for word in words]
        return offered(plain(problem), "did you mean `branch`?", *edits)
    edits = [Edit(each.span, f"branch {{ {_inside(each)} }}") for each in others]
    one_a_line = len({each.span.position[0] for each in others}) == len(others)
    return offered(plain(problem), "write `branch { ... }` around each", *edits, certain=one_a_line)


def _inside(statement: ast.Statement) -> str:
    """The text of a statement, without a label that says `branch`."""
    labelled = statement.labels and statement.labels[0].text == "branch"
    return statement.action.span.text if labelled else statement.span.text


@explains(problems.LateInput)
def late_input(problem: problems.LateInput, context: Context) -> Diagnostic:
    """An ``input`` after the first layer: its line is moved there."""
    span, (line, column) = problem.span, problem.layer.position
    before = span.source.line(line)[: column - 1]
    alone = not before.strip() and line_alone(span) == span.text
    edits = (insertion(problem.layer, f"{span.text}\n{before}"), line_removed(span)) if alone else ()
    return offered(plain(problem), f"move it before the layer on line {line}", *edits)


@explains(problems.DefinedTwice, problems.TrainTwice)
def defined_twice(problem: problems.DefinedTwice | problems.TrainTwice, context: Context) -> Diagnostic:
    """A definition that says what another says word for word was pasted once more."""
    found, later = advised(problem), problem.definition if isinstance(problem, problems.DefinedTwice) else problem.train
    if later.span.text.split() != problem.earlier.span.text.split():
        return found
    start = len(later.span.source.text[: later.span.start].rstrip())
    again = Edit(Span(later.span.source, start, later.span.end), "")
    return offered(found, "it says what the first says, word for word: remove it", again)


@explains(problems.LabelTwice, problems.UsedTwice)
def line_twice(problem: problems.Twice, context: Context) -> Diagnostic:
    """A line that says what the line above says is one too many, unless another label was forgotten."""
    found, span, line = advised(problem), problem.span, problem.span.position[0]
    above = span.source.line(line - 1).partition("#")[0].strip() if line > 1 else ""
    if line_alone(span) != above:
        return found
    certain = isinstance(problem, problems.UsedTwice)
    return offered(found, f"line {line} repeats line {line - 1}: remove it", line_removed(span), certain=certain)
