"""The arguments of calls: of layers, blocks and settings of training."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from ..attributes import Attribute, Declared, ValueProblem
from ..diagnostics import DiagnosticKind, Label
from ..diagnostics.kinds import names
from ..source import Span
from ..syntax import ast
from .base import Problem, Twice, listed

__all__ = [
    "ArgumentProblem",
    "ArgumentTwice",
    "GivenTwice",
    "MissingArguments",
    "QuotedWord",
    "RefusedValue",
    "Target",
    "TooManyArguments",
    "UnknownArguments",
    "UnknownWord",
]

Target = type[Declared] | ast.Definition
"""What arguments are given to: an operator or a setting of training, or a block."""


class ArgumentProblem(Problem):
    """Something is wrong with ``arguments``, all those of a call of ``word``, which stands for ``target``."""

    word: ast.Name
    target: Target
    arguments: tuple[ast.Argument, ...]

    @property
    def subject(self) -> str:
        """What is called."""
        return f"the block `{self.word.text}`" if isinstance(self.target, ast.Definition) else f"`{self.word.text}`"

    @property
    def noun(self) -> str:
        """What its arguments are given to."""
        return "parameter" if isinstance(self.target, ast.Definition) else "attribute"

    @property
    def related(self) -> tuple[Label, ...]:
        return (Label(self.target.name.span, "defined here"),) if isinstance(self.target, ast.Definition) else ()

    @property
    def _takes(self) -> tuple[str, ...]:
        """What can be given at all."""
        if isinstance(self.target, ast.Definition):
            parameters = ", ".join(parameter.name.text for parameter in self.target.parameters)
            return (f"it takes {parameters or 'no arguments'}",)
        attributes = self.target.attributes()
        return (f"{self.subject} has {', '.join(attributes)}" if attributes else f"{self.subject} takes no attributes",)


class TooManyArguments(ArgumentProblem):
    """More arguments by place than there are places; the span is that of the first one too many."""

    kind = names.TOO_MANY_ARGUMENTS
    says = "{subject} takes {takes} without a name, and this is one more"
    there = "too many"
    places: tuple[str, ...]

    @property
    def help(self) -> tuple[str, ...]:
        return self._takes

    @property
    def takes(self) -> str:
        """The names of the places."""
        return listed(self.places) if self.places else "no arguments"


class UnknownArguments(ArgumentProblem):
    """Names of arguments that the target does not have: ``unknown`` are all those of a call."""

    kind = names.UNKNOWN_ATTRIBUTE
    says = "{subject} has no {noun} {texts:choice}"
    unknown: tuple[ast.Name, ...]

    @property
    def help(self) -> tuple[str, ...]:
        return self._takes

    @property
    def texts(self) -> list[str]:
        """The unknown names."""
        return [name.text for name in self.unknown]

    @property
    def related(self) -> tuple[Label, ...]:
        return (*super().related, *(Label(name.span) for name in self.unknown[1:]))


class MissingArguments(ArgumentProblem):
    """What has no default and is not given."""

    kind = names.MISSING_ATTRIBUTE
    says = "{subject} needs {missing:names}"
    missing: tuple[str, ...]

    @property
    def help(self) -> tuple[str, ...]:
        if isinstance(self.target, ast.Definition):
            return self._takes
        infos = {name: self.target.attributes()[name] for name in self.missing}
        return tuple(f"`{name}`: {info.doc}, {info.type.description}" for name, info in infos.items())


class ArgumentTwice(ArgumentProblem):
    """An argument is given twice; ``first`` is where it was before."""

    kind = names.GIVEN_TWICE
    says = "`{name}` is given twice"
    there = "again here"
    first: Span
    name: str

    @property
    def related(self) -> tuple[Label, ...]:
        return (Label(self.first, "first here"),)


class GivenTwice(Twice):
    """A setting of an expectation or a setting of training is given twice."""

    kind = names.GIVEN_TWICE
    says = "`{name}` is given twice"
    name: str


class _ValueProblem(ArgumentProblem):
    """Something is wrong with the value of one argument, which is that of ``attribute``."""

    argument: ast.Argument
    attribute: str
    info: Attribute
    value: Any


class RefusedValue(_ValueProblem):
    """A value that an attribute cannot have; ``problem`` is what its type says."""

    says = "`{attribute}` of `{word.text}` cannot be {value:value}"
    there = "must be {info.type.description}"
    problem: ValueProblem

    @property
    def kind(self) -> DiagnosticKind:
        return names.OUT_OF_RANGE if self.problem.out_of_range else names.WRONG_VALUE


class UnknownWord(_ValueProblem):
    """A bare name that is no variable, for an attribute that does not know it either; ``known`` are the variables."""

    kind = names.UNKNOWN_NAME
    says = "nothing here is called `{value}`"
    known: Collection[str]


class QuotedWord(_ValueProblem):
    """``pad="same"``: a word of the language in quotes."""

    kind = names.WRONG_VALUE
    says = "`{value}` is a word here, not a string"
