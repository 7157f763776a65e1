"""Uses of one block that differ in layers which some of them leave out, as ResNet's do in the projection of the shortcut.

They become one class if each is the largest of them without some of its layers, and in place of what such a layer makes stands
one of the values that it takes.
"""

from __future__ import annotations

from collections.abc import Mapping

from ....ir import Value
from ....source import Span
from .sharing import Sharing
from .tree import Absent, Item, Layer, Scope

__all__ = ["merge"]

_STEPS = 2000
"""So many pairs of layers are compared to match two uses."""

Meaning = Mapping[Value, Value]
"""What the values of the largest use are in another."""

Row = tuple[Item, "list[Row] | None"]
"""What a use has for an item of the largest, and the rows of what is inside if something is absent there."""


def merge(sharing: Sharing) -> None:
    """Make one group of those whose scopes can be one class."""
    by_definition: dict[Span, list[int]] = {}
    for key, group in sharing.groups.items():
        if group[0].definition is not None and group[0].path:
            by_definition.setdefault(group[0].definition.span, []).append(key)
    for keys in by_definition.values():
        keys.sort(key=lambda key: -len(sharing.groups[key][0].nodes))
        for place, key in enumerate(keys):
            for other in keys[place + 1 :]:
                if key in sharing.groups and other in sharing.groups:
                    _join(sharing, key, other)


def _join(sharing: Sharing, key: int, other: int) -> None:
    """Let the scopes of one group be uses of the class of another, if they can."""
    base = sharing.groups[key][0]
    if sharing.forms[base] != "module":
        return
    found = [_Alignment(sharing).rows(base, scope) for scope in sharing.groups[other]]
    rows = [each for each in found if each is not None]
    if len(rows) < len(found) or not _agree([scope.items for scope in sharing.groups[key]], rows):
        return
    for scope, each in zip(sharing.groups[other], rows, strict=True):
        _fill(scope, each)
    sharing.join(key, other)


def _agree(known: list[list[Item]], found: list[list[Row]]) -> bool:
    """Whether the same value stands in place of what a layer makes in all uses that lack the layer."""
    columns = zip(*known, *([item for item, _ in rows] for rows in found), strict=True)
    return all(len({item.value for item in column if isinstance(item, Absent)}) < 2 for column in columns)


def _fill(scope: Scope, rows: list[Row]) -> None:
    for item, inside in rows:
        if inside is not None and isinstance(item, Scope):
            _fill(item, inside)
    scope.items = [item for item, _ in rows]


class _Alignment:
    """Compares one use with the largest, statement by statement of the block."""

    def __init__(self, sharing: Sharing) -> None:
        self.sharing = sharing
        self.left = _STEPS

    def rows(self, base: Scope, scope: Scope, *, numbered: bool = False) -> list[Row] | None:
        """A row for each item of the largest use, or None if the other is something else; numbers may differ."""
        if len(base.inputs) != len(scope.inputs) or not len(base.outputs) == len(scope.outputs) == 1:
            return None
        return self._rows((base, scope), (0, 0), dict(zip(base.inputs, scope.inputs, strict=True)), numbered)

    def _rows(
        self, scopes: tuple[Scope, Scope], at: tuple[int, int], meaning: Meaning, numbered: bool
    ) -> list[Row] | None:
        self.left -= 1
        (base, scope), (i, j) = scopes, at
        if i == len(base.items) or self.left < 0:
            fits = j == len(scope.items) and meaning.get(base.outputs[0]) == scope.outputs[0]
            return [] if fits and self.left >= 0 else None
        item = base.items[i]
        other = scope.items[j] if j < len(scope.items) else None
        row = other and self._row(item, other, meaning, numbered)
        if row and other:
            more = dict(zip(item.outputs, other.outputs, strict=True))
            rest = self._rows(scopes, (i + 1, j + 1), {**meaning, **more}, numbered)
            if rest is not None:
                return [row, *rest]
        can_lack = len(item.outputs) == 1 and not (isinstance(item, Layer) and item.owns_parameter)
        for value in item.inputs if can_lack else ():
            rest = self._rows(scopes, (i + 1, j), {**meaning, item.outputs[0]: meaning[value]}, numbered)
            if rest is not None:
                return [(Absent(item, value), None), *rest]
        return None

    def _row(self, item: Item, other: Item, meaning: Meaning, numbered: bool) -> Row | None:
        """The other item, if it does the same with the same values."""
        if tuple(meaning[value] for value in item.inputs) != other.inputs or len(item.outputs) != len(other.outputs):
            return None
        if item.span != other.span:
            return None
        if item.leaf != other.leaf and not numbered and (item.has_tensors or other.has_tensors):
            return None
        if isinstance(item, Scope) and isinstance(other, Scope):
            return self._scope_row(item, other, numbered)
        is_same = isinstance(item, Layer) and isinstance(other, Layer) and item.kind == other.kind
        return (other, None) if is_same else None

    def _scope_row(self, item: Scope, other: Scope, numbered: bool) -> Row | None:
        """The other scope, if it is the same or, one level deep, lacks some of the numbered items."""
        if self.sharing.keys[item] == self.sharing.keys[other]:
            return other, None
        if numbered or not all(self.sharing.forms[each] == "inline" and each.is_numbered for each in (item, other)):
            return None
        inside = self.rows(item, other, numbered=True)
        return None if inside is None else (other, inside)
