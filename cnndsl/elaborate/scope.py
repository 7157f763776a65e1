"""What names mean where a statement stands: layers by their labels, variables with where each comes from, blocks.

The names of layers are the names of their parameters in every backend and in checkpoints. In its scope a layer is called by
its label, or by its position: how many such statements precede it there, labelled ones counted, from 0, as
``torch.nn.Sequential`` counts. Naming one never renames another.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from .. import problems
from ..attributes import Word
from ..ir import Block, Value, join_path
from ..problems import Problem
from ..source import Span
from ..syntax import ast
from .budget import take_steps
from .evaluate import EvaluationError, evaluate
from .values import UNKNOWN, BlockReference, LayerReference, Library, ValueReference

__all__ = ["Origin", "Place", "Scope", "label_text"]


class Scope:
    """One pair of braces that names things: a path, a count, the labels given so far and the values that have them.

    ``outer`` is the scope around it, whose values can be used too; the body of a block has none.
    """

    def __init__(self, path: str = "", outer: Scope | None = None) -> None:
        self.path = path
        self.outer = outer
        self.values: dict[str, Value | None] = {}
        self._count = 0
        self._labels: dict[str, Span] = {}
        self.is_counted = True
        """Whether the count is right: not after a statement that failed, which may stand for several layers."""
        self.ambiguous: set[str] = set()
        """Labels given twice: it is not known which value they name, and which name is missing for it."""

    def position(self) -> str:
        """The path of the next unlabelled layer."""
        self._count += 1
        return join_path(self.path, str(self._count - 1))

    def labelled(self, label: str, span: Span, *, counts: bool = True) -> tuple[str, Problem | None]:
        """The path of the next layer under a label, and what is wrong with the label."""
        self._count += counts
        problem: Problem | None = None
        if not _is_label(label):
            problem = problems.BadLabel(span, label)
        elif label.isdigit() and not (counts and label == str(self._count - 1)):
            problem = problems.NumberLabel(span, label) if self.is_counted else None
        elif label in self._labels:
            problem = problems.LabelTwice(span, self._labels[label], label)
            self.ambiguous.add(label)
        self._labels.setdefault(label, span)
        return join_path(self.path, label), problem

    def name(self, label: str, value: Value | None) -> None:
        """Let a label name a value, or none that is known if two layers have it."""
        self.values[label] = None if label in self.ambiguous else value

    def find(self, name: str) -> tuple[bool, Value | None]:
        """Whether a value of this name can be used here, and the value."""
        scope: Scope | None = self
        while scope is not None:
            if name in scope.values:
                return True, scope.values[name]
            scope = scope.outer
        return False, None

    def visible(self) -> tuple[str, ...]:
        """The names of all values that can be used here."""
        return (*self.values, *(self.outer.visible() if self.outer else ()))


def _is_label(text: str) -> bool:
    return bool(text) and all(char.isascii() and (char.isalnum() or char in "_-") for char in text)


class Origin(NamedTuple):
    """Where the value of a variable comes from.

    ``binder`` is what binds the name: a parameter, an argument, a setting of an expectation, a ``let`` or a loop. Its value is
    that of ``expression`` at ``place``, or one of its elements; without an expression it is counted, or given from outside.
    """

    binder: ast.Syntax
    expression: ast.Expression | None
    place: Place
    round: int = 0
    """Which element of the expression it is, in a loop."""


class Place:
    """The variables, scope and library that a statement sees, and the block that its nodes belong to.

    Each pair of braces has a place of its own; ``outer`` is the place around it, which the body of a block does not have.
    """

    def __init__(
        self,
        variables: dict[str, Any],
        scope: Scope,
        library: Library,
        block: Block | None = None,
        outer: Place | None = None,
    ) -> None:
        self.variables = variables
        self.scope = scope
        self.library = library
        self.block = block
        self.outer = outer
        self.top = False
        """Whether this is the body of the network itself."""
        self._origins: dict[str, Origin] = {}

    def inner(self, scope: Scope | None = None, block: Block | None = None) -> Place:
        """The place inside braces here, with a scope and a block of their own or those around them."""
        return Place(dict(self.variables), scope or self.scope, self.library, block or self.block, self)

    def bind(self, values: Mapping[str, Any], origin: Origin) -> None:
        """Give names to values that come from one place."""
        self.variables.update(values)
        self._origins.update(dict.fromkeys(values, origin))

    def forget(self, names: Iterable[str]) -> None:
        """Let nothing be known of some names: their values depend on a mistake."""
        self.variables.update(dict.fromkeys(names, UNKNOWN))

    def origin(self, name: str) -> Origin | None:
        """Where a variable comes from; None for ``in_channels``."""
        place: Place | None = self
        while place is not None:
            if name in place._origins:
                return place._origins[name]
            place = place.outer
        return None

    def resolve(self, value: Any, span: Span) -> Any:
        """A value whose bare names have become references to layers, blocks and values.

        Raises:
            EvaluationError: If nothing has the name.
        """
        if isinstance(value, LayerReference | BlockReference | ValueReference):
            return value
        if isinstance(value, Word):
            return self._reference(value, span)
        if not isinstance(value, list | tuple):
            return value
        take_steps(len(value), span)
        return type(value)(self.resolve(item, span) for item in value)

    def _reference(self, word: Word, span: Span) -> Word:
        layer = self.library.find(word)
        if layer is not None:
            return layer
        found, value = self.scope.find(word)
        if found:
            return ValueReference(word, value)
        if word in self.library.missing:
            raise EvaluationError(None)
        known = (*self.variables, *self.library.names, *self.scope.visible())
        take_steps(len(known) // 16, span)
        raise EvaluationError(problems.UnknownName(span, word, known))


def label_text(label: ast.Label, variables: Mapping[str, Any]) -> str:
    """The text of a label with its holes filled: ``"denselayer{i + 1}"``.

    Raises:
        EvaluationError: If a hole has no value, or one that is no part of a name.
    """
    return "".join(part if isinstance(part, str) else _filled(part, variables) for part in label.parts)


def _filled(hole: ast.Hole, variables: Mapping[str, Any]) -> str:
    if hole.value is None:
        raise EvaluationError(problems.EmptyHole(hole.span))
    value = evaluate(hole.value, variables)
    if isinstance(value, bool) or not isinstance(value, int | str):
        raise EvaluationError(problems.WrongValue(hole.value.span, "a whole number or a word", value, hole.value))
    return str(value)
