"""Expressions of a program, worked out on its tree: numbers, lists, names and calls, without running anything."""

from __future__ import annotations

import ast
import builtins
from collections.abc import Callable, Iterator
from typing import Any

from ..source import Source, Span
from ..translation.records import UNKNOWN
from .operations import binary, compared, items_of, subscript, unary, weigh
from .trace import Step, TooMuch, Untaken
from .values import (
    TRAINING,
    Container,
    Foreign,
    Function,
    Instance,
    Layer,
    Method,
    ParentOf,
    Scope,
    UserClass,
    steps_in,
)

__all__ = ["Expressions"]

MOST_WORK = 1_000_000
"""So many parts of expressions are worked out, and then no more."""

_ASSUMED = {
    "nn": "torch.nn",
    "F": "torch.nn.functional",
    "torch": "torch",
    "layers": "keras.layers",
    "keras": "keras",
    "tf": "tensorflow",
    "np": "numpy",
}
"""What a name stands for in a text without its imports."""


class Expressions:
    """Works out expressions; what cannot be known is ``UNKNOWN``."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.work = 0
        self._starts = [0]
        for line in source.text.split("\n"):
            self._starts.append(self._starts[-1] + len(line) + 1)
        self._forms: dict[type, Callable[[Any, Scope], Any]] = {
            ast.Constant: lambda node, scope: node.value,
            ast.Name: self._name,
            ast.Attribute: lambda node, scope: self.attribute(self.evaluate(node.value, scope), node.attr, node),
            ast.Call: self._call,
            ast.BinOp: self._binary,
            ast.UnaryOp: lambda node, scope: unary(node.op, self.evaluate(node.operand, scope)),
            ast.BoolOp: self._boolean,
            ast.Compare: self._compare,
            ast.IfExp: self._choice,
            ast.List: lambda node, scope: self.weighed(self._items(node.elts, scope)),
            ast.Tuple: lambda node, scope: self.weighed(tuple(self._items(node.elts, scope))),
            ast.Set: lambda node, scope: self.weighed(self._items(node.elts, scope)),
            ast.Dict: self._dictionary,
            ast.Subscript: self._subscript,
            ast.Slice: self._slice,
            ast.ListComp: lambda node, scope: self.weighed(list(self._comprehension(node.elt, node.generators, scope))),
            ast.GeneratorExp: lambda node, scope: self.weighed(
                list(self._comprehension(node.elt, node.generators, scope))
            ),
            ast.DictComp: self._dictionary_of,
            ast.Lambda: Function,
            ast.JoinedStr: self._text,
            ast.NamedExpr: self._bind,
        }

    # What others do

    def call(self, called: Any, values: list[Any], named: dict[str, Any], node: ast.Call) -> Any:
        """What a call gives."""
        raise NotImplementedError

    def operate(self, kind: ast.operator, left: Any, right: Any, node: ast.expr) -> Any:
        """``x + skip``, of which one at least is the value of a layer."""
        raise NotImplementedError

    def shape_of(self, step: Step) -> Any:
        """The shape of a value with the batch; unknown if the input has no size."""
        raise NotImplementedError

    # Places

    def span(self, node: Any) -> Span:
        """Where a part of the tree is written; Python counts columns in bytes."""
        start = self._offset(node.lineno, node.col_offset)
        return Span(self.source, start, max(start, self._offset(node.end_lineno, node.end_col_offset)))

    def _offset(self, line: int, column: int) -> int:
        start = self._starts[line - 1]
        text = self.source.text[start : self._starts[line]]
        return start + (column if text.isascii() else len(text.encode()[:column].decode(errors="ignore")))

    def text(self, node: Any) -> str:
        """A part of the tree as it is written, on one line."""
        return " ".join(self.span(node).text.split())

    # Expressions

    def spend(self, work: int = 1) -> None:
        """Count work.

        Raises:
            TooMuch: If it is too much.
        """
        self.work += work
        if self.work > MOST_WORK:
            raise TooMuch(f"it takes more than {MOST_WORK:,} steps to see what the model is")

    def weighed(self, value: Any) -> Any:
        """A list that was made, unless it is too large."""
        weight = weigh(value)
        self.spend(weight)
        return value

    def evaluate(self, node: ast.expr | None, scope: Scope) -> Any:
        """The value of an expression."""
        self.spend()
        form = self._forms.get(type(node))
        if form is None:
            return UNKNOWN
        return form(node, scope)

    def _name(self, node: ast.Name, scope: Scope) -> Any:
        found, value = scope.find(node.id)
        if found:
            return value
        has_star, star = scope.find("*")
        if has_star and node.id not in _ASSUMED and not hasattr(builtins, node.id):
            return Foreign(f"{star.name.removesuffix('*')}{node.id}")
        return Foreign(_ASSUMED.get(node.id, node.id))

    def attribute(self, owner: Any, name: str, node: ast.AST) -> Any:
        """``owner.name``."""
        match owner:
            case Foreign():
                return Foreign(f"{owner.name}.{name}")
            case Instance():
                return self._of_instance(owner, name, node)
            case ParentOf():
                found, value = owner.instance.class_.find(name, owner.class_)
                return (
                    Method(owner.instance, name, value)
                    if found and isinstance(value, Function)
                    else Method(owner, name)
                )
            case UserClass():
                return owner.find(name)[1]
            case Step() if name == "shape":
                return self.shape_of(owner)
            case Step() | Container() | Layer() | list() | tuple() | dict() | str():
                return Method(owner, name)
        return UNKNOWN

    def _of_instance(self, owner: Instance, name: str, node: ast.AST) -> Any:
        if name == "training":
            return TRAINING
        if name in owner.attributes:
            return owner.attributes[name]
        found, value = owner.class_.find(name)
        if not found:
            return Method(owner, name)
        if not isinstance(value, Function):
            return value
        if "staticmethod" in value.decorators:
            return value
        method = Method(owner, name, value, self._class_of(owner.class_, name))
        return self.call(method, [], {}, node) if "property" in value.decorators else method  # type: ignore[arg-type]

    def _class_of(self, class_: UserClass, name: str) -> UserClass:
        return next(each for each in class_.lineage if name in each.scope.names)

    def _call(self, node: ast.Call, scope: Scope) -> Any:
        called = self.evaluate(node.func, scope)
        if isinstance(called, Foreign) and called.name == "super":
            return self._parent(scope)
        values = self._items(node.args, scope)
        named: dict[str, Any] = {}
        for keyword in node.keywords:
            value = self.evaluate(keyword.value, scope)
            if keyword.arg is not None:
                named[keyword.arg] = value
            elif isinstance(value, dict):
                named.update({key: item for key, item in value.items() if isinstance(key, str)})
        return self.call(called, values, named, node)

    def _parent(self, scope: Scope) -> Any:
        instance, class_ = scope.find("self")[1], scope.find("__class__")[1]
        return (
            ParentOf(instance, class_) if isinstance(instance, Instance) and isinstance(class_, UserClass) else UNKNOWN
        )

    def _items(self, nodes: list[ast.expr], scope: Scope) -> list[Any]:
        found: list[Any] = []
        for node in nodes:
            if not isinstance(node, ast.Starred):
                found.append(self.evaluate(node, scope))
                continue
            items = self.items(self.evaluate(node.value, scope))
            found.extend([UNKNOWN] if items is None else items)
            self.spend(len(found))
        return found

    def items(self, value: Any) -> list[Any] | None:
        """What a loop or an unpacking goes through; None if that is not known."""
        return list(value.values) if isinstance(value, Container) else items_of(value)

    def _binary(self, node: ast.BinOp, scope: Scope) -> Any:
        left, right = self.evaluate(node.left, scope), self.evaluate(node.right, scope)
        return self.combined(node.op, left, right, node)

    def combined(self, kind: ast.operator, left: Any, right: Any, node: ast.expr) -> Any:
        """``left + right`` of values of any sort."""
        if steps_in(left, right) and not isinstance(left, list) and not isinstance(right, list):
            return self.operate(kind, left, right, node)
        made = binary(kind, left, right)
        return self.weighed(made) if isinstance(made, list | tuple) else made

    def _boolean(self, node: ast.BoolOp, scope: Scope) -> Any:
        is_and = isinstance(node.op, ast.And)
        value: Any = UNKNOWN
        is_unknown = False
        for each in node.values:
            value = self.evaluate(each, scope)
            if value is UNKNOWN:
                is_unknown = True
            elif bool(value) is not is_and:
                return value
        return UNKNOWN if is_unknown else value

    def _compare(self, node: ast.Compare, scope: Scope) -> Any:
        left = self.evaluate(node.left, scope)
        for kind, each in zip(node.ops, node.comparators, strict=True):
            right = self.evaluate(each, scope)
            holds = compared(kind, left, right)
            if holds is not True:
                return holds
            left = right
        return True

    def _choice(self, node: ast.IfExp, scope: Scope) -> Any:
        condition = self.evaluate(node.test, scope)
        if condition is UNKNOWN:
            return UNKNOWN
        return self.evaluate(node.body if condition else node.orelse, scope)

    def _dictionary(self, node: ast.Dict, scope: Scope) -> Any:
        made: dict[Any, Any] = {}
        for key, value in zip(node.keys, node.values, strict=True):
            name, item = self.evaluate(key, scope), self.evaluate(value, scope)
            if key is None and isinstance(item, dict):
                made.update(item)
            elif isinstance(name, str | int | float | tuple):
                made[name] = item
        return self.weighed(made)

    def _subscript(self, node: ast.Subscript, scope: Scope) -> Any:
        value, index = self.evaluate(node.value, scope), self.evaluate(node.slice, scope)
        if isinstance(value, Container):
            return self.child(value, index)
        if isinstance(value, Step):
            raise Untaken(f"`{self.text(node)}` takes a part of a value, which a spec cannot say")
        return subscript(value, index) if isinstance(value, list | tuple | str | dict) else UNKNOWN

    def child(self, container: Container, index: Any) -> Any:
        """``features[0]``, ``features[:5]``, ``blocks["stem"]``."""
        if isinstance(index, slice):
            part = Container("Part")
            part.children = dict(list(container.children.items())[index])
            part.owner, part.name = container.owner, container.name
            return part
        found = container.children.get(index) if isinstance(index, str) else subscript(container.values, index)
        return UNKNOWN if found is None else found

    def _slice(self, node: ast.Slice, scope: Scope) -> Any:
        parts = [None if each is None else self.evaluate(each, scope) for each in (node.lower, node.upper, node.step)]
        return UNKNOWN if UNKNOWN in parts else slice(*parts)

    def _comprehension(self, element: ast.expr, generators: list[ast.comprehension], scope: Scope) -> Iterator[Any]:
        if not generators:
            yield self.evaluate(element, scope)
            return
        first, *others = generators
        items = self.items(self.evaluate(first.iter, scope))
        inner = Scope(scope)
        for item in items or ():
            self.assign(first.target, item, inner)
            if all(self.evaluate(each, inner) not in (False, UNKNOWN) for each in first.ifs):
                yield from self._comprehension(element, others, inner)

    def _dictionary_of(self, node: ast.DictComp, scope: Scope) -> Any:
        pair = ast.Tuple([node.key, node.value], ast.Load())
        pairs = self._comprehension(pair, node.generators, scope)
        return self.weighed({key: value for key, value in pairs if isinstance(key, str | int)})

    def _text(self, node: ast.JoinedStr, scope: Scope) -> Any:
        parts = []
        for part in node.values:
            value = self.evaluate(part.value if isinstance(part, ast.FormattedValue) else part, scope)
            if not isinstance(value, str | int | float):
                return UNKNOWN
            parts.append(str(value))
        return self.weighed("".join(parts))

    def _bind(self, node: ast.NamedExpr, scope: Scope) -> Any:
        value = self.evaluate(node.value, scope)
        self.assign(node.target, value, scope)
        return value

    def assign(self, target: ast.expr, value: Any, scope: Scope) -> None:
        """Bind what is at the left of a ``=``."""
        match target:
            case ast.Name(id=name):
                scope.names[name] = value
                if isinstance(value, Step) and not value.hint:
                    value.hint = name
            case ast.Attribute(attr=name):
                owner = self.evaluate(target.value, scope)
                if isinstance(owner, Instance):
                    owner.set(name, value)
            case ast.Subscript():
                owner, index = self.evaluate(target.value, scope), self.evaluate(target.slice, scope)
                self._assign_item(owner, index, value)
            case ast.Tuple(elts=parts) | ast.List(elts=parts):
                self._unpack(parts, value, scope)
            case ast.Starred(value=inner):
                self.assign(inner, value, scope)

    def _assign_item(self, owner: Any, index: Any, value: Any) -> None:
        if isinstance(owner, Container) and isinstance(index, str | int):
            owner.append(value, str(index))
        elif isinstance(owner, dict) and isinstance(index, str | int | tuple):
            owner[index] = value
        elif isinstance(owner, list) and isinstance(index, int) and -len(owner) <= index < len(owner):
            self._replace(owner, index, value)

    def _replace(self, items: list[Any], index: int, value: Any) -> None:
        items[index] = value
        self.weighed(items)

    def _unpack(self, targets: list[ast.expr], value: Any, scope: Scope) -> None:
        """``a, b = value``; unknown names where the sizes do not go together."""
        items = self.items(value)
        starred = next((index for index, each in enumerate(targets) if isinstance(each, ast.Starred)), None)
        if items is not None and starred is not None and len(items) >= len(targets) - 1:
            after = len(items) - (len(targets) - starred - 1)
            items = [*items[:starred], items[starred:after], *items[after:]]
        if items is None or len(items) != len(targets):
            items = [UNKNOWN] * len(targets)
        for target, item in zip(targets, items, strict=True):
            self.assign(target, item, scope)
