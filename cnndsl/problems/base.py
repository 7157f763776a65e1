"""What a problem is, how its sentence is made, and what takes problems."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, ClassVar

from ..attributes import format_value
from ..diagnostics import Diagnostic, DiagnosticKind, Label
from ..ops import format_shape
from ..record import Record
from ..source import Span
from ..syntax import ast

__all__ = ["OfCall", "Problem", "Sink", "Stop", "Twice", "Written", "describe", "listed", "plain"]

Written = tuple[int | None, ...]
"""A shape as it is written; None stands for ``?``."""


class Stop(Exception):
    """Nothing more is to be said: a limit was passed, or a sink has heard enough and raises this."""


class Problem(Record):
    """A mistake at ``span``.

    ``says``, ``there`` and ``advice``, which is what to do, are templates of the fields, which may ask for ``:value``,
    ``:shape``, ``:names`` or ``:choice``.
    """

    span: Span
    says: ClassVar[str]
    there: ClassVar[str] = ""
    advice: ClassVar[tuple[str, ...]] = ()

    @property
    def kind(self) -> DiagnosticKind:
        """Its code; nearly always one for the class."""
        raise NotImplementedError

    @property
    def sentence(self) -> str:
        """What is wrong, so that it can be understood alone."""
        return self.fill(self.says)

    @property
    def label(self) -> str:
        """What there is to say at the place."""
        return self.fill(self.there)

    @property
    def related(self) -> tuple[Label, ...]:
        """Other places that belong to it."""
        return ()

    @property
    def notes(self) -> tuple[str, ...]:
        """Why it is so, where that is known without searching."""
        return ()

    @property
    def help(self) -> tuple[str, ...]:
        """What to do, where that is known without searching."""
        return tuple(map(self.fill, self.advice))

    def fill(self, template: str) -> str:
        """A template with the fields of this problem in it."""
        return template.format_map(_Fields(self))


Sink = Callable[[Problem, Any], None]
"""Is told each problem, with the :class:`cnndsl.elaborate.state.State` that found it, or None outside of a network's body."""


class OfCall(Problem):
    """Something is wrong with a call as a whole."""

    action: ast.Call


class Twice(Problem):
    """Something is there a second time; ``first`` is where it was before."""

    first: Span
    there = "again here"

    @property
    def related(self) -> tuple[Label, ...]:
        return (Label(self.first, "first here"),) if self.first != self.span else ()


def plain(problem: Problem) -> Diagnostic:
    """The diagnostic that says no more than the problem itself."""
    label = Label(problem.span, problem.label)
    return Diagnostic(problem.kind, problem.sentence, label, problem.related, problem.notes, problem.help)


def describe(value: object) -> str:
    """A value as a sentence names it: ``8``, ``the layer `relu` ``."""
    noun = getattr(value, "noun", "")
    return f"the {noun} `{value}`" if noun else format_value(value)


def listed(items: Iterable[str], word: str = "and") -> str:
    """The items in backquotes: `a`, `b` and `c`."""
    *rest, last = [f"`{item}`" for item in items] or ["none"]
    return f"{', '.join(rest)} {word} {last}" if rest else last


FORMATS: dict[str, Callable[[Any], str]] = {
    "value": describe,
    "values": lambda values: ", ".join(map(describe, values)),
    "shape": format_shape,
    "names": listed,
    "choice": lambda items: listed(items, "or"),
}


class _Shown:
    """A field in a template: ``{action.word.text}``, ``{found:value}``."""

    def __init__(self, value: Any) -> None:
        self._value = value

    def __getattr__(self, name: str) -> _Shown:
        return _Shown(getattr(self._value, name))

    def __format__(self, form: str) -> str:
        return FORMATS[form](self._value) if form in FORMATS else format(self._value, form)


class _Fields(dict[str, Any]):
    """The fields and properties of a problem, for its templates."""

    def __init__(self, problem: Problem) -> None:
        super().__init__()
        self.problem = problem

    def __missing__(self, name: str) -> _Shown:
        return _Shown(getattr(self.problem, name))
