"""What an explanation may look at besides the problem: the file, and where the elaboration stood when it was found."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..diagnostics import Edit
from ..elaborate.scope import Place
from ..elaborate.state import State
from ..ir import Value
from ..record import Record
from ..source import Span
from ..syntax import ast
from .tree import Tree

__all__ = ["Context"]


class Context(Record):
    """The file that is checked, the blocks of ``std``, and the state that found a problem, if that was in a network's body."""

    tree: Tree
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

    def block(self, name: str) -> ast.Definition | None:
        """The block that can be called by a name here."""
        found = self.place.library.blocks.get(name) if self.place is not None else None
        return found.definition if found is not None else None

    def importing(self, name: str) -> Edit | None:
        """The edit by which the file uses a block of std; None if std has none of this name."""
        file = self.tree.file
        if name not in self.std:
            return None
        uses = [item for item in file.items if isinstance(item, ast.Use) and isinstance(item.origin, ast.Name)]
        if not uses:
            return Edit(Span(file.span.source, 0, 0), f"use {name} from std\n\n")
        end = uses[0].names[-1].span.end
        return Edit(Span(file.span.source, end, end), f", {name}")
