"""Settings of training that are none, and values that they cannot have: what was meant."""

from __future__ import annotations

import re
from collections.abc import Mapping

from ..attributes import AttributeType, Declared, ValueProblem
from ..diagnostics import Diagnostic, Edit, Fix, Label
from ..diagnostics.kinds import names, training
from ..diagnostics.suggest import one_of
from ..explain.foreign.settings import choice_meant, help_with_setting, setting_meant, setting_of, written_setting
from ..source import Span
from ..syntax import ast
from ..syntax.slips_with_equals import unknown_setting as unknown

__all__ = ["no_choice", "no_number", "no_setting", "refused_number", "unknown_choice", "unknown_setting"]

_NOUNS = {"data": "data set", "loss": "loss", "optimizer": "optimizer", "schedule": "schedule"}
_ARTICLES = {name: f"an {noun}" if noun[0] in "aeiou" else f"a {noun}" for name, noun in _NOUNS.items()}
_FOLDER = "the folder of its files is given by `--data-dir DIR`"


def unknown_setting(statement: ast.Statement, action: ast.Call) -> tuple[Diagnostic, str | None]:
    """What to say of a word that is no setting, and the setting that it is meant for."""
    word, span = action.word, action.span
    values = Span(span.source, word.span.end, span.end).text.strip()
    setting = setting_of(word.text)
    message = f"`train` has no setting `{word.text}`"
    if setting is not None:
        name = choice_meant(setting, word.text)
        fix = Fix(f"write `{setting} {name}`", (Edit(word.span, f"{setting} {name}"),), True)
        help_ = f"it is {_ARTICLES[setting]}: write `{setting} {name}`"
        return Diagnostic(
            training.UNKNOWN_TRAINING_SETTING, message, Label(word.span), help=(help_,), fixes=(fix,)
        ), setting
    meant = setting_meant(word.text)
    if meant is None:
        return unknown(word.span, values, statement.span), None
    written = written_setting(span.text)
    edit = Edit(word.span, meant) if written is None or "(" not in values else Edit(span, written)
    fix = Fix(f"write `{edit.replacement}`", (edit,), True)
    label = Label(word.span, f"did you mean `{meant}`?")
    help_ = help_with_setting(word.text)
    return Diagnostic(training.UNKNOWN_TRAINING_SETTING, message, label, help=(help_,), fixes=(fix,)), meant


def no_setting(statement: ast.Statement) -> Diagnostic:
    """What to say of a statement of ``train { }`` that is not a word with arguments: ``loss: cross_entropy``."""
    found = Diagnostic(
        names.WRONG_PLACE,
        "only settings stand in `train`",
        Label(statement.span),
        help=("one per line, as in `optimizer adam lr=1e-3`",),
    )
    labelled = isinstance(statement.action, ast.Call) and len(statement.labels) == 1 and statement.action.body is None
    written = written_setting(statement.span.text) if labelled else None
    if not written:
        return found
    fix = Fix(f"write `{written}`", (Edit(statement.span, written),), True)
    return found.replace(message="a setting of `train` has no `:`", help=(f"write `{written}`",), fixes=(fix,))


def no_choice(action: ast.Call, first: ast.Argument | None, choices: Mapping[str, type[Declared]]) -> Diagnostic:
    """What to say of a setting that names nothing: ``loss "cross_entropy"``, ``schedule StepLR(30, 0.1)``."""
    word = action.word.text
    message = f"`{word}` takes the name of {_ARTICLES[word]}"
    found = Diagnostic(
        names.WRONG_VALUE,
        message,
        Label(first.span if first else action.word.span),
        help=(f"there is {one_of(choices)}",),
    )
    if first is None or first.name is not None:
        return found
    if isinstance(first.value, ast.Function):
        written = written_setting(action.span.text)
        fixes = (Fix(f"write `{written}`", (Edit(action.span, written),), True),) if written else ()
        return found.replace(help=(f"write `{written}`",) if written else found.help, fixes=fixes)
    if isinstance(first.value, ast.List) and len(first.value.items) == 1:
        inner = first.value.items[0].span.text
        return found.replace(fixes=(Fix(f"write `{inner}`", (Edit(first.span, inner),), True),))
    if not isinstance(first.value, ast.String):
        return found
    text = str(first.value.value)
    meant = choice_meant(word, text) if text else None
    if meant is None:
        return found.replace(help=(*found.help, _FOLDER)) if word == "data" and "/" in text else found
    what = "remove the quotes" if text == meant else f"write `{meant}`"
    return found.replace(fixes=(Fix(what, (Edit(first.span, meant),), True),))


