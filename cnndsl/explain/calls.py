"""What is said of the arguments of a call: what they were read as, or what can be given there."""

from __future__ import annotations

from collections.abc import Iterator

from ..attributes import LARGEST
from ..diagnostics import Diagnostic, Edit, Label
from ..problems import ArgumentProblem, MissingArguments, RefusedValue, TooManyArguments, UnknownArguments, plain
from ..syntax import ast
from .arguments import Call, Reading
from .context import Context
from .edits import offered, rewritten
from .foreign import LEFT_OUT
from .foreign.names import NOT_SHARED, SHARING
from .foreign.words import in_our_words
from .readings import read_call
from .table import explains

__all__ = ["as_read", "translated"]


@explains(ArgumentProblem)
def arguments(problem: ArgumentProblem, context: Context) -> Diagnostic:
    """All that is wrong with the arguments of a call, as one mistake if all of it can be read."""
    found = plain(problem)
    if isinstance(problem, UnknownArguments):
        if ours := translated(found, problem.word, context):
            return ours
        primary, *others = _questions(problem, context)
        defined = [label for label in found.secondary if label.text]
        found = found.replace(primary=primary, secondary=(*defined, *others))
    reading = read_call(problem.word, problem.target, problem.arguments, context)
    if reading is not None and reading.is_whole:
        return as_read(found, problem.word, problem.arguments, reading)
    if isinstance(problem, RefusedValue) and isinstance(problem.value, int) and problem.value > LARGEST:
        return found.replace(primary=Label(problem.span, f"must be at most {LARGEST:,}"))
    return found.replace(help=_what_it_takes(problem))


def translated(found: Diagnostic, word: ast.Name, context: Context) -> Diagnostic | None:
    """A call whose word and arguments are named as another framework names them, put into our words."""
    statement = context.tree.of(ast.Statement, word.span)
    ours = in_our_words(statement) if statement is not None else None
    if ours is None:
        return None
    found = found.replace(help=ours.reasons)
    return offered(found, f"write `{ours.line}`", *ours.edits, certain=ours.certain) if ours.edits else found


def as_read(
    found: Diagnostic, word: ast.Name, arguments: tuple[ast.Argument, ...], reading: Reading, *edits: Edit
) -> Diagnostic:
    """A diagnostic with what a call was read as, and edits besides those of the reading."""
    edits = (*edits, *reading.edits)
    text = rewritten(word.span, [argument.span for argument in arguments], edits)
    help_ = f"{reading.why}: write `{text}`" if reading.why else f"write `{text}`"
    found = offered(found, help_, *edits, certain=reading.certain)
    index = 0
    for step in reading.steps:
        if step.instead is not None:
            kind, message = step.instead
            return found.replace(kind=kind, message=message, primary=Label(arguments[index].value.span))
        index += step.count
    return found


def _questions(problem: UnknownArguments, context: Context) -> Iterator[Label]:
    """What there is to say of each unknown name."""
    call = Call(problem.word, problem.target, problem.arguments, context)
    words = [argument.name.text if argument.name is not None else "" for argument in problem.arguments]
    given = {*call.places[: words.count("")], *(call.named(word) for word in words if call.knows(word))}
    for name in problem.unknown:
        found = call.find(name.text)
        if found is None:
            left_out = LEFT_OUT.get(name.text, "") if call.is_layer else ""
            yield Label(name.span, NOT_SHARED if name.text in SHARING else left_out)
        elif found.text in given:
            yield Label(name.span, f"this is `{found.text}`, which is given already")
        else:
            yield Label(name.span, found.why or found.question)


def _what_it_takes(problem: ArgumentProblem) -> tuple[str, ...]:
    """What can be given, where nobody can tell what was meant."""
    if isinstance(problem.target, ast.Definition):
        parameters = ", ".join(parameter.name.text for parameter in problem.target.parameters)
        return (f"it takes {parameters or 'no arguments'}",)
    attributes = problem.target.attributes()
    if isinstance(problem, MissingArguments):
        missing = [(name, attributes[name]) for name in problem.missing]
        return tuple(f"`{name}`: {info.doc}, {info.type.description}" for name, info in missing)
    if isinstance(problem, TooManyArguments | UnknownArguments):
        has = f"has {', '.join(attributes)}" if attributes else "takes no attributes"
        return (f"{problem.subject} {has}",)
    return ()
