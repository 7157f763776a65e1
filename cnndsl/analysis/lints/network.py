"""What a lint of networks is given, and what it finds."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cached_property

from ...diagnostics import Diagnostic
from ...ir import Graph, Node, Value
from ...recipe import Recipe
from ...record import Record
from ...syntax import ast
from .tree import statements

__all__ = ["Finding", "Lint", "Network", "count"]


class Finding(Record):
    """A warning, and the node that it is about: the blocks around that say which calls led there."""

    diagnostic: Diagnostic
    node: Node


class Network:
    """A graph without errors, how it is trained, and the file that it was written in."""

    def __init__(self, graph: Graph, recipe: Recipe | None, file: ast.File) -> None:
        self.graph = graph
        self.recipe = recipe
        self.file = file

    @cached_property
    def makers(self) -> dict[Value, Node]:
        """The node that makes each value; the input has none."""
        return {value: node for node in self.graph.nodes for value in node.outputs}

    @cached_property
    def readers(self) -> dict[Value, list[Node]]:
        """The nodes that read each value. Output and heads are no nodes: see :meth:`only_reader`."""
        found: dict[Value, list[Node]] = {}
        for node in self.graph.nodes:
            for value in node.inputs:
                found.setdefault(value, []).append(node)
        return found

    @cached_property
    def results(self) -> set[Value]:
        """What leaves the network: its output, and the values of its heads."""
        return {self.graph.output, *(head.value for head in self.graph.heads)}

    def only_reader(self, node: Node) -> Node | None:
        """The one node that reads what a node makes, if nobody else does."""
        readers = self.readers.get(node.output, ())
        return readers[0] if len(readers) == 1 and node.output not in self.results else None

    def statement(self, node: Node) -> tuple[ast.Statement, ast.Body] | None:
        """The statement that made a node, and the braces around it, unless it stands in another file."""
        if node.span.source is not self.file.span.source:
            return None
        return self._statements.get(node.span.start)

    @cached_property
    def _statements(self) -> dict[int, tuple[ast.Statement, ast.Body]]:
        return {statement.action.span.start: (statement, body) for statement, body in statements(self.file)}


Lint = Callable[[Network], Iterator[Finding]]
"""One lint of networks: what it finds, in the order of the graph. A place that is expanded often may be found often."""


def count(number: int, noun: str) -> str:
    """``1 row``, ``3 rows``."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"
