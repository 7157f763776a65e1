"""The shapes of a network with other numbers, inferred anew for the layers that they touch: nothing is elaborated again.

That is about ten times as fast as to check the changed text, and ends where a shape that was asserted no longer holds. What
it cannot see (a loop that ends sooner, channels that an expression reads) is lost.
"""

from __future__ import annotations

from typing import Any

from ...attributes import ValueProblem
from ...elaborate.evaluate import EvaluationError, bind_pattern, evaluate_argument
from ...elaborate.scope import Origin, Place
from ...elaborate.shapes import matches
from ...ir import Node, Value
from ...ops import Operator, OperatorError, TensorType
from ...ops.extent import Undecided
from ...syntax import ast
from ...syntax.walk import walk
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
        self._changed: dict[Node, list[str]] = {}
        for place, name in dict.fromkeys(use for key in numbers for use in network.uses.get(key, ())):
            self._changed.setdefault(network.nodes[place], []).append(name)
        self._place = 0

    def of(self, value: Value) -> TensorType:
        """The type of a value."""
        return self.types.get(value, value.type)

    def reaches(self, end: int) -> bool:
        """Run on to the layer at ``end``; false if a layer refuses its input, or a shape that was right no longer is."""
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
        shape = self.numbers[key]
        return min(shape) > 0 and self._becomes(input_, input_.type.replace(shape=shape))

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
        return all(map(self._becomes, node.outputs, outputs))

    def _operator(self, node: Node) -> Operator:
        """A layer with the attributes that hang on a number that is changed."""
        operator = self.network.operators[node]
        infos = operator.attributes()
        changed = {name: infos[name].type.convert(self._attribute(node, name)) for name in self._changed.get(node, ())}
        return operator.replace(**changed) if changed else operator

    def _attribute(self, node: Node, name: str) -> Any:
        if name not in node.attribute_spans:
            return self.numbers[node.span, name][0]
        return self._value(self.network.arguments[node.attribute_spans[name]], self.network.places[node])

    def _value(self, expression: Any, place: Place) -> Any:
        """The value of an expression."""
        if (expression.span, "") in self.numbers:
            values = self.numbers[expression.span, ""]
            return values[0] if isinstance(expression, ast.Number) else values
        if self.numbers.keys().isdisjoint(self.network.sources(expression, place)):
            return evaluate_argument(expression, place.variables)
        if isinstance(expression, ast.Variable):
            return self._variable(expression.name, place)
        names = {node.name for node in walk(expression) if isinstance(node, ast.Variable)}
        bound = {name: self._variable(name, place) for name in names if place.origin(name) is not None}
        return evaluate_argument(self._rewritten(expression), {**place.variables, **bound})

    def _variable(self, name: str, place: Place) -> Any:
        origin = place.origin(name)
        if origin is None or origin.expression is None:
            return place.variables[name]
        block = origin.place.block
        if isinstance(origin.binder, ast.Parameter) and block is not None and (block.span, name) in self.numbers:
            return self.numbers[block.span, name][0]
        return _bound(origin, name, self._value(origin.expression, origin.place))

    def _rewritten(self, node: Any) -> Any:
        """An expression with the other numbers in it."""
        if isinstance(node, tuple):
            return tuple(map(self._rewritten, node))
        if not isinstance(node, ast.Syntax):
            return node
        values = self.numbers.get((node.span, ""))
        if values is not None:
            return node.replace(value=values[0]) if isinstance(node, ast.Number) else node.replace(extents=values)
        return node.replace(**{name: self._rewritten(getattr(node, name)) for name in type(node).field_infos})

    def _becomes(self, value: Value, type_: TensorType) -> bool:
        """Note the type of a value; false if it no longer has the shape that is asserted of it."""
        if type_ == value.type:
            return True
        self.types[value] = type_
        return value not in self.network.held or matches(self.network.held[value], type_.shape)


def _bound(origin: Origin, name: str, value: Any) -> Any:
    """What a name stands for, given the value of the expression that it comes from."""
    item = value[origin.round] if isinstance(origin.binder, ast.For) else value
    return bind_pattern(origin.binder.pattern, item)[name] if isinstance(origin.binder, ast.For | ast.Let) else item
