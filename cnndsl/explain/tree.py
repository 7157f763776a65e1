"""Where the statements, contracts, arguments and names of a file stand, found once for all of its mistakes."""

from __future__ import annotations

from ..source import Span
from ..syntax import ast
from ..syntax.walk import walk

__all__ = ["Tree"]


class Tree:
    """A file by the places of its nodes; a place of another file has none."""

    def __init__(self, file: ast.File) -> None:
        self.file = file
        self.bound: dict[str, list[tuple[ast.Syntax, ast.Definition]]] = {}
        """What makes each name: a ``let``, a loop, a parameter or a label, and in which definition."""
        self._statements: dict[int, ast.Statement] = {}
        self._contracts: dict[int, ast.Contract] = {}
        self._calls: dict[int, ast.Call] = {}
        for definition in (*file.networks, *file.blocks):
            for node in walk(definition):
                self._add(node, definition)

    def _add(self, node: ast.Syntax, definition: ast.Definition) -> None:
        for name in _names_made(node):
            self.bound.setdefault(name, []).append((node, definition))
        match node:
            case ast.Statement(action=ast.Call(word=word)):
                self._statements[word.span.start] = node
            case ast.Call(arguments=arguments):
                self._calls.update((argument.value.span.start, node) for argument in arguments)
            case ast.Contract(shape=shape):
                self._contracts.update((each.span.start, node) for each in walk(shape))

    def statement(self, word: Span) -> ast.Statement | None:
        """The statement whose call has its word at a place."""
        return self._statements.get(self._offset(word))

    def call(self, span: Span) -> ast.Call | None:
        """The call that has an argument at a place."""
        return self._calls.get(self._offset(span))

    def contract(self, span: Span) -> ast.Contract | None:
        """The contract that a place is in."""
        return self._contracts.get(self._offset(span))

    def _offset(self, span: Span) -> int:
        return span.start if span.source is self.file.span.source else -1


def _names_made(node: ast.Syntax) -> tuple[str, ...]:
    match node:
        case ast.Let(pattern=pattern) | ast.For(pattern=pattern):
            return tuple(name.text for name in pattern.names)
        case ast.Parameter(name=name):
            return (name.text,)
        case ast.Label(text=text):
            return (text,)
    return ()
