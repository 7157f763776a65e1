"""From the arguments of a call to the fields of what it names: an operator, or a setting of training."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Generic, TypeVar

from ..attributes import LARGEST, Attribute, Boolean, Declared, ValueProblem, Word, format_value
from ..diagnostics import Diagnostic, Diagnostics, Edit, Fix, Label
from ..diagnostics.kinds import names
from ..diagnostics.suggest import nearest
from ..ops import OPERATORS, Operator
from ..source import Span
from ..syntax import ast
from .expressions import EvaluationError, evaluate_argument
from .foreign import LEFT_OUT, attribute_meant

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
        if self.diagnostics.is_full:
            self.failed = True
            return
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
        self._fail(self._too_many(argument))
        return None

    def _too_many(self, argument: ast.Argument) -> Diagnostic:
        word, positional = self.word.text, self.declared.positional
        counted = {0: "no arguments by place", 1: "one argument by place"}
        takes = counted.get(len(positional), f"{len(positional)} arguments by place")
        message = f"`{word}` takes {takes if self.attributes else 'no arguments'}, and this is one more"
        help_ = [f"by place stand {' and '.join(f'`{name}`' for name in positional)}"] if positional else []
        named = next((name for name in self.attributes if name not in positional), None)
        if named is not None:
            help_.append(f"name the others, as in `{named}=...`")
        fixes: tuple[Fix, ...] = ()
        name = argument.value.name if isinstance(argument.value, ast.Variable) else ""
        if name == "x":
            help_ = ["a size has no blanks: `3x3`"]
        if name in OPERATORS and issubclass(self.declared, Operator):
            help_ = [f"`{name}` is the next layer: put it on a line of its own, or behind a `|`"]
            fixes = (Fix("put a `|` between the layers", (Edit(argument.span, f"| {name}"),), True),)
        return Diagnostic(
            names.TOO_MANY_ARGUMENTS, message, Label(argument.span, "too many"), help=tuple(help_), fixes=fixes
        )

    def _named(self, name: ast.Name) -> str | None:
        found = self.declared.find_attribute(name.text)
        if found is not None:
            return found
        known = [*self.attributes, *(alias for info in self.attributes.values() for alias in info.aliases)]
        meant = attribute_meant(name.text, known)
        listed = f"has {', '.join(self.attributes)}" if self.attributes else "takes no attributes"
        help_ = f"`{self.word.text}` {listed}" if meant else LEFT_OUT.get(name.text, f"`{self.word.text}` {listed}")
        self._fail(
            Diagnostic(
                names.UNKNOWN_ATTRIBUTE,
                f"`{self.word.text}` has no attribute `{name.text}`",
                Label(name.span, f"did you mean `{meant}`?" if meant else ""),
                help=(help_,),
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
        if type(value) is str and value in info.type.words and not isinstance(argument.value, ast.String):
            value = Word(value)  # a parameter holds a word as a string
        if type(value) is str and value in info.type.words:
            written = argument.name.text if argument.name else name
            self._fail(self._quoted_word(written, value, span))
            return
        try:
            self.values[name] = info.type.convert(value)
        except ValueProblem as problem:
            self._fail(self._refused(name, value, problem, span))

    def _refused(self, name: str, value: Any, problem: ValueProblem, span: Span) -> Diagnostic:
        info = self.attributes[name]
        wanted = info.type.description
        if isinstance(value, int) and value > LARGEST:
            wanted = f"at most {LARGEST:,}"
        quotient = isinstance(value, float) and "/" in span.text
        return Diagnostic(
            names.OUT_OF_RANGE if problem.out_of_range else names.WRONG_VALUE,
            f"`{name}` of `{self.word.text}` cannot be {format_value(value)}",
            Label(span, f"must be {wanted}"),
            help=("`/` gives a number with a point; `//` divides whole numbers",) if quotient else (),
        )

    def _unknown_word(self, name: str, info: Attribute, value: Word, span: Span) -> Diagnostic:
        if value in OPERATORS:
            return Diagnostic(
                names.WRONG_VALUE,
                f"`{name}` of `{self.word.text}` cannot be the layer `{value}`",
                Label(span, f"must be {info.type.description}"),
            )
        words = ("true", "false") if isinstance(info.type, Boolean) else info.type.words
        meant = nearest(value, (*self.variables, *words))
        return Diagnostic(
            names.UNKNOWN_NAME,
            f"nothing here is called `{value}`",
            Label(span, f"did you mean `{meant}`?" if meant else ""),
            help=(f"`{name}` is {info.type.description}",),
            fixes=(Fix(f"write `{meant}`", (Edit(span, meant),), meant == value.lower()),) if meant else (),
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
        listed = " and ".join(f"`{name}`" for name in missing)
        help_ = tuple(
            f"`{name}`: {info.doc}, {info.type.description}"
            for name, info in self.attributes.items()
            if name in missing
        )
        message = f"`{self.word.text}` needs {listed}"
        self._fail(Diagnostic(names.MISSING_ATTRIBUTE, message, Label(self.word.span), help=help_))
