"""The numbers that the layers of a network are written with, where each stands, and which others may have been meant.

Every place knows what bound its variables, so that the way from an attribute to a number is exact. A number that a call
leaves out because it has a default, such as ``stride``, is one of them: to write it is a change like any other.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from ...diagnostics import Edit
from ...elaborate.scope import Origin
from ...elaborate.state import Layer
from ...ops.writing import spelling
from ...record import Record, field
from ...source import Span
from ...syntax import ast

__all__ = ["WrittenNumber", "likely", "number_of", "number_of_input"]

_LEFT_OUT = ("stride", "padding", "output_padding")
"""The attributes of layers that a slip may have left out."""
_SMALL = 12
"""Numbers below are all tried; of larger ones only those that look alike."""
_SIDES = (224, 32, 28, 227, 299, 256, 64, 96, 128, 150, 512)
"""Heights of the inputs that data sets and published networks have."""
_USUAL = {"kernel_size": (3, 1, 5, 7, 2, 11), "pool_size": (2, 3), "stride": (2, 1, 4), "padding": (1, 2, 3, 0)}
"""What windows mostly have, the most frequent first."""


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


def number_of_input(body: ast.Body, span: Span) -> WrittenNumber | None:
    """The shape of the ``input`` that stands at a place."""
    for statement in body.statements:
        if isinstance(statement.action, ast.Call) and statement.action.span == span:
            return _number(statement.action.arguments[0].value)
    return None


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
    if len(values) == 3:
        yield from _images(*values)
    elif len(set(values)) > 1:
        yield from ((other, 0.9) for other in (*((each,) * len(values) for each in values), values[::-1]))
    else:
        usual = next((_USUAL[name] for name in _USUAL if name in names), ())
        others = dict.fromkeys((number.default, *usual, *(() if number.name else _alike(first))))
        for place, each in enumerate(other for other in others if other not in (None, first)):
            yield (each,) * len(values), 0.95 + 0.03 * place


def _images(first: int, second: int, third: int) -> Iterator[tuple[tuple[int, ...], float]]:
    """An input with its channels elsewhere, other ones, or another height and width."""
    yield from (((third, first, second), 0.9), ((second, first, third), 0.9), ((1, second, third), 1.0))
    yield from (((3, second, third), 1.0), ((first, second, second), 1.0), ((first, third, third), 1.0))
    yield from (((first, side, side), 1.2 + 0.02 * place) for place, side in enumerate(_SIDES))


def _alike(value: int) -> list[int]:
    """What a number is easily written for: a little more or less, twice or half of it, two digits exchanged or one too many."""
    if value < _SMALL:
        return sorted(set(range(_SMALL)) - {value}, key=lambda other: (abs(other - value), other))
    digits = str(value)
    exchanged = [digits[:i] + digits[i + 1] + digits[i] + digits[i + 2 :] for i in range(len(digits) - 1)]
    shorter = [digits[:i] + digits[i + 1 :] for i in range(len(digits))]
    others = (value - 1, value + 1, 2 * value, value // 2, 2 * value + 1, *map(int, (*exchanged, *shorter)))
    return [other for other in dict.fromkeys(others) if other != value]
