"""What other numbers have to bring about for a problem to be gone, and the shapes of a network with such numbers.

The layers that the numbers touch are inferred anew, and nothing is elaborated again. That is about ten times as fast as to
check the changed text. What it cannot see (a loop that ends sooner, channels that an expression reads) is lost.
"""

from __future__ import annotations

from functools import cached_property
from typing import Any

from ...attributes import ValueProblem
from ...elaborate.evaluate import EvaluationError
from ...elaborate.shapes import matches
from ...ir import Node, Value
from ...ops import Operator, OperatorError, TensorType, element_count
from ...ops.free_size import Undecided
from ...problems import ContractBroken, OfResidual, OutputOff, Written
from ...syntax import ast
from .literals import Numbers
from .network import Network, Run

__all__ = ["Goal"]

_UNFIT = (OperatorError, Undecided, EvaluationError, ValueProblem, ArithmeticError, LookupError, TypeError, ValueError)
"""What comes of numbers that no text could have, or of inputs of another rank."""


class _Rerun:
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


class Goal:
    """The end of the problem in a network; ``here`` is the last layer that may be to blame.

    ``expected`` is the number of parameters that there should be, if that is the problem.
    """

    def __init__(self, network: Network, expected: int | None) -> None:
        self.network = network
        self.expected = expected
        self.wanted: tuple[Value, Written] | None = None
        self.pair: tuple[Value, Value] | None = None
        """The two values that have to be alike."""
        match network.problem:
            case ContractBroken(value=value, written=written):
                self.wanted = (value, written)
            case OutputOff(graph=graph, written=written):
                self.wanted = (graph.output, written)
            case OfResidual(result=result, passed=passed):
                self.pair = (result, passed)
        values = self.pair or (self.wanted or ())[:1]
        last = [network.makers.get(value, 0) for value in values]
        self.here = max(last, default=len(network.nodes) - 1)
        if network.refused is not None:
            self.here = network.nodes.index(network.refused)

    @cached_property
    def is_told(self) -> bool:
        """Whether anything tells the numbers that are meant from those that only fit."""
        refused, state = self.network.refused, self.network.state
        if refused is None or len(refused.inputs) > 1 or state.expectations:
            return True
        return any(isinstance(node, ast.Contract) for node in self.network.tree)

    def result(self, numbers: Numbers) -> TensorType | None:
        """What is there where the problem was, with numbers that end it; None with any others."""
        rerun = _Rerun(self.network, numbers)
        if not rerun.reaches(self.here) or self._off(rerun) or not rerun.reaches(len(self.network.nodes) - 1):
            return None
        refused = self.network.refused
        if refused is None:
            values = self.pair or (self.wanted or (self.network.nodes[-1].output,))
            return rerun.of(values[0])
        changed = [value for value in refused.inputs if value in rerun.types] if refused.operator.is_join else []
        return rerun.of(changed[0]) if changed else rerun.runs[refused][2]

    def _off(self, rerun: _Rerun) -> bool:
        """Whether the problem is there still."""
        if self.pair is not None:
            return rerun.of(self.pair[0]) != rerun.of(self.pair[1])
        if self.wanted is not None:
            return not matches(self.wanted[1], rerun.of(self.wanted[0]).shape)
        return self.expected is not None and self._parameters(rerun) != self.expected

    def _parameters(self, rerun: _Rerun) -> int:
        """How many parameters there are."""
        before = sum(node.parameter_count for node in self.network.nodes if node not in rerun.runs)
        return before + sum(map(_count, rerun.runs.values()))


def _count(run: Run) -> int:
    operator, inputs, _ = run
    return sum(element_count(spec.shape) for spec in operator.parameters(*inputs).values())
