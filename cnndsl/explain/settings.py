"""Settings of training: words that are none, values that they cannot have, and calls of other frameworks."""

from __future__ import annotations

from typing import Any

from .. import problems
from ..diagnostics import Diagnostic, Edit, Fix, Label
from ..diagnostics.suggest import one_of
from ..problems import plain
from ..recipe import OPTIMIZERS
from ..source import Span
from ..syntax import ast
from .context import Context
from .foreign import attribute_named, fold
from .foreign.elsewhere import MEANS_ANOTHER
from .foreign.settings import (
    NOT_HERE,
    SETTINGS_IN_ORDER,
    SettingLine,
    choice_named,
    help_with_setting,
    setting_named,
    setting_of,
    written_setting,
)
from .nearest import Candidate, candidate
from .table import advised, explains
from .values import suggestion

__all__: list[str] = []

_EXAMPLES = {
    "data": "data digits",
    "loss": "loss cross_entropy",
    "optimizer": "optimizer adam",
    "schedule": "schedule cosine",
    "epochs": "epochs 10",
    "batch": "batch 32",
    "seed": "seed 1",
}


def _with_line(found: Diagnostic, span: Span, line: SettingLine | None) -> Diagnostic:
    """The diagnostic with a line of ours in place of another."""
    if line is None:
        return found
    fix = Fix(f"write `{line.text}`", (Edit(span, line.text),), line.certain)
    return found.replace(notes=line.reasons, help=(f"write `{line.text}`",), fixes=(fix,))


@explains(problems.UnknownTrainingSetting)
def unknown_setting(problem: problems.UnknownTrainingSetting, context: Context) -> Diagnostic:
    """``sgd lr=0.1``, ``epoch 5``, ``momentum 0.9``."""
    found, action, word = plain(problem), problem.action, problem.action.word
    setting = setting_of(word.text)
    if setting is not None:
        text = f"{setting} {choice_named(setting, word.text)}"
        fix = Fix(f"write `{text}`", (Edit(word.span, text),), True)
        return found.replace(help=(f"it chooses the {setting}: write `{text}`",), fixes=(fix,))
    if (moved := _of_optimizer(problem, context)) is not None:
        return found.replace(
            help=(f"it belongs to the optimizer: write `{moved.replacement}`",), fixes=_moved(problem, moved)
        )
    meant = candidate(word.text, problem.known, setting_named(word.text))
    if meant is None or fold(word.text) in NOT_HERE:
        return found.replace(help=(help_with_setting(word.text),))
    called = any(isinstance(argument.value, ast.Function | ast.Tuple) for argument in action.arguments)
    written = written_setting(action.span.text) if called else None
    found = found.replace(primary=Label(word.span, meant.question), help=(f"there are {', '.join(SETTINGS_IN_ORDER)}",))
    if written is not None:
        return _with_line(found, action.span, written)
    edit = Edit(word.span, meant.name)
    return found.replace(fixes=(Fix(f"write `{edit.replacement}`", (edit,), meant.certain),))


def _of_optimizer(problem: problems.UnknownTrainingSetting, context: Context) -> Edit | None:
    """The optimizer with ``lr 0.1`` as one of its arguments, if it has such a one and that is not given."""
    given = [argument.span.text for argument in problem.action.arguments if argument.name is None]
    train = next((each for each in context.file.trains if problem.statement in each.body.statements), None)
    actions = [each.action for each in train.body.statements if isinstance(each.action, ast.Call)] if train else []
    optimizer = next((each for each in actions if each.word.text == "optimizer" and each.arguments), None)
    declared = OPTIMIZERS.get(optimizer.arguments[0].span.text) if optimizer is not None else None
    if optimizer is None or declared is None or len(given) != 1:
        return None
    word = problem.action.word.text
    name = declared.find_attribute(word) or attribute_named(word, declared.attributes())
    named = {argument.name.text for argument in optimizer.arguments if argument.name is not None}
    return None if name is None or name in named else Edit(optimizer.span, f"{optimizer.span.text} {name}={given[0]}")


def _moved(problem: problems.UnknownTrainingSetting, edit: Edit) -> tuple[Fix, ...]:
    """The fix that puts the line of a setting into the optimizer, if it stands alone on its line."""
    span = problem.statement.span
    source, line = span.source, span.position[0]
    if source.line(line).partition("#")[0].strip() != span.text:
        return ()
    start = span.start - span.position[1] + 1
    removed = Edit(Span(source, start, min(source.rest_of_line(span.start)[1] + 1, len(source.text))), "")
    return (Fix(f"write `{edit.replacement}`", (edit, removed), problem.action.word.text not in MEANS_ANOTHER),)


