"""The part of the network's input that one output depends on: exact, by a walk backwards through the graph.

What an output sees of each value is kept as boxes: positions along each axis, of which every crossing is seen. Padding is no
part of any value, so it drops out at every layer; where branches meet, the boxes of all of them count.
"""

from __future__ import annotations

from ..ir import Graph, Node, Value
from ..ops.merge import Concat
from ..ops.sight import Box, Places
from ..record import Record

__all__ = ["Patch", "find_patch"]

_MOST_BOXES = 64

Ends = tuple[tuple[int, int], ...]
"""The first and last position along each axis."""


class Patch(Record):
    """What one output sees of the network's input, per axis after the channels.

    ``ends`` are the first and last position that it depends on; None if it depends on none of them, as an output between the
    windows of a transposed convolution. ``padded`` are those that the windows span, padding included, so that they may lie
    outside of the input.
    """

    ends: Ends | None
    padded: Ends

    @property
    def size(self) -> tuple[int, ...]:
        """How many positions lie between the ends, the ends included."""
        return tuple(last - first + 1 for first, last in self.ends or ())


def find_patch(graph: Graph, value: Value, place: tuple[int, ...]) -> Patch:
    """What the outputs at one position see, in all of the value's channels; of a vector, one of its numbers."""
    shape = value.type.shape
    spots = tuple(range(at, at + 1) for at in place)
    box = spots if len(shape) == 1 else (range(shape[0]), *spots)
    walk = _Walk(graph)
    walk.see(value, box, tuple((at, at) for at in place))
    for node in reversed(graph.needed_nodes((value,))):
        walk.back(node)
    return walk.patch()


class _Walk:
    """What is seen of each value so far."""

    def __init__(self, graph: Graph) -> None:
        self.graph = graph
        self.boxes: dict[Value, list[Box]] = {}
        self.padded: dict[Value, Ends] = {}

    def see(self, value: Value, box: Box, padded: Ends) -> None:
        """Add to what is seen of a value, unless that is nothing."""
        if not all(box):
            return
        kept = self.boxes.setdefault(value, [])
        self.padded[value] = _hull(self.padded[value], padded) if value in self.padded else padded
        if any(_holds(other, box) for other in kept):
            return
        kept[:] = [other for other in kept if not _holds(box, other)] + [box]
        if len(kept) > _MOST_BOXES:  # then exact within the ends only
            kept[:] = [tuple(range(first, last + 1) for first, last in _box_ends(kept))]

    def back(self, node: Node) -> None:
        """From what is seen of the outputs of a node to what is seen of its inputs."""
        for number, output in enumerate(node.outputs):
            boxes = self.boxes.pop(output, [])
            for box in boxes:
                parts = node.operator.reach(box, *node.input_types, output=number)
                for place, (value, part) in enumerate(zip(node.inputs, parts, strict=True)):
                    self.see(value, part, self._padded(node, place, self.padded[output], part))

    def _padded(self, node: Node, place: int, ends: Ends, part: Box) -> Ends:
        """The ends of what is seen of an input with its padding, where windows slide; else those of what it holds."""
        sights = node.operator.sights(*node.input_types)[place]
        if isinstance(node.operator, Concat):  # beside a part lie other parts, no padding
            sights = tuple(None if axis == node.operator.axis else sight for axis, sight in enumerate(sights))
        sights, part = sights[1:] or sights, part[1:] or part
        inside = tuple((places[0], places[-1]) if places else (0, 0) for places in part)
        if len(sights) != len(ends):
            return inside
        return tuple(
            here if sight is None or sight.axis is not None else sight.ends(*there) or here
            for here, sight, there in zip(inside, sights, ends, strict=True)
        )

    def patch(self) -> Patch:
        """What is seen of the network's input."""
        value = self.graph.input
        boxes = self.boxes.get(value, [])
        spatial = len(value.type.shape[1:]) or 1
        if not boxes:
            return Patch(None, ())
        return Patch(_box_ends(boxes)[-spatial:], self.padded[value][-spatial:])


def _hull(one: Ends, other: Ends) -> Ends:
    return tuple((min(a, c), max(b, d)) for (a, b), (c, d) in zip(one, other, strict=True))


def _box_ends(boxes: list[Box]) -> Ends:
    return tuple(
        (min(places[0] for places in axis), max(places[-1] for places in axis)) for axis in zip(*boxes, strict=True)
    )


def _holds(one: Box, other: Box) -> bool:
    """Whether one box has every position of another."""
    return all(_covers(places, wanted) for places, wanted in zip(one, other, strict=True))


def _covers(places: Places, wanted: Places) -> bool:
    if isinstance(places, range) and isinstance(wanted, range):
        in_step = len(wanted) == 1 or wanted.step % places.step == 0
        return wanted[0] in places and wanted[-1] in places and in_step
    return set(wanted) <= set(places)
