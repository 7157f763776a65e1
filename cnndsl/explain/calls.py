"""What is said of the arguments of a call: what they were read as, or what can be given there."""

from __future__ import annotations

from collections.abc import Iterator

from ..attributes import LARGEST
from ..diagnostics import Diagnostic, Edit, Label
from ..elaborate.values import UNKNOWN
from ..ops import OPERATORS
from ..problems import ArgumentProblem, RefusedValue, UnknownArguments, plain
from ..syntax import ast
from ..translation import records as theirs
from ..translation.lookup import call_in_our_words, every_row
from ..translation.meaning import doubt_of_name, rows_meant
from ..translation.names import LEFT_OUT, NOT_SHARED, SHARING
from ..translation.records import Argument, our_text
from .context import Context
from .edits import offered
from .readings import Call, Reading, text_of, value_of
from .table import explains

__all__ = ["as_read", "translated"]

_OF_PYTHON = {"True": True, "False": False, "None": None}


@explains(ArgumentProblem)
def arguments(problem: ArgumentProblem, context: Context) -> Diagnostic:
    """All that is wrong with the arguments of a call, as one mistake if all of it can be read."""
    found = plain(problem).replace(help=())
    call = Call(problem.word, problem.target, problem.arguments, context)
    if isinstance(problem, UnknownArguments):
        action = context.tree.of(ast.Call, problem.arguments[0].value.span)
        if action is not None and (ours := translated(found, action, context)):
            return ours
        primary, *others = _questions(problem, call)
        defined = [label for label in found.secondary if label.text]
        found = found.replace(primary=primary, secondary=(*defined, *others))
    if (reading := call.read()) is not None:
        return as_read(found, call, reading)
    if isinstance(problem, RefusedValue) and isinstance(problem.value, int) and problem.value > LARGEST:
        return found.replace(primary=Label(problem.span, f"must be at most {LARGEST:,}"))
    return found.replace(help=problem.help)


def translated(found: Diagnostic, action: ast.Call, context: Context) -> Diagnostic | None:
    """A call whose word and arguments are named as another framework names them, put into our words."""
    word, arguments = action.word.text, [_as_elsewhere(each, context) for each in action.arguments]
    rows = tuple(row for row in every_row() if row.name == word and all(row.find(each.name) for each in arguments))
    rows = rows if word in OPERATORS else rows_meant(word)
    if not rows or not arguments or not all(each.name for each in arguments):
        return None
    written = call_in_our_words(rows, arguments)
    if not written.fits:
        return None
    doubts = [*written.doubts, "" if word in OPERATORS else doubt_of_name(word, rows)]
    statement = context.tree.of(ast.Statement, action.span)
    if len(written.layers) > 1 and statement is not None and statement.labels:
        doubts.append("an activation is a layer of its own, and the label names the first one only")
    found, certain = found.replace(help=tuple(filter(None, doubts))), not any(doubts)
    edit = Edit(action.span, written.line)
    return offered(found, f"write `{written.line}`", edit, certain=certain) if written.whole else found


def _as_elsewhere(argument: ast.Argument, context: Context) -> Argument:
    """An argument as one of another framework."""
    value, text = value_of(argument, context), text_of(argument)
    value = _OF_PYTHON.get(text, theirs.UNKNOWN if value is UNKNOWN else value)
    name = argument.name.text if argument.name is not None else ""
    return Argument(name, our_text(value) if text in _OF_PYTHON else text.strip('"'), value)


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
