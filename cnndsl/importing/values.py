"""What the names of a program stand for while its tree is walked: numbers and lists as they are, and these."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from typing import Any

from ..translation.records import UNKNOWN, Written
from .trace import Step, Takes

__all__ = [
    "TRAINING",
    "Container",
    "Foreign",
    "Function",
    "Instance",
    "Layer",
    "Method",
    "Module",
    "ParentOf",
    "Scope",
    "UserClass",
    "steps_in",
]


class _Training:
    """``self.training``: it is true, and nothing is computed with it."""

    def __bool__(self) -> bool:
        return True


TRAINING = _Training()


class Scope:
    """Names of a program, of a function or of a class, and the scope around it."""

    def __init__(self, parent: Scope | None = None) -> None:
        self.names: dict[str, Any] = {}
        self.parent = parent

    def find(self, name: str) -> tuple[bool, Any]:
        """Whether a name is bound, and to what."""
        scope: Scope | None = self
        while scope is not None:
            if name in scope.names:
                return True, scope.names[name]
            scope = scope.parent
        return False, UNKNOWN


class Foreign:
    """Something of an imported package, by its whole name: ``torch.nn.Conv2d``."""

    def __init__(self, name: str) -> None:
        self.name = name

    @property
    def package(self) -> str:
        return self.name.rpartition(".")[0]

    @property
    def last(self) -> str:
        return self.name.rpartition(".")[2]


class Module:
    """What has a name in a model and may hold parameters: a layer, a container of layers, or a model of a class."""

    def __init__(self) -> None:
        self.name = ""
        self.owner: Module | None = None
        self.calls = 0

    def adopt(self, name: str, module: Module) -> None:
        """Give a module its name in this one; it keeps the first one, as its parameters do."""
        if module.owner is None and module is not self:
            module.owner, module.name = self, name

    @property
    def path(self) -> tuple[str, ...]:
        """The names from the model down to this."""
        names, each, seen = [], self, {id(self)}
        while each.owner is not None and id(each.owner) not in seen:
            names.append(each.name)
            each = each.owner
            seen.add(id(each))
        return tuple(reversed(names))


class Layer(Module):
    """A layer of a framework, in our words; ``problem`` says why it cannot be said in them."""

    def __init__(self, text: str, written: Written | None, node: ast.AST, problem: tuple[str, ...] = ()) -> None:
        super().__init__()
        self.text = text
        self.written = written
        self.node = node
        self.problem = problem
        self.takes: Takes | None = None
        self.input_shape: Any = None


class Container(Module):
    """``Sequential``, ``ModuleList`` or ``ModuleDict``: modules by their names."""

    def __init__(self, kind: str) -> None:
        super().__init__()
        self.kind = kind
        self.children: dict[str, Any] = {}
        self.is_keras = False
        """Whether its layers have no names by their positions, as those of Keras."""
        self.title = ""

    def append(self, child: Any, name: str = "") -> None:
        """Put a module at the end."""
        name = name or str(len(self.children))
        self.children[name] = child
        if isinstance(child, Module) and not self.is_keras:
            self.adopt(name, child)

    @property
    def values(self) -> list[Any]:
        return list(self.children.values())


class UserClass:
    """A class of the program: its tree, its bases, and the names that its body binds."""

    def __init__(self, node: ast.ClassDef, bases: Sequence[Any], scope: Scope) -> None:
        self.node = node
        self.bases = tuple(bases)
        self.scope = scope

    @property
    def lineage(self) -> list[UserClass]:
        """This class and those of the program that it derives from, nearest first."""
        found = [self]
        for base in self.bases:
            if isinstance(base, UserClass):
                found.extend(each for each in base.lineage if each not in found)
        return found

    @property
    def foreign_bases(self) -> tuple[Foreign, ...]:
        return tuple(base for each in self.lineage for base in each.bases if isinstance(base, Foreign))

    @property
    def is_model(self) -> bool:
        """Whether its objects are modules of a framework."""
        return any(
            base.last in ("Module", "LightningModule", "Model", "Layer", "Sequential") for base in self.foreign_bases
        )

    def find(self, name: str, after: UserClass | None = None) -> tuple[bool, Any]:
        """Something that the body of the class binds, or one of its bases; ``after`` looks in the bases of that one only."""
        lineage = self.lineage
        if after is not None:
            lineage = lineage[lineage.index(after) + 1 :]
        for each in lineage:
            if name in each.scope.names:
                return True, each.scope.names[name]
        return False, UNKNOWN


class Instance(Container):
    """An object of a class of the program; a sequence of layers if the class is one."""

    def __init__(self, class_: UserClass) -> None:
        super().__init__("Sequential")
        self.class_ = class_
        self.attributes: dict[str, Any] = {}

    def set(self, name: str, value: Any) -> None:
        """Bind an attribute; a module, or a list of them, gets its name."""
        self.attributes[name] = value
        if isinstance(value, Module):
            self.adopt(name, value)


class Function:
    """A function of the program."""

    def __init__(self, node: ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda, scope: Scope) -> None:
        self.node = node
        self.scope = scope
        self.defaults: dict[str, Any] = {}

    @property
    def decorators(self) -> tuple[str, ...]:
        nodes = getattr(self.node, "decorator_list", ())
        return tuple(ast.unparse(each).rpartition(".")[2] for each in nodes)


class Method:
    """A function or a method of something, with what it belongs to: ``self.block``, ``x.view``, ``names.append``."""

    def __init__(self, owner: Any, name: str, function: Function | None = None, of: UserClass | None = None) -> None:
        self.owner = owner
        self.name = name
        self.function = function
        self.of = of


class ParentOf:
    """``super()`` in a method of a class."""

    def __init__(self, instance: Instance, class_: UserClass) -> None:
        self.instance = instance
        self.class_ = class_


def steps_in(*values: Any) -> list[Step]:
    """The values of layers among arguments, those in lists too."""
    found = []
    for value in values:
        if isinstance(value, Step):
            found.append(value)
        elif isinstance(value, list | tuple):
            found.extend(steps_in(*value))
    return found
