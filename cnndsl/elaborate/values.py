"""What a name may stand for besides numbers and texts: a layer, a block, a value that flows, or nothing that is known."""

from __future__ import annotations

from typing import Any, ClassVar

from ..attributes import Word
from ..ir import Value
from ..ops import OPERATORS, Operator
from ..source import Span
from ..syntax import ast

__all__ = [
    "SEVERAL",
    "STRUCTURES",
    "UNKNOWN",
    "BlockReference",
    "Current",
    "LayerReference",
    "Library",
    "ValueReference",
]

STRUCTURES = ("input", "from", "seq", "split", "concat", "add", "mul", "branch", "head")
"""Words that are neither layers nor blocks: they say how values flow."""


class _Mark:
    def __init__(self, name: str) -> None:
        self.name = name

    def __repr__(self) -> str:
        return self.name


UNKNOWN: Any = _Mark("UNKNOWN")
"""What a variable holds whose value depends on a mistake that has been reported."""

SEVERAL = _Mark("SEVERAL")
"""What is current after a ``split``: no single value, until ``from`` chooses one."""

Current = Value | _Mark | None
"""The value that the next layer works on; None if a mistake has made it unknown."""


class LayerReference(Word):
    """The name of an operator."""

    noun: ClassVar = "layer"
    operator: type[Operator]

    def __new__(cls, operator: type[Operator]) -> LayerReference:
        reference = super().__new__(cls, operator.name)
        reference.operator = operator
        return reference


class BlockReference(Word):
    """The name of a block, with its definition and the library of its file."""

    noun: ClassVar = "block"
    definition: ast.Definition
    library: Library

    def __new__(cls, definition: ast.Definition, library: Library) -> BlockReference:
        reference = super().__new__(cls, definition.name.text)
        reference.definition = definition
        reference.library = library
        return reference


class ValueReference(Word):
    """The name of a value; ``value`` is None if what made it failed."""

    noun: ClassVar = "value"
    value: Value | None

    def __new__(cls, name: str, value: Value | None) -> ValueReference:
        reference = super().__new__(cls, name)
        reference.value = value
        return reference


class Library:
    """The blocks that a file defines or uses, by name. A block's body sees the library of the file it is written in."""

    def __init__(self) -> None:
        self.blocks: dict[str, BlockReference] = {}
        self.places: dict[str, Span] = {}
        """Where the name of each block is defined or used."""
        self.recursive: set[int] = set()
        """Blocks that call themselves, which has been reported: their calls are not expanded."""
        self.missing: set[str] = set()
        """Names of blocks that could not be read or used, which has been reported."""

    def find(self, name: str) -> LayerReference | BlockReference | None:
        """The layer or block of this name."""
        if name in self.blocks:
            return self.blocks[name]
        operator = OPERATORS.get(name)
        return None if operator is None or name in STRUCTURES else LayerReference(operator)

    @property
    def names(self) -> tuple[str, ...]:
        """Every word of a layer, structure or block."""
        return (*OPERATORS, *STRUCTURES, *self.blocks)
