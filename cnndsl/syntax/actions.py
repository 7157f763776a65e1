"""From the symbols of a rule to a node of the tree: one small function per rule, by the rule's name.

A child is a node, a kept token, or a list of children where a rule repeats. Tokens that only delimit never get here.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cached_property
from typing import Any, TypeVar

from ..diagnostics import DiagnosticError
from ..source import Source, Span
from . import ast
from .lexer import Comment, Token

__all__ = ["ACTIONS", "Builder"]

_T = TypeVar("_T")
_SUFFIXES = {"k": 10**3, "M": 10**6, "G": 10**9, "T": 10**12}
_HOLE = re.compile(r"\{[^{}]*\}")


class Builder:
    """What an action needs to know beyond its children."""

    def __init__(
        self, source: Source, comments: list[Comment], parse_expression: Callable[[Span], ast.Expression]
    ) -> None:
        self.source = source
        self.parse_expression = parse_expression
        self.unreadable: list[DiagnosticError] = []
        """Holes of labels that are no expressions."""
        self._comments = comments

    def text(self, token: Token) -> str:
        return token.text(self.source)

    def name(self, token: Token) -> ast.Name:
        return ast.Name(Span(self.source, token.start, token.end), token.text(self.source))

    def hole(self, span: Span) -> ast.Hole:
        """The hole of a label that a stretch is; one that cannot be read holds an error."""
        inside = Span(self.source, span.start + 1, span.end - 1)
        try:
            return ast.Hole(span, self.parse_expression(inside) if inside.text.strip() else None)
        except DiagnosticError as error:
            self.unreadable.append(error)
            return ast.Hole(span, ast.Error(inside))

    @cached_property
    def _documentation(self) -> dict[int, str]:
        """The ``##`` comments that have their lines for themselves, by line."""
        lines: dict[int, str] = {}
        for comment in self._comments:
            line, column = self.source.position(comment.start)
            if comment.text.startswith("##") and not self.source.line(line)[: column - 1].strip():
                lines[line] = comment.text.lstrip("#").strip()
        return lines

    def documentation(self, span: Span) -> str:
        """What the ``##`` comments right above say."""
        line = span.position[0] - 1
        texts: list[str] = []
        while line in self._documentation:
            texts.append(self._documentation[line])
            line -= 1
        return "\n".join(reversed(texts))


_Action = Callable[[Builder, Span, list[Any]], Any]
ACTIONS: dict[str, _Action] = {}


def _action(function: _Action) -> _Action:
    ACTIONS[function.__name__.rstrip("_")] = function
    return function


def _of(children: list[Any], *types: type[_T]) -> tuple[_T, ...]:
    return tuple(child for child in children if isinstance(child, types))


def _first(children: list[Any], *types: type[_T]) -> _T | None:
    return next((child for child in children if isinstance(child, types)), None)


def _span(builder: Builder, token: Token) -> Span:
    return Span(builder.source, token.start, token.end)


# Files


@_action
def start(builder: Builder, span: Span, children: list[Any]) -> ast.File:
    whole = Span(builder.source, 0, span.end)
    return ast.File(whole, _of(children, ast.Use, ast.Definition, ast.Train, ast.Error))


@_action
def use(builder: Builder, span: Span, children: list[Any]) -> ast.Use:
    *names, origin = (child for child in children if child.type not in ("USE", "FROM"))
    where = string(builder, _span(builder, origin), [origin]) if origin.type == "STRING" else builder.name(origin)
    return ast.Use(span, tuple(builder.name(token) for token in names), where)


def _definition(keyword: str) -> _Action:
    def action(builder: Builder, span: Span, children: list[Any]) -> ast.Definition:
        name = next(child for child in children[1:] if isinstance(child, ast.Name | Token))
        name = builder.name(name) if isinstance(name, Token) else name
        parameters = next(
            (child for child in children if isinstance(child, tuple) and not isinstance(child, Token)), ()
        )
        return ast.Definition(span, keyword, name, parameters, children[-1], builder.documentation(span))

    return action


ACTIONS["network"] = _definition("network")
ACTIONS["block"] = _definition("block")


