"""Settings of training: words that are none, values that they cannot have, and what other frameworks call them."""

from __future__ import annotations

from .. import problems
from ..diagnostics import Diagnostic
from ..diagnostics.suggest import one_of
from ..problems import plain
from ..recipe import OPTIMIZERS
from ..recipe.settings import CHOICES as OURS
from ..recipe.settings import COUNTS, RECORDS, SCOPED
from ..syntax import ast
from ..translation.names import attribute_named, fold
from ..translation.tool_names import CHOICES as KNOWN
from ..translation.training import CHOICES, NEAR_CHOICES, NOT_HERE, SAID_ALONE, SETTINGS_ELSEWHERE
from .context import Context
from .edits import Suggestion, asked, candidate, instead, offered
from .readings import word_of
from .table import explains

__all__ = ["choice_named", "near_choice"]

_THERE_ARE = f"there are {', '.join((*OURS, *RECORDS, *COUNTS, *SCOPED))}"


def choice_named(setting: str, word: str) -> str | None:
    """The data set, loss, optimizer or schedule that another framework's word for it stands for, with the same defaults."""
    known, folded = OURS[setting], fold(word).replace("-", "")
    same = next((name for name in known if fold(name) == folded), None)
    return same or CHOICES[setting].get(folded)


def near_choice(setting: str, word: str) -> tuple[str, str] | None:
    """What is near to another framework's word for a choice, empty if nothing is, and a sentence that says what differs."""
    folded = fold(word).replace("-", "")
    if folded in NEAR_CHOICES[setting]:
        return NEAR_CHOICES[setting][folded]
    if folded in map(fold, KNOWN[setting].split()):
        return "", f"`{word}` is another {'data set' if setting == 'data' else setting}, which there is not here"
    return None


@explains(problems.UnknownTrainingSetting)
def unknown_setting(problem: problems.UnknownTrainingSetting, context: Context) -> Diagnostic:
    """``sgd lr=0.1``, ``epoch 5``, ``momentum 0.9``."""
    found, word = plain(problem), problem.action.word
    meant = attribute_named(word.text, ("lr",)) or word.text
    is_attribute = any(declared.find_attribute(meant) for declared in OPTIMIZERS.values())
    if fold(word.text) in NOT_HERE:
        return offered(found, NOT_HERE[fold(word.text)])
    if is_attribute:
        return offered(found, "it belongs to the optimizer, as in `optimizer sgd lr=0.1 momentum=0.9`")
    for setting in SAID_ALONE:
        if (named := choice_named(setting, word.text)) and named != "linear":  # which is a layer elsewhere
            return instead(found, word.span, Suggestion(f"{setting} {named}", f"it chooses the {setting}", True))
    other = SETTINGS_ELSEWHERE.get(fold(word.text))
    near = candidate(word.text, problem.known, Suggestion(other, certain=True) if other else None)
    return asked(found, word.span, near) if near else offered(found, _THERE_ARE)


@explains(problems.ChoiceNeedsName, problems.UnknownChoice)
def choice(problem: problems.ChoiceNeedsName | problems.UnknownChoice, context: Context) -> Diagnostic:
    """An optimizer, loss, schedule or data set that there is not, or its name in quotes or with parentheses."""
    setting, arguments, found = problem.action.word.text, problem.action.arguments, plain(problem)
    first = arguments[0] if arguments else None
    word = word_of(first) if first is not None and first.name is None else ""
    if first is not None and isinstance(first.value, ast.Function) and not first.value.arguments:
        word = first.value.name.text
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
