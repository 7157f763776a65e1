"""The numbers that the layers of a network are written with, and whether other ones end a problem of the network.

Every place knows what bound its variables, so that the way from an attribute to a number is exact. A number that a call
leaves out because it has a default, such as ``stride``, is one of them: to write it is a change like any other. The layers
that a number touches are inferred anew, and nothing is elaborated again: about ten times as fast as to check the changed text.
What it cannot see (a loop that ends sooner, channels that an expression reads) is lost.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ..attributes import ValueProblem
from ..diagnostics import Edit
from ..elaborate.evaluate import EvaluationError
from ..elaborate.scope import Origin
from ..elaborate.shapes import matches
from ..elaborate.state import Layer, State
from ..ir import Value
from ..ops import OperatorError, TensorType, element_count
from ..ops.free_size import Undecided
from ..ops.writing import spelling
from ..problems import ContractBroken, OfResidual, OutputOff, Problem, Refused
from ..record import Record, field
from ..source import Span
from ..syntax import ast

__all__ = ["Network", "WrittenNumber"]

_LEFT_OUT = ("stride", "padding", "output_padding")
"""The attributes of layers that a slip may have left out."""
_SMALL = 12
"""Numbers below are all tried; of larger ones only those that look alike."""
_SIDES = (224, 32, 28, 227, 299, 256, 64, 96, 128, 150, 512)
"""Heights of the inputs that data sets and published networks have."""
_USUAL = {"kernel_size": (3, 1, 5, 7, 2, 11), "pool_size": (2, 3), "stride": (2, 1, 4), "padding": (1, 2, 3, 0)}
"""What windows mostly have, the most frequent first."""

_MOST_LAYERS = 6_000
_UNFIT = (OperatorError, Undecided, EvaluationError, ValueProblem, ArithmeticError, LookupError, TypeError, ValueError)
"""What comes of numbers that no text could have, or of inputs of another rank."""


class WrittenNumber(Record):
    """A number or size at ``span``; ``name`` is that of an argument which is not written, to be written there.

    The ``argument`` may be left out where its value is the ``default``.
    """

    span: Span
    values: tuple[int, ...] = field(compare=False)
    name: str = ""
    argument: Span | None = field(default=None, compare=False)
    default: int | None = field(default=None, compare=False)

    def edit(self, values: tuple[int, ...]) -> Edit:
        """The edit that gives it these values."""
        text = "x".join(map(str, values))
        if self.argument is None or set(values) != {self.default}:
            return Edit(self.span, f" {self.name}={text}" if self.name else text)
        source, end = self.argument.source, self.argument.end
        return Edit(Span(source, len(source.text[: self.argument.start].rstrip(" \t")), end), "")


def number_of(layer: Layer, name: str, spans: Mapping[str, Span]) -> WrittenNumber | None:
    """The number that an attribute of a layer is, under whatever names; None if it is computed.

    ``spans`` says where the attributes of the layer are written.
    """
    call = layer.action
    if not isinstance(call, ast.Call):
        return None
    argument = next((each for each in call.arguments if each.span == spans.get(name)), None)
    if argument is None:
        return _left_out(layer, call, name, spans) if name in _LEFT_OUT else None
    expression, place = argument.value, layer.place
    while isinstance(expression, ast.Variable):
        origin = place.origin(expression.name) if place is not None else None
        part = _part(origin, expression.name) if origin is not None else None
        if origin is None or part is None:
            return None
        expression, place = part, origin.place
    found = _number(expression)
    if found is None or argument.name is None or argument.value is not expression:
        return found
    return found.replace(argument=argument.span, default=_default(layer, name))


def _number(node: ast.Expression) -> WrittenNumber | None:
    values = node.extents if isinstance(node, ast.Size) else (node.value,) if isinstance(node, ast.Number) else ()
    whole = tuple(each for each in values if type(each) is int)
    return WrittenNumber(node.span, whole) if values and len(whole) == len(values) else None


def _left_out(layer: Layer, call: ast.Call, name: str, spans: Mapping[str, Span]) -> WrittenNumber | None:
    """An argument that a call does not have, where it stands in the order in which they are declared."""
    value = _default(layer, name)
    names = list(layer.operator.attributes())
    before = [spans[each].end for each in names[: names.index(name)] if each in spans]
    end = max((call.word.span.end, *before, *(each.span.end for each in call.arguments if each.name is None)))
    span = Span(call.span.source, end, end)
    return WrittenNumber(span, (value,), spelling(layer.operator, name)) if value is not None else None


def _default(layer: Layer, name: str) -> int | None:
    """The one number that an attribute is if it is left out, as (1, 1) and ((0, 0), (0, 0)) are."""
    value = layer.operator.attributes()[name].default
    if value is None and name == "stride":
        value = getattr(layer.operator, "kernel_size", None)
    while isinstance(value, tuple):
        value = value[0] if len(set(value)) == 1 else None
    return value if type(value) is int else None


def _part(origin: Origin, name: str) -> ast.Expression | None:
    """The expression of what a name stands for."""
    expression, binder = origin.expression, origin.binder
    if isinstance(binder, ast.For):
        expression = _item(expression, origin.round)
    if isinstance(binder, ast.For | ast.Let) and binder.pattern.is_tuple:
        expression = _item(expression, [each.text for each in binder.pattern.names].index(name))
    return expression


def _item(expression: ast.Expression | None, place: int) -> ast.Expression | None:
    return expression.items[place] if isinstance(expression, ast.List | ast.Tuple) else None


def likely(number: WrittenNumber, names: set[str]) -> Iterator[tuple[tuple[int, ...], float]]:
    """The values that may have been meant, each with its cost; ``names`` are the attributes that the number goes into."""
    values, first = number.values, number.values[0]
    if len(values) == 3:  # an input with its channels elsewhere, other ones, or another height and width
        height, width = values[1:]
        yield from (((width, first, height), 0.9), ((height, first, width), 0.9), ((1, height, width), 1.0))
        yield from (((3, height, width), 1.0), ((first, height, height), 1.0), ((first, width, width), 1.0))
        yield from (((first, side, side), 1.2 + 0.02 * place) for place, side in enumerate(_SIDES))
    elif len(set(values)) > 1:
        yield from ((other, 0.9) for other in (*((each,) * len(values) for each in values), values[::-1]))
    else:
        usual = next((_USUAL[name] for name in _USUAL if name in names), ())
        others = dict.fromkeys((number.default, *usual, *(() if number.name else _alike(first))))
        for place, each in enumerate(other for other in others if other not in (None, first)):
            yield (each,) * len(values), 0.95 + 0.03 * place


def _alike(value: int) -> list[int]:
    """What a number is easily written for: a little more or less, twice or half of it, two digits exchanged or one too many."""
    if value < _SMALL:
        return sorted(set(range(_SMALL)) - {value}, key=lambda other: (abs(other - value), other))
    digits = str(value)
    exchanged = [digits[:i] + digits[i + 1] + digits[i] + digits[i + 2 :] for i in range(len(digits) - 1)]
    shorter = [digits[:i] + digits[i + 1 :] for i in range(len(digits))]
    others = (value - 1, value + 1, 2 * value, value // 2, 2 * value + 1, *map(int, (*exchanged, *shorter)))
    return [other for other in dict.fromkeys(others) if other != value]


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
        self.layers = [each for each in state.layers if each.node is not None or self._is_refused(each)]
        self.is_open = isinstance(problem, Refused) and len(problem.inputs) == 1
        """Whether nothing tells which numbers are meant, as many would do."""
        self.values = _values(problem)
        """The value that is wrong, or the two that have to be alike."""
        makers = [place for place, each in enumerate(self.layers) if not {*self._made(each)}.isdisjoint(self.values)]
        self.here = max(makers, default=0) if self.values else len(self.layers)
        """The last layer that may be to blame."""
        calls = [each.action for each in state.network.body.statements if isinstance(each.action, ast.Call)]
        given = next((each for each in calls if each.span == state.anchors[self.entering]), None)
        self.input = _number(given.arguments[0].value) if given is not None else None
        self.uses: dict[WrittenNumber, list[tuple[int, str]]] = {self.input: []} if self.input is not None else {}
        """The numbers of the text, each with the layers that it goes into and the attribute of each."""
        spans = problem.spans if isinstance(problem, Refused) else {}
        for place, layer in enumerate(self.layers):
            for name in layer.operator.attributes():
                number = number_of(layer, name, layer.node.attribute_spans if layer.node else spans)
                if number is not None and number.span.source is state.network.span.source:
                    self.uses.setdefault(number, []).append((place, name))

    def _is_refused(self, layer: Layer) -> bool:
        """Whether a layer refused its input, and that is the problem."""
        return isinstance(self.problem, Refused) and layer.operator is self.problem.operator

    def _made(self, layer: Layer) -> tuple[Value, ...]:
        return layer.node.outputs if layer.node is not None else self.values

    def guesses(self) -> Iterator[tuple[float, WrittenNumber, tuple[int, ...]]]:
        """Other numbers wherever they touch a layer before the mistake, each with its cost; the nearest to it first."""
        for number, uses in reversed(self.uses.items()):
            is_before = number is self.input or any(place <= self.here for place, _ in uses)
            if is_before and not (self.is_open and number.name):
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
            if place in changed or self._is_refused(layer) or not types.keys().isdisjoint(layer.inputs):
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
        parameters = operator.parameters(*inputs).values()
        return sum(element_count(each.shape) for each in parameters) - layer.node.parameter_count


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