@_action
def train(builder: Builder, span: Span, children: list[Any]) -> ast.Train:
    names = [child for child in children[1:] if isinstance(child, Token)]
    return ast.Train(span, builder.name(names[0]) if names else None, children[-1])


@_action
def parameters(builder: Builder, span: Span, children: list[Any]) -> tuple[ast.Parameter, ...]:
    return _of(children, ast.Parameter)


@_action
def parameter(builder: Builder, span: Span, children: list[Any]) -> ast.Parameter:
    return ast.Parameter(span, children[0], children[-1] if len(children) > 1 else None)


# Statements


@_action
def body(builder: Builder, span: Span, children: list[Any]) -> ast.Body:
    return ast.Body(span, _of(children, ast.Statement))


@_action
def statement(builder: Builder, span: Span, children: list[Any]) -> ast.Statement:
    contract = children.pop() if isinstance(children[-1], ast.Contract) else None
    *labels, action = children
    return ast.Statement(span, labels[0] if labels else (), action, contract)


@_action
def labels(builder: Builder, span: Span, children: list[Any]) -> tuple[ast.Label, ...]:
    return _of(children, ast.Label)


@_action
def label(builder: Builder, span: Span, children: list[Any]) -> ast.Label:
    if isinstance(children[0], ast.Name):
        return ast.Label(span, children[0].text, (children[0].text,))
    text = builder.text(children[0])[1:-1]
    parts: list[str | ast.Hole] = []
    done = 0
    for hole in _HOLE.finditer(text):
        begin = span.start + 1 + hole.start()
        parts += (text[done : hole.start()], builder.hole(Span(builder.source, begin, begin + len(hole[0]))))
        done = hole.end()
    return ast.Label(span, text, (*parts, text[done:]))


@_action
def contract(builder: Builder, span: Span, children: list[Any]) -> ast.Contract:
    return ast.Contract(children[0].span, children[0])


@_action
def call(builder: Builder, span: Span, children: list[Any]) -> ast.Call:
    return ast.Call(span, children[0], _of(children, ast.Argument), _first(children, ast.Body))


@_action
def argument(builder: Builder, span: Span, children: list[Any]) -> ast.Argument:
    return ast.Argument(span, None, children[0])


@_action
def keyword(builder: Builder, span: Span, children: list[Any]) -> ast.Argument:
    return ast.Argument(span, children[0], children[-1])


@_action
def residual(builder: Builder, span: Span, children: list[Any]) -> ast.Residual:
    same = _first(children, ast.Name)
    main = next(child for child in children if isinstance(child, ast.Body))
    return ast.Residual(span, same, main, _first(children, ast.Shortcut))


@_action
def same(builder: Builder, span: Span, children: list[Any]) -> ast.Name:
    return builder.name(children[0])


@_action
def shortcut_words(builder: Builder, span: Span, children: list[Any]) -> ast.Shortcut:
    return ast.Shortcut(span, tuple(builder.name(token) for token in children), None, None)


@_action
def shortcut_body(builder: Builder, span: Span, children: list[Any]) -> ast.Shortcut:
    when = builder.name(children[0]) if isinstance(children[0], Token) else None
    return ast.Shortcut(span, (), when, children[-1])


@_action
def repeat(builder: Builder, span: Span, children: list[Any]) -> ast.Repeat:
    return ast.Repeat(span, children[0], _index(children), children[-1])


@_action
def for_(builder: Builder, span: Span, children: list[Any]) -> ast.For:
    return ast.For(span, children[0], children[1], _index(children), children[-1])


@_action
def as_(builder: Builder, span: Span, children: list[Any]) -> ast.Name:
    return builder.name(children[0])


def _index(children: list[Any]) -> ast.Name | None:
    return children[-2] if isinstance(children[-2], ast.Name) else None


@_action
def if_(builder: Builder, span: Span, children: list[Any]) -> ast.If:
    return ast.If(span, children[0], children[1], children[2] if len(children) > 2 else None)


@_action
def let(builder: Builder, span: Span, children: list[Any]) -> ast.Let:
    return ast.Let(span, children[0], children[-1])


@_action
def match(builder: Builder, span: Span, children: list[Any]) -> ast.Match:
    return ast.Match(span, children[0], _of(children, ast.Case))


