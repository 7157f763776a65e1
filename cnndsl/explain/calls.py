"""What is said of the arguments of a call: what they were read as, or what can be given there."""

from __future__ import annotations

from collections.abc import Iterator

from ..attributes import LARGEST
from ..diagnostics import Diagnostic, Edit, Label
from ..problems import ArgumentProblem, RefusedValue, UnknownArguments, plain
from ..syntax import ast
from ..translation.names import LEFT_OUT, NOT_SHARED, SHARING
from .context import Context
from .edits import offered
from .foreign.words import in_our_words
from .readings import Call, Reading
from .table import explains

__all__ = ["as_read", "translated"]


@explains(ArgumentProblem)
def arguments(problem: ArgumentProblem, context: Context) -> Diagnostic:
    """All that is wrong with the arguments of a call, as one mistake if all of it can be read."""
    found = plain(problem).replace(help=())
    call = Call(problem.word, problem.target, problem.arguments, context)
    if isinstance(problem, UnknownArguments):
        if ours := translated(found, problem.word, context):
            return ours
        primary, *others = _questions(problem, call)
        defined = [label for label in found.secondary if label.text]
        found = found.replace(primary=primary, secondary=(*defined, *others))
    if (reading := call.read()) is not None:
        return as_read(found, call, reading)
    if isinstance(problem, RefusedValue) and isinstance(problem.value, int) and problem.value > LARGEST:
        return found.replace(primary=Label(problem.span, f"must be at most {LARGEST:,}"))
    return found.replace(help=problem.help)


def translated(found: Diagnostic, word: ast.Name, context: Context) -> Diagnostic | None:
    """A call whose word and arguments are named as another framework names them, put into our words."""
    statement = context.tree.of(ast.Statement, word.span)
    ours = in_our_words(statement) if statement is not None else None
    if ours is None:
        return None
    found = found.replace(help=ours.reasons)
    return offered(found, f"write `{ours.line}`", *ours.edits, certain=ours.certain) if ours.edits else found


def as_read(found: Diagnostic, call: Call, reading: Reading) -> Diagnostic:
    """A diagnostic with what a call was read as."""
    help_ = f"{reading.why}: write `{reading.text}`" if reading.why else f"write `{reading.text}`"
    found = offered(found, help_, Edit(call.span, reading.text), certain=reading.certain)
    if reading.wrong is not None:
        kind, message, span = reading.wrong
        found = found.replace(kind=kind, message=message, primary=Label(span))
    return found


def _questions(problem: UnknownArguments, call: Call) -> Iterator[Label]:
    """What there is to say of each unknown name."""
    words = [argument.name.text if argument.name is not None else "" for argument in problem.arguments]
    given = {*call.places[: words.count("")], *(call.known.get(word) for word in words)}
    for name in problem.unknown:
        found, left_out = call.find(name.text), LEFT_OUT.get(name.text, "") if call.is_layer else ""
        if found is None or left_out:
            yield Label(name.span, NOT_SHARED if name.text in SHARING else left_out)
        elif found.text in given:
            yield Label(name.span, f"this is `{found.text}`, which is given already")
        else:
            yield Label(name.span, found.why or found.question)
