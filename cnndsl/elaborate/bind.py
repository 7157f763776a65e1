"""From the arguments of a call to the fields of what it names: an operator, or a setting of training."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Generic, TypeVar

from ..attributes import LARGEST, Attribute, Boolean, Declared, Integer, ValueProblem, Word, format_value
from ..diagnostics import Diagnostic, Diagnostics, Edit, Fix, Label
from ..diagnostics.kinds import names
from ..diagnostics.suggest import nearest, one_of, related
from ..foreign import LEFT_OUT, attribute_meant
from ..ops import OPERATORS, Operator
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
    for argument in binding.without_blanks(arguments):
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

    def without_blanks(self, arguments: tuple[ast.Argument, ...]) -> tuple[ast.Argument, ...]:
        """The arguments without a size that was written with blanks, ``3 x 3``, which is reported."""
        for place, argument in enumerate(arguments):
            many = _size_with_blanks(arguments[place:], self.variables)
            if many:
                first, last = argument.value.span, arguments[place + many - 1].value.span
                self._fail(_blanks_in_size(first.to(last)))
                return (*arguments[:place], *arguments[place + many :])
        return arguments

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
        counted = {0: "no positional arguments", 1: "one positional argument"}
        takes = counted.get(len(positional), f"{len(positional)} positional arguments")
        message = f"`{word}` takes {takes if self.attributes else 'no arguments'}, and this is one more"
        help_ = [f"the positional ones are {one_of([f'`{name}`' for name in positional], 'and')}"] if positional else []
        named = next((name for name in self.attributes if name not in positional), None)
        if named is not None:
            value = argument.span.text if isinstance(argument.value, ast.Number) else "..."
            help_.append(f"name the others, as in `{named}={value}`")
        if issubclass(self.declared, Operator) and not positional:
            help_ = [f"it knows from the value before what it needs: write `{word}`"]
        if self._begins_with_inputs(argument):
            what = positional[0].replace("out", "in", 1)
            call = " ".join((word, *(each.span.text for each in self.by_place[1:])))
            help_ = [f"`{what}` is known from the value before: write `{call}`"]
        fixes: tuple[Fix, ...] = ()
        name = argument.value.name if isinstance(argument.value, ast.Variable) else ""
        if name in OPERATORS and issubclass(self.declared, Operator):
            help_ = [f"`{name}` is the next layer: put it on a line of its own, or behind a `|`"]
            fixes = (Fix("put a `|` between the layers", (Edit(argument.span, f"| {name}"),), True),)
        return Diagnostic(
            names.TOO_MANY_ARGUMENTS, message, Label(argument.span, "too many"), help=tuple(help_), fixes=fixes
        )

    def _begins_with_inputs(self, extra: ast.Argument) -> bool:
        """Whether the channels or features of the input stand first, as in PyTorch: ``conv 3 64 3x3``, ``dense 400 120``."""
        positional = self.declared.positional
        if len(self.by_place) != len(positional) + 1 or not positional or not positional[0].startswith("out_"):
            return False
        if len(positional) == 1:
            return _is_extent(extra.value)
        kernel = self.values.get("kernel_size")
        numbers = isinstance(extra.value, ast.Number) and isinstance(kernel, tuple) and extra.value.value < kernel[0]
        return numbers or isinstance(extra.value, ast.Size)

    def _named(self, name: ast.Name, argument: ast.Argument) -> str | None:
        found = self.declared.find_attribute(name.text)
        if found is not None:
            return found
        known = [*self.attributes, *(alias for info in self.attributes.values() for alias in info.aliases)]
        meant = None if name.text in LEFT_OUT else attribute_meant(name.text, known)
        help_ = f"`{self.word.text}` " + (
            f"has {', '.join(self.attributes)}" if self.attributes else "takes no attributes"
        )
        fixes: tuple[Fix, ...] = ()
        if meant:
            certain = name.text != "dim"  # elsewhere axes count the batch, so that the number is another one
            fixes = (Fix(f"write `{meant}`", (Edit(name.span, meant),), certain),)
        elif name.text in LEFT_OUT and issubclass(self.declared, Operator):
            help_, fixes = LEFT_OUT[name.text], (_removed(argument),)
        label = Label(name.span, f"did you mean `{meant}`?" if meant else "")
        message = f"`{self.word.text}` has no attribute `{name.text}`"
        self._fail(Diagnostic(names.UNKNOWN_ATTRIBUTE, message, label, help=(help_,), fixes=fixes))
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
            self._fail(self._nothing(name, info, argument) or self._unknown_word(name, info, value, span))
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
        truth = {0: "false", 1: "true"}.get(value) if isinstance(info.type, Boolean) and type(value) is int else None
        fixes = (Fix(f"write `{truth}`", (Edit(span, truth),), True),) if truth and span.text.isdigit() else ()
        help_ = () if fixes else self._advice(name, value, span)
        return Diagnostic(
            names.OUT_OF_RANGE if problem.out_of_range else names.WRONG_VALUE,
            f"`{name}` of `{self.word.text}` cannot be {format_value(value)}",
            Label(span, f"must be {wanted}"),
            help=help_,
            fixes=fixes,
        )

    def _advice(self, name: str, value: Any, span: Span) -> tuple[str, ...]:
        """What to write in place of a value that cannot be, if that can be told from it."""
        extents = value if isinstance(value, list | tuple) and all(type(item) is int for item in value) else ()
        if name == "out_channels" and len(extents) == 2 and len(self.by_place) == 2:
            call = " ".join((self.word.text, self.by_place[1].span.text, span.text))
            return (f"the number of channels stands first: `{call}`",)
        if isinstance(value, list) and len(extents) == 2:
            return (f"height and width are written `{extents[0]}x{extents[1]}`",)
        if len(set(extents)) == 1 and isinstance(self.attributes[name].type, Integer):
            return (f"it is one number here: `{extents[0]}`",)
        if (type(value) is str and value.replace(".", "", 1).isdigit()) or value in ("true", "false"):
            return (f"without quotes: `{value}`",)
        if name == "p" and type(value) in (int, float) and 1 < value <= 100:
            return (f"{value} % is `{value / 100:g}`",)
        if isinstance(value, float) and "/" in span.text:
            return ("`/` gives a number with a point; `//` divides whole numbers",)
        return ()

    @staticmethod
    def _nothing(name: str, info: Attribute, argument: ast.Argument) -> Diagnostic | None:
        """``bias=None``: what is not wanted is not written."""
        if argument.value.span.text not in ("None", "null") or info.required or argument.name is None:
            return None
        message = f"`{name}` cannot be `{argument.value.span.text}`"
        help_ = "leave it out"
        if info.default is not None:
            help_ = f"without it `{name}` is {format_value(info.default)}; it can be {info.type.description}"
        fix = _removed(argument, certain=info.default is None)
        return Diagnostic(names.WRONG_VALUE, message, Label(argument.value.span), help=(help_,), fixes=(fix,))

    def _unknown_word(self, name: str, info: Attribute, value: Word, span: Span) -> Diagnostic:
        if value in OPERATORS:
            return Diagnostic(
                names.WRONG_VALUE,
                f"`{name}` of `{self.word.text}` cannot be the layer `{value}`",
                Label(span, f"must be {info.type.description}"),
            )
        words = ("true", "false") if isinstance(info.type, Boolean) else info.type.words
        meant = nearest(value, (*self.variables, *words)) or related(value, self.variables)
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
        listed = one_of([f"`{name}`" for name in missing], "and")
        help_ = tuple(
            f"`{name}`: {info.doc}, {info.type.description}"
            for name, info in self.attributes.items()
            if name in missing
        )
        message = f"`{self.word.text}` needs {listed}"
        self._fail(Diagnostic(names.MISSING_ATTRIBUTE, message, Label(self.word.span), help=help_))


def _removed(argument: ast.Argument, *, certain: bool = True) -> Fix:
    """The edit that takes an argument away, with the blanks before it."""
    span = argument.span
    start = len(span.source.text[: span.start].rstrip(" \t"))
    return Fix(f"remove `{span.text}`", (Edit(Span(span.source, start, span.end), ""),), certain)


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


def _blanks_in_size(span: Span) -> Diagnostic:
    written = "".join(span.text.split()).lower()
    fix = Fix(f"write `{written}`", (Edit(span, written),), True)
    message = f"a size has no blanks: `{written}`"
    return Diagnostic(names.TOO_MANY_ARGUMENTS, message, Label(span, "several arguments"), fixes=(fix,))
