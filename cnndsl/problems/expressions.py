"""Names and values of expressions."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from ..diagnostics.kinds import names
from ..syntax import ast
from .base import Problem, Twice

__all__ = [
    "CaseTwice",
    "FreeSizeHere",
    "FunctionRefuses",
    "NameTwice",
    "NoCase",
    "NoResult",
    "OutOfList",
    "SmallSize",
    "UnknownFunction",
    "UnknownName",
    "WrongParts",
    "WrongValue",
]


class UnknownName(Problem):
    """Nothing has this name; ``known`` are the variables, and whatever else may be named here."""

    kind = names.UNKNOWN_NAME
    says = "nothing here is called `{name}`"
    name: str
    known: Collection[str]


class UnknownFunction(Problem):
    """There is no such function; ``variables`` are those that can be used here."""

    kind = names.UNKNOWN_NAME
    says = "no function is called `{expression.name.text}`"
    advice = ("there are {known:names}",)
    expression: ast.Function
    known: Collection[str]
    variables: Mapping[str, Any]


class WrongValue(Problem):
    """A value of a sort that cannot be used; ``expression`` is what gave it, if one did."""

    kind = names.WRONG_VALUE
    says = "expected {expected}, found {found:value}"
    expected: str
    found: Any
    expression: ast.Expression | None = None


class SmallSize(Problem):
    """A size below 1."""

    kind = names.OUT_OF_RANGE
    says = "a size is at least 1, not {size}"
    size: int


class FreeSizeHere(Problem):
    """``?`` where no shape is written that may have it."""

    kind = names.WRONG_VALUE
    says = "a free size `?` is allowed only in an input or after `->`"


class NameTwice(Problem):
    """A pattern binds one name twice."""

    kind = names.DUPLICATE_NAME
    says = "`{name}` is twice in this pattern"
    name: str


class WrongParts(Problem):
    """A pattern takes apart what has another number of parts, or none."""

    kind = names.WRONG_VALUE
    says = "{wanted} names take {wanted} values, and this is {value:value}{counted}"
    pattern: ast.Pattern
    value: Any

    @property
    def wanted(self) -> int:
        """How many names there are."""
        return len(self.pattern.names)

    @property
    def counted(self) -> str:
        """How many parts the value has."""
        return f", which has {len(self.value)}" if isinstance(self.value, list | tuple) else ""


class OutOfList(Problem):
    """An index outside of its list."""

    kind = names.OUT_OF_RANGE
    says = "`{name}` has {length} elements, and none at {index}"
    advice = ("indices count from 0, and there are {length}",)
    name: str
    length: int
    index: int


class NoCase(Problem):
    """A ``match`` without a case for its subject; ``keys`` are the values of its cases."""

    kind = names.BAD_EXPRESSION
    says = "no case for {subject:value}"
    advice = ("there are {keys:values}",)
    match: ast.Match
    subject: Any
    keys: tuple[Any, ...]


class CaseTwice(Twice):
    """Two cases of a ``match`` have one key."""

    kind = names.DUPLICATE_NAME
    says = "there are two cases for {key:value}"
    key: Any


class NoResult(Problem):
    """A computation without a result."""

    kind = names.BAD_EXPRESSION
    says = "{reason}"
    reason: str


class FunctionRefuses(Problem):
    """A function has no value for its arguments; ``gives`` is what it computes."""

    kind = names.BAD_EXPRESSION
    says = "`{expression.name.text}({arguments:values})` has no value"
    expression: ast.Function
    arguments: tuple[Any, ...]
    gives: str

    @property
    def help(self) -> tuple[str, ...]:
        return (f"`{self.expression.name.text}` gives {self.gives}",)
