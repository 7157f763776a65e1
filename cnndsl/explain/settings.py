"""Settings of training: words that are none, values that they cannot have, and lines of other frameworks."""

from __future__ import annotations

from .. import problems
from ..diagnostics import Diagnostic
from ..diagnostics.suggest import one_of
from ..problems import Problem, plain
from ..syntax import ast
from ..translation.names import fold
from ..translation.training import NOT_HERE, SETTINGS_ELSEWHERE
from .context import Context
from .edits import Suggestion, asked, candidate, instead, offered
from .foreign.settings import choice_named, help_with_setting, near_choice, setting_of, written_setting
from .readings import word_of
from .table import explains

__all__: list[str] = []


def _pasted(problem: Problem, line: ast.Syntax) -> Diagnostic | None:
    """A line that another framework has for a setting, in our words."""
    written = written_setting(line.span.text)
    if written is None or written.line == line.span.text:
        return None
    found = plain(problem).replace(notes=written.doubts)
    return instead(found, line.span, Suggestion(written.line, certain=not written.doubts))


@explains(problems.UnknownTrainingSetting)
def unknown_setting(problem: problems.UnknownTrainingSetting, context: Context) -> Diagnostic:
    """``sgd lr=0.1``, ``epoch 5``, ``momentum 0.9``, ``criterion CrossEntropyLoss()``."""
    found, word = plain(problem), problem.action.word
    if setting := setting_of(word.text):
        meant = Suggestion(f"{setting} {choice_named(setting, word.text)}", f"it chooses the {setting}", True)
        return instead(found, word.span, meant)
    named = SETTINGS_ELSEWHERE.get(fold(word.text))
    near = candidate(word.text, problem.known, Suggestion(named, certain=True) if named else None)
    if near is None or fold(word.text) in NOT_HERE:
        return offered(found, help_with_setting(word.text))
    pasted = _pasted(problem, problem.action) if "(" in problem.action.span.text else None
    return pasted or offered(asked(found, word.span, near), help_with_setting(""))


@explains(problems.NotASetting)
def not_a_setting(problem: problems.NotASetting, context: Context) -> Diagnostic:
    """``loss: cross_entropy``."""
    return _pasted(problem, problem.statement) or plain(problem)


@explains(problems.ChoiceNeedsName, problems.UnknownChoice)
def choice(problem: problems.ChoiceNeedsName | problems.UnknownChoice, context: Context) -> Diagnostic:
    """An optimizer, loss, schedule or data set that there is not, or its name in quotes or with parentheses."""
    setting, arguments, found = problem.action.word.text, problem.action.arguments, plain(problem)
    first = arguments[0] if arguments else None
    if first is not None and isinstance(first.value, ast.Function) and (pasted := _pasted(problem, problem.action)):
        return pasted
    word = word_of(first) if first is not None and first.name is None else ""
    if "/" in word and setting == "data":
        return offered(found, "the folder of its files is given by `--data-dir DIR`")
    named, near = choice_named(setting, word), near_choice(setting, word)
    found = offered(offered(found, near[1]) if near else found, f"choose {one_of(problem.choices)}")
    if named is None and near is not None:
        meant = Suggestion(near[0], offered=False) if near[0] else None
    else:
        meant = candidate(word, problem.choices, Suggestion(named, certain=True) if named else None)
    if meant is not None and first is not None:
        return asked(found, first.span, meant)
    return offered(found, "networks are trained to classify") if word and setting == "loss" else found