@_action
def case(builder: Builder, span: Span, children: list[Any]) -> ast.Case:
    return ast.Case(span, children[0], children[1])


@_action
def name_pattern(builder: Builder, span: Span, children: list[Any]) -> ast.Pattern:
    return ast.Pattern(span, (children[0],), False)


@_action
def tuple_pattern(builder: Builder, span: Span, children: list[Any]) -> ast.Pattern:
    return ast.Pattern(span, _of(children, ast.Name), True)


@_action
def expect(builder: Builder, span: Span, children: list[Any]) -> ast.Expect:
    return ast.Expect(span, children[0], builder.text(children[1]), children[2], _of(children, ast.Setting))


@_action
def setting(builder: Builder, span: Span, children: list[Any]) -> ast.Setting:
    return ast.Setting(span, children[0], children[-1])


ACTIONS["keyed_item"] = setting


# Expressions


@_action
def word(builder: Builder, span: Span, children: list[Any]) -> ast.Name:
    return ast.Name(span, builder.text(children[0]))


@_action
def conditional(builder: Builder, span: Span, children: list[Any]) -> ast.Conditional:
    return ast.Conditional(span, *children)


@_action
def binary(builder: Builder, span: Span, children: list[Any]) -> ast.Binary:
    left, operator, right = children
    return ast.Binary(span, builder.text(operator), left, right)


@_action
def unary(builder: Builder, span: Span, children: list[Any]) -> ast.Unary:
    return ast.Unary(span, builder.text(children[0]), children[1])


@_action
def negative(builder: Builder, span: Span, children: list[Any]) -> ast.Negative:
    return ast.Negative(span, number(builder, _span(builder, children[1]), children[1:]))


@_action
def variable(builder: Builder, span: Span, children: list[Any]) -> ast.Variable:
    return ast.Variable(span, children[0].text)


@_action
def number(builder: Builder, span: Span, children: list[Any]) -> ast.Number:
    return ast.Number(span, _number(builder.text(children[0]).replace("_", "")))


def _number(text: str) -> int | float:
    scale = _SUFFIXES.get(text[-1], 1)
    digits = text[:-1] if scale > 1 else text
    if digits.isdigit():
        return int(digits) * scale
    scaled = float(digits) * scale
    return int(scaled) if scale > 1 and scaled.is_integer() else scaled


@_action
def size(builder: Builder, span: Span, children: list[Any]) -> ast.Size:
    extents = builder.text(children[0]).split("x")
    return ast.Size(span, tuple(None if extent == "?" else int(extent) for extent in extents))


@_action
def string(builder: Builder, span: Span, children: list[Any]) -> ast.String:
    return ast.String(span, builder.text(children[0])[1:-1])


@_action
def boolean(builder: Builder, span: Span, children: list[Any]) -> ast.Boolean:
    return ast.Boolean(span, children[0].type == "TRUE")


@_action
def tuple_(builder: Builder, span: Span, children: list[Any]) -> ast.Tuple:
    return ast.Tuple(span, tuple(children))


@_action
def keyed(builder: Builder, span: Span, children: list[Any]) -> ast.Keyed:
    return ast.Keyed(span, tuple(children))


@_action
def list_(builder: Builder, span: Span, children: list[Any]) -> ast.List:
    return ast.List(span, tuple(children))


@_action
def comprehension(builder: Builder, span: Span, children: list[Any]) -> ast.Comprehension:
    return ast.Comprehension(span, *children)


@_action
def function(builder: Builder, span: Span, children: list[Any]) -> ast.Function:
    return ast.Function(span, builder.name(children[0]), tuple(children[1:]))


@_action
def index(builder: Builder, span: Span, children: list[Any]) -> ast.Index:
    return ast.Index(span, builder.name(children[0]), children[1])


@_action
def from_bound(builder: Builder, span: Span, children: list[Any]) -> tuple[str, Any]:
    return ("from", children[0])


@_action
def to_bound(builder: Builder, span: Span, children: list[Any]) -> tuple[str, Any]:
    return ("to", children[0])


@_action
def slice_(builder: Builder, span: Span, children: list[Any]) -> ast.Slice:
    bounds = dict(children[1:])
    return ast.Slice(span, builder.name(children[0]), bounds.get("from"), bounds.get("to"))
