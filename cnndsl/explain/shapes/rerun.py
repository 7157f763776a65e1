"""The shapes of a network after a change, inferred anew for the layers that it touches: nothing is elaborated again.

That is about ten times as fast as to check the changed text, and ends where a shape that was asserted no longer holds. What
it cannot see (a loop that ends sooner, channels that an expression reads) is lost.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ...attributes import AttributeType, Integer, Pair
from ...elaborate.shapes import matches
from ...ir import Node, Value
from ...ops import Operator, OperatorError, TensorType
from ...ops.extent import Undecided
from ...ops.geometry import Window
from ...record import Record
from ...source import Span
from .retrace import Network, Run
from .traced import Recomputed, trace_of

__all__ = ["UNFIT", "Change", "Group", "Rerun", "Spent"]


UNFIT = (OperatorError, Undecided, ArithmeticError, LookupError, TypeError, ValueError)
"""What comes of attributes that no text could have, or of inputs of another rank."""


class Spent(Exception):
    """As many layers have been inferred as one search may."""


class Group(Record):
    """The layers that a stretch of the text makes, run so many times in a row; ``before`` is put before them."""

    span: Span
    times: int = 1
    before: Operator | None = None


class Change(Record):
    """What is changed in a network: numbers by their bits, attributes of the layers of one call, or a group of layers."""

    numbers: Mapping[int, int] = {}
    call: Span | None = None
    attributes: Mapping[str, Any] = {}
    group: Group | None = None


class Rerun:
    """A network after a change, up to the layer at ``end``. ``types`` has the values whose type is another one; ``fits`` is
    false if a layer refuses its input, or a shape that was right no longer is.
    """

    def __init__(self, network: Network, change: Change, end: int | None = None) -> None:
        self.network = network
        self.change = change
        self.types: dict[Value, TensorType] = {}
        self.runs: dict[Node, list[Run]] = {}
        """How the layers run now that are changed, or given something else."""
        self._numbers = Recomputed(change.numbers)
        span = change.group.span if change.group else change.call
        self._places = network.places(span) if span else []
        self._called = {network.nodes[place] for place in self._places} if change.call else set[Node]()
        uses = [use for bit in change.numbers for use in network.uses.get(bit, ())]
        self._recomputed = {network.nodes[place] for place, _ in uses}
        self._changed = self._called | self._recomputed
        try:
            self.fits = self._run(network.nodes if end is None else network.nodes[: end + 1])
        except UNFIT:
            self.fits = False

    def of(self, value: Value) -> TensorType:
        """The type of a value."""
        return self.types.get(value) or self.network.types[value]

    def output(self, node: Node) -> TensorType:
        """What the layer that was refused gives now.

        Raises:
            OperatorError: If it refuses its inputs still.
        """
        group, inputs = self.change.group, tuple(map(self.of, node.inputs))
        if group is not None and group.before is not None and group.span == node.span:
            inputs = (_applied(group.before, inputs[0]), *inputs[1:])
        return self._operator(node).resolve(*inputs).outputs(*inputs)[0]

    @property
    def loses_rows(self) -> bool:
        """Whether the last window of a changed layer ends before its input does."""
        runs = [run for node in self._changed for run in self.runs.get(node, ())]
        return any(_lost(operator.window(), inputs[0].shape[1:]) for operator, inputs, _ in runs)

    def _run(self, nodes: Sequence[Node]) -> bool:
        self.network.left -= len(nodes) // 64
        input_ = self.network.input
        shape = self._numbers.of(input_.type.shape)
        if min(shape, default=1) < 1 or not self._becomes(input_, input_.type.replace(shape=shape)):
            return False
        groups = {group[0]: group for group in self._groups()} if self.change.group else {}
        inside = {node for group in groups.values() for node in group}
        return all(
            self._run_group(groups[node]) if node in groups else node in inside or self._step(node) for node in nodes
        )

    def _step(self, node: Node) -> bool:
        if node not in self._changed and self.types.keys().isdisjoint(node.inputs):
            return True
        if node is self.network.refused:
            return True
        types = self._infer(node, tuple(map(self.of, node.inputs)))
        return all(map(self._becomes, node.outputs, types))

    def _infer(self, node: Node, inputs: tuple[TensorType, ...]) -> tuple[TensorType, ...]:
        self.network.left -= 1
        if self.network.left < 0:
            raise Spent
        operator = self._operator(node).resolve(*inputs)
        outputs = operator.outputs(*inputs)
        self.runs.setdefault(node, []).append((operator, inputs, outputs[0]))
        return outputs

    def _operator(self, node: Node) -> Operator:
        operator = self.network.operator(node)
        if node in self._recomputed:
            operator = operator.replace(**self._new_attributes(node))
        return operator.replace(**self.change.attributes) if node in self._called else operator

    def _new_attributes(self, node: Node) -> dict[str, Any]:
        """The attributes that hang on a number that is changed."""
        infos, own = node.operator.attributes(), vars(self.network.traced[node])
        names = [name for name in infos if trace_of(own[name]) & self._numbers.mask]
        changed = {name: self._numbers.of(own[name]) for name in names}
        if not all(_is_allowed(infos[name].type, value) for name, value in changed.items()):
            raise ArithmeticError
        return changed

    def _becomes(self, value: Value, type_: TensorType) -> bool:
        """Note the type of a value; false if it no longer has the shape that is asserted of it."""
        if type_ == self.network.types[value]:
            return True
        self.types[value] = type_
        return value not in self.network.held or matches(self.network.held[value], type_.shape)

    def _groups(self) -> list[list[Node]]:
        """The layers of the group: those of each round of a loop by themselves."""
        found: list[list[Node]] = []
        last = -2
        for place in self._places:
            if place > last + 1:
                found.append([])
            found[-1].append(self.network.nodes[place])
            last = place
        return [group for group in found if self.network.refused not in group]

    def _run_group(self, nodes: Sequence[Node]) -> bool:
        group = self.change.group
        assert group is not None
        entry, exit_ = nodes[0].input, nodes[-1].output
        type_ = self.of(entry) if group.before is None else _applied(group.before, self.of(entry))
        self.runs.update({node: [] for node in nodes})
        for _ in range(group.times):
            inner = {entry: type_}
            for node in nodes:
                inputs = tuple(inner.get(value) or self.of(value) for value in node.inputs)
                inner.update(zip(node.outputs, self._infer(node, inputs), strict=True))
            type_ = inner[exit_]
        return self._becomes(exit_, type_)


def _lost(window: Any, sizes: tuple[int, ...]) -> bool:
    return isinstance(window, Window) and any(window.along(axis).lost(size) for axis, size in enumerate(sizes))


def _applied(operator: Operator, x: TensorType) -> TensorType:
    return operator.resolve(x).outputs(x)[0]


def _is_allowed(type_: AttributeType, value: Any) -> bool:
    """Whether a number or a pair of them is within the bounds of its type; the others have none that matter."""
    each = type_.each if isinstance(type_, Pair) else type_
    items = value if isinstance(value, tuple) else (value,)
    return not isinstance(each, Integer) or all(each.minimum <= item <= each.maximum for item in items)
