"""The scopes of a graph as a tree: each is a module under its path, with the layers and scopes that stand in it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from functools import cached_property
from math import prod
from typing import Any

from ....ir import Block, Graph, Node, Value
from ....ops import Call, Function
from ....ops.convolution import Conv
from ....ops.geometry import explicit
from ....source import Span
from ...schedule import results
from .forms import FUNCTIONS

__all__ = ["DROPOUTS", "Absent", "Item", "Layer", "Scope", "scope_of"]

DROPOUTS: dict[str, int | None] = {
    "nn.Dropout": None,
    "nn.Dropout1d": 2,
    "nn.Dropout2d": 2,
    "layers.StochasticDepth": 1,
}
"""Modules that draw from the random state of the process, and the axes along which they draw; None for all of them."""


class Layer:
    """A node in its scope, with the calls of torch that do the same; ``leaf`` is its name there.

    Where the network takes samples of one size only, a convolution over the whole of its input is a linear layer."""

    def __init__(self, node: Node, leaf: str, *, sizes_are_fixed: bool = False) -> None:
        self.node = node
        self.leaf = leaf
        self.calls = node.operator.torch_calls(*node.input_types)
        if sizes_are_fixed and _covers(node):
            self.calls = (Call("layers.WholeConv2d", self.calls[0].arguments),)
        self.inputs: tuple[Value, ...] = node.inputs
        self.outputs: tuple[Value, ...] = node.outputs

    @property
    def nodes(self) -> tuple[Node, ...]:
        return (self.node,)

    @property
    def span(self) -> Span | None:
        """The statement that it comes from."""
        return self.node.span

    @cached_property
    def kind(self) -> tuple[Any, ...]:
        """What it does, whatever its numbers."""
        functions = ((call.takes, call.tensors) for call in self.calls if isinstance(call, Function))
        return (tuple((call.target, *call.arguments) for call in self.calls), tuple(functions))

    @cached_property
    def has_tensors(self) -> bool:
        """Whether its name is part of the names of tensors."""
        return bool(self.node.parameters or self.node.buffers)

    @property
    def owns_parameter(self) -> bool:
        """Whether it is a function with a tensor of its own."""
        return any(isinstance(call, Function) and call.tensors for call in self.calls)

    @cached_property
    def module(self) -> Call | None:
        """The call that must be a module, because it has tensors, or because no function does the same."""
        needed = (
            call for call in reversed(self.calls) if not isinstance(call, Function) and call.target not in FUNCTIONS
        )
        return next(needed, None)


class Scope:
    """Items in order under a path; ``block`` says what it comes from, None for the network itself.

    ``inputs`` are the values from outside, ``outputs`` those that are used there.
    """

    def __init__(self, leaf: str, path: str, block: Block | None) -> None:
        self.leaf = leaf
        self.path = path
        self.block = block
        self.items: list[Item] = []
        self.inputs: tuple[Value, ...] = ()
        self.outputs: tuple[Value, ...] = ()
        self.settings: dict[str, Any] = {}
        """Of the network itself: its parameters that its class has as arguments."""

    @property
    def has_tensors(self) -> bool:
        return any(item.has_tensors for item in self.items)

    @property
    def nodes(self) -> tuple[Node, ...]:
        """Those in it and in the scopes inside."""
        return tuple(node for item in self.items for node in item.nodes)

    def scopes(self) -> Iterator[Scope]:
        """This scope and those inside, the innermost first."""
        for item in self.items:
            if isinstance(item, Scope):
                yield from item.scopes()
        yield self

    @property
    def span(self) -> Span | None:
        """The statement that it comes from."""
        return self.block.span if self.block else None

    @property
    def definition(self) -> Any:
        """The syntax of the block that it is a use of; None for braces."""
        return self.block.use[0] if self.block and self.block.use else None

    @property
    def is_numbered(self) -> bool:
        """Whether its items are called 0, 1, 2 and so on."""
        return [item.leaf for item in self.items] == [str(place) for place in range(len(self.items))]

    def chain(self) -> bool:
        """Whether each item takes what the one before gives, and nothing else."""
        values = self.inputs
        for item in self.items:
            if item.inputs != values or len(values) != 1 or len(item.outputs) != 1:
                return False
            values = item.outputs
        return bool(self.items) and values == self.outputs


class Absent:
    """An item of the largest use of a block that another one lacks; what the item makes is there one that it takes."""

    nodes: tuple[Node, ...] = ()
    span: Span | None = None
    has_tensors = False

    def __init__(self, item: Layer | Scope | Absent, value: Value) -> None:
        self.leaf: str = item.leaf
        self.inputs: tuple[Value, ...] = item.inputs
        self.outputs: tuple[Value, ...] = item.outputs
        self.value = value


Item = Layer | Scope | Absent


def scope_of(graph: Graph, parameters: Iterable[str] = ()) -> Scope:
    """The network as a scope, with all others inside."""
    root = Scope("", "", None)
    root.settings = {name: graph.settings[name] for name in parameters}
    gives_vector = len(graph.output.type.shape) == 1
    for node in graph.nodes:
        scope = _inner(root, _scopes(node))
        leaf = node.path.removeprefix(scope.path).removeprefix(".")
        scope.items.append(Layer(node, leaf, sizes_are_fixed=gives_vector))
    root.inputs, root.outputs = (graph.input,), tuple(dict.fromkeys(results(graph, training=True)))
    for scope in reversed(list(root.scopes())):
        _connect(scope)
    return root


def _covers(node: Node) -> bool:
    """Whether a node is a convolution with one place for its window, of more than one number."""
    if type(node.operator) is not Conv or node.operator.groups > 1:
        return False
    kernel, padding = node.operator.kernel_size, explicit(node.operator.padding)
    return kernel == node.input.type.shape[1:] and prod(kernel) > 1 and not any(map(any, padding))


def _scopes(node: Node) -> list[tuple[str, Block | None]]:
    """The paths of the scopes that a node stands in, and their blocks; a graph made by hand has the paths alone."""
    if node.block is not None:
        return [(block.path, block) for block in node.block.chain]
    parts = node.path.split(".")[:-1]
    return [(".".join(parts[: end + 1]), None) for end in range(len(parts))]


def _inner(scope: Scope, scopes: Iterable[tuple[str, Block | None]]) -> Scope:
    """The last of the scopes on a way inwards, made where it is not there."""
    for path, block in scopes:
        last = scope.items[-1] if scope.items else None
        if not isinstance(last, Scope) or last.path != path:
            last = Scope(path.removeprefix(scope.path).removeprefix("."), path, block)
            scope.items.append(last)
        scope = last
    return scope


def _connect(scope: Scope) -> None:
    """Give the scopes in a scope the values that they take from outside, and those that are used there."""
    readers = Counter(value for item in scope.items for value in _read(item))
    for item in scope.items:
        if isinstance(item, Scope):
            read, made = _read(item), dict.fromkeys(value for node in item.nodes for value in node.outputs)
            item.inputs = tuple(value for value in read if value not in made)
            item.outputs = tuple(v for v in made if readers[v] > (v in read) or v in scope.outputs)


def _read(item: Item) -> dict[Value, None]:
    """The values that are read in an item, in order, each once."""
    return dict.fromkeys(value for node in item.nodes for value in node.inputs)
