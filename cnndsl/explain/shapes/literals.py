"""The numbers of a text that may be slips.

A number that a call leaves out because it has a default, such as ``stride``, is one of them: to write it is a change like
any other.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from ...diagnostics import Edit
from ...elaborate.arguments import match_arguments
from ...ops import OPERATORS
from ...ops.writing import spelling
from ...record import Record
from ...source import Span
from ...syntax import ast
from ...syntax.walk import walk

__all__ = ["Key", "Literal", "literals", "removal"]

Key = tuple[Span, str]
"""Where a number stands; of one that is left out the call, or the statement that calls a block, and its name."""

_LEFT_OUT = ("stride", "padding", "output_padding")
"""The attributes of layers that a slip may have left out."""


class Literal(Record):
    """A number or size; ``around`` is the call or line that it stands in.

    ``name`` is that of an argument which is not written, at the end of ``span``; ``argument`` is the written one that may
    be left out where its value is the ``default``.
    """

    key: Key
    span: Span
    values: tuple[int, ...]
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


def literals(tree: Iterable[ast.Syntax], blocks: Mapping[str, ast.Definition]) -> dict[Key, Literal]:
    """The numbers among some nodes of a tree, which can call these blocks."""
    found = (literal for node in tree for literal in _of(node, blocks))
    return {literal.key: literal for literal in found}


def _of(node: ast.Syntax, blocks: Mapping[str, ast.Definition]) -> Iterator[Literal]:
    match node:
        case ast.Statement(action=ast.Call() as call):
            yield from _of_call(node, call, blocks)
        case ast.For(items=value) | ast.Case(value=value) | ast.Let(value=value) | ast.Parameter(default=value):
            if value is not None and not isinstance(value, ast.Match):
                yield from _inside(value, node.span)


def _inside(expression: ast.Expression, around: Span) -> Iterator[Literal]:
    for node in walk(expression):
        values = written(node)
        if values and all(type(value) is int for value in values):
            yield Literal((node.span, ""), node.span, values, around)


def _of_call(statement: ast.Syntax, call: ast.Call, blocks: Mapping[str, ast.Definition]) -> Iterator[Literal]:
    target = blocks.get(call.word.text) or OPERATORS.get(call.word.text)
    given = match_arguments(target, call.word, call.arguments)[0] if target is not None else {}
    defaults = _defaults(target, given)
    names = {argument.span: name for name, argument in given.items()}
    for argument in call.arguments:
        around = call.word.span.to(argument.span if call.body else call.span)
        for literal in _inside(argument.value, around):
            may_go = argument.name is not None and literal.span == argument.value.span
            default = defaults.get(names.get(argument.span, "")) if may_go else None
            yield literal.replace(argument=argument.span, default=default) if may_go else literal
    is_block = call.word.text in blocks
    for name, default in defaults.items():
        if name not in given and default is not None and (is_block or name in _LEFT_OUT):
            text = name if is_block else spelling(OPERATORS[call.word.text], name)
            key = (statement.span if is_block else call.span, name)
            yield Literal(key, _place(call, list(defaults), name, given), (default,), call.span, text)


def _defaults(target: Any, given: Mapping[str, ast.Argument]) -> dict[str, int | None]:
    """The names of what is called, in order, each with the number that it is if it is left out, or None."""
    if isinstance(target, ast.Definition):
        return {each.name.text: _one(written(each.default)) for each in target.parameters}
    infos = target.attributes() if target is not None else {}
    found = {name: _one(info.default) for name, info in infos.items()}
    if "kernel_size" in given and infos["stride"].default is None:
        found["stride"] = _one(written(given["kernel_size"].value))
    return found


def written(node: Any) -> tuple[Any, ...]:
    """The numbers that an expression is, without any computation."""
    if isinstance(node, ast.Size):
        return node.extents
    return (node.value,) if isinstance(node, ast.Number) else ()


def _one(value: Any) -> int | None:
    """The one number that a value holds, as (1, 1) and ((0, 0), (0, 0)) do; None if there is none."""
    if isinstance(value, tuple):
        return _one(value[0]) if len(set(value)) == 1 else None
    return value if type(value) is int else None


def _place(call: ast.Call, names: list[str], name: str, given: Mapping[str, ast.Argument]) -> Span:
    """Where an argument is to be written so that the arguments stand in the order in which they are declared."""
    before = [given[each].span.end for each in names[: names.index(name)] if each in given]
    by_place = [argument.span.end for argument in call.arguments if argument.name is None]
    end = max((call.word.span.end, *before, *by_place))
    return Span(call.span.source, end, end)


def removal(argument: Span) -> Span:
    """An argument and the blanks before it."""
    start = len(argument.source.text[: argument.start].rstrip(" \t"))
    return Span(argument.source, start, argument.end)
