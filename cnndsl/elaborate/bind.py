"""From the arguments of a call to the fields of what it names: an operator, or a setting of training."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Generic, TypeVar

from ..attributes import Attribute, Declared, ValueProblem, Word
from ..diagnostics import Diagnostic, Diagnostics, Edit, Fix, Label
from ..diagnostics.kinds import names
from ..diagnostics.suggest import nearest
from ..source import Span
from ..syntax import ast
from .expressions import EvaluationError, evaluate_argument

__all__ = ["Bound", "bind"]

_D = TypeVar("_D", bound=Declared)


class Bound(Generic[_D]):
    """What a call means, and where each attribute was written."""

    def __init__(self, value: _D, spans: Mapping[str, Span]) -> None:
        self.value = value
        self.spans = spans


def bind(
    declared: type[_D],
    word: ast.Name,
    arguments: tuple[ast.Argument, ...],
    variables: Mapping[str, Any],
    diagnostics: Diagnostics,
) -> Bound[_D] | None:
    """The declared class with its attributes filled from the arguments, or None if a mistake was reported."""
    binding = _Binding(declared, word, variables, diagnostics)
    for argument in arguments:
        binding.add(argument)
    return binding.finish()


class _Binding(Generic[_D]):
    def __init__(
        self, declared: type[_D], word: ast.Name, variables: Mapping[str, Any], diagnostics: Diagnostics
    ) -> None:
        self.declared = declared
        self.word = word
        self.variables = variables
        self.diagnostics = diagnostics
        self.attributes = declared.attributes()
        self.values: dict[str, Any] = {}
        self.spans: dict[str, Span] = {}
        self.failed = False
        self.places = 0

    def add(self, argument: ast.Argument) -> None:
        name = self._named(argument.name) if argument.name else self._positional(argument)
        if name is None:
            return
        if name in self.spans:
            self._given_twice(name, argument)
            return
        self.spans[name] = argument.span
        try:
            value = evaluate_argument(argument.value, self.variables)
        except EvaluationError as error:
            self._fail(error.diagnostic)
            return
        self._convert(name, value, argument)

    def finish(self) -> Bound[_D] | None:
        missing = [name for name, info in self.attributes.items() if info.required and name not in self.spans]
        if missing and not self.failed:
            self._missing(missing)
        return None if self.failed else Bound(self.declared(**self.values), self.spans)

    def _fail(self, diagnostic: Diagnostic | None) -> None:
        self.failed = True
        if diagnostic is not None:
            self.diagnostics.report(diagnostic)

    def _positional(self, argument: ast.Argument) -> str | None:
        positional = self.declared.positional
        self.places += 1
        if self.places <= len(positional):
            return positional[self.places - 1]
        if self.places > len(positional) + 1:
            return None  # the first one too many has been reported, and that is one mistake
        takes = f"takes {len(positional)} by place" if positional else "takes none by place"
        help_ = ["name the others, as in `stride=2`"] if len(self.attributes) > len(positional) else []
        if positional:
            help_.insert(0, f"by place: {', '.join(positional)}")
        self._fail(
            Diagnostic(
                names.TOO_MANY_ARGUMENTS,
                f"`{self.word.text}` {takes}, and this is one more",
                Label(argument.span, "too many"),
                help=tuple(help_),
            )
        )
        return None

    def _named(self, name: ast.Name) -> str | None:
        found = self.declared.find_attribute(name.text)
        if found is not None:
            return found
        known = [*self.attributes, *(alias for info in self.attributes.values() for alias in info.aliases)]
        meant = nearest(name.text, known)
        listed = f"`{self.word.text}` has {', '.join(self.attributes)}" if self.attributes else ""
        self._fail(
            Diagnostic(
                names.UNKNOWN_ATTRIBUTE,
                f"`{self.word.text}` has no attribute `{name.text}`",
                Label(name.span, f"did you mean `{meant}`?" if meant else ""),
                help=(listed,) if listed else (f"`{self.word.text}` takes no attributes",),
                fixes=(Fix(f"write `{meant}`", (Edit(name.span, meant),), True),) if meant else (),
            )
        )
        return None

    def _given_twice(self, name: str, argument: ast.Argument) -> None:
        self._fail(
            Diagnostic(
                names.GIVEN_TWICE,
                f"`{name}` is given twice",
                Label(argument.span, "again here"),
                (Label(self.spans[name], "first given here"),),
            )
        )

    def _convert(self, name: str, value: Any, argument: ast.Argument) -> None:
        info = self.attributes[name]
        span = argument.value.span
        if isinstance(value, Word) and value not in info.type.words:
            self._fail(self._unknown_word(name, info, value, span))
            return
        if type(value) is str and value in info.type.words:
            self._fail(self._quoted_word(name, value, span))
            return
        try:
            self.values[name] = info.type.convert(value)
        except ValueProblem as problem:
            kind = names.OUT_OF_RANGE if problem.out_of_range else names.WRONG_VALUE
            message = f"`{name}` of `{self.word.text}`: {problem.message}"
            self._fail(Diagnostic(kind, message, Label(span, f"must be {info.type.description}")))

    def _unknown_word(self, name: str, info: Attribute, value: Word, span: Span) -> Diagnostic:
        meant = nearest(value, (*self.variables, *info.type.words))
        return Diagnostic(
            names.UNKNOWN_NAME,
            f"nothing here is called `{value}`",
            Label(span, f"did you mean `{meant}`?" if meant else ""),
            help=(f"`{name}` is {info.type.description}",),
            fixes=(Fix(f"write `{meant}`", (Edit(span, meant),)),) if meant else (),
        )

    @staticmethod
    def _quoted_word(name: str, value: str, span: Span) -> Diagnostic:
        return Diagnostic(
            names.WRONG_VALUE,
            f"`{value}` is a word here, not a string",
            Label(span),
            help=(f"write `{name}={value}`",),
            fixes=(Fix("remove the quotes", (Edit(span, value),), True),),
        )

    def _missing(self, missing: list[str]) -> None:
        first = self.attributes[missing[0]]
        known = ", ".join(f"`{name}`" for name in missing)
        self._fail(
            Diagnostic(
                names.MISSING_ATTRIBUTE,
                f"`{self.word.text}` needs {known}",
                Label(self.word.span),
                help=(f"`{missing[0]}` is the {first.doc}: {first.type.description}",),
            )
        )
