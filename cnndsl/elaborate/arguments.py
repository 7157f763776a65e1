"""From the arguments of a call to what it names: the attributes of an operator or a setting, or a block's parameters."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Generic, NamedTuple, TypeVar

from .. import problems
from ..attributes import Attribute, Declared, ValueProblem, Word
from ..ops import OPERATORS
from ..problems import Problem
from ..source import Span
from ..syntax import ast
from .evaluate import EvaluationError, evaluate_argument

__all__ = ["Bound", "bind", "match_arguments"]

_D = TypeVar("_D", bound=Declared)

Report = Callable[[Problem | None], None]
"""Takes a problem; None where it has been reported before."""

Mistakes = list[Problem | None]


class Bound(NamedTuple, Generic[_D]):
    """What a call means, and where each attribute was written."""

    value: _D
    spans: Mapping[str, Span]


def bind(
    declared: type[_D],
    word: ast.Name,
    arguments: tuple[ast.Argument, ...],
    variables: Mapping[str, Any],
    report: Report,
) -> Bound[_D] | None:
    """The declared class with its attributes filled from the arguments, or None if a mistake was reported."""
    given, mistakes = match_arguments(declared, word, arguments)
    values: dict[str, Any] = {}
    for name, argument in given.items():
        try:
            value = evaluate_argument(argument.value, variables)
            values[name] = _converted(declared, word, arguments, name, argument, value, variables)
        except EvaluationError as error:
            mistakes.append(error.problem)
    for mistake in mistakes:
        report(mistake)
    if mistakes:
        return None
    return Bound(declared(**values), {name: argument.span for name, argument in given.items()})


def match_arguments(
    target: problems.Target, word: ast.Name, arguments: tuple[ast.Argument, ...]
) -> tuple[dict[str, ast.Argument], Mistakes]:
    """Which argument is meant for which name, and what is wrong; none if there are too many to tell."""
    places = _places(target)
    by_place = [argument for argument in arguments if argument.name is None]
    if len(by_place) > len(places):
        extra = by_place[len(places)].span
        return {}, [problems.TooManyArguments(extra, word, target, arguments, tuple(places))]
    given: dict[str, ast.Argument] = {}
    mistakes: Mistakes = []
    unknown: list[ast.Name] = []
    left = iter(places)
    for argument in arguments:
        name = next(left) if argument.name is None else _found(target, argument.name.text)
        if name is None and argument.name is not None:
            unknown.append(argument.name)
        elif name in given:
            first = given[name].span
            mistakes.append(problems.ArgumentTwice(argument.span, word, target, arguments, first, name))
        elif name is not None:
            given[name] = argument
    missing = tuple(name for name in _required(target) if name not in given)
    if unknown:
        mistakes.append(problems.UnknownArguments(unknown[0].span, word, target, arguments, tuple(unknown)))
    elif missing and not mistakes:
        mistakes.append(problems.MissingArguments(word.span, word, target, arguments, missing))
    return given, mistakes


def _places(target: problems.Target) -> Sequence[str]:
    """The names that arguments without a name fill, in order."""
    if isinstance(target, ast.Definition):
        return [parameter.name.text for parameter in target.parameters]
    return target.positional


def _found(target: problems.Target, name: str) -> str | None:
    if isinstance(target, ast.Definition):
        return name if name in _places(target) else None
    return target.find_attribute(name)


def _required(target: problems.Target) -> list[str]:
    if isinstance(target, ast.Definition):
        return [parameter.name.text for parameter in target.parameters if parameter.default is None]
    return [name for name, info in target.attributes().items() if info.required]


def _converted(
    declared: type[Declared],
    word: ast.Name,
    arguments: tuple[ast.Argument, ...],
    name: str,
    argument: ast.Argument,
    value: Any,
    variables: Mapping[str, Any],
) -> Any:
    """The value of an argument as the value of its attribute.

    Raises:
        EvaluationError: If it cannot be that.
    """
    info: Attribute = declared.attributes()[name]
    facts = (argument.value.span, word, declared, arguments, argument, name, info, value)
    if type(value) is Word and value not in info.type.words and value not in OPERATORS:
        raise EvaluationError(problems.UnknownWord(*facts, tuple(variables)))
    if type(value) is str and value in info.type.words:
        if isinstance(argument.value, ast.String):
            raise EvaluationError(problems.QuotedWord(*facts))
        value = Word(value)  # a parameter holds a word as a string
    try:
        return info.type.convert(value)
    except ValueProblem as problem:
        raise EvaluationError(problems.RefusedValue(*facts, problem)) from None