@explains(problems.NotASetting)
def not_a_setting(problem: problems.NotASetting, context: Context) -> Diagnostic:
    """``loss: cross_entropy``."""
    statement, action = problem.statement, problem.statement.action
    labelled = len(statement.labels) == 1 and isinstance(action, ast.Call) and action.body is None
    return _with_line(advised(problem), problem.span, written_setting(problem.span.text) if labelled else None)


@explains(problems.ChoiceNeedsName)
def needs_name(problem: problems.ChoiceNeedsName, context: Context) -> Diagnostic:
    """``loss "cross_entropy"``, ``schedule StepLR(30, 0.1)``."""
    found = plain(problem).replace(help=(f"there is {one_of(problem.choices)}",))
    first = problem.action.arguments[0] if problem.action.arguments else None
    value = first.value if first is not None and first.name is None else None
    if isinstance(value, ast.Function):
        return _with_line(found, problem.action.span, written_setting(problem.action.span.text))
    if isinstance(value, ast.List) and len(value.items) == 1:
        value = value.items[0]
    word = value.value if isinstance(value, ast.String) else value.name if isinstance(value, ast.Variable) else ""
    if "/" in word and problem.action.word.text == "data":
        return found.replace(help=(*found.help, "the folder of its files is given by `--data-dir DIR`"))
    meant = _choice(problem, word) if word else None
    if first is None or meant is None or not meant.offered:
        return found
    fix = Fix(f"write `{meant.name}`", (Edit(first.span, meant.name),), meant.certain)
    return found.replace(help=(f"write `{meant.name}`", *found.help), fixes=(fix,))


@explains(problems.UnknownChoice)
def unknown_choice(problem: problems.UnknownChoice, context: Context) -> Diagnostic:
    """An optimizer, loss, schedule or data set that there is not."""
    found, arguments = plain(problem), problem.action.arguments
    span, word = problem.span, problem.name
    meant = _choice(problem, word)
    if meant is None and len(arguments) > 1 and arguments[1].name is None:
        word, span = f"{word}_{arguments[1].span.text}", span.to(arguments[1].span)  # ``loss cross entropy``
        meant = _choice(problem, word)
    if "momentum" in word.lower():
        return found.replace(help=("momentum is given to sgd: `optimizer sgd lr=0.1 momentum=0.9`",))
    if meant is None:
        loss = ("networks are trained to classify",) if problem.action.word.text == "loss" else ()
        return found.replace(help=(f"there is {one_of(problem.choices)}", *loss))
    fix = Fix(f"write `{meant.name}`", (Edit(span, meant.name),), meant.certain)
    help_ = (f"there is {one_of(problem.choices)}",)
    return found.replace(primary=Label(span, meant.question), help=help_, fixes=(fix,) if meant.offered else ())


def _choice(problem: Any, word: str) -> Candidate | None:
    return candidate(word, problem.choices, choice_named(problem.action.word.text, word))


@explains(problems.NeedsNumber)
def needs_number(problem: problems.NeedsNumber, context: Context) -> Diagnostic:
    """``epochs`` without its number, ``epochs n=10``, ``epochs 10 batch 32``."""
    action, word = problem.action, problem.action.word.text
    found, arguments = plain(problem), action.arguments
    words = [
        index
        for index, each in enumerate(arguments)
        if each.span.text in SETTINGS_IN_ORDER or setting_of(each.span.text)
    ]
    if words and words[0]:
        edit = Edit(Span(action.span.source, arguments[words[0] - 1].span.end, arguments[words[0]].span.start), " | ")
        fix = Fix("put a `|` between the settings", (edit,), True)
        return found.replace(help=("each setting stands on a line of its own, or after a `|`",), fixes=(fix,))
    if len(arguments) == 1 and isinstance(arguments[0].value, ast.Number):
        return _with_line(found, action.span, SettingLine(f"{word} {arguments[0].value.span.text}"))
    return found.replace(help=(f"write `{_EXAMPLES[word]}`",))


@explains(problems.RefusedNumber)
def refused_number(problem: problems.RefusedNumber, context: Context) -> Diagnostic:
    """``epochs 10.0`` and ``batch "32"``."""
    meant = suggestion(problem.type, problem.value)
    if meant is None:
        return plain(problem)
    fix = Fix(f"write `{meant.text}`", (Edit(problem.span, meant.text),), meant.certain)
    return plain(problem).replace(help=(f"{meant.why}: write `{meant.text}`",), fixes=(fix,))


@explains(problems.MissingTrainingSettings)
def missing(problem: problems.MissingTrainingSettings, context: Context) -> Diagnostic:
    """A ``train`` without what it needs."""
    return plain(problem).replace(help=(f"add {', '.join(f'`{_EXAMPLES[name]}`' for name in problem.missing)}",))
