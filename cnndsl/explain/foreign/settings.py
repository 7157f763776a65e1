"""How other frameworks say how a network is trained: their settings, losses, optimizers and schedules, and lines with these
put into ours, ``optimizer = torch.optim.SGD(model.parameters(), lr=0.1)``.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping

from ...attributes import Declared
from ...recipe import DATASETS, LOSSES, OPTIMIZERS, SCHEDULES, Recipe
from ...record import Record
from .lookup import call_in_our_words, own_row
from .names import attribute_named, fold
from .records import Row, row
from .statement import Statement, parsed
from .tool_names import CHOICES as KNOWN
from .training import CHOICES, NEAR_CHOICES, NOT_HERE, ROWS, SETTINGS_ELSEWHERE

__all__ = [
    "NOT_HERE",
    "SETTINGS",
    "SETTINGS_IN_ORDER",
    "SettingLine",
    "choice_named",
    "help_with_setting",
    "near_choice",
    "setting_named",
    "setting_of",
    "written_setting",
]

SETTINGS = tuple(Recipe.field_infos)
"""The settings of ``train { }``."""

SETTINGS_IN_ORDER = ("data", "loss", "optimizer", "schedule", "batch", "epochs", "seed")
"""The same in the order in which a spec has them."""

_CHOICES: dict[str, Mapping[str, type[Declared]]] = {
    "data": DATASETS,
    "loss": LOSSES,
    "optimizer": OPTIMIZERS,
    "schedule": SCHEDULES,
}
_LINE = re.compile(r"\s*([A-Za-z_]\w*)(?:\s*[=:]\s*|\s+)(\S.*?)\s*[,;]?\s*", re.DOTALL)


class SettingLine(Record):
    """A line of ``train { }`` in our words for what has a name elsewhere; unless it is ``certain``, the reasons say why not."""

    text: str
    certain: bool = True
    reasons: tuple[str, ...] = ()
    name: str = ""


# Words


def help_with_setting(word: str) -> str:
    """What to say of a word that is no setting: where else it is said, or which settings there are."""
    meant = attribute_named(word, ("lr",)) or word
    if any(declared.find_attribute(meant) for declared in OPTIMIZERS.values()) and fold(word) not in NOT_HERE:
        return "it belongs to the optimizer, as in `optimizer sgd lr=0.1 momentum=0.9`"
    return NOT_HERE.get(fold(word), f"there are {', '.join(SETTINGS_IN_ORDER)}")


def setting_named(word: str) -> str | None:
    """The setting that another framework's word for it stands for."""
    return SETTINGS_ELSEWHERE.get(fold(word))


def choice_named(setting: str, word: str) -> str | None:
    """The data set, loss, optimizer or schedule that another framework's word for it stands for, with the same defaults."""
    known, folded = _CHOICES[setting], fold(word).replace("-", "")
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


def setting_of(word: str) -> str | None:
    """The setting that a word is a choice of: ``sgd`` is an optimizer."""
    folded = fold(word)
    if folded == "linear" or any(declared.find_attribute(word) for declared in OPTIMIZERS.values()):
        return None  # `Linear` is a layer wherever it stands alone
    for setting, known in _CHOICES.items():
        if folded in map(fold, known) or (folded in CHOICES[setting] and folded not in NOT_HERE):
            return setting
    return None


# Lines


def written_setting(text: str) -> SettingLine | None:
    """A line of ``train { }`` in the words of another framework as a line of ours; None if nobody can tell."""
    alone = _called(text)
    if alone is not None:
        statement, call = alone
        name = statement.text(call.func)
        setting = next((each for each, rows in _rows(name) if rows), None) or setting_of(name)
        return _call(setting, name, statement, call) if setting else None
    found = _LINE.fullmatch(text)
    setting = (found[1] if found[1] in SETTINGS else setting_named(found[1])) if found else None
    if found is None or setting is None:
        return None
    called = _called(found[2])
    if called is not None:
        statement, call = called
        return _call(setting, statement.text(call.func), statement, call) if setting in _CHOICES else None
    return _plain(setting, found[2])


def _called(text: str) -> tuple[Statement, ast.Call] | None:
    statement = parsed(text)
    if statement is None or not isinstance(statement.node, ast.Expr) or not isinstance(statement.node.value, ast.Call):
        return None
    return statement, statement.node.value


def _plain(setting: str, value: str) -> SettingLine | None:
    """A number, or a choice with what follows it."""
    name, *rest = value.split()
    bare = name.strip("\"'")
    if setting not in _CHOICES:
        return SettingLine(f"{setting} {bare}", name=name) if not rest else None
    meant = bare if bare in _CHOICES[setting] else choice_named(setting, bare)
    near, reason = near_choice(setting, bare) or ("", "")
    if meant is None and near:
        return SettingLine(" ".join((setting, near, *rest)), False, (reason,), bare)
    return None if meant is None else SettingLine(" ".join((setting, meant, *rest)), name=bare)


def _call(setting: str, name: str, statement: Statement, call: ast.Call) -> SettingLine | None:
    """``SGD(model.parameters(), lr=0.1)`` as a choice of a setting."""
    rows, own = dict(_rows(name)).get(setting, ()), choice_named(setting, name)
    if own is not None and (not rows or name == own):
        rows = (own_row(own),)
    values = [each for each in call.args if not _is_what_is_trained(each)]
    if len(values) < len(call.args):
        rows = tuple(each for each in rows if each.tool != "Keras")
    if not rows:
        return None
    arguments = statement.arguments(ast.Call(call.func, values, call.keywords))
    made = call_in_our_words([each.without("params", "optimizer") for each in rows], arguments)
    return SettingLine(f"{setting} {made.line}", not made.doubts, made.doubts, name) if made.whole else None


def _rows(name: str) -> Iterator[tuple[str, tuple[Row, ...]]]:
    """The rows of a name, by setting."""
    package, _, last = name.rpartition(".")
    tool = "Keras" if "keras" in package else "PyTorch" if "torch" in package or package in ("optim", "nn") else ""
    for setting, tools in ROWS.items():
        found = [(each, rows[last]) for each, rows in tools.items() if last in rows and tool in ("", each)]
        yield setting, tuple(row(each, last, text) for each, text in found)


def _is_what_is_trained(node: ast.expr) -> bool:
    """``model.parameters()``, ``params`` or ``optimizer``, which come first in PyTorch."""
    match node:
        case ast.Call(func=ast.Attribute(attr="parameters")) | ast.Name(id="params" | "optimizer" | "opt"):
            return True
    return False
