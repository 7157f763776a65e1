"""A network as a Python file: imports, the modules that torch lacks, the classes of its blocks, and its own."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Sequence
from functools import cache
from pathlib import Path

from ....ir import Graph
from ....record import Record
from .. import layers
from .constructor import Constructor
from .expressions import NotUniform, safe_name
from .forward import forward_lines
from .layout import Call as Written
from .layout import docstring, lines
from .merging import merge
from .naming import fresh
from .sharing import Sharing, class_name
from .tree import DROPOUTS, Item, Layer, Scope, scope_of

__all__ = ["Source", "write_source"]


class Source(Record):
    """The text of a file, the name of the network's class in it, and what its modules are called that draw numbers.

    ``dropouts`` has the path of each such module in the live network, and that of its node in the graph.
    """

    text: str
    name: str
    dropouts: tuple[tuple[str, str], ...]


def write_source(
    graph: Graph, variants: Sequence[Graph] = (), parameters: Iterable[str] = (), about: str = ""
) -> Source:
    """The source of a graph as an ordinary module.

    ``variants`` are the same network at other values of its ``parameters``, which become arguments of its constructor;
    ``about`` says where the file comes from.

    Raises:
        NotUniform: If a variant differs in more than numbers that can be written in the parameters.
    """
    return _File(graph, variants, tuple(parameters), about).source()


class _File:
    def __init__(self, graph: Graph, variants: Sequence[Graph], parameters: tuple[str, ...], about: str) -> None:
        self.graph = graph
        self.about = about
        self.root = scope_of(graph, parameters)
        self.sharing = Sharing((self.root, *(scope_of(each, parameters) for each in variants)))
        if len(self.sharing.groups[self.sharing.keys[self.root]]) <= len(variants):
            raise NotUniform(graph.name)
        merge(self.sharing)
        self.classes: dict[int, Constructor] = {}
        self.taken = {"F", "OrderedDict", "Tensor", *_helpers()}
        self.name = fresh(_identifier(graph.name), self.taken)
        self.taken.add(self.name)
        for group in list(self.sharing.groups.values()):
            self._class_of(group[0])

    def _class_of(self, scope: Item) -> Constructor | None:
        """The class of a scope, made when it is asked for; None if it has none of its own."""
        key = self.sharing.keys[scope] if isinstance(scope, Scope) else -1
        group = self.sharing.groups.get(key)
        if group is not None and key not in self.classes:
            name = class_name(group[0], self.taken) if group[0].path else self.name
            self.taken.add(name)
            made = Constructor(group, self._class_of, self.sharing.forms[group[0]], name)
            self.classes[key] = made
        return self.classes.get(key)

    def source(self) -> Source:
        classes = [self._class(each) for each in self.classes.values()]
        code = "\n\n\n".join("\n".join(each) for each in classes)
        helpers = [text for name, text in _helpers().items() if re.search(rf"\b{name}\(", code)]
        body = "\n\n\n".join((*helpers, code))
        head = "\n".join(docstring([self.about], 0))
        parts = [*([head] if head else []), _imports(body)]
        root = self.classes[self.sharing.keys[self.root]]
        return Source("\n\n".join(parts) + "\n\n\n" + body + "\n", root.name, tuple(self._dropouts(self.root)))

    def _class(self, made: Constructor) -> list[str]:
        scope = made.group[0]
        base = "nn.Sequential" if made.form == "sequential" else "nn.Module"
        doc = self.graph.doc if scope is self.root else scope.definition.doc if scope.definition else ""
        said = docstring(re.split(r"\n(?=[A-Z])", doc, maxsplit=1), 4)
        body = [*said, ""] if said else []
        body += [*lines(Written("def __init__", ("self", *made.signature())), 4, "", " -> None:"), *made.body]
        if made.form == "module":
            heads = [head.value for head in self.graph.heads] if scope is self.root else []
            body += ["", *forward_lines(made, heads)]
            body += ["", *_TRAIN] if made.naming.hides_training else []
        return [f"class {made.name}({base}):", *body]

    def _dropouts(self, scope: Scope, path: str = "") -> Iterable[tuple[str, str]]:
        made = self.classes.get(self.sharing.keys[scope])
        first = made.group[0] if made else scope
        for item, like in zip(scope.items, first.items, strict=True):
            name = made.naming.names[like] if made and made.form == "module" else item.leaf
            inner = f"{path}.{name}" if path else name
            if isinstance(item, Scope):
                yield from self._dropouts(item, inner)
            elif isinstance(item, Layer) and item.module is not None and item.module.target in DROPOUTS:
                yield inner, item.node.path


_TRAIN = (
    "    def train(self, mode: bool = True) -> nn.Module:",
    "        # a layer is called `training`: a plain assignment would replace it",
    '        self.__dict__["training"] = mode',
    "        for module in self.children():",
    "            module.train(mode)",
    "        return self",
)


def _identifier(name: str) -> str:
    text = re.sub(r"\W", "_", name)
    return safe_name(text if text.isidentifier() else f"Network{text}")


def _imports(body: str) -> str:
    found = ["from collections import OrderedDict", ""] if "OrderedDict(" in body else []
    found += ["import torch"] if re.search(r"\btorch\.", body) else []
    found += ["import torch.nn.functional as F"] if re.search(r"\bF\.", body) else []
    names = [name for name in ("Tensor", "nn") if re.search(rf"\b{name}\b", body)]
    return "\n".join((*found, f"from torch import {', '.join(names)}"))


@cache
def _helpers() -> dict[str, str]:
    """The classes of ``layers`` by name, as they stand there."""
    text = Path(layers.__file__).read_text(encoding="utf-8")
    found = (node for node in ast.parse(text).body if isinstance(node, ast.ClassDef))
    return {node.name: ast.get_source_segment(text, node) or "" for node in found}
