"""How much memory a training step or a prediction takes at its worst moment, by walking through it without computing.

What is counted is what PyTorch's allocator holds on a CPU in float32: parameters, what the optimizer keeps, gradients, what
layers keep of the way forward for their gradients, and what is between layers. What each layer keeps follows from the
formulas of its gradient, and is a table here, as PyTorch keeps it: a rectifier writes into its input, and needs its output;
max pooling keeps the positions of the largest numbers as int64. The tests hold it against the allocator.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from ..ir import Graph, Node, Value
from ..ops import element_count
from ..ops.activation import Pointwise, Relu, Sigmoid, Softmax, Tanh
from ..ops.convolution import Conv
from ..ops.dropout import Dropout
from ..ops.linear import Flatten
from ..ops.merge import Add, Concat, Identity, Split
from ..ops.normalization import BatchNorm
from ..ops.pooling import MaxPool
from ..ops.rectifiers import Relu6
from ..recipe import Recipe
from ..recipe.optimizers import SGD, Adagrad, Adam, Muon, RMSprop
from ..record import Record
from .cost import FLOAT_BYTES

__all__ = ["Memory", "inference_memory", "largest_batch", "slots_of", "training_memory"]

_INDEX_BYTES = 8
_FREE = (Add, Concat, Flatten, Identity, Split)
"""Keep nothing: their gradients are parts or sums of what comes."""
_OUTPUT_ONLY = (Relu, Sigmoid, Tanh, Softmax)
"""Know their gradients from what they gave."""
_IN_PLACE = (Relu, Relu6)
"""Write into their input where nothing else needs it; ReLU6 keeps a copy of it for its gradient."""
_VIEWS = (Flatten, Identity, Split)
"""Give the numbers of their input without a copy."""


class Memory(Record):
    """Bytes at the worst moment, and what they are for; ``activations`` are those that grow with the batch."""

    parameters: int
    optimizer: int
    gradients: int
    activations: int

    @property
    def total(self) -> int:
        """All of it."""
        return self.parameters + self.optimizer + self.gradients + self.activations


def slots_of(recipe: Recipe | None) -> int:
    """How many numbers an optimizer keeps for each parameter; without a recipe that of SGD with momentum."""
    if recipe is None:
        return 1
    optimizer = recipe.optimizer
    momentum = int(isinstance(optimizer, SGD | RMSprop) and optimizer.momentum > 0)
    return momentum + 2 * isinstance(optimizer, Adam) + isinstance(optimizer, RMSprop | Adagrad | Muon)


def training_memory(graph: Graph, batch: int, slots: int) -> Memory:
    """That of a step on a batch, with an optimizer that keeps ``slots`` numbers for each parameter."""
    nodes = graph.needed_nodes((graph.output, *(head.value for head in graph.heads)))
    parameters = _weight_bytes(graph, nodes)
    worst, gradients = _Step(graph, nodes, batch).worst()
    return Memory(_state_bytes(graph), slots * parameters, gradients, worst - gradients)


def inference_memory(graph: Graph, batch: int) -> Memory:
    """That of a prediction for a batch; convolutions have their weights once more, packed and with normalisations folded in."""
    nodes = graph.needed_nodes((graph.output,))
    packed = sum(FLOAT_BYTES * node.parameter_count for node in nodes if isinstance(node.operator, Conv))
    return Memory(_state_bytes(graph) + packed, 0, 0, _Prediction(graph, nodes, batch).worst())


def largest_batch(available: int, of_batch: Mapping[int, int]) -> int:
    """The largest batch that fits, given what two batches take: memory grows evenly with the batch."""
    (small, least), (large, most) = sorted(of_batch.items())
    each = max(1, (most - least) // (large - small))
    return max(0, (available - least) // each + small)


def _weight_bytes(graph: Graph, nodes: Iterable[Node]) -> int:
    return FLOAT_BYTES * sum(node.parameter_count for node in nodes)


def _state_bytes(graph: Graph) -> int:
    tensors = (spec for node in graph.nodes for spec in (*node.parameters.values(), *node.buffers.values()))
    return FLOAT_BYTES * sum(element_count(spec.shape) for spec in tensors)


class _Walk:
    """The storages of values: a view has that of its source, and so has what is written into it."""

    def __init__(self, graph: Graph, nodes: tuple[Node, ...], batch: int) -> None:
        self.graph = graph
        self.nodes = nodes
        self.batch = batch
        self.uses: dict[Value, int] = {}
        for node in nodes:
            for value in node.inputs:
                self.uses[value] = self.uses.get(value, 0) + 1
        self.maker = {value: node for node in nodes for value in node.outputs}
        self.storage: dict[Value, Value] = {graph.input: graph.input}
        for node in nodes:
            for value in node.outputs:
                shares = isinstance(node.operator, _VIEWS) or self.is_in_place(node)
                self.storage[value] = self.storage[node.inputs[0]] if shares else value

    def is_in_place(self, node: Node) -> bool:
        """Whether a layer writes its output over its input."""
        raise NotImplementedError

    def size(self, value: Value) -> int:
        """The bytes of a value for the batch."""
        return FLOAT_BYTES * self.batch * element_count(value.type.shape)

    def last_uses(self) -> dict[int, list[Value]]:
        """By the index of each node, the storages that no later one reads."""
        last: dict[Value, int] = {}
        for index, node in enumerate(self.nodes):
            for value in (*node.inputs, *node.outputs):
                last[self.storage[value]] = index
        results = (self.graph.output, *(head.value for head in self.graph.heads))
        kept = {self.storage[value] for value in results if value in self.storage}
        found: dict[int, list[Value]] = {}
        for value, index in last.items():
            if value not in kept:
                found.setdefault(index, []).append(value)
        return found


class _Prediction(_Walk):
    """Layers one after the other; normalisations and activations after a convolution are computed with it."""

    def is_in_place(self, node: Node) -> bool:
        before = self.maker.get(node.inputs[0])
        alone = self.uses[node.inputs[0]] == 1
        if isinstance(node.operator, _IN_PLACE):
            return alone and before is not None
        joins = isinstance(node.operator, BatchNorm | Pointwise | Dropout)
        return joins and alone and before is not None and isinstance(before.operator, Conv | BatchNorm | Dropout)

    def worst(self) -> int:
        """The most that is held at once."""
        held, worst, done = self.size(self.graph.input), 0, self.last_uses()
        for index, node in enumerate(self.nodes):
            held += sum(self.size(value) for value in node.outputs if self.storage[value] == value)
            places = self.size(node.output) * _INDEX_BYTES // FLOAT_BYTES if isinstance(node.operator, MaxPool) else 0
            worst = max(worst, held + places)
            held -= sum(map(self.size, done.get(index, ())))
        return worst


class _Step(_Walk):
    """A way forward that keeps what gradients need, and the way back that lets go of it."""

    def is_in_place(self, node: Node) -> bool:
        before = self.maker.get(node.inputs[0])
        alone = self.uses[node.inputs[0]] == 1
        keeps_output = before is None or isinstance(before.operator, (*_OUTPUT_ONLY, MaxPool, Flatten))
        return isinstance(node.operator, Relu) and alone and not keeps_output

    def worst(self) -> tuple[int, int]:
        """The most that is held at once beside parameters and slots, and how much of it are gradients by parameters."""
        kept = {node: self._kept(node) for node in self.nodes}
        needed: dict[Value, int] = {}
        for node in self.nodes:
            for value in kept[node][0]:
                needed[value] = needed.get(value, 0) + 1
        held, worst, done = self.size(self.graph.input), (0, 0), self.last_uses()
        for index, node in enumerate(self.nodes):
            held += kept[node][1] + sum(self.size(value) for value in node.outputs if self.storage[value] == value)
            worst = max(worst, (held, 0))
            held -= sum(self.size(value) for value in done.get(index, ()) if value not in needed)
        return self._back(held, worst, kept, needed)

    def _kept(self, node: Node) -> tuple[set[Value], int]:
        """The storages that a node needs for its gradients, and the bytes of what it keeps beside them."""
        operator = node.operator
        if isinstance(operator, _FREE):
            return set(), 0
        if isinstance(operator, Dropout):
            return set(), self.size(node.output)
        inputs = {self.storage[value] for value in node.inputs}
        if isinstance(operator, _OUTPUT_ONLY):
            return {self.storage[node.output]}, 0
        if isinstance(operator, MaxPool):
            return inputs, self.size(node.output) * _INDEX_BYTES // FLOAT_BYTES
        return inputs, 0

    def _back(
        self, held: int, worst: tuple[int, int], kept: Mapping[Node, tuple[set[Value], int]], needed: dict[Value, int]
    ) -> tuple[int, int]:
        """The way back: a gradient by a value is there from its first part to where the value was made."""
        ends = (self.graph.output, *(head.value for head in self.graph.heads))
        charged = {value: self.size(value) for value in ends}
        held, gradients = held + sum(charged.values()), 0
        for node in reversed(self.nodes):
            passed = [value for value in dict.fromkeys(node.inputs) if value != self.graph.input]
            is_passed_on = isinstance(node.operator, (*_VIEWS, Add)) or self.is_in_place(node)
            arrived = sum(charged.pop(value, 0) for value in node.outputs)
            own = FLOAT_BYTES * node.parameter_count
            new = 0 if is_passed_on else sum(map(self.size, passed))
            held, gradients = held + own + new, gradients + own
            worst = max(worst, (held, gradients))
            held -= arrived + new
            rest = arrived if is_passed_on else 0
            for value in passed:
                if value in charged:
                    more = self.size(value) - charged[value]  # the sum of both takes the place of a shared one
                else:
                    more = min(rest, self.size(value)) if is_passed_on else self.size(value)
                    rest -= more if is_passed_on else 0
                charged[value] = charged.get(value, 0) + more
                held += more
            held -= kept[node][1]
            for value in kept[node][0]:
                needed[value] -= 1
                if not needed[value]:
                    held -= self.size(value)
        return worst
