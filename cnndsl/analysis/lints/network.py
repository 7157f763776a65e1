"""What a lint of networks is given, and what it finds."""

from __future__ import annotations

from functools import cached_property

from ...diagnostics import Diagnostic
from ...ir import Graph, Node, Value
from ...recipe import Recipe
from ...record import Record
from ...syntax import ast
from .tree import Text

__all__ = ["Finding", "Network", "count"]


class Finding(Record):
    """A warning, and the node that it is about: the blocks around that say which calls led there."""

    diagnostic: Diagnostic
    node: Node


class Network:
    """A graph without errors, how it is trained, and the text that it was written in."""

    def __init__(self, graph: Graph, recipe: Recipe | None, text: Text) -> None:
        self.graph = graph
        self.recipe = recipe
        self.text = text

    @cached_property
    def makers(self) -> dict[Value, Node]:
        """The node that makes each value; the input has none."""
        return {value: node for node in self.graph.nodes for value in node.outputs}

    @cached_property
    def readers(self) -> dict[Value, list[Node]]:
        """The nodes that read each value. Output and heads are not nodes: see :meth:`only_reader`."""
        found: dict[Value, list[Node]] = {}
        for node in self.graph.nodes:
            for value in node.inputs:
                found.setdefault(value, []).append(node)
        return found

    @cached_property
    def results(self) -> set[Value]:
        """What leaves the network: its output, and the values of its heads."""
        return {self.graph.output, *(head.value for head in self.graph.heads)}

    def is_read(self, value: Value) -> bool:
        """Whether a node reads a value, or it leaves the network."""
        return value in self.readers or value in self.results

    def only_reader(self, node: Node) -> Node | None:
        """The one node that reads what a node makes, if nobody else does."""
        readers = self.readers.get(node.output, ())
        return readers[0] if len(readers) == 1 and node.output not in self.results else None

    def statement(self, node: Node) -> tuple[ast.Statement, ast.Body] | None:
        """The statement that made a node, and the braces around it, unless it is in another file."""
        if node.span.source is not self.text.file.span.source:
            return None
        return self.text.statements.get(node.span.start)


def count(number: int, noun: str) -> str:
    """``1 row``, ``3 rows``."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"
