"""What is said of the arguments of a call: what they were read as, or what can be given there."""

from __future__ import annotations

from ..attributes import LARGEST
from ..diagnostics import Diagnostic, Edit, Fix, Label
from ..diagnostics.mending import apply_edits
from ..problems import ArgumentProblem, MissingArguments, RefusedValue, TooManyArguments, UnknownArguments, plain
from ..source import Span
from ..syntax import ast
from .arguments import Reading
from .context import Context
from .readings import read_call
from .table import explains

__all__ = ["as_read", "rewritten"]


@explains(ArgumentProblem)
def arguments(problem: ArgumentProblem, context: Context) -> Diagnostic:
    """All that is wrong with the arguments of a call, as one mistake if all of it can be read."""
    reading = read_call(problem.word, problem.target, problem.arguments, context)
    if reading is None:
        return _general(problem)
    found = as_read(problem, reading) if reading.is_whole else _general(problem)
    return _labelled(found, problem, reading) if isinstance(problem, UnknownArguments) else found


def as_read(problem: ArgumentProblem, reading: Reading) -> Diagnostic:
    """The problem with the reading of the call as what to write."""
    found = plain(problem)
    text, fix = rewritten(problem.word.span, problem.arguments, reading.edits, reading.certain)
    help_ = f"{reading.why}: write `{text}`" if reading.why else f"write `{text}`"
    found = found.replace(help=(*found.help, help_), fixes=(fix,))
    index = 0
    for step in reading.steps:
        if step.instead is not None:
            kind, message = step.instead
            return found.replace(kind=kind, message=message, primary=Label(problem.arguments[index].value.span))
        index += step.count
    return found


def rewritten(
    word: Span, arguments: tuple[ast.Argument, ...], edits: tuple[Edit, ...], certain: bool
) -> tuple[str, Fix]:
    """A call after some edits as text, and the fix that makes them."""
    end = max([word.end, *(argument.span.end for argument in arguments), *(edit.span.end for edit in edits)])
    start = min([word.start, *(edit.span.start for edit in edits)])
    moved = [
        Edit(Span(word.source, edit.span.start - start, edit.span.end - start), edit.replacement) for edit in edits
    ]
    text = apply_edits(word.source.text[start:end], moved)
    return text, Fix(f"write `{text}`", edits, certain)


def _labelled(found: Diagnostic, problem: UnknownArguments, reading: Reading) -> Diagnostic:
    """The labels of the steps at the names that are unknown."""
    index, labels = 0, []
    for step in reading.steps:
        argument = problem.arguments[index] if step.count else None
        if argument is not None and argument.name in problem.unknown:
            labels.append(Label(argument.name.span, step.label))
        index += step.count
    first, *others = labels
    defined = plain(problem).secondary[: -len(others) or None]
    return found.replace(primary=first, secondary=(*defined, *others))


def _general(problem: ArgumentProblem) -> Diagnostic:
    """The problem with what can be given, where nobody can tell what was meant."""
    found = plain(problem)
    if isinstance(problem.target, ast.Definition):
        parameters = [parameter.name.text for parameter in problem.target.parameters]
        return found.replace(help=(f"it takes {', '.join(parameters)}" if parameters else "it takes no arguments",))
    attributes = problem.target.attributes()
    if isinstance(problem, MissingArguments):
        lines = [f"`{name}`: {attributes[name].doc}, {attributes[name].type.description}" for name in problem.missing]
        return found.replace(help=tuple(lines))
    if isinstance(problem, TooManyArguments | UnknownArguments):
        listed = f"has {', '.join(attributes)}" if attributes else "takes no attributes"
        return found.replace(help=(f"{problem.subject} {listed}",))
    if isinstance(problem, RefusedValue) and isinstance(problem.value, int) and problem.value > LARGEST:
        return found.replace(primary=Label(problem.span, f"must be at most {LARGEST:,}"))
    return found
