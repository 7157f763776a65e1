"""Settings of training: words that are none, values that they cannot have, and calls of other frameworks."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

from .. import problems
from ..diagnostics import Diagnostic, Edit
from ..diagnostics.suggest import one_of
from ..problems import plain
from ..recipe import OPTIMIZERS
from ..source import Span
from ..syntax import ast
from .context import Context
from .edits import asked, instead, line_alone, line_removed, offered, removed
from .foreign import attribute_named, fold
from .foreign.names import NEAR_ATTRIBUTES
from .foreign.settings import (
    NOT_HERE,
    SETTINGS_IN_ORDER,
    SettingLine,
    choice_named,
    help_with_setting,
    near_choice,
    setting_named,
    setting_of,
    written_setting,
)
from .nearest import Candidate, candidate
from .table import advised, explains
from .values import Suggestion, suggestion

__all__: list[str] = []

_EXAMPLES = {
    "data": "data digits",
    "optimizer": "optimizer adam",
    "epochs": "epochs 10",
    "batch": "batch 32",
    "seed": "seed 1",
}


def _line(found: Diagnostic, span: Span, line: SettingLine) -> Diagnostic:
    """The diagnostic with a line of ours in place of another."""
    found = found.replace(notes=line.reasons)
    return instead(found, span, Suggestion(line.text, "", line.certain))


@explains(problems.UnknownTrainingSetting)
def unknown_setting(problem: problems.UnknownTrainingSetting, context: Context) -> Diagnostic:
    """``sgd lr=0.1``, ``epoch 5``, ``momentum 0.9``."""
    found, action, word = plain(problem), problem.action, problem.action.word
    first = action.arguments[0].span if action.arguments else None
    if first is not None and first.text in problem.known and setting_of(word.text) == first.text:
        exchanged = (Edit(word.span, first.text), Edit(first, word.text))
        return offered(found, f"the setting stands first: write `{first.text} {word.text}`", *exchanged)
    if setting := setting_of(word.text):
        meant = Suggestion(f"{setting} {choice_named(setting, word.text)}", f"it chooses the {setting}", True)
        return instead(found, word.span, meant)
    if moved := _to_the_optimizer(problem, context):
        certain = word.text not in NEAR_ATTRIBUTES and line_alone(problem.statement.span) == problem.statement.span.text
        edits = (moved, line_removed(problem.statement.span)) if certain else ()
        return offered(found, f"it belongs to the optimizer: write `{moved.replacement}`", *edits)
    named = setting_named(word.text)
    near = candidate(word.text, problem.known, Candidate(named, True) if named else None)
    if near is None or fold(word.text) in NOT_HERE:
        return offered(found, help_with_setting(word.text))
    called = any(isinstance(argument.value, ast.Function | ast.Tuple) for argument in action.arguments)
    written = written_setting(action.span.text) if called else None
    if written is not None:
        return _line(asked(found, word.span, near), action.span, written)
    return offered(asked(found, word.span, near), f"there are {', '.join(SETTINGS_IN_ORDER)}")


def _to_the_optimizer(problem: problems.UnknownTrainingSetting, context: Context) -> Edit | None:
    """The optimizer with ``lr 0.1`` as one of its arguments, if it takes such a one that is not given."""
    word, given = problem.action.word.text, problem.action.arguments
    trains = [train for train in context.tree.file.trains if problem.statement in train.body.statements]
    actions = [statement.action for train in trains for statement in train.body.statements]
    named = [
        each for each in actions if isinstance(each, ast.Call) and each.word.text == "optimizer" and each.arguments
    ]
    declared = OPTIMIZERS.get(named[0].arguments[0].span.text) if named else None
    if declared is None or len(given) != 1 or given[0].name is not None:
        return None
    name = declared.find_attribute(word) or attribute_named(word, declared.attributes())
    if name is None or name in [argument.name.text for argument in named[0].arguments if argument.name is not None]:
        return None
    return Edit(named[0].span, f"{named[0].span.text} {name}={given[0].span.text}")


@explains(problems.NotASetting)
def not_a_setting(problem: problems.NotASetting, context: Context) -> Diagnostic:
    """``loss: cross_entropy``."""
    statement, action = problem.statement, problem.statement.action
    labelled = len(statement.labels) == 1 and isinstance(action, ast.Call) and action.body is None
    written = written_setting(problem.span.text) if labelled else None
    return _line(plain(problem), problem.span, written) if written is not None else advised(problem)


@explains(problems.ChoiceNeedsName)
def needs_name(problem: problems.ChoiceNeedsName, context: Context) -> Diagnostic:
    """``loss "cross_entropy"``, ``schedule StepLR(30, 0.1)``."""
    found = offered(plain(problem), f"there is {one_of(problem.choices)}")
    first = problem.action.arguments[0] if problem.action.arguments else None
    value = first.value if first is not None and first.name is None else None
    if isinstance(value, ast.Function) and (written := written_setting(problem.action.span.text)):
        return _line(plain(problem), problem.action.span, written)
    if isinstance(value, ast.List) and len(value.items) == 1:
        value = value.items[0]
    word = value.value if isinstance(value, ast.String) else value.name if isinstance(value, ast.Variable) else ""
    if "/" in word and problem.action.word.text == "data":
        return offered(found, "the folder of its files is given by `--data-dir DIR`")
    meant = _choice(problem, word) if word else None
    if first is None or meant is None or not meant.offered:
        return found
    return instead(found, first.span, Suggestion(meant.name, "", meant.certain))


@explains(problems.UnknownChoice)
def unknown_choice(problem: problems.UnknownChoice, context: Context) -> Diagnostic:
    """An optimizer, loss, schedule or data set that there is not."""
    span, word, arguments = problem.span, problem.name, problem.action.arguments
    if word == problem.action.word.text:
        return offered(plain(problem), f"`{word}` stands here twice", removed(span))
    meant = _choice(problem, word)
    if meant is None and len(arguments) > 1 and arguments[1].name is None:  # ``loss cross entropy``
        meant, span = _choice(problem, f"{word}_{arguments[1].span.text}"), span.to(arguments[1].span)
    found, near = plain(problem), near_choice(problem.action.word.text, word)
    if near is not None:
        found = offered(found, near[1])
    found = offered(found, f"there is {one_of(problem.choices)}")
    if meant is not None:
        return asked(found, span, meant)
    return offered(found, "networks are trained to classify") if problem.action.word.text == "loss" else found


def _choice(problem: Any, word: str) -> Candidate | None:
    setting = problem.action.word.text
    named, near = choice_named(setting, word), near_choice(setting, word)
    if named is None and near is not None:
        return Candidate(near[0], offered=False) if near[0] else None
    return candidate(word, problem.choices, Candidate(named, True) if named else None)


@explains(problems.NeedsNumber)
def needs_number(problem: problems.NeedsNumber, context: Context) -> Diagnostic:
    """``epochs`` without its number, ``epochs n=10``, ``epochs 10 batch 32``."""
    action, arguments, found = problem.action, problem.action.arguments, plain(problem)
    for before, after in pairwise(arguments):
        if before.span.text == after.span.text:
            return offered(found, f"`{after.span.text}` stands here twice", removed(after.span))
        if after.span.text in SETTINGS_IN_ORDER or setting_of(after.span.text):
            edit = Edit(Span(action.span.source, before.span.end, after.span.start), " | ")
            return offered(found, "each setting stands on a line of its own, or after a `|`", edit)
    if len(arguments) == 1 and isinstance(arguments[0].value, ast.Number):
        text = f"{action.word.text} {arguments[0].value.span.text}"
        return instead(found, action.span, Suggestion(text, "", True))
    return offered(found, f"write `{_EXAMPLES[action.word.text]}`")


@explains(problems.RefusedNumber)
def refused_number(problem: problems.RefusedNumber, context: Context) -> Diagnostic:
    """``epochs 10.0`` and ``batch "32"``."""
    meant = suggestion(problem.type, problem.value)
    return instead(plain(problem), problem.span, meant) if meant is not None else plain(problem)


@explains(problems.MissingTrainingSettings)
def missing(problem: problems.MissingTrainingSettings, context: Context) -> Diagnostic:
    """A ``train`` without what it needs."""
    return offered(plain(problem), f"add {', '.join(f'`{_EXAMPLES[name]}`' for name in problem.missing)}")