def unknown_choice(action: ast.Call, value: ast.Variable, choices: Mapping[str, type[Declared]]) -> Diagnostic:
    """What to say of an optimizer, loss, schedule or data set that there is not."""
    word = action.word.text
    span, meant = value.span, choice_meant(word, value.name)
    second = action.arguments[1] if len(action.arguments) > 1 else None
    if meant is None and second is not None and second.name is None:
        joined = choice_meant(word, f"{value.name}_{second.span.text}")
        if joined is not None and re.fullmatch(r"\w+", second.span.text):
            span, meant = span.to(second.span), joined
    help_ = [f"there is {one_of(choices)}"]
    if word == "loss" and meant is None:
        help_.append("networks are trained to classify")
    if meant == "sgd" and "momentum" in value.name.lower():
        help_ = ["momentum is given to sgd: `optimizer sgd lr=0.1 momentum=0.9`"]
    return Diagnostic(
        training.UNKNOWN_CHOICE,
        f"no {_NOUNS[word]} is called `{span.text}`",
        Label(span, f"did you mean `{meant}`?" if meant else ""),
        help=tuple(help_),
        fixes=(Fix(f"write `{meant}`", (Edit(span, meant),), "momentum" not in help_[0]),) if meant else (),
    )


def no_number(action: ast.Call, example: str) -> Diagnostic:
    """What to say of ``epochs`` without its number, or with more behind it."""
    word, arguments = action.word.text, action.arguments
    found = Diagnostic(
        names.WRONG_VALUE, f"`{word}` takes one number", Label(action.span), help=(f"write `{example}`",)
    )
    if not arguments:
        return found
    value = next((each.value.span.text for each in arguments if isinstance(each.value, ast.Number)), "")
    others = [each for each in arguments[1:] if isinstance(each.value, ast.Variable) and each.name is None]
    if others and arguments[0].name is None and value == arguments[0].span.text and setting_like(others[0]):
        edit = Edit(Span(action.span.source, arguments[0].span.end, others[0].span.start), " | ")
        fix = Fix("put a `|` between the settings", (edit,), True)
        return found.replace(help=("each setting stands on a line of its own, or behind a `|`",), fixes=(fix,))
    if len(arguments) == 1 and value:
        fix = Fix(f"write `{word} {value}`", (Edit(action.span, f"{word} {value}"),), True)
        return found.replace(help=(f"write `{word} {value}`",), fixes=(fix,))
    return found


def setting_like(argument: ast.Argument) -> bool:
    """Whether an argument is the word of another setting."""
    text = argument.span.text
    return setting_meant(text) is not None or setting_of(text) is not None


def refused_number(name: str, value: ast.Expression, type_: AttributeType, problem: ValueProblem) -> Diagnostic:
    """What to say of ``epochs 0`` and ``batch "32"``."""
    kind = names.OUT_OF_RANGE if problem.out_of_range else names.WRONG_VALUE
    found = Diagnostic(kind, f"`{name}` cannot be {value.span.text}", Label(value.span, f"must be {type_.description}"))
    text = value.span.text.strip('"')
    plain = text.removesuffix(".0")
    if plain == value.span.text or not plain.isdigit():
        return found
    fix = Fix(f"write `{plain}`", (Edit(value.span, plain),), True)
    return found.replace(help=(f"write `{name} {plain}`",), fixes=(fix,))
