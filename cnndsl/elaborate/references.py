"""What a parameter may hold besides numbers and texts: the name of a layer, of a block, or of a value."""

from __future__ import annotations

from collections.abc import Callable

from ..attributes import Word, format_value
from ..diagnostics import Edit
from ..ir import Value
from ..ops import OPERATORS, Operator
from ..source import Span
from ..syntax import ast

__all__ = [
    "NOTHING",
    "STRUCTURES",
    "BlockReference",
    "Current",
    "LayerReference",
    "Library",
    "ValueReference",
    "describe",
]

STRUCTURES = ("input", "from", "seq", "split", "concat", "add", "mul", "branch", "head")
"""Words that are neither layers nor blocks: they say how values flow."""


class _Nothing:
    def __repr__(self) -> str:
        return "NOTHING"


NOTHING = _Nothing()
"""What is current after a ``split``: no value, until ``from`` chooses one."""

Current = Value | _Nothing | None
"""The value that the next layer works on; None if a mistake has made it unknown."""


class Library:
    """The blocks that a file defines or uses, by name. A block's body sees the library of the file it is written in."""

    def __init__(self) -> None:
        self.blocks: dict[str, BlockReference] = {}
        self.places: dict[str, Span] = {}
        """Where the name of each block was defined or used."""
        self.recursive: set[int] = set()
        """Blocks that call themselves, which has been reported: their calls are not expanded."""
        self.missing: set[str] = set()
        """Names of blocks that could not be read or used, which has been reported."""

        self.importing: Callable[[str], Edit | None] = lambda name: None
        """The edit by which the file would use a block of std, if std has one of this name."""

    def find(self, name: str) -> LayerReference | BlockReference | None:
        """The layer or block of this name."""
        if name in self.blocks:
            return self.blocks[name]
        operator = OPERATORS.get(name)
        return None if operator is None or name in STRUCTURES else LayerReference(operator)

    @property
    def names(self) -> tuple[str, ...]:
        """Every word that a statement may begin with."""
        return (*OPERATORS, *STRUCTURES, *self.blocks)


class LayerReference(Word):
    """The name of an operator."""

    operator: type[Operator]

    def __new__(cls, operator: type[Operator]) -> LayerReference:
        reference = super().__new__(cls, operator.name)
        reference.operator = operator
        return reference


class BlockReference(Word):
    """The name of a block, with its definition and the library of its file."""

    definition: ast.Definition
    library: Library

    def __new__(cls, definition: ast.Definition, library: Library) -> BlockReference:
        reference = super().__new__(cls, definition.name.text)
        reference.definition = definition
        reference.library = library
        return reference


class ValueReference(Word):
    """The name of a value; ``value`` is None if what made it failed."""

    value: Value | None

    def __new__(cls, name: str, value: Value | None) -> ValueReference:
        reference = super().__new__(cls, name)
        reference.value = value
        return reference


def describe(value: object) -> str:
    """A value as a message names it: ``8``, ``the layer `relu` ``."""
    kinds = ((LayerReference, "layer"), (BlockReference, "block"), (ValueReference, "value"))
    kind = next((kind for type_, kind in kinds if isinstance(value, type_)), "")
    return f"the {kind} `{value}`" if kind else format_value(value)
