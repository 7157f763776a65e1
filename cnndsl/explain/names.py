"""Words that nothing is called by: layers, blocks, values, variables, functions, imports, settings, quantities, shortcuts.

All are looked for in one way (:func:`cnndsl.explain.context.candidate`). What is not near anything may be what something was
called before that nothing uses now, may be defined out of sight, or may be something of another framework.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from .. import problems
from ..diagnostics import Diagnostic, Edit
from ..diagnostics.kinds import names
from ..diagnostics.suggest import one_of
from ..elaborate import STRUCTURES
from ..ops import OPERATORS
from ..problems import Problem, plain
from ..recipe import OPTIMIZERS
from ..recipe.settings import CHOICES as OURS
from ..recipe.settings import COUNTS, RECORDS, SCOPED
from ..source import Span
from ..syntax import ast
from ..translation import names as elsewhere
from ..translation.meaning import meaning
from ..translation.tool_names import CHOICES as KNOWN
from ..translation.training import CHOICES, NEAR_CHOICES, NOT_HERE, SAID_ALONE, SETTINGS_ELSEWHERE
from .calls import Call, translated, word_of
from .context import Context, Suggestion, asked, candidate, explains, instead, offered

__all__: list[str] = []

_STATEMENTS = ("repeat", "residual", "expect", "let", "for", "if")
_UNHEARD_OF = "`cnndsl layers` lists the layers; a block is defined above or with `use`"
_LABEL = "a label before a layer, as in `enc1: conv 64 3x3`, names its output; a block is given it as an argument"
_SEEN = "a name can be used below that line, in the braces around it"


# Layers and blocks


@explains(problems.UnknownLayer)
def layer(problem: problems.UnknownLayer, context: Context) -> Diagnostic:
    """The word of a statement: of the top of a file, a value, a block of std, a label, a layer of another tool, a slip."""
    action, word, found = problem.action, problem.action.word, plain(problem)
    if word.text in ("network", "block", "train", "use"):
        found = found.replace(kind=names.WRONG_POSITION, message=f"`{word.text}` belongs at the top level of a file")
        return offered(found, "move it out of the braces, or close them before it")
    if context.is_value(word.text):
        found = offered(found.replace(message=f"`{word.text}` is a value"), elsewhere.NOT_SHARED)
        return found if action.arguments else asked(found, word.span, Suggestion(f"from {word.text}"))
    place = context.place
    known = (*OPERATORS, *STRUCTURES, *_STATEMENTS, *(place.library.blocks if place is not None else ()))
    return (
        _of_std(found, elsewhere.BLOCKS.get(elsewhere.fold(word.text), word.text), word.span, context)
        or translated(found, action, context)
        or _near_layer(found, action, known, context)
    )


def _of_std(found: Diagnostic, name: str, span: Span, context: Context) -> Diagnostic | None:
    """A block of ``std`` that the file does not use, by its name or by what papers call it."""
    file = context.tree.file
    if name not in context.std:
        return None
    ends = "\n" if any(isinstance(item, ast.Use) for item in file.items) else "\n\n"
    edits = [Edit(Span(file.span.source, 0, 0), f"use {name} from std{ends}")]
    edits += [] if name == span.text else [Edit(span, name)]
    help_ = f"`{name}` is a block of std: begin the file with `use {name} from std`"
    return offered(found, help_, *edits, certain=name == span.text)


def _near_layer(found: Diagnostic, action: ast.Call, known: tuple[str, ...], context: Context) -> Diagnostic:
    """What the word means elsewhere, or a slip; what the call is given is read along with it."""
    word, foreign = action.word, meaning(action.word.text)
    layer = elsewhere.activation_meant(word_of(action.arguments[0])) if len(action.arguments) == 1 else None
    if elsewhere.fold(word.text) == "activation" and layer:
        return instead(found, action.span, Suggestion(layer, "an activation is a layer of its own", True))
    theirs = (foreign.layer if foreign is not None else "") or elsewhere.layer_named(word.text, known)
    named = Suggestion(theirs, certain=foreign is None or foreign.exact or not foreign.layer) if theirs else None
    meant = candidate(word.text, known, named) if named or foreign is None else None
    if foreign is not None and (meant is None or (foreign.layer and foreign.sentence)):
        found = offered(found, foreign.sentence)
    if meant is None:
        return found if foreign is not None else _near(found, word.text, known, context) or offered(found, _UNHEARD_OF)
    is_layer = action.arguments and meant.text in OPERATORS and meant.text not in STRUCTURES  # which take values
    call = Call(word, OPERATORS[meant.text], action.arguments, context) if is_layer else None
    read = call.read(asked(found, word.span, meant), certain=meant.certain) if call is not None else None
    if read is not None:
        return read
    if meant.text == word.text.lower():
        found = found.replace(message="layers and statements are written in small letters")
        return offered(found, "write them in small letters", Edit(word.span, meant.text))
    return asked(found, word.span, meant)


# Variables and values


@explains(problems.UnknownName)
def name(problem: problems.UnknownName, context: Context) -> Diagnostic:
    """A name in an expression."""
    return _variable(problem, problem.name, (*problem.known, "true", "false"), context)


@explains(problems.UnknownWord)
def word(problem: problems.UnknownWord, context: Context) -> Diagnostic:
    """A bare word for an attribute that does not know it."""
    call = Call(problem.word, problem.target, problem.arguments, context)
    found = call.read(plain(problem))
    if found is None:
        found = _variable(problem, problem.value, (*problem.known, *problem.info.type.words), context)
    return offered(found, f"`{problem.attribute}` is {problem.info.type.description}")


def _variable(problem: Problem, word: str, known: Iterable[str], context: Context) -> Diagnostic:
    found = plain(problem)
    return _of_std(found, word, problem.span, context) or _near(found, word, known, context) or found


@explains(problems.UnknownValue)
def value(problem: problems.UnknownValue, context: Context) -> Diagnostic:
    """The name of a value after ``from`` or in a join."""
    found, known = plain(problem), tuple(dict.fromkeys(problem.known))
    return _near(found, problem.name, known, context) or offered(found, _LABEL)


def _near(found: Diagnostic, word: str, known: Iterable[str], context: Context) -> Diagnostic | None:
    """A slip of a name, or a name out of sight."""
    assert found.primary is not None
    span, names = found.primary.span, tuple(known)
    if (meant := candidate(word, names)) is not None:
        words = context.tree.words
        either = meant.text in context.tree.made and words[meant.text] == words[word] == 1  # of them may be the slip
        return asked(found, span, meant.replace(certain=meant.certain and not either))
    if word in context.tree.made:
        line = context.tree.made[word].position[0]
        return offered(found, f"`{word}` is made on line {line}: {_SEEN}")
    return None


# What else has a name


@explains(
    problems.UnknownFunction,
    problems.UnknownImport,
    problems.UnknownQuantity,
    problems.UnknownSetting,
    problems.UnknownShortcut,
    problems.UnknownTrained,
)
def known(problem: Any, context: Context) -> Diagnostic:
    """A word that is none of a few; on a command line there is nothing to edit."""
    found, word = plain(problem), getattr(problem, "name", problem.span.text)
    if isinstance(problem, problems.UnknownQuantity) and word.lower() in elsewhere.OTHER_QUANTITIES:
        return found.replace(help=(elsewhere.OTHER_QUANTITIES[word.lower()],))
    meant = candidate(elsewhere.QUANTITIES.get(word.lower(), word), problem.known)
    if meant is None or word == problem.span.text:
        return asked(found, problem.span, meant) if meant is not None else found
    return offered(found, f"did you mean `{meant.text}`?")


_THERE_ARE = f"there are {', '.join((*OURS, *RECORDS, *COUNTS, *SCOPED))}"


def choice_named(setting: str, word: str) -> str | None:
    """The data set, loss, optimizer or schedule that another framework's word for it stands for, with the same defaults."""
    known, folded = OURS[setting], elsewhere.fold(word).replace("-", "")
    same = next((name for name in known if elsewhere.fold(name) == folded), None)
    return same or CHOICES[setting].get(folded)


