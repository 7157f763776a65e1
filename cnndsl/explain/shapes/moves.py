"""Small changes of a text, such as slips are undone by: another number, an argument more or less, a line that stands twice.

Each has a cost, which is the lower the more often the slip is made, and the change of the network that it comes to, if that
can be told without elaborating the text again.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Any

from ...attributes import AttributeType, Boolean, Integer, Pair, Word
from ...diagnostics import Edit
from ...ops import OPERATORS, Operator
from ...ops.geometry import PaddingType
from ...ops.writing import argument_text, spelling
from ...record import Record
from ...source import Span
from ...syntax import ast
from .literals import Literal, given_arguments, insertion, removal
from .rerun import Change, Group

__all__ = [
    "Move",
    "are_alike",
    "argument_moves",
    "exchanges",
    "inserted",
    "line_moves",
    "look_alikes",
    "number_moves",
    "put_before",
    "repeated_line",
    "set_to",
]

_SMALL = 12
"""Numbers below are all tried; of larger ones only those that look alike."""
_SIDES = (224, 32, 28, 227, 299, 256, 64, 96, 128, 150, 512)
"""Heights of the inputs that data sets and published networks have."""
_USUAL = {
    "kernel_size": (3, 1, 5, 7, 2, 11),
    "pool_size": (2, 3),
    "stride": (2, 1, 4),
    "padding": (1, 2, 3, 0),
}
"""What windows mostly have, the most frequent first."""


class Move(Record):
    """Edits, the call or line that they are in, their cost, and the change that they come to.

    ``text`` is what is written, if not the call with the edits in it; ``advice`` says all in place of what then is there.
    """

    cost: float
    edits: tuple[Edit, ...]
    around: Span
    change: Change | None = None
    text: str = ""
    advice: str = ""


# Numbers


def set_to(literal: Literal, values: tuple[int, ...], cost: float) -> Move:
    """A number or size with other values."""
    return Move(cost, (literal.edit(values),), literal.around, Change(literal.numbers(values)))


def look_alikes(value: int) -> list[int]:
    """What a number may have been: a little more or less, twice or half of it, two digits exchanged or one too many."""
    if value < _SMALL:
        return sorted(set(range(_SMALL)) - {value}, key=lambda other: (abs(other - value), other))
    digits = str(value)
    exchanged = [digits[:i] + digits[i + 1] + digits[i] + digits[i + 2 :] for i in range(len(digits) - 1)]
    shorter = [digits[:i] + digits[i + 1 :] for i in range(len(digits))]
    others = (value - 1, value + 1, 2 * value, value // 2, 2 * value + 1, *map(int, (*exchanged, *shorter)))
    return [other for other in dict.fromkeys(others) if other != value]


def are_alike(one: int, other: int) -> bool:
    """Whether one number is easily written for the other."""
    return other in look_alikes(one) or one in look_alikes(other)


def number_moves(literal: Literal, names: set[str]) -> Iterator[Move]:
    """A number or size as it may have been; ``names`` are the attributes that it goes into."""
    values = literal.values
    if len(values) == 3:
        yield from _images(literal)
    elif len(set(values)) > 1:
        yield from (set_to(literal, (each,) * len(values), 0.9) for each in dict.fromkeys(values))
        yield set_to(literal, values[::-1], 0.9)
        yield from (set_to(literal, (each, *values[1:]), 1.3) for each in look_alikes(values[0]))
        yield from (set_to(literal, (*values[:-1], each), 1.3) for each in look_alikes(values[-1]))
    else:
        usual = next((_USUAL[name] for name in _USUAL if name in names), ())
        kept = 0.15 if values[0] in usual[:3] else 0.0
        for place, each in enumerate(look_alikes(values[0])):
            rank = usual.index(each) if each in usual else 8 if usual else place
            yield set_to(literal, (each,) * len(values), 1 + kept + 0.03 * rank)


def _images(literal: Literal) -> Iterator[Move]:
    """An input with its channels elsewhere, other ones, or another height and width."""
    first, second, third = literal.values
    for other in dict.fromkeys(((third, first, second), (second, first, third))):
        if other != literal.values and other[1] == other[2]:
            yield set_to(literal, other, 0.9)
    yield from (set_to(literal, (each, second, third), 1.0) for each in (1, 3, 2 * first, first // 2) if each != first)
    sides = (*(_SIDES if second == third else (second, third)), *look_alikes(second))
    for place, side in enumerate(dict.fromkeys(sides)):
        if (side, side) != (second, third):
            yield set_to(literal, (first, side, side), 1.2 + 0.02 * place)


def exchanges(literals: Sequence[Literal]) -> Iterator[Move]:
    """Two neighbours of one call the other way round."""
    for one, other in pairwise(literals):
        if one.around != other.around or one.name or other.name or one.values == other.values:
            continue
        first, second = _filling(one, other.values), _filling(other, one.values)
        if first and second:
            edits = (Edit(one.span, other.span.text), Edit(other.span, one.span.text))
            yield Move(0.9, edits, one.around, Change({**one.numbers(first), **other.numbers(second)}))


def _filling(literal: Literal, values: tuple[int, ...]) -> tuple[int, ...]:
    """The values of another literal for this one: those of a square for all its extents. Empty if they do not fit."""
    if len(values) == len(literal.values):
        return values
    return values[:1] * len(literal.values) if len(set(values)) == 1 else ()


# Arguments


def argument_moves(call: ast.Call) -> Iterator[Move]:
    """An attribute of a layer more, or one less."""
    operator = OPERATORS[call.word.text]
    names = tuple(operator.attributes())
    given = given_arguments(_with_full_names(call, operator), names)
    for name, info in operator.attributes().items():
        change = Change(call=call.span, attributes={name: info.default})
        if name in given and name not in operator.positional:
            pads_nothing = (
                name == "padding" and "kernel_size" in given and given["kernel_size"].span.text in ("1", "1x1")
            )
            cost = 0.7 if pads_nothing else 0.95 if name in _USUAL else 1.2
            yield Move(cost, (Edit(removal(given[name].span), ""),), call.span, change)
        elif name not in given and not info.required:
            yield from _added(_with_full_names(call, operator), name)


def _added(call: ast.Call, name: str) -> Iterator[Move]:
    operator = OPERATORS[call.word.text]
    info = operator.attributes()[name]
    span = insertion(call, tuple(operator.attributes()), name)
    for place, value in enumerate(_values(info.type)):
        converted = info.type.convert(value)
        if converted != info.default:
            cost = 1.6 if value == "same" else 1.05 + 0.04 * place + 0.5 * (name not in _USUAL)
            edit = Edit(span, f" {spelling(operator, name)}={argument_text(value, positional=False)}")
            yield Move(cost, (edit,), call.span, Change(call=call.span, attributes={name: converted}))


def _with_full_names(call: ast.Call, operator: type[Operator]) -> ast.Call:
    """A call whose named arguments have the full names of the attributes."""
    arguments = []
    for argument in call.arguments:
        name = argument.name
        full = name and name.replace(text=operator.find_attribute(name.text) or name.text)
        arguments.append(argument.replace(name=full))
    return call.replace(arguments=tuple(arguments))


def _values(type_: AttributeType) -> tuple[Any, ...]:
    """The values that an attribute of a type most often has where it is written."""
    if isinstance(type_, Boolean):
        return (True, False)
    if isinstance(type_, PaddingType):
        return (1, 2, 3, Word("same"))
    each = type_.each if isinstance(type_, Pair) else type_
    if not isinstance(each, Integer):
        return ()
    return tuple(value for value in (2, 1, 3, 4) if each.minimum <= value <= each.maximum)


# Lines and layers


def line_moves(body: ast.Body) -> Iterator[Move]:
    """A line less, or one twice, of those that hold statements; with braces only if it says the same as the line above."""
    for line in _lines(body):
        repeated = repeated_line(line)
        if repeated is not None:
            yield repeated
        elif "{" not in line.text:
            number, text = line.position[0], line.text.strip()
            end = Span(line.source, line.end, line.end)
            less, more = Change(group=Group(line, 0)), Change(group=Group(line, 2))
            yield Move(2.0, (Edit(line, ""),), line, less, advice=f"remove `{text}` on line {number}")
            yield Move(2.2, (Edit(end, line.text),), line, more, advice=f"write `{text}` on line {number} twice")


def repeated_line(span: Span) -> Move | None:
    """The line of a place less, if it says the same as the line above."""
    number, text = span.position[0], span.source.line(span.position[0])
    if number == 1 or span.source.line(number - 1) != text or text.strip() in ("", "}"):
        return None
    start = span.start - span.position[1] + 1
    line = Span(span.source, start, min(start + len(text) + 1, len(span.source.text)))
    change = None if "{" in text else Change(group=Group(line, 0))
    return Move(0.5, (Edit(line, ""),), line, change, advice=f"line {number} repeats line {number - 1}: remove it")


def _lines(body: ast.Body) -> Iterator[Span]:
    """The lines that statements of a body have to themselves, with their ends."""
    source = body.span.source
    for number in dict.fromkeys(statement.span.position[0] for statement in body.statements):
        on_it = [each.span for each in body.statements if each.span.position[0] == number]
        text, indent = source.line(number), on_it[0].position[1] - 1
        if on_it[-1].end_position[0] == number and not text[:indent].strip() and text.count("{") == text.count("}"):
            start = on_it[0].start - indent
            yield Span(source, start, start + len(text) + 1)


def inserted(call: ast.Call, layer: str, operator: Operator, cost: float) -> Move:
    """A layer before a call, on a line of its own if the call begins one."""
    change = Change(group=Group(call.span, before=operator))
    text = f"`{layer}` before `{call.word.text}`"
    return Move(cost, (put_before(call.word.span, layer),), call.span, change, text)


def put_before(word: Span, layer: str) -> Edit:
    """A layer of its own before a word and the label that it may have."""
    source = word.source
    line, column = word.position
    before = source.line(line)[: column - 1]
    start = max(before.rfind("|"), before.rfind("{")) + 1
    start += len(before[start:]) - len(before[start:].lstrip())
    between = " | " if before[:start].strip() else "\n" + before[:start]
    place = word.start - (column - 1) + start
    return Edit(Span(source, place, place), f"{layer}{between}")
