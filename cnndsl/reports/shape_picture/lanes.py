"""Layers that work along one axis without windows, or lay numbers out anew: which output reads which inputs."""

from __future__ import annotations

from collections.abc import Callable

from ...ir import Node
from ...ops import Shape
from ...ops.linear import Flatten
from ...ops.rearrange import Permute, Reshape
from ...ops.sight import Places
from ...record import Record
from .axes import first_and_last
from .ruler import Ruler, sparse_ruler

__all__ = ["Column", "Lanes", "Link", "lanes_of", "lanes_text"]

_MOST_COLUMNS = 4
_MOST_CELLS = 14


class Column(Record):
    """The positions of one input or output along an axis: what it is called, which positions are shown, and their names.

    ``number`` counts the inputs or outputs from 0.
    """

    number: int
    caption: str
    size: int
    ruler: Ruler
    labels: tuple[str, ...]


class Link(Record):
    """One output, by column and place, and what it sees: per input the positions, and how many there are of them."""

    column: int
    place: int
    seen: tuple[tuple[int, Places], ...]


class Lanes(Record):
    """Inputs on the left, outputs on the right, and what some outputs see; ``what`` names the positions: channels."""

    what: str
    left: tuple[Column, ...]
    right: tuple[Column, ...]
    links: tuple[Link, ...]
    inputs: int
    outputs: int


def lanes_of(node: Node) -> Lanes:
    """The lanes of any layer; along the channels, unless the layer works along another axis."""
    if isinstance(node.operator, Permute):
        return _of_axes(node, node.operator)
    if isinstance(node.operator, Flatten | Reshape):
        return _of_numbers(node)
    return _along(node)


def lanes_text(lanes: Lanes) -> list[str]:
    """What the outputs that are shown see, a line each."""
    many_in, many_out = lanes.inputs > 1, lanes.outputs > 1
    lines = []
    for link in lanes.links:
        of = f" of output {link.column + 1}" if many_out else ""
        column = next(item for item in lanes.right if item.number == link.column)
        seen = [
            f"{_named(lanes, lanes.left, number, places)}{f' of input {number + 1}' if many_in else ''}"
            for number, places in link.seen
            if places
        ]
        place = _name(column, link.place)
        lines.append(f"{place}{of} sees {' and '.join(seen) or 'zeros'}")
    return lines


def _named(lanes: Lanes, columns: tuple[Column, ...], number: int, places: Places) -> str:
    column = next((item for item in columns if item.number == number), None)
    if column is None or (len(places) == column.size > 1 and places[-1] - places[0] == column.size - 1):
        return f"all {len(places)} {lanes.what}"
    if len(places) == 1:
        return _name(column, places[0])
    gaps = "" if places[-1] - places[0] == len(places) - 1 else f", {len(places)} of them"
    return f"{lanes.what} {first_and_last(places)}{gaps}"


def _name(column: Column, place: int) -> str:
    shown = column.ruler.places
    return column.labels[shown.index(place)] if place in shown else str(place)


def _along(node: Node) -> Lanes:
    """The lanes along the axis of the operator, or along its channels."""
    axis = getattr(node.operator, "axis", None) or 0
    axis = axis if axis >= 0 else len(node.input.type.shape) - 1
    sight = node.operator.sights(*node.input_types)[0][axis]
    to = axis if sight is None or sight.axis is None else sight.axis
    what = _what(node.output.type.shape, to)
    links = []
    for number in _few(len(node.outputs)):
        size = node.outputs[number].type.shape[to]
        starts = _starts(node, axis) if len(node.outputs) == 1 else ()
        marked = sorted({0, min(1, size - 1), size - 1, *starts})
        links += [_link(node, axis, to, number, place) for place in marked]
    keys: dict[int, set[int]] = {}
    for link in links:
        for number, places in link.seen:
            few = places if len(places) <= 8 else (*places[:2], *places[-2:])
            keys.setdefault(number, set()).update(few)
    left = tuple(
        _column(number, node.inputs[number].type, axis, keys.get(number, set())) for number in _few(len(node.inputs))
    )
    right = tuple(
        _column(number, node.outputs[number].type, to, {link.place for link in links if link.column == number})
        for number in _few(len(node.outputs))
    )
    return Lanes(what, left, right, tuple(links), len(node.inputs), len(node.outputs))


