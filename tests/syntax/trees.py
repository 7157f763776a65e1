"""Walking syntax trees in tests."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from cnndsl.diagnostics import Diagnostic, DiagnosticError, Diagnostics
from cnndsl.explain.syntax import recover
from cnndsl.source import Source
from cnndsl.syntax import ast, parse

__all__ = ["SPECS", "TEXTS", "children", "codes", "parse_text", "read", "walk"]

TEXTS = sorted((Path(__file__).parent / "texts").glob("*.cnn"))
SPECS = [*TEXTS, *sorted((Path(__file__).parents[2] / "specs").glob("*.cnn"))]


def read(path: Path) -> str:
    """The text of a spec, line ends as they are."""
    return path.read_bytes().decode()


def parse_text(text: str) -> tuple[ast.File, tuple[Diagnostic, ...]]:
    """The tree of a text, and what is wrong with it."""
    source, diagnostics = Source("test.cnn", text), Diagnostics()
    try:
        return parse(source), ()
    except DiagnosticError as error:
        return recover(error, source, diagnostics), diagnostics.sorted()


def codes(text: str) -> list[str]:
    """The codes of the syntax errors of a text."""
    return [item.kind.code for item in parse_text(text)[1]]


def children(node: ast.Syntax) -> Iterator[ast.Syntax]:
    """The nodes directly in a node, in order of their fields."""
    for name in type(node).field_infos:
        value = getattr(node, name)
        yield from (item for item in (value if isinstance(value, tuple) else (value,)) if isinstance(item, ast.Syntax))


def walk(node: ast.Syntax) -> Iterator[ast.Syntax]:
    """A node and all nodes in it."""
    left = [node]
    while left:
        node = left.pop()
        yield node
        left += children(node)
