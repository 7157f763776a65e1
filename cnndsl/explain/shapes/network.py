"""Whether another number in the text ends a problem of a network.

The layers that the number touches are inferred anew, and nothing is elaborated again. That is about ten times as fast as to
check the changed text. What it cannot see (a loop that ends sooner, channels that an expression reads) is lost.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import Any

from ...attributes import ValueProblem
from ...elaborate.evaluate import EvaluationError
from ...elaborate.shapes import matches
from ...elaborate.state import Layer, State
from ...ir import Value
from ...ops import OperatorError, TensorType, element_count
from ...ops.free_size import Undecided
from ...problems import ContractBroken, OfResidual, OutputOff, Problem, Refused
from ...syntax import ast
from ...syntax.walk import walk
from .numbers import WrittenNumber, likely, number_of, number_of_input

__all__ = ["Network"]

_MOST_LAYERS = 6_000
_UNFIT = (OperatorError, Undecided, EvaluationError, ValueProblem, ArithmeticError, LookupError, TypeError, ValueError)
"""What comes of numbers that no text could have, or of inputs of another rank."""


class Network:
    """The layers that an elaboration tried, up to the problem and beyond, with the numbers of the text that they hang on.

    ``missing`` is how many parameters are wanted in addition to those that there are.
    """

    def __init__(self, problem: Problem, state: State, missing: int = 0) -> None:
        assert state.input is not None
        self.problem = problem
        self.state = state
        self.entering = state.input
        self.missing = missing
        self.left = _MOST_LAYERS
        """How many layers may be inferred in all."""
        self.refused = next(
            (each for each in state.layers if each.operator is getattr(problem, "operator", None)), None
        )
        """The layer that refused its input, if that is the problem."""
        self.layers = [each for each in state.layers if each.node is not None or each is self.refused]
        self.values = _values(problem)
        """The value that is wrong, or the two that have to be alike."""
        makers = [
            place
            for place, each in enumerate(self.layers)
            if not self.values or set(self._made(each)) & set(self.values)
        ]
        self.here = max(makers, default=0)
        """The last layer that may be to blame."""
        self.input = number_of_input(state.network.body, state.anchors[state.input])
        self.uses: dict[WrittenNumber, list[tuple[int, str]]] = {self.input: []} if self.input is not None else {}
        """The numbers of the text, each with the layers that it goes into and the attribute of each."""
        spans = problem.spans if isinstance(problem, Refused) else {}
        for place, layer in enumerate(self.layers):
            for name in layer.operator.attributes():
                number = number_of(layer, name, layer.node.attribute_spans if layer.node else spans)
                if number is not None and number.span.source is state.network.span.source:
                    self.uses.setdefault(number, []).append((place, name))

    def _made(self, layer: Layer) -> tuple[Value, ...]:
        return layer.node.outputs if layer.node is not None else self.values

    @cached_property
    def is_told(self) -> bool:
        """Whether anything tells the numbers that are meant from those that only fit."""
        if self.refused is None or len(self.refused.inputs) > 1 or self.state.expectations:
            return True
        blocks = (block.definition for block in self.state.library.blocks.values())
        return any(isinstance(node, ast.Contract) for each in (self.state.network, *blocks) for node in walk(each))

    def guesses(self) -> Iterator[tuple[float, WrittenNumber, tuple[int, ...]]]:
        """Other numbers wherever they touch a layer before the mistake, each with its cost; the nearest to it first."""
        for number, uses in reversed(self.uses.items()):
            is_before = number is self.input or any(place <= self.here for place, _ in uses)
            if is_before and (self.is_told or not number.name):
                for values, cost in likely(number, {name for _, name in uses}):
                    yield cost, number, values

    def result(self, number: WrittenNumber, extents: tuple[int, ...]) -> TensorType | None:
        """What is there where the problem was, with numbers that end it; None with any others."""
        self.left -= len(self.layers) // 64
        try:
            types, more = self._rerun(number, extents)
        except _UNFIT:
            return None
        found = [types.get(value, value.type) for value in self.values]
        match self.problem:
            case ContractBroken(written=written) | OutputOff(written=written):
                is_met = matches(written, found[0].shape)
            case OfResidual():
                is_met = found[0] == found[1]
            case _:
                is_met = more == self.missing
        return (found or [self.entering.type])[0] if is_met else None

    def _rerun(self, number: WrittenNumber, extents: tuple[int, ...]) -> tuple[dict[Value, TensorType], int]:
        """The types of the values that have another one with these numbers, and how many parameters there are more."""
        types: dict[Value, TensorType] = {}
        more = 0
        if number is self.input:
            if min(extents) < 1:
                raise ValueError(extents)
            types[self.entering] = self.entering.type.replace(shape=extents)
        changed: dict[int, dict[str, Any]] = {}
        for place, name in self.uses[number]:
            changed.setdefault(place, {})[name] = extents[0] if len(extents) == 1 else extents
        for place, layer in enumerate(self.layers):
            if place in changed or layer is self.refused or not types.keys().isdisjoint(layer.inputs):
                more += self._infer(layer, changed.get(place, {}), types)
        return types, more

    def _infer(self, layer: Layer, attributes: Mapping[str, Any], types: dict[Value, TensorType]) -> int:
        """Infer a layer with other attributes; how many parameters it has more, where these count."""
        self.left -= 1
        if self.left < 0:
            raise ValueError(self.left)
        infos = layer.operator.attributes()
        changed = {name: infos[name].type.convert(value) for name, value in attributes.items()}
        inputs = tuple(types.get(value, value.type) for value in layer.inputs)
        operator = layer.operator.replace(**changed).resolve(*inputs)
        found = zip(self._made(layer), operator.outputs(*inputs), strict=False)
        types.update((value, type_) for value, type_ in found if type_ != value.type)
        if not self.missing or layer.node is None:
            return 0
        return (
            sum(element_count(spec.shape) for spec in operator.parameters(*inputs).values())
            - layer.node.parameter_count
        )


def _values(problem: Problem) -> tuple[Value, ...]:
    match problem:
        case Refused(inputs=inputs):
            return (Value(inputs[0].type),)  # that it would have made; its type means nothing
        case ContractBroken(value=value):
            return (value,)
        case OutputOff(graph=graph):
            return (graph.output,)
        case OfResidual(result=result, passed=passed):
            return (result, passed)
    return ()
