"""What the syntax tree of a file holds: all its statements, and all names that it uses."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from functools import cached_property

from ...syntax import ast
from ...syntax.walk import walk

__all__ = ["Text", "names_used", "statements"]


class Text:
    """A file as it is written."""

    def __init__(self, file: ast.File) -> None:
        self.file = file

    @cached_property
    def names(self) -> list[tuple[ast.Definition, Counter[str]]]:
        """Every network and block, and how often it uses each name."""
        return [(item, names_used(item)) for item in (*self.file.networks, *self.file.blocks)]

    @cached_property
    def statements(self) -> dict[int, tuple[ast.Statement, ast.Body]]:
        """Every statement with the braces around it, by where its action begins."""
        return {item.action.span.start: (item, body) for item, body in statements(self.file)}


def statements(root: ast.Syntax) -> Iterator[tuple[ast.Statement, ast.Body]]:
    """Every statement with the braces that it is in."""
    for node in walk(root):
        if isinstance(node, ast.Body):
            yield from ((statement, node) for statement in node.statements)


def names_used(root: ast.Syntax) -> Counter[str]:
    """How often each name is used below a node; where a name is bound, or names an attribute, does not count."""
    used: Counter[str] = Counter()
    for node in walk(root):
        match node:
            case ast.Variable():
                used[node.name] += 1
            case ast.Call():
                used[node.word.text] += 1
            case ast.Function() | ast.Index() | ast.Slice():
                used[node.name.text] += 1
    return used
