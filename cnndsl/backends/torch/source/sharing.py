"""Which scopes are one class: those of the same block with the same layers in the same order, whatever their numbers."""

from __future__ import annotations

import re
from collections.abc import Container, Iterable
from typing import Any

from ....ir import Value
from ....ops import Function
from .forms import RESERVED
from .naming import fresh
from .tree import Item, Layer, Scope

__all__ = ["Sharing", "class_name"]

Key = tuple[Any, ...]


class Sharing:
    """The classes of some networks. ``groups`` are the scopes of each, the classes that others need first."""

    def __init__(self, roots: Iterable[Scope]) -> None:
        self.forms: dict[Scope, str] = {}
        self.keys: dict[Scope, int] = {}
        self._known: dict[Key, int] = {}
        self.groups: dict[int, list[Scope]] = {}
        for root in roots:
            for scope in root.scopes():
                self._add(scope, scope is root)

    def _add(self, scope: Scope, is_root: bool) -> None:
        self.forms[scope] = form = _form(scope, is_root)
        definition = "root" if is_root else scope.definition and scope.definition.span
        key = (form, definition, *map(self._key, scope.items), _wiring(scope))
        self.keys[scope] = number = self._known.setdefault(key, len(self._known))
        if form != "inline":
            self.groups.setdefault(number, []).append(scope)

    def _key(self, item: Item) -> Key:
        if isinstance(item, Scope):
            return (item.leaf, self.keys[item])
        return (item.leaf if item.has_tensors else "", item.kind if isinstance(item, Layer) else ())

    def join(self, key: int, other: int) -> None:
        """Put the scopes of one group into another."""
        moved = self.groups.pop(other)
        self.groups[key] += moved
        self.keys.update(dict.fromkeys(moved, key))


def _form(scope: Scope, is_root: bool) -> str:
    """How a scope is written: ``inline`` as an ``nn.Sequential``, as a class that is a ``sequential``, or as a ``module``."""
    if not _is_sequential(scope):
        return "module"
    if scope.definition is None and not is_root:
        return "inline"
    return "sequential" if any(item.has_tensors and item.leaf.isdigit() for item in scope.items) else "module"


def _is_sequential(scope: Scope) -> bool:
    leaves = [item.leaf for item in scope.items]
    return (
        scope.chain()
        and all(leaf and leaf not in RESERVED for leaf in leaves)
        and len(set(leaves)) == len(leaves)
        and all(_is_module(item) for item in scope.items if isinstance(item, Layer))
    )


def _is_module(layer: Layer) -> bool:
    return len(layer.calls) == 1 and (not isinstance(layer.calls[0], Function) or layer.calls[0].target == "permute")


def _wiring(scope: Scope) -> Key:
    """What each item takes and the scope gives, by number."""
    numbers: dict[Value, int] = {}
    for value in (*scope.inputs, *(value for item in scope.items for value in item.outputs)):
        numbers.setdefault(value, len(numbers))
    taken = tuple(tuple(numbers[value] for value in item.inputs) for item in scope.items)
    return (taken, tuple(numbers[value] for value in scope.outputs))


def class_name(scope: Scope, taken: Container[str]) -> str:
    """A name for the class of a scope that no other class has."""
    words = (scope.block.name if scope.block else "") or next(
        (part for part in reversed(scope.path.split(".")) if not part.isdigit()), "Part"
    )
    name = "".join(word[:1].upper() + word[1:] for word in re.split(r"[^A-Za-z0-9]+", words))
    return fresh(name if name[:1].isalpha() else f"Part{name}", taken)
