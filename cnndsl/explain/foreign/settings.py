"""How other frameworks say how a network is trained: their settings, losses, optimizers and schedules, and lines with these
put into ours, ``optimizer = torch.optim.SGD(model.parameters(), lr=0.1)``.
"""

from __future__ import annotations

import ast
import re

from ...recipe import OPTIMIZERS, Recipe
from ...recipe.settings import CHOICES as OURS
from ...recipe.settings import COUNTS, RECORDS, SCOPED
from ...translation.lookup import call_in_our_words, own_row
from ...translation.names import attribute_named, fold
from ...translation.records import Row, Written, row
from ...translation.tool_names import CHOICES as KNOWN
from ...translation.training import CHOICES, NEAR_CHOICES, NOT_HERE, ROWS, SAID_ALONE, SETTINGS_ELSEWHERE
from .statement import Statement, parsed

__all__ = ["choice_named", "help_with_setting", "near_choice", "setting_of", "written_setting"]

_THERE_ARE = f"there are {', '.join((*OURS, *RECORDS, *COUNTS, *SCOPED))}"
_LINE = re.compile(r"\s*([A-Za-z_]\w*)(?:\s*[=:]\s*|\s+)(\S.*?)\s*[,;]?\s*", re.DOTALL)


def help_with_setting(word: str) -> str:
    """What to say of a word that is no setting: where else it is said, or which settings there are."""
    meant = attribute_named(word, ("lr",)) or word
    if any(declared.find_attribute(meant) for declared in OPTIMIZERS.values()) and fold(word) not in NOT_HERE:
        return "it belongs to the optimizer, as in `optimizer sgd lr=0.1 momentum=0.9`"
    return NOT_HERE.get(fold(word), _THERE_ARE)


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


def setting_of(word: str) -> str | None:
    """The setting that a word is a choice of: ``sgd`` is an optimizer."""
    is_other = fold(word) in NOT_HERE or fold(word) == "linear"  # which is a layer wherever it stands alone
    if is_other or any(declared.find_attribute(word) for declared in OPTIMIZERS.values()):
        return None
    return next((setting for setting in SAID_ALONE if choice_named(setting, word)), None)


def written_setting(text: str) -> Written | None:
    """A line of ``train { }`` in the words of another framework as a line of ours; None if nobody can tell."""
    found = _LINE.fullmatch(text)
    word, value = (found[1], found[2]) if found is not None else ("", text)
    setting = word if word in Recipe.field_infos and word not in SCOPED else SETTINGS_ELSEWHERE.get(fold(word))
    statement = parsed(value if setting is not None else text)
    match statement and statement.node:
        case ast.Expr(value=ast.Call() as call) if statement is not None:
            return _call(setting, statement.text(call.func), statement, call)
    return _plain(setting, value) if setting is not None else None


def _plain(setting: str, value: str) -> Written | None:
    """A number, or a choice with what follows it."""
    name, *rest = value.split()
    bare = name.strip("\"'")
    if setting not in OURS:
        return Written(name, (f"{setting} {bare}",)) if not rest else None
    meant, near = choice_named(setting, bare), near_choice(setting, bare)
    if meant is None and near is not None and near[0]:
        return Written(bare, (" ".join((setting, near[0], *rest)),)).doubted(near[1])
    return None if meant is None else Written(bare, (" ".join((setting, meant, *rest)),))


def _call(setting: str | None, name: str, statement: Statement, call: ast.Call) -> Written | None:
    """``SGD(model.parameters(), lr=0.1)`` as a choice of a setting."""
    rows = _rows(name)
    setting = setting or next(iter(rows), None) or setting_of(name)
    own = choice_named(setting, name) if setting in OURS else None
    if setting is None:
        return None
    values = [each for each in call.args if not _is_what_is_trained(each)]
    fitting = [each for each in rows.get(setting, ()) if len(values) == len(call.args) or each.tool != "Keras"]
    if own is not None and (setting not in rows or name == own):
        fitting = [own_row(OURS[setting][own])]
    if not fitting:
        return None
    arguments = statement.arguments(ast.Call(call.func, values, call.keywords))
    made = call_in_our_words([each.without("params", "optimizer") for each in fitting], arguments)
    return made.replace(name=name, layers=(f"{setting} {made.line}",)) if made.whole else None


def _rows(name: str) -> dict[str, list[Row]]:
    """The rows of a name, by setting."""
    package, _, last = name.rpartition(".")
    tool = "Keras" if "keras" in package else "PyTorch" if "torch" in package or package in ("optim", "nn") else ""
    found: dict[str, list[Row]] = {}
    for setting, tools in ROWS.items():
        for each, rows in tools.items():
            if last in rows and tool in ("", each):
                found.setdefault(setting, []).append(row(each, last, rows[last]))
    return found


def _is_what_is_trained(node: ast.expr) -> bool:
    """``model.parameters()``, ``params`` or ``optimizer``, which come first in PyTorch."""
    match node:
        case ast.Call(func=ast.Attribute(attr="parameters")) | ast.Name(id="params" | "optimizer" | "opt"):
            return True
    return False
