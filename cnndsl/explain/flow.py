"""Statements and braces that stand where they have no meaning: what to put where."""

from __future__ import annotations

from .. import problems
from ..diagnostics import Diagnostic, Edit, Fix
from ..ops import OPERATORS
from ..problems import plain
from ..source import Span
from ..syntax import ast
from .context import Context
from .table import advised, explains

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
    fix = Fix(f"write `{text}`", (Edit(inside, text),), is_layer or len(arguments) == 1)
    return plain(problem).replace(help=(f"write `{word.text} {text}`",), fixes=(fix,))


@explains(problems.OnlyBranches)
def only_branches(problem: problems.OnlyBranches, context: Context) -> Diagnostic:
    """Layers and names of values in the braces of a join."""
    found, others, body = plain(problem), problem.others, problem.body
    words = [each.action.span.text.split() for each in others]
    named = [name for each in words for name in each]
    place = context.place
    if place is not None and len(others) == len(body.statements) and all(place.scope.find(name)[0] for name in named):
        start = len(body.span.source.text[: body.span.start].rstrip(" \t"))
        edit = Edit(Span(body.span.source, start, body.span.end), f" {' '.join(named)}")
        fix = Fix(f"write `{' '.join(named)}` without braces", (edit,), True)
        return found.replace(help=(f"values that are named stand without braces: `{' '.join(named)}`",), fixes=(fix,))
    edits = tuple(Edit(each.span, f"branch {{ {_inside(each)} }}") for each in others)
    lines = [each.span.position[0] for each in others]
    fix = Fix("write `branch { ... }` around each", edits, len(set(lines)) == len(lines))
    return found.replace(help=("write `branch { ... }` around each",), fixes=(fix,))


def _inside(statement: ast.Statement) -> str:
    """The text of a statement, without a label that says `branch`."""
    labelled = statement.labels and statement.labels[0].text == "branch"
    return statement.action.span.text if labelled else statement.span.text


@explains(problems.LateInput)
def late_input(problem: problems.LateInput, context: Context) -> Diagnostic:
    """An ``input`` after the first layer: its line is moved there."""
    source, span = problem.span.source, problem.span
    line, column = problem.layer.position
    before = source.line(line)[: column - 1]
    found = plain(problem).replace(help=(f"move it before the layer on line {line}",))
    if before.strip() or _alone(span) != span.text:
        return found
    edits = (Edit(Span(source, problem.layer.start, problem.layer.start), f"{span.text}\n{before}"), _line(span))
    return found.replace(fixes=(Fix("move it before the first layer", edits, True),))


@explains(problems.LabelTwice, problems.UsedTwice, problems.DefinedTwice, problems.TrainTwice)
def twice(problem: problems.Twice, context: Context) -> Diagnostic:
    """Something that is there a second time: one of two lines or of two definitions that say the same is too many."""
    found, span = advised(problem), problem.span
    if isinstance(problem, problems.DefinedTwice | problems.TrainTwice):
        later = problem.definition if isinstance(problem, problems.DefinedTwice) else problem.train
        same = later.span.text.split() == problem.earlier.span.text.split()
        source, start = later.span.source, len(later.span.source.text[: later.span.start].rstrip())
        edit = Edit(Span(source, start, later.span.end), "")
        what = "it says what the first says, word for word: remove it"
    else:
        line = span.position[0]
        same = line > 1 and _alone(span) == span.source.line(line - 1).partition("#")[0].strip() != ""
        edit, what = _line(span), f"line {line} repeats line {line - 1}: remove it"
    return found.replace(help=(what, *found.help), fixes=(Fix("remove it", (edit,), not isinstance(problem, problems.LabelTwice)),)) if same else found


def _alone(span: Span) -> str:
    """The line of a span without its comment."""
    return span.source.line(span.position[0]).partition("#")[0].strip()


def _line(span: Span) -> Edit:
    """The edit that takes the line of a span away."""
    source = span.source
    start = span.start - source.position(span.start)[1] + 1
    return Edit(Span(source, start, min(source.rest_of_line(span.start)[1] + 1, len(source.text))), "")


@explains(problems.PartsNeedLabels)
def parts(problem: problems.PartsNeedLabels, context: Context) -> Diagnostic:
    """A ``split`` with more or fewer labels than parts."""
    labels = ", ".join(f"part{index + 1}" for index in range(min(problem.parts, 4)))
    more = ", ..." if problem.parts > 4 else ""
    return plain(problem).replace(help=(f"write `{labels}{more}: split {problem.parts}`",))


@explains(problems.OtherInput)
def other_input(problem: problems.OtherInput, context: Context) -> Diagnostic:
    """A shape asked for that is not the one written."""
    free = "x".join([str(problem.written[0]), *("?" for _ in problem.written[1:])])
    return plain(problem).replace(help=(f"to ask for other sizes, write `input {free}`",))
