"""A ``train { }`` block: flat settings with arguments, one per line, bound to the classes of :mod:`cnndsl.recipe`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from .. import problems
from ..attributes import AttributeType, Declared, Number, ValueProblem
from ..problems import Problem, Sink
from ..recipe import Recipe, Scope
from ..recipe.settings import CHOICES, COUNTS, NEEDS, RECORDS, REQUIRED, SCOPED
from ..source import Span
from ..syntax import ast
from .arguments import bind
from .evaluate import EvaluationError, evaluate

__all__ = ["changed_recipe", "elaborate_recipes"]


def elaborate_recipes(file: ast.File, sink: Sink) -> Callable[[str], Recipe | None]:
    """How the file says that a network of this name is trained: its ``train Name { }``, else its ``train { }``, else None."""
    known = tuple(item.name.text for item in file.networks)
    first: dict[str, ast.Train] = {}
    recipes: dict[str, Recipe | None] = {}
    for train in file.trains:
        name = train.name.text if train.name else ""
        if train.name is not None and name not in known:
            sink(problems.UnknownTrained(train.name.span, name, known), None)
        earlier = first.setdefault(name, train)
        if earlier is not train:
            sink(problems.TrainTwice(_place(train), _place(earlier), train, earlier), None)
        recipes[name] = _Settings(sink).recipe(train)
    return lambda network: recipes.get(network, recipes.get(""))


def changed_recipe(recipe: Recipe | None, train: ast.Train, sink: Sink) -> Recipe | None:
    """A recipe with the settings of a ``train { }`` in place of its own, or None if a mistake was reported."""
    settings = _Settings(sink)
    if recipe is None:
        return settings.recipe(train)
    settings.add_all(train)
    settings.require_what_others_need({name for name in Recipe.field_infos if getattr(recipe, name)})
    return None if settings.failed else recipe.replace(**settings.values)


def _place(train: ast.Train) -> Span:
    """The word ``train``."""
    return Span(train.span.source, train.span.start, train.span.start + len("train"))


class _Settings:
    """Collects the settings of one ``train { }``."""

    def __init__(self, sink: Sink) -> None:
        self.sink = sink
        self.values: dict[str, Any] = {}
        self.seen: dict[str, Span] = {}
        self.failed = False

    def recipe(self, train: ast.Train) -> Recipe | None:
        """The recipe, or None if a mistake was reported."""
        self.add_all(train)
        missing = tuple(name for name in REQUIRED if name not in self.seen)
        if missing and not self.failed:
            place = train.name.span if train.name else _place(train)
            self._report(problems.MissingTrainingSettings(place, train, missing))
        self.require_what_others_need(set(self.seen))
        return None if self.failed else Recipe(**self.values)

    def require_what_others_need(self, given: set[str]) -> None:
        """Report a setting that means nothing without another one."""
        for name, other in NEEDS.items():
            if name in self.seen and other not in given | self.seen.keys():
                self._report(problems.SettingNeedsAnother(self.seen[name], name, other))

    def add_all(self, train: ast.Train) -> None:
        """Take every setting."""
        for statement in train.body.statements:
            self._add(statement, statement.action)

    def _report(self, problem: Problem | None) -> None:
        self.failed = True
        if problem is not None:
            self.sink(problem, None)

    def _add(self, statement: ast.Statement, action: ast.Action) -> None:
        if isinstance(action, ast.Error):
            self._report(None)
            return
        if not isinstance(action, ast.Call) or action.body or statement.labels or statement.contract:
            self._report(problems.NotASetting(statement.span, statement))
            return
        name, span = action.word.text, action.word.span
        if name in self.seen:
            self._report(problems.GivenTwice(span, self.seen[name], name))
            return
        self.seen[name] = span
        try:
            if name in CHOICES:
                self._choose(action, CHOICES[name])
            elif name in RECORDS:
                self._bind(RECORDS[name], action.word, name, action.arguments)
            elif name in COUNTS:
                self.values[name] = _count(action, COUNTS[name])
            elif name in SCOPED:
                self.values[name] = _scopes(action)
            else:
                known = (*CHOICES, *RECORDS, *COUNTS, *SCOPED)
                self._report(problems.UnknownTrainingSetting(span, action, statement, known))
        except EvaluationError as error:
            self._report(error.problem)

    def _choose(self, action: ast.Call, choices: Mapping[str, type[Declared]]) -> None:
        first = action.arguments[0] if action.arguments else None
        if first is None or first.name or not isinstance(first.value, ast.Variable):
            self._report(problems.ChoiceNeedsName(first.span if first else action.word.span, action, choices))
            return
        chosen = first.value.name
        if chosen not in choices:
            self._report(problems.UnknownChoice(first.value.span, action, choices, chosen))
            return
        self._bind(choices[chosen], ast.Name(first.span, chosen), action.word.text, action.arguments[1:])

    def _bind(self, declared: type[Declared], word: ast.Name, name: str, arguments: tuple[ast.Argument, ...]) -> None:
        bound = bind(declared, word, arguments, {}, self._report)
        if bound is not None:
            self.values[name] = bound.value


def _count(action: ast.Call, type_: AttributeType) -> Any:
    """The number of a setting that is one.

    Raises:
        EvaluationError: If it is none.
    """
    if len(action.arguments) != 1 or action.arguments[0].name:
        raise EvaluationError(problems.NeedsNumber(action.span, action))
    expression = action.arguments[0].value
    return _number(action, expression, type_)


def _number(action: ast.Call, expression: ast.Expression, type_: AttributeType) -> Any:
    value = evaluate(expression, {})
    try:
        return type_.convert(value)
    except ValueProblem as problem:
        raise EvaluationError(problems.RefusedNumber(expression.span, action, value, type_, problem)) from None


def _scopes(action: ast.Call) -> tuple[Any, ...]:
    """The layers and blocks of a setting, which ``lr`` gives a rate each.

    Raises:
        EvaluationError: If it names none, or a rate is none.
    """
    if not action.arguments:
        raise EvaluationError(problems.NeedsScopes(action.span, action))
    return tuple(_scope(action, argument) for argument in action.arguments)


def _scope(action: ast.Call, argument: ast.Argument) -> Any:
    match action.word.text, argument.name, argument.value:
        case "lr", ast.Name() as name, value:
            return Scope(name.text, name.span), _number(action, value, Number(above=0))
        case "freeze", None, ast.Variable(name=path) | ast.String(value=path):
            return Scope(path, argument.span)
    raise EvaluationError(problems.NeedsScopes(argument.span, action))
