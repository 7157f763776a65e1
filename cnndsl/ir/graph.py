"""The typed graph: what a spec means once every name is resolved and every shape is known.

Nodes stand in an order in which each comes after all that it reads. Shapes are per sample. Everything below the checker
reads this and nothing else, so unchecked data cannot reach a backend.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cached_property
from typing import Any

from ..ops import Operator, ParameterSpec, TensorType, element_count
from ..source import Span, SpecRequest

__all__ = ["Block", "Graph", "Head", "Node", "Value", "join_path"]


def join_path(path: str, leaf: str) -> str:
    """The name of a tensor: the path of its layer and its own name there; either may be empty."""
    return f"{path}.{leaf}" if path and leaf else path or leaf


class Value:
    """A tensor that flows between nodes; ``name`` is what a spec calls one of several. Values are compared by identity."""

    __slots__ = ("name", "type")

    def __init__(self, type_: TensorType, name: str = "") -> None:
        self.type = type_
        self.name = name

    def __repr__(self) -> str:
        return f"Value({self.type})"


class Block:
    """One use of a block, or labelled braces: nodes that belong together, for tables and pictures. Compared by identity.

    ``name`` is the block's name (empty for braces), ``path`` that of its tensors, ``settings`` the values of its parameters
    that are not the defaults. ``use`` has the syntax of its definition and its call, and its variables; braces have none.
    """

    __slots__ = ("name", "parent", "path", "settings", "span", "use")

    def __init__(self, name: str, path: str, settings: Mapping[str, Any], span: Span, parent: Block | None) -> None:
        self.use: tuple[Any, Any, Mapping[str, Any]] | None = None
        self.name = name
        self.path = path
        self.settings = settings
        self.span = span
        self.parent = parent

    def __repr__(self) -> str:
        return f"Block({self.name!r}, {self.path!r})"

    @property
    def chain(self) -> tuple[Block, ...]:
        """This block and those around it, the outermost first."""
        return (*(self.parent.chain if self.parent else ()), self)


class Node:
    """One operator at its place: what it reads and writes, its path, and where it stands in the source."""

    def __init__(
        self,
        path: str,
        operator: Operator,
        inputs: tuple[Value, ...],
        outputs: tuple[Value, ...],
        span: Span,
        attribute_spans: Mapping[str, Span] | None = None,
        block: Block | None = None,
    ) -> None:
        self.path = path
        self.operator = operator
        self.inputs = inputs
        self.outputs = outputs
        self.span = span
        self.attribute_spans: Mapping[str, Span] = attribute_spans or {}
        self.block = block

    def __repr__(self) -> str:
        return f"Node({self.path!r}, {self.operator.name}, {', '.join(str(each.type) for each in self.outputs)})"

    @property
    def input(self) -> Value:
        """The first input."""
        return self.inputs[0]

    @property
    def output(self) -> Value:
        """The first output."""
        return self.outputs[0]

    @property
    def input_types(self) -> tuple[TensorType, ...]:
        return tuple(value.type for value in self.inputs)

    @cached_property
    def parameters(self) -> dict[str, ParameterSpec]:
        """The learned tensors of this node by their full names."""
        return self._named(self.operator.parameters(*self.input_types))

    @cached_property
    def buffers(self) -> dict[str, ParameterSpec]:
        """The running statistics of this node by their full names."""
        return self._named(self.operator.buffers(*self.input_types))

    @property
    def parameter_count(self) -> int:
        return sum(element_count(spec.shape) for spec in self.parameters.values())

    @property
    def macs(self) -> int:
        """Multiply-accumulates per sample."""
        return self.operator.macs(*self.input_types, self.output.type)

    def _named(self, specs: dict[str, ParameterSpec]) -> dict[str, ParameterSpec]:
        return {join_path(self.path, leaf): spec for leaf, spec in specs.items()}


class Head:
    """A side output that is used only in training: its value, and the weight of its loss."""

    __slots__ = ("path", "value", "weight")

    def __init__(self, path: str, value: Value, weight: float) -> None:
        self.path = path
        self.value = value
        self.weight = weight


class Graph:
    """A network with every shape inferred: its input, its nodes in order, and its output."""

    def __init__(
        self,
        name: str,
        input_: Value,
        nodes: tuple[Node, ...],
        output: Value,
        settings: Mapping[str, Any] | None = None,
        doc: str = "",
        heads: tuple[Head, ...] = (),
    ) -> None:
        self.name = name
        self.input = input_
        self.nodes = nodes
        self.output = output
        self.settings: Mapping[str, Any] = settings or {}
        self.doc = doc
        self.heads = heads
        self.request: SpecRequest | None = None
        """What was asked for, if it is that of a text."""

    def __repr__(self) -> str:
        return f"Graph({self.name!r}, {self.input.type} -> {self.output.type}, {len(self.nodes)} nodes)"

    @cached_property
    def parameters(self) -> dict[str, ParameterSpec]:
        """The learned tensors by name, in the order of the network."""
        return {name: spec for node in self.nodes for name, spec in node.parameters.items()}

    @cached_property
    def buffers(self) -> dict[str, ParameterSpec]:
        """The running statistics by name, in the order of the network."""
        return {name: spec for node in self.nodes for name, spec in node.buffers.items()}

    @property
    def parameter_count(self) -> int:
        return sum(node.parameter_count for node in self.nodes)

    @property
    def macs(self) -> int:
        """Multiply-accumulates per sample, of convolutions and dense layers; heads, used in training only, left out."""
        return sum(node.macs for node in self.needed_nodes((self.output,)))

    def needed_nodes(self, wanted: Iterable[Value]) -> tuple[Node, ...]:
        """The nodes that some values depend on, in order: a prediction runs no node that only a head needs."""
        needed = set(wanted)
        nodes: list[Node] = []
        for node in reversed(self.nodes):
            if needed.isdisjoint(node.outputs):
                continue
            needed.update(node.inputs)
            nodes.append(node)
        return tuple(reversed(nodes))
