"""The numbers of a text that may be slips, and a tree in which each of them is traced.

A number with a default that a call of a block leaves out is one of them: to write it is a change like any other.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ...diagnostics import Edit
from ...ops import OPERATORS
from ...record import Record
from ...source import Source, Span
from ...syntax import ast
from .traced import Traced, number

__all__ = ["Literal", "Tracing", "given_arguments", "insertion", "parameter_names", "removal"]

_UNTOUCHED = (ast.Expect, ast.Contract, ast.Label, ast.Train)
"""What is asserted is no slip, or not the likely one; what only trains changes no shape."""


class Literal(Record):
    """A number or size, whose extents have bits from ``first`` on; ``around`` is the call or line that it stands in.

    ``name`` is that of an argument which is not written, at the end of ``span``; ``argument`` is the written one that may
    be left out where its value is the ``default``.
    """

    span: Span
    values: tuple[int, ...]
    first: int
    around: Span
    name: str = ""
    argument: Span | None = None
    default: int | None = None

    def edit(self, values: tuple[int, ...]) -> Edit:
        """The edit that gives it these values."""
        text = "x".join(map(str, values))
        if self.name:
            return Edit(self.span, f" {self.name}={text}")
        if self.argument is not None and set(values) == {self.default}:
            return Edit(removal(self.argument), "")
        return Edit(self.span, text)

    def numbers(self, values: tuple[int, ...]) -> dict[int, int]:
        """Its values by their bits."""
        return {self.first + place: value for place, value in enumerate(values)}


class Tracing:
    """Makes trees in which the numbers of one source are traced, and remembers these; ``blocks`` are those it can call."""

    def __init__(self, source: Source, blocks: Mapping[str, ast.Definition]) -> None:
        self.source = source
        self.blocks = blocks
        self.literals: list[Literal] = []
        self._bits = 0

    def tree(self, node: Any, around: Span | None = None) -> Any:
        """A node with its numbers traced."""
        if isinstance(node, tuple):
            return tuple(self.tree(item, around) for item in node)
        if not isinstance(node, ast.Syntax) or isinstance(node, _UNTOUCHED):
            return node
        if isinstance(node, ast.Number | ast.Size):
            return self._numbers(node, around or node.span)
        if isinstance(node, ast.Call):
            return self._call(node)
        if isinstance(node, ast.Let | ast.Repeat | ast.For | ast.Parameter | ast.Case):
            around = node.span
        return self._fields(node, around)

    def _fields(self, node: Any, around: Span | None) -> Any:
        fields = {name: getattr(node, name) for name in type(node).field_infos if name != "span"}
        return node.replace(**{name: self.tree(value, around) for name, value in fields.items()})

    def _numbers(self, node: Any, around: Span, **more: Any) -> Any:
        values: tuple[Any, ...] = (node.value,) if isinstance(node, ast.Number) else node.extents
        if not all(type(value) is int for value in values) or node.span.source is not self.source:
            return node
        return self._filled(node, self._literal(node.span, values, around, **more))

    def _literal(self, span: Span, values: tuple[int, ...], around: Span, **more: Any) -> tuple[Traced, ...]:
        self.literals.append(Literal(span, values, self._bits, around, **more))
        traced = tuple(number(value, self._bits + place) for place, value in enumerate(values))
        self._bits += len(values)
        return traced

    def _filled(self, node: Any, values: tuple[Traced, ...]) -> Any:
        return node.replace(value=values[0]) if isinstance(node, ast.Number) else node.replace(extents=values)

    def _call(self, call: ast.Call) -> ast.Call:
        defaults = self._defaults(call.word.text)
        arguments = [self._argument(call, argument, defaults) for argument in call.arguments]
        if call.word.text in self.blocks and call.span.source is self.source:
            names = parameter_names(self.blocks[call.word.text])
            given = given_arguments(call, names)
            missing = [name for name in defaults if name not in given]
            arguments += [self._missing(call, names, name, defaults[name]) for name in missing]
        return call.replace(arguments=tuple(arguments), body=self.tree(call.body))

    def _argument(self, call: ast.Call, argument: ast.Argument, defaults: Mapping[str, int]) -> ast.Argument:
        value, around = argument.value, call.word.span.to(argument.span if call.body else call.span)
        if argument.name is None or not isinstance(value, ast.Number | ast.Size):
            return argument.replace(value=self.tree(value, around))
        default = defaults.get(argument.name.text)
        return argument.replace(value=self._numbers(value, around, argument=argument.span, default=default))

    def _missing(self, call: ast.Call, names: Sequence[str], name: str, value: int) -> ast.Argument:
        span = insertion(call, names, name)
        (traced,) = self._literal(span, (value,), call.span, name=name)
        return ast.Argument(span, ast.Name(span, name), ast.Number(span, traced))

    def _defaults(self, word: str) -> dict[str, int]:
        """The whole numbers that arguments are if they are left out, under each of their names."""
        if word in self.blocks:
            parameters = {each.name.text: each.default for each in self.blocks[word].parameters}
            numbers = {name: each.value for name, each in parameters.items() if isinstance(each, ast.Number)}
            return {name: value for name, value in numbers.items() if isinstance(value, int)}
        infos = OPERATORS[word].attributes().items() if word in OPERATORS else ()
        named = [(alias, info.default) for name, info in infos for alias in (name, *info.aliases)]
        return {name: number for name, default in named if (number := _as_number(default)) is not None}


def _as_number(value: Any) -> int | None:
    """The one number that a default is, as of (1, 1) or ((0, 0), (0, 0))."""
    while isinstance(value, tuple) and len(set(value)) == 1:
        value = value[0]
    return value if type(value) is int else None


def parameter_names(definition: ast.Definition) -> list[str]:
    """The names of a block's parameters, in order."""
    return [parameter.name.text for parameter in definition.parameters]


def given_arguments(call: ast.Call, names: Sequence[str]) -> dict[str, ast.Argument]:
    """The arguments of a call by the names of what they give, of which the first are given by place."""
    places = iter(names)
    return {argument.name.text if argument.name else next(places, ""): argument for argument in call.arguments}


def insertion(call: ast.Call, names: Sequence[str], name: str) -> Span:
    """Where an argument is to be written so that the arguments stand in the order in which they are declared."""
    given = given_arguments(call, names)
    before = [given[each].span.end for each in names[: names.index(name)] if each in given]
    by_place = [argument.span.end for argument in call.arguments if argument.name is None]
    end = max((call.word.span.end, *before, *by_place))
    return Span(call.span.source, end, end)


def removal(argument: Span) -> Span:
    """An argument and the blanks before it."""
    start = len(argument.source.text[: argument.start].rstrip(" \t"))
    return Span(argument.source, start, argument.end)
