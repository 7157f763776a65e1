"""What an explanation may look at besides the problem: where the elaboration stood when it was found."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ..diagnostics import Edit
from ..elaborate.scope import Place
from ..elaborate.state import State
from ..ir import Value
from ..record import Record
from ..source import Span
from ..syntax import ast
from ..syntax.walk import walk

__all__ = ["Context"]


class Context(Record):
    """The file that is checked, the blocks of ``std``, and the state that found a problem, if that was in a network's body."""

    file: ast.File
    std: tuple[str, ...]
    state: State | None = None

    @property
    def place(self) -> Place | None:
        """What the names mean there."""
        return self.state.place if self.state is not None else None

    @property
    def variables(self) -> Mapping[str, Any]:
        """The variables there."""
        return self.place.variables if self.place is not None else {}

    @property
    def entering(self) -> Value | None:
        """The value that the statement works on, if it is known."""
        current = self.state.current if self.state is not None else None
        return current if isinstance(current, Value) else None

    @property
    def definition(self) -> ast.Definition | None:
        """The network or the block whose body is being elaborated."""
        if self.state is None:
            return None
        return self.state.calls[-1][1].definition if self.state.calls else self.state.network

    @property
    def definitions(self) -> Iterator[ast.Definition]:
        """The networks and blocks of the file."""
        yield from (*self.file.networks, *self.file.blocks)

    @property
    def blocks(self) -> dict[str, ast.Definition]:
        """The blocks that can be called here."""
        return {} if self.place is None else {name: each.definition for name, each in self.place.library.blocks.items()}

    def block_call(self, span: Span) -> ast.Call | None:
        """The call of a block that has an argument at a place."""
        nodes = walk(self.definition.body) if self.definition is not None else ()
        calls = (node for node in nodes if isinstance(node, ast.Call) and node.word.text in self.blocks)
        return next((call for call in calls if span in [argument.value.span for argument in call.arguments]), None)

    def importing(self, name: str) -> Edit | None:
        """The edit by which the file uses a block of std; None if std has none of this name."""
        source = self.file.span.source
        if name not in self.std:
            return None
        uses = [item for item in self.file.items if isinstance(item, ast.Use) and isinstance(item.origin, ast.Name)]
        if not uses:
            return Edit(Span(source, 0, 0), f"use {name} from std\n\n")
        end = uses[0].names[-1].span.end
        return Edit(Span(source, end, end), f", {name}")

    def contract(self, span: Span) -> ast.Contract | None:
        """The contract that a place is in."""
        nodes = walk(self.definition.body) if self.definition is not None else ()
        found = (node for node in nodes if isinstance(node, ast.Contract))
        return next((each for each in found if each.span.start <= span.start and span.end <= each.span.end), None)

    def statement(self, word: Span) -> ast.Statement | None:
        """The statement whose call has its word at a place."""
        nodes = walk(self.definition.body) if self.definition is not None else ()
        found = (node for node in nodes if isinstance(node, ast.Statement) and isinstance(node.action, ast.Call))
        return next((each for each in found if each.action.span.start == word.start), None)
