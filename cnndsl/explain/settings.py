"""Settings of training: words that are none, values that they cannot have, and lines of other frameworks."""

from __future__ import annotations

from typing import Any

from .. import problems
from ..diagnostics import Diagnostic, Edit
from ..diagnostics.suggest import one_of
from ..problems import Problem, plain
from ..recipe import OPTIMIZERS
from ..syntax import ast
from .context import Context
from .edits import Suggestion, asked, instead, offered, removed
from .foreign import attribute_named, fold
from .foreign.settings import (
    NOT_HERE,
    SETTINGS_IN_ORDER,
    choice_named,
    help_with_setting,
    near_choice,
    setting_named,
    setting_of,
    written_setting,
)
from .nearest import candidate
from .readings import twice, word_of
from .table import advised, explains

__all__: list[str] = []

_EXAMPLES = {
    "data": "data digits",
    "optimizer": "optimizer adam",
    "epochs": "epochs 10",
    "batch": "batch 32",
    "seed": "seed 1",
    "warmup": "warmup 5",
    "validation": "validation 0.1",
    "early_stopping": "early_stopping 5",
}


def _pasted(problem: Problem, line: ast.Syntax) -> Diagnostic | None:
    """A line that another framework has for a setting, in our words."""
    written = written_setting(line.span.text)
    if written is None or written.text == line.span.text:
        return None
    found = plain(problem).replace(notes=written.reasons)
    return instead(found, line.span, Suggestion(written.text, certain=written.certain))


@explains(problems.UnknownTrainingSetting)
def unknown_setting(problem: problems.UnknownTrainingSetting, context: Context) -> Diagnostic:
    """``sgd lr=0.1``, ``epoch 5``, ``momentum 0.9``, ``criterion CrossEntropyLoss()``."""
    found, word = plain(problem), problem.action.word
    if setting := setting_of(word.text):
        meant = Suggestion(f"{setting} {choice_named(setting, word.text)}", f"it chooses the {setting}", True)
        return instead(found, word.span, meant)
    if moved := _to_the_optimizer(problem, context):
        edits = (moved, removed(problem.statement.span))
        return offered(found, f"it belongs to the optimizer: write `{moved.replacement}`", *edits)
    named = setting_named(word.text)
    near = candidate(word.text, problem.known, Suggestion(named, certain=True) if named else None)
    if near is None or fold(word.text) in NOT_HERE:
        return offered(found, help_with_setting(word.text))
    pasted = _pasted(problem, problem.action) if "(" in problem.action.span.text else None
    return pasted or offered(asked(found, word.span, near), f"there are {', '.join(SETTINGS_IN_ORDER)}")


def _to_the_optimizer(problem: problems.UnknownTrainingSetting, context: Context) -> Edit | None:
    """The optimizer with ``lr 0.1`` as one of its arguments, if it takes such a one."""
    word, given = problem.action.word.text, problem.action.arguments
    around = [train.body.statements for train in context.tree.file.trains if problem.statement in train.body.statements]
    chosen = [
        each.action for statements in around for each in statements if each.action.span.first_word.text == "optimizer"
    ]
    match chosen:
        case [ast.Call(arguments=(first, *_)) as action] if first.span.text in OPTIMIZERS and len(given) == 1:
            declared = OPTIMIZERS[first.span.text]
            name = declared.find_attribute(word) or attribute_named(word, declared.attributes())
            return Edit(action.span, f"{action.span.text} {name}={given[0].span.text}") if name else None
    return None


@explains(problems.NotASetting)
def not_a_setting(problem: problems.NotASetting, context: Context) -> Diagnostic:
    """``loss: cross_entropy``."""
    return _pasted(problem, problem.statement) or advised(problem)


@explains(problems.ChoiceNeedsName, problems.UnknownChoice)
def choice(problem: problems.ChoiceNeedsName | problems.UnknownChoice, context: Context) -> Diagnostic:
    """An optimizer, loss, schedule or data set that there is not, or its name in quotes or with parentheses."""
    setting, arguments, found = problem.action.word.text, problem.action.arguments, plain(problem)
    if again := twice(problem.action.word.span, arguments):
        return offered(found, f"`{again.text}` stands here twice", removed(again))
    if arguments and isinstance(arguments[0].value, ast.Function) and (pasted := _pasted(problem, problem.action)):
        return pasted
    word = word_of(arguments[0]) if arguments and arguments[0].name is None else ""
    near = near_choice(setting, word) if word else None
    found = offered(offered(found, near[1]) if near else found, f"there is {one_of(problem.choices)}")
    meant = _choice(problem, word) if word else None
    if "/" in word and setting == "data":
        return offered(plain(problem), "the folder of its files is given by `--data-dir DIR`")
    if meant is None:
        return offered(found, "networks are trained to classify") if word and setting == "loss" else found
    return asked(found, arguments[0].span, meant)


def _choice(problem: Any, word: str) -> Suggestion | None:
    setting = problem.action.word.text
    named, near = choice_named(setting, word), near_choice(setting, word)
    if named is None and near is not None:
        return Suggestion(near[0], offered=False) if near[0] else None
    return candidate(word, problem.choices, Suggestion(named, certain=True) if named else None)


@explains(problems.NeedsNumber)
def needs_number(problem: problems.NeedsNumber, context: Context) -> Diagnostic:
    """``epochs`` without its number, or with two."""
    if again := twice(problem.action.word.span, problem.action.arguments):
        return offered(plain(problem), f"`{again.text}` stands here twice", removed(again))
    return offered(plain(problem), f"write `{_EXAMPLES[problem.action.word.text]}`")


@explains(problems.MissingTrainingSettings)
def missing(problem: problems.MissingTrainingSettings, context: Context) -> Diagnostic:
    """A ``train`` without what it needs."""
    return offered(plain(problem), f"add {', '.join(f'`{_EXAMPLES[name]}`' for name in problem.missing)}")