def near_choice(setting: str, word: str) -> tuple[str, str] | None:
    """What is near to another framework's word for a choice, empty if nothing is, and a sentence that says what differs."""
    folded = elsewhere.fold(word).replace("-", "")
    if folded in NEAR_CHOICES[setting]:
        return NEAR_CHOICES[setting][folded]
    if folded in map(elsewhere.fold, KNOWN[setting].split()):
        return "", f"`{word}` is another {'data set' if setting == 'data' else setting}, which there is not here"
    return None


@explains(problems.UnknownTrainingSetting)
def unknown_setting(problem: problems.UnknownTrainingSetting, context: Context) -> Diagnostic:
    """``sgd lr=0.1``, ``epoch 5``, ``momentum 0.9``."""
    found, word = plain(problem), problem.action.word
    meant = elsewhere.attribute_named(word.text, ("lr",)) or word.text
    is_attribute = any(declared.find_attribute(meant) for declared in OPTIMIZERS.values())
    if elsewhere.fold(word.text) in NOT_HERE:
        return offered(found, NOT_HERE[elsewhere.fold(word.text)])
    if is_attribute:
        return offered(found, "it belongs to the optimizer, as in `optimizer sgd lr=0.1 momentum=0.9`")
    for setting in SAID_ALONE:
        if (named := choice_named(setting, word.text)) and named != "linear":  # which is a layer elsewhere
            return instead(found, word.span, Suggestion(f"{setting} {named}", f"it chooses the {setting}", True))
    other = SETTINGS_ELSEWHERE.get(elsewhere.fold(word.text))
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
