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

__all__ = ["Literal", "Tracing", "given_arguments", "insertion", "removal"]

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
        traced = self._traced(Literal(node.span, values, self._bits, around, **more))
        return node.replace(value=traced[0]) if isinstance(node, ast.Number) else node.replace(extents=traced)

    def _traced(self, literal: Literal) -> tuple[Traced, ...]:
        self.literals.append(literal)
        self._bits += len(literal.values)
        return tuple(number(value, bit) for bit, value in literal.numbers(literal.values).items())

    def _call(self, call: ast.Call) -> ast.Call:
        defaults = self._defaults(call.word.text)
        arguments = [self._argument(call, argument, defaults) for argument in call.arguments]
        if call.word.text in self.blocks and call.span.source is self.source:
            names = [parameter.name.text for parameter in self.blocks[call.word.text].parameters]
            given = given_arguments(call, names)
            missing = [name for name in defaults if name not in given]
            arguments += [self._missing(call, insertion(call, names, name), name, defaults[name]) for name in missing]
        return call.replace(arguments=tuple(arguments), body=self.tree(call.body))

    def _argument(self, call: ast.Call, argument: ast.Argument, defaults: Mapping[str, int]) -> ast.Argument:
        value, around = argument.value, call.word.span.to(argument.span if call.body else call.span)
        if argument.name is None or not isinstance(value, ast.Number | ast.Size):
            return argument.replace(value=self.tree(value, around))
        default = defaults.get(argument.name.text)
        return argument.replace(value=self._numbers(value, around, argument=argument.span, default=default))

    def _missing(self, call: ast.Call, span: Span, name: str, value: int) -> ast.Argument:
        (traced,) = self._traced(Literal(span, (value,), self._bits, call.span, name))
        return ast.Argument(span, ast.Name(span, name), ast.Number(span, traced))

    def _defaults(self, word: str) -> dict[str, int]:
        """The whole numbers that arguments are if they are left out, under each of their names."""
        if word in self.blocks:
            parameters = [(each.name.text, each.default) for each in self.blocks[word].parameters]
            named = [(name, each.value) for name, each in parameters if isinstance(each, ast.Number)]
        else:
            infos = OPERATORS[word].attributes().items() if word in OPERATORS else ()
            named = [(alias, _one_number(info.default)) for name, info in infos for alias in (name, *info.aliases)]
        return {name: value for name, value in named if type(value) is int}


def _one_number(value: Any) -> Any:
    """The one value that a default holds, as of (1, 1) or ((0, 0), (0, 0))."""
    return _one_number(value[0]) if isinstance(value, tuple) and len(set(value)) == 1 else value


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
