"""What is said of the arguments of a call: what they were read as, or what can be given there."""

from __future__ import annotations

from ..attributes import LARGEST
from ..diagnostics import Diagnostic, Edit, Label
from ..problems import ArgumentProblem, MissingArguments, RefusedValue, TooManyArguments, UnknownArguments, plain
from ..syntax import ast
from .arguments import Reading
from .context import Context
from .edits import offered, rewritten
from .foreign.words import in_our_words
from .readings import read_call
from .table import explains

__all__ = ["as_read", "offered_call", "translated"]


@explains(ArgumentProblem)
def arguments(problem: ArgumentProblem, context: Context) -> Diagnostic:
    """All that is wrong with the arguments of a call, as one mistake if all of it can be read."""
    ours = translated(plain(problem), problem.word, context) if isinstance(problem, UnknownArguments) else None
    if ours is not None:
        return ours
    reading = read_call(problem.word, problem.target, problem.arguments, context)
    whole = reading is not None and reading.is_whole
    found = (
        as_read(plain(problem), problem.word, problem.arguments, reading) if reading and whole else _general(problem)
    )
    return _labelled(found, problem, reading) if reading and isinstance(problem, UnknownArguments) else found


def translated(found: Diagnostic, word: ast.Name, context: Context) -> Diagnostic | None:
    """A call whose word and arguments are named as another framework names them, put into our words."""
    statement = context.tree.statement(word.span)
    ours = in_our_words(statement) if statement is not None else None
    if ours is None:
        return None
    found = found.replace(help=ours.reasons)
    return offered(found, f"write `{ours.line}`", *ours.edits, certain=ours.certain) if ours.edits else found


def as_read(
    found: Diagnostic, word: ast.Name, arguments: tuple[ast.Argument, ...], reading: Reading, *edits: Edit
) -> Diagnostic:
    """A diagnostic with what a call was read as, and edits besides those of the reading."""
    found = offered_call(found, word, arguments, reading.why, *edits, *reading.edits, certain=reading.certain)
    index = 0
    for step in reading.steps:
        if step.instead is not None:
            kind, message = step.instead
            return found.replace(kind=kind, message=message, primary=Label(arguments[index].value.span))
        index += step.count
    return found


def offered_call(
    found: Diagnostic, word: ast.Name, arguments: tuple[ast.Argument, ...], why: str, *edits: Edit, certain: bool
) -> Diagnostic:
    """A diagnostic with edits of a call."""
    text = rewritten(word.span, [argument.span for argument in arguments], edits)
    return offered(found, f"{why}: write `{text}`" if why else f"write `{text}`", *edits, certain=certain)


def _labelled(found: Diagnostic, problem: UnknownArguments, reading: Reading) -> Diagnostic:
    """The labels of the steps at the names that are unknown."""
    index, labels = 0, {}
    for step in reading.steps:
        if step.count:
            labels[problem.arguments[index].name] = step.label
        index += step.count
    primary, *others = [Label(name.span, labels.get(name, "")) for name in problem.unknown]
    defined = [label for label in found.secondary if label.text]
    return found.replace(primary=primary, secondary=(*defined, *others))


def _general(problem: ArgumentProblem) -> Diagnostic:
    """The problem with what can be given, where nobody can tell what was meant."""
    found, target = plain(problem), problem.target
    if isinstance(problem, RefusedValue) and isinstance(problem.value, int) and problem.value > LARGEST:
        return found.replace(primary=Label(problem.span, f"must be at most {LARGEST:,}"))
    if isinstance(target, ast.Definition):
        parameters = ", ".join(parameter.name.text for parameter in target.parameters)
        return found.replace(help=(f"it takes {parameters or 'no arguments'}",))
    attributes = target.attributes()
    if isinstance(problem, MissingArguments):
        missing = [f"`{name}`: {attributes[name].doc}, {attributes[name].type.description}" for name in problem.missing]
        return found.replace(help=tuple(missing))
    if isinstance(problem, TooManyArguments | UnknownArguments):
        listed = f"has {', '.join(attributes)}" if attributes else "takes no attributes"
        return found.replace(help=(f"{problem.subject} {listed}",))
    return found
