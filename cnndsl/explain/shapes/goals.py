"""Whether another number in the text ends a problem of a network.

The layers that the number touches are inferred anew, and nothing is elaborated again. That is about ten times as fast as to
check the changed text. What it cannot see (a loop that ends sooner, channels that an expression reads) is lost.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import Any

from ...attributes import ValueProblem
from ...elaborate.evaluate import EvaluationError
from ...elaborate.shapes import matches
from ...ir import Node, Value
from ...ops import Operator, OperatorError, TensorType, element_count
from ...ops.free_size import Undecided
from ...problems import ContractBroken, OfResidual, OutputOff, Refused
from ...syntax import ast
from .literals import Key
from .network import Network

__all__ = ["Goal"]

_UNFIT = (OperatorError, Undecided, EvaluationError, ValueProblem, ArithmeticError, LookupError, TypeError, ValueError)
"""What comes of numbers that no text could have, or of inputs of another rank."""
_Types = dict[Value, TensorType]


class Goal:
    """The end of the problem in a network; ``here`` is the last layer that may be to blame.

    ``expected`` is the number of parameters that there should be, if that is the problem.
    """

    def __init__(self, network: Network, expected: int | None) -> None:
        self.network = network
        self.expected = expected
        self.values: tuple[Value, ...] = ()
        """The value that is wrong, or the two that have to be alike."""
        match network.problem:
            case Refused() if network.refused is not None:
                self.values = network.refused.outputs
            case ContractBroken(value=value):
                self.values = (value,)
            case OutputOff(graph=graph):
                self.values = (graph.output,)
            case OfResidual(result=result, passed=passed):
                self.values = (result, passed)
        makers = {value: place for place, node in enumerate(network.nodes) for value in node.outputs}
        self.here = max((makers.get(value, 0) for value in self.values), default=len(network.nodes) - 1)

    @cached_property
    def is_told(self) -> bool:
        """Whether anything tells the numbers that are meant from those that only fit."""
        refused, state = self.network.refused, self.network.state
        if refused is None or len(refused.inputs) > 1 or state.expectations:
            return True
        return any(isinstance(node, ast.Contract) for node in self.network.tree)

    def result(self, key: Key, numbers: tuple[int, ...]) -> TensorType | None:
        """What is there where the problem was, with numbers that end it; None with any others."""
        self.network.left -= len(self.network.nodes) // 64
        try:
            types, more = self._rerun(key, numbers)
        except _UNFIT:
            return None
        found = [types.get(value, value.type) for value in self.values or (self.network.nodes[-1].output,)]
        match self.network.problem:
            case ContractBroken(written=written) | OutputOff(written=written):
                is_met = matches(written, found[0].shape)
            case OfResidual():
                is_met = found[0] == found[1]
            case _:
                is_met = self.expected is None or more == self.expected - self.network.parameter_count
        return found[0] if is_met else None

    def _rerun(self, key: Key, numbers: tuple[int, ...]) -> tuple[_Types, int]:
        """The types of the values that have another one with these numbers, and how many parameters there are more."""
        network, types, more = self.network, _Types(), 0
        if key == network.input_key:
            if min(numbers) < 1:
                raise ValueError(numbers)
            types[network.input] = network.input.type.replace(shape=numbers)
        changed: dict[int, dict[str, Any]] = {}
        for place, name in network.uses.get(key, ()):
            changed.setdefault(place, {})[name] = numbers[0] if len(numbers) == 1 else numbers
        for place, node in enumerate(network.nodes):
            if place in changed or node is network.refused or not types.keys().isdisjoint(node.inputs):
                more += self._run(node, changed.get(place, {}), types)
        return types, more

    def _run(self, node: Node, attributes: Mapping[str, Any], types: _Types) -> int:
        """Infer a layer with other attributes; how many parameters it has more, where these count."""
        self.network.left -= 1
        if self.network.left < 0:
            raise ValueError(self.network.left)
        operator = _changed(self.network.operators[node], attributes)
        inputs = tuple(types.get(value, value.type) for value in node.inputs)
        operator = operator.resolve(*inputs)
        found = zip(node.outputs, operator.outputs(*inputs), strict=False)
        types.update((value, type_) for value, type_ in found if type_ != value.type)
        if self.expected is None:
            return 0
        return sum(element_count(spec.shape) for spec in operator.parameters(*inputs).values()) - node.parameter_count


def _changed(operator: Operator, attributes: Mapping[str, Any]) -> Operator:
    infos = operator.attributes()
    changed = {name: infos[name].type.convert(value) for name, value in attributes.items()}
    return operator.replace(**changed) if changed else operator
