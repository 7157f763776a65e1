"""What the modules of a class are called in it; names that Python or ``nn.Module`` has taken are reached another way."""

from __future__ import annotations

import re
from collections.abc import Container
from itertools import count
from keyword import iskeyword

from .forms import RESERVED
from .tree import Item, Layer, Scope

__all__ = ["Naming", "fresh", "is_name"]


def is_name(text: str) -> bool:
    """Whether a label can be a name in Python."""
    return text.isidentifier() and not iskeyword(text)


def fresh(name: str, taken: Container[str]) -> str:
    """A name that is not taken: this one, or with a number."""
    numbered = (f"{name}{number}" for number in count(2))
    return name if name not in taken else next(each for each in numbered if each not in taken)


class Naming:
    """The names of the items of a scope. One without tensors that has no label is called by what it is."""

    def __init__(self, scope: Scope) -> None:
        self.names: dict[Item, str] = {}
        labels = {item.leaf for item in scope.items}
        for item in scope.items:
            self.names[item] = item.leaf
            if isinstance(item, Layer) and item.module is not None and not item.has_tensors and not is_name(item.leaf):
                kind = re.sub(r"(?<=[a-z])(?=[A-Z])", "_", item.module.target.rpartition(".")[2]).lower()
                self.names[item] = fresh(kind, {*labels, *self.names.values(), *RESERVED})

    def assignment(self, item: Item, *, parameter: bool = False) -> tuple[str, str]:
        """What stands before and after a module or a parameter where the class is given it."""
        name = self.names[item]
        if name in RESERVED:
            return f'self._{"parameters" if parameter else "modules"}["{name}"] = ', ""
        if is_name(name):
            return f"self.{name} = ", ""
        return f'self.{"register_parameter" if parameter else "add_module"}("{name}", ', ")"

    def access(self, item: Item, *, parameter: bool = False) -> str:
        """How a method of the class reaches a module or a parameter."""
        name = self.names[item]
        if name in RESERVED:
            return f'self._{"parameters" if parameter else "modules"}["{name}"]'
        return f"self.{name}" if is_name(name) else f'getattr(self, "{name}")'

    @property
    def hides_training(self) -> bool:
        """Whether an item is called as the flag that ``train()`` sets."""
        return any(name == "training" for name in self.names.values())
