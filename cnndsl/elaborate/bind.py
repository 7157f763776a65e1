"""From the arguments of a call to the fields of what it names: an operator, or a setting of training."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Generic, TypeVar

from ..attributes import Attribute, Declared, ValueProblem, Word
from ..diagnostics import Diagnostic, Diagnostics, Edit, Fix, Label
from ..diagnostics.kinds import names
from ..diagnostics.suggest import one_of
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
    binding = _Binding(declared, word, arguments, variables, diagnostics)
    for argument in binding.as_meant(arguments):
        binding.add(argument)
    return binding.finish()


class _Binding(Generic[_D]):
    def __init__(
        self,
        declared: type[_D],
        word: ast.Name,
        arguments: tuple[ast.Argument, ...],
        variables: Mapping[str, Any],
        diagnostics: Diagnostics,
    ) -> None:
        self.declared = declared
        self.word = word
        self.by_place = tuple(argument for argument in arguments if argument.name is None)
        self.variables = variables
        self.diagnostics = diagnostics
        self.attributes = declared.attributes()
        self.values: dict[str, Any] = {}
        self.spans: dict[str, Span] = {}
        self.failed = False
        self.places = 0
        self.unknown: list[tuple[ast.Name, ast.Argument]] = []

    def add(self, argument: ast.Argument) -> None:
        if self.diagnostics.is_full:
            self.failed = True
            return
        name = self._named(argument.name, argument) if argument.name else self._positional(argument)
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

    def as_meant(self, arguments: tuple[ast.Argument, ...]) -> tuple[ast.Argument, ...]:
        """The arguments without those that are not written as such, which is reported: ``3 x 3``, ``stride 2``."""
        named = sum(each.name is not None and each.name.text in self.declared.positional for each in arguments)
        if len(self.by_place) + named > len(self.declared.positional):
            from .unnamed import without_unnamed  # what only a call with too many arguments needs

            read = without_unnamed(self.declared, arguments, self.variables)
            if read is not None:
                self._fail(read[0])
                return read[1]
        for place, argument in enumerate(arguments):
            many = _size_with_blanks(arguments[place:], self.variables)
            if many:
                first, last = argument.value.span, arguments[place + many - 1].value.span
                self._fail(_blanks_in_size(first.to(last), certain=not _is_stepping(argument)))
                return (*arguments[:place], *arguments[place + many :])
        return arguments

    def finish(self) -> Bound[_D] | None:
        if self.unknown:
            from .unknown_attributes import unknown_attributes

            self._fail(unknown_attributes(self.declared, self.word, self.unknown, self.spans))
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
        from .too_many import too_many

        self._fail(too_many(self.declared, self.word, self.by_place, argument, self.values))
        return None

    def _named(self, name: ast.Name, argument: ast.Argument) -> str | None:
        found = self.declared.find_attribute(name.text)
        if found is not None:
            return found
        self.unknown.append((name, argument))
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
            self._unknown_word(name, info, value, argument)
            return
        if type(value) is str and value in info.type.words and not isinstance(argument.value, ast.String):
            value = Word(value)  # a parameter holds a word as a string
        if type(value) is str and value in info.type.words:
            self._quoted_word(argument.name.text if argument.name else name, value, span)
            return
        try:
            self.values[name] = info.type.convert(value)
        except ValueProblem as problem:
            self._refused(name, value, argument, problem)

    def _unknown_word(self, name: str, info: Attribute, value: Word, argument: ast.Argument) -> None:
        from .refused_values import unknown_word

        self._fail(unknown_word(self.word, name, info, value, argument, self.variables))

    def _quoted_word(self, written: str, value: str, span: Span) -> None:
        from .refused_values import quoted_word

        self._fail(quoted_word(written, value, span))

    def _refused(self, name: str, value: Any, argument: ast.Argument, problem: ValueProblem) -> None:
        from .refused_values import in_wrong_order, refused

        found = refused(self.word, name, self.attributes[name], value, argument, problem)
        ordered = in_wrong_order(self.word, self.by_place, value, found) if name == "out_channels" else None
        self._fail(ordered or found)

    def _missing(self, missing: list[str]) -> None:
        listed = one_of([f"`{name}`" for name in missing], "and")
        help_ = tuple(
            f"`{name}`: {info.doc}, {info.type.description}"
            for name, info in self.attributes.items()
            if name in missing
        )
        message = f"`{self.word.text}` needs {listed}"
        self._fail(Diagnostic(names.MISSING_ATTRIBUTE, message, Label(self.word.span), help=help_))


def _size_with_blanks(arguments: tuple[ast.Argument, ...], variables: Mapping[str, Any]) -> int:
    """How many arguments a size takes up that begins here and has blanks in it: ``3 x 3``, ``3 x3``; 0 if none does."""
    values = [argument.value for argument in arguments[:3]]
    if len(values) < 2 or any(argument.name for argument in arguments[1:3]) or not _is_extent(values[0]):
        return 0
    name = values[1].name if isinstance(values[1], ast.Variable) else ""
    if name in variables or name[:1] not in ("x", "X"):
        return 0
    if name[1:].isdigit():
        return 2
    return 3 if name in ("x", "X") and len(values) == 3 and _is_extent(values[2]) else 0


def _is_extent(value: ast.Expression) -> bool:
    return isinstance(value, ast.Number) and isinstance(value.value, int)


def _is_stepping(argument: ast.Argument) -> bool:
    """Whether it is given by a name that often has one number, so that what follows may be meant for the whole layer."""
    return argument.name is not None and argument.name.text in ("pad", "padding", "stride", "dilation")


def _blanks_in_size(span: Span, certain: bool) -> Diagnostic:
    """``3 x 3``; behind ``pad=1`` an ``x 3`` may be meant for the whole layer."""
    written = "".join(span.text.split()).lower()
    fix = Fix(f"write `{written}`", (Edit(span, written),), certain)
    message = f"a size has no blanks: `{written}`"
    help_ = () if certain else ("to have a layer several times, write `repeat 3 { ... }` around it",)
    return Diagnostic(names.TOO_MANY_ARGUMENTS, message, Label(span, "several arguments"), help=help_, fixes=(fix,))