def _few(count: int) -> list[int]:
    """The first of several inputs or outputs, and the last."""
    return list(dict.fromkeys((*range(min(count, _MOST_COLUMNS - 1)), count - 1)))


def _starts(node: Node, axis: int) -> set[int]:
    """Where the inputs of a concatenation begin, as far as they are shown."""
    if node.operator.name != "concat":
        return set()
    ends, total = set(), 0
    for x in node.input_types[: _MOST_COLUMNS - 1]:
        ends.add(total)
        total += x.shape[axis]
    return ends | {node.output.type.shape[axis] - node.input_types[-1].shape[axis]}


def _link(node: Node, axis: int, to: int, number: int, place: int) -> Link:
    shape = node.outputs[number].type.shape
    box = tuple(range(place, place + 1) if at == to else range(1) for at in range(len(shape)))
    parts = node.operator.reach(box, *node.input_types, output=number)
    return Link(
        number, place, tuple((index, part[axis] if all(part) else range(0)) for index, part in enumerate(parts))
    )


def _column(number: int, type_: object, axis: int, keys: set[int]) -> Column:
    shape: Shape = type_.shape  # type: ignore[attr-defined]
    ruler = sparse_ruler(shape[axis], keys, _MOST_CELLS)
    what = _what(shape, axis).removesuffix("s")
    return Column(number, str(type_), shape[axis], ruler, tuple(f"{what} {place}" for place in ruler.places))


def _what(shape: Shape, axis: int) -> str:
    """What the positions along an axis are called."""
    if len(shape) == 1:
        return "numbers"
    if axis == 0:
        return "channels"
    return {3: ("rows", "columns"), 2: ("positions",)}.get(len(shape), ("positions",) * 8)[axis - 1]


def _of_axes(node: Node, operator: Permute) -> Lanes:
    """A permutation: the positions are the axes themselves."""

    def column(shape: Shape, text: str) -> Column:
        labels = tuple(f"axis {axis}: {extent}" for axis, extent in enumerate(shape))
        return Column(0, text, len(shape), Ruler(((0, len(shape) - 1),)), labels)

    x, y = node.input.type, node.output.type
    links = tuple(Link(0, place, ((0, range(axis, axis + 1)),)) for place, axis in enumerate(operator.dims))
    return Lanes("axes", (column(x.shape, str(x)),), (column(y.shape, str(y)),), links, 1, 1)


def _of_numbers(node: Node) -> Lanes:
    """The same numbers in the same order, named by their positions."""
    x, y = node.input.type, node.output.type
    size, line = 1, x.shape[-1]
    for extent in x.shape:
        size *= extent
    keys = {0, 1, size - 1} | ({line - 1, line} if line < size else set())

    def column(shape: Shape, text: str) -> Column:
        ruler = sparse_ruler(size, keys, _MOST_CELLS)
        return Column(0, text, size, ruler, tuple(map(_coordinates(shape), ruler.places)))

    links = tuple(Link(0, place, ((0, range(place, place + 1)),)) for place in sorted(keys))
    return Lanes("numbers", (column(x.shape, str(x)),), (column(y.shape, str(y)),), links, 1, 1)


def _coordinates(shape: Shape) -> Callable[[int], str]:
    def text(number: int) -> str:
        places: list[str] = []
        for extent in reversed(shape):
            places.insert(0, str(number % extent))
            number //= extent
        return f"({', '.join(places)})" if len(shape) > 1 else f"number {places[0]}"

    return text
