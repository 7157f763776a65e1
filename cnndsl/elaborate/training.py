"""A ``train { }`` block: flat settings with arguments, one per line, bound to the classes of :mod:`cnndsl.recipe`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..attributes import AttributeType, Declared, Integer, ValueProblem
from ..diagnostics import Diagnostic, Diagnostics, Label
from ..diagnostics.kinds import names, training
from ..diagnostics.suggest import nearest
from ..recipe import DATASETS, LOSSES, OPTIMIZERS, SCHEDULES, Recipe
from ..source import Span
from ..syntax import ast
from .bind import bind
from .copies import copied
from .expressions import EvaluationError, evaluate
from .place import did_you_mean

__all__ = ["CHOICES", "COUNTS", "elaborate_recipe"]

CHOICES: dict[str, Mapping[str, type[Declared]]] = {
    "data": DATASETS,
    "loss": LOSSES,
    "optimizer": OPTIMIZERS,
    "schedule": SCHEDULES,
}
"""Settings that name one of several things, and the things."""

COUNTS: dict[str, AttributeType] = {"batch": Integer(1), "epochs": Integer(1), "seed": Integer(0)}
"""Settings that are one number."""

_REQUIRED = ("data", "optimizer", "epochs")


def elaborate_recipe(file: ast.File, network: str, diagnostics: Diagnostics) -> Recipe | None:
    """How the file says that a network is trained: its ``train Name { }``, else its ``train { }``, else None."""
    networks = [item.name.text for item in file.networks]
    for train in file.trains:
        if train.name is not None and train.name.text not in networks:
            help_ = did_you_mean(nearest(train.name.text, networks))
            message = f"no network is called `{train.name.text}`"
            diagnostics.report(Diagnostic(names.UNKNOWN_NAME, message, Label(train.name.span), help=help_))
    _report_second(file, diagnostics)
    recipes = {train.name.text if train.name else "": elaborate_train(train, diagnostics) for train in file.trains}
    return recipes.get(network, recipes.get(""))


def _report_second(file: ast.File, diagnostics: Diagnostics) -> None:
    seen: dict[str, Span] = {}
    for train in file.trains:
        name = train.name.text if train.name else ""
        first = seen.setdefault(name, train.span)
        if first is not train.span:
            message = f"`{name}` is trained twice" if name else "there are two `train` for the same networks"
            help_ = "one `train { }` is for all networks, and `train Name { }` for one of them"
            places = Label(train.span.first_word, "again here"), (Label(first.first_word, "first here"),)
            found = Diagnostic(names.DUPLICATE_NAME, message, *places, help=(help_,))
            diagnostics.report(copied(first, train.span) or found)


def elaborate_train(train: ast.Train, diagnostics: Diagnostics) -> Recipe | None:
    """The recipe, or None if a mistake was reported."""
    settings = _Settings(diagnostics)
    for statement in train.body.statements:
        settings.add(statement)
    missing = [name for name in _REQUIRED if name not in settings.seen]
    if missing and not train.body.span.text.endswith("}"):
        settings.failed = True  # the rest was cut off, which has been reported
    if missing and not settings.failed:
        message = f"`train` needs {', '.join(f'`{name}`' for name in missing)}"
        place = Label(
            train.name.span if train.name else Span(train.span.source, train.span.start, train.span.start + 5)
        )
        help_ = f"add {', '.join(f'`{_EXAMPLES[name]}`' for name in missing)}"
        settings.fail(Diagnostic(training.MISSING_TRAINING_SETTING, message, place, help=(help_,)))
    return None if settings.failed else Recipe(**settings.values)


class _Settings:
    def __init__(self, diagnostics: Diagnostics) -> None:
        self.diagnostics = diagnostics
        self.values: dict[str, Any] = {}
        self.seen: dict[str, ast.Name] = {}
        self.failed = False

    def fail(self, diagnostic: Diagnostic | None) -> None:
        self.failed = True
        if diagnostic is not None:
            self.diagnostics.report(diagnostic)

    def add(self, statement: ast.Statement) -> None:
        action = statement.action
        if isinstance(action, ast.Error):
            self.failed = True
            return
        if not isinstance(action, ast.Call) or action.body or statement.labels or statement.contract:
            from .unknown_settings import no_setting

            self.fail(no_setting(statement))
            return
        name = action.word.text
        if name in self.seen:
            first = Label(self.seen[name].span, "first given here")
            place = Label(action.word.span, "again here")
            self.fail(Diagnostic(names.GIVEN_TWICE, f"`{name}` is given twice", place, (first,)))
            return
        self.seen[name] = action.word
        if name in CHOICES:
            self._choice(action, CHOICES[name])
        elif name in COUNTS:
            self._count(action, COUNTS[name])
        else:
            self._unknown(statement, action)

    def _unknown(self, statement: ast.Statement, action: ast.Call) -> None:
        from .unknown_settings import unknown_setting  # with its tables, which only a mistake needs

        found, meant = unknown_setting(statement, action)
        self.fail(found)
        if meant:
            self.seen.setdefault(meant, action.word)

    def _choice(self, action: ast.Call, choices: Mapping[str, type[Declared]]) -> None:
        first = action.arguments[0] if action.arguments else None
        if first is None or first.name or not isinstance(first.value, ast.Variable):
            self._no_choice(action, first, choices)
            return
        chosen = first.value.name
        if chosen not in choices:
            self._unknown_choice(action, first.value, choices)
            return
        bound = bind(choices[chosen], ast.Name(first.span, chosen), action.arguments[1:], {}, self.diagnostics)
        if bound is None:
            self.failed = True
        else:
            self.values[action.word.text] = bound.value

    def _no_choice(self, action: ast.Call, first: ast.Argument | None, choices: Mapping[str, type[Declared]]) -> None:
        from .unknown_settings import no_choice

        self.fail(no_choice(action, first, choices))

    def _unknown_choice(self, action: ast.Call, value: ast.Variable, choices: Mapping[str, type[Declared]]) -> None:
        from .unknown_settings import unknown_choice

        self.fail(unknown_choice(action, value, choices))

    def _count(self, action: ast.Call, type_: AttributeType) -> None:
        name = action.word.text
        if len(action.arguments) != 1 or action.arguments[0].name:
            from .unknown_settings import no_number

            self.fail(no_number(action, _EXAMPLES[name]))
            return
        argument = action.arguments[0].value
        try:
            self.values[name] = type_.convert(evaluate(argument, {}))
        except EvaluationError as error:
            self.fail(error.diagnostic)
        except ValueProblem as problem:
            from .unknown_settings import refused_number

            self.fail(refused_number(name, argument, type_, problem))


_EXAMPLES = {
    "data": "data digits",
    "optimizer": "optimizer adam",
    "epochs": "epochs 10",
    "batch": "batch 32",
    "seed": "seed 1",
}
