"""A walk over the syntax tree."""

from __future__ import annotations

from collections.abc import Iterator

from . import ast

__all__ = ["walk"]


def walk(root: ast.Syntax) -> Iterator[ast.Syntax]:
    """A node and all below it, in no particular order."""
    waiting = [root]
    while waiting:
        node = waiting.pop()
        yield node
        for name in type(node).field_infos:
            value = getattr(node, name)
            if isinstance(value, ast.Syntax):
                waiting.append(value)
            elif isinstance(value, tuple):
                waiting += (item for item in value if isinstance(item, ast.Syntax))
