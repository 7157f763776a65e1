"""The shapes of a network with other numbers, inferred anew for the layers that they touch: nothing is elaborated again.

That is about ten times as fast as to check the changed text. What it cannot see (a loop that ends sooner, channels that an
expression reads) is lost.
"""

from __future__ import annotations

from typing import Any

from ...attributes import ValueProblem
from ...elaborate.evaluate import EvaluationError
from ...ir import Node, Value
from ...ops import Operator, OperatorError, TensorType
from ...ops.free_size import Undecided
from .literals import Numbers
from .network import Network, Run

__all__ = ["Rerun"]

_UNFIT = (OperatorError, Undecided, EvaluationError, ValueProblem, ArithmeticError, LookupError, TypeError, ValueError)
"""What comes of numbers that no text could have, or of inputs of another rank."""


class Rerun:
    """A network with other numbers, as far as it has been run.

    ``types`` has the values whose type is another one; ``runs`` tells how the layers run that are not as they were.
    """

    def __init__(self, network: Network, numbers: Numbers) -> None:
        self.network = network
        self.numbers = numbers
        self.types: dict[Value, TensorType] = {}
        self.runs: dict[Node, Run] = {}
        self._changed: dict[Node, dict[str, Any]] = {}
        for key, values in numbers.items():
            value = values[0] if len(values) == 1 else values
            for place, name in network.uses.get(key, ()):
                self._changed.setdefault(network.nodes[place], {})[name] = value
        self._place = 0

    def of(self, value: Value) -> TensorType:
        """The type of a value."""
        return self.types.get(value, value.type)

    def reaches(self, end: int) -> bool:
        """Run on to the layer at ``end``; false if a layer refuses its input."""
        start, self._place = self._place, end + 1
        self.network.left -= len(self.network.nodes) // 64
        try:
            return (start > 0 or self._enters()) and all(map(self._runs, self.network.nodes[start : end + 1]))
        except _UNFIT:
            return False

    def _enters(self) -> bool:
        input_, key = self.network.input, self.network.input_key
        if key is None or key not in self.numbers:
            return True
        self.types[input_] = input_.type.replace(shape=self.numbers[key])
        return min(self.numbers[key]) > 0

    def _runs(self, node: Node) -> bool:
        is_refused = node is self.network.refused
        if node not in self._changed and not is_refused and self.types.keys().isdisjoint(node.inputs):
            return True
        self.network.left -= 1
        if self.network.left < 0:
            return False
        inputs = tuple(map(self.of, node.inputs))
        operator = self._operator(node).resolve(*inputs)
        try:
            outputs = operator.outputs(*inputs)
        except OperatorError:
            if is_refused or not operator.is_join:
                raise
            outputs = inputs[:1]  # the other one may be of a shortcut, which adapts itself
        self.runs[node] = (operator, inputs, outputs[0])
        changed = zip(node.outputs, outputs, strict=False)
        self.types.update((value, type_) for value, type_ in changed if type_ != value.type)
        return True

    def _operator(self, node: Node) -> Operator:
        """A layer with the attributes that are changed."""
        operator = self.network.operators[node]
        infos, given = operator.attributes(), self._changed.get(node, {})
        changed = {name: infos[name].type.convert(value) for name, value in given.items()}
        return operator.replace(**changed) if changed else operator
