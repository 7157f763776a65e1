"""The patch of the input that one output depends on: its size, and how far apart the patches of neighbouring outputs lie.

A window of size F (with its dilation) and stride S turns size r and jump j into r + (F - 1)*j and j*S (Araujo, Norris and
Sim, "Computing Receptive Fields of Convolutional Neural Networks", Distill 2019). Here that is the composition of two
sights, so that upsampling and transposed convolutions divide the jump, and outputs take turns in what they see; the size is
that of the largest patch. Each axis of the network's input is followed by itself: ``permute`` and ``reshape`` carry it to
another axis of the value, and a reduction along it (a dense layer, a softmax, a global pooling) sees all of it.

Padding counts as input here, so the size can exceed the image; what one output truly depends on says
:mod:`cnndsl.analysis.patch`. Channels that ``reshape`` made of places have one field, so that a share of them may see less.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from ..ir import Graph, Node, Value
from ..ops.free_size import Undecided
from ..ops.geometry import AXES, dilated
from ..ops.merge import Concat
from ..ops.sight import OWN, Sight, Sights
from ..ops.types import Shape
from ..record import Record, field

__all__ = ["ReceptiveField", "receptive_fields", "window_formulas"]


class ReceptiveField(Record):
    """What one output sees: ``size`` in input pixels per axis, and ``jump``, the pixels between neighbouring outputs.

    ``everything`` means that every output depends on the whole input; the size is then the input's and there is no jump.
    The jump is a fraction where the value is larger than the input, and 0 along an axis where all outputs see the same.
    ``carriers`` are the axes of the value along which the patch moves, one for each axis of the input; None where none does.
    """

    size: tuple[int, ...]
    jump: tuple[int | float, ...] | None
    everything: bool = False
    carriers: tuple[int | None, ...] = field(default=(), compare=False)

    def __str__(self) -> str:
        return "all" if self.everything else "x".join(map(str, self.size))


def receptive_fields(graph: Graph) -> dict[Value, ReceptiveField]:
    """What each value of the graph sees of the graph's input."""
    shape = graph.input.type.shape
    first = 1 if len(shape) > 1 else 0  # the channels are no place to look at
    extents = shape[first:]
    views: dict[Value, _View] = {
        graph.input: tuple(_Axis(extent, axis, OWN) for axis, extent in enumerate(extents, first))
    }
    for node in graph.nodes:
        view = _view_of(node, [views[value] for value in node.inputs])
        views.update(dict.fromkeys(node.outputs, view))
    return {value: _field(view, value.type.shape) for value, view in views.items()}


def window_formulas(before: ReceptiveField, window: Any) -> tuple[str, ...]:
    """How a :class:`~cnndsl.ops.geometry.Window` widens a field, with the numbers filled in; once if the axes agree.

    Empty where outputs take turns in what they see, or all see the same: no such formula says that.
    """
    texts = []
    for name, size, jump, carrier in zip(AXES, before.size, before.jump or (), before.carriers, strict=False):
        if not carrier or isinstance(jump, float) or jump == 0:
            return ()
        extent = dilated(window.kernel_size[carrier - 1], window.dilation[carrier - 1])
        texts.append((name, f"{size} + ({extent} - 1)*{jump} = {size + (extent - 1) * jump}"))
    if len({text for _, text in texts}) == 1:
        return (texts[0][1],)
    return tuple(f"{name}: {text}" for name, text in texts)


class _Axis(Record):
    """What the numbers of a value see along one axis of the network's input, which has this ``extent``.

    By their position on one axis of the value, the ``carrier``, what a sight says; and all of them what is ``fixed``, whatever
    their position. A sight is None where the position says nothing.
    """

    extent: Any
    carrier: int | None
    sight: Sight | None
    fixed: range = range(0)

    def after(self, sights: Sights, x: Shape, y: Shape) -> _Axis:
        """The same for the output y of a node that sees its input x in this way."""
        if self.sight is None or self.carrier is None:
            return self
        sight = sights[self.carrier]
        if sight is None:
            return self._see(self._span(x[self.carrier]))
        if sight == OWN:
            return self._narrowed(y)
        composed = _composed(sight, self.sight)
        if composed is None:
            return self._see(range(self.extent))
        carrier = self.carrier if sight.axis is None else sight.axis
        moved = _Axis(self.extent, carrier, composed, self.fixed)
        if composed.advance == 0 and composed.period == 1:
            return moved._see(moved._span(1))
        return moved._narrowed(y)

    def _narrowed(self, y: Shape) -> _Axis:
        """The same; of a value with one position along the carrier, everything if that position sees everything."""
        if y[self.carrier or 0] != 1:
            return self
        whole = self._see(self._span(1))
        return whole if whole.is_whole else self

    def beside(self, other: _Axis, y: Shape) -> _Axis:
        """What sees all that either sees, in a value y."""
        if self.sight is None or other.sight is None:
            moving = other if self.sight is None else self
            return moving._fix(_hull(self.fixed, other.fixed))
        if self.carrier != other.carrier:
            return self._fix(_hull(other._span(y[other.carrier or 0]), other.fixed))
        sight = self.sight.beside(other.sight, y[self.carrier or 0])
        if sight is None:
            return self._see(range(self.extent))
        return self.replace(sight=sight)._fix(_hull(self.fixed, other.fixed))

    @property
    def is_whole(self) -> bool:
        return self.fixed == range(self.extent)

    def _see(self, places: range) -> _Axis:
        """Every number sees these positions, wherever it is."""
        return _Axis(self.extent, None, None, _hull(self.fixed, places))

    def _fix(self, places: range) -> _Axis:
        """Every number sees these positions too."""
        return self._see(places) if places == range(self.extent) else self.replace(fixed=places)

    def _span(self, count: int) -> range:
        """What the first so many positions see together, without padding."""
        ends = self.sight.ends(0, count - 1) if self.sight is not None else None
        return range(0) if ends is None else range(max(0, ends[0]), max(0, min(self.extent, ends[1] + 1)))

    def size(self, y: Shape) -> int:
        """The size of the largest patch that a number of a value y sees."""
        if self.sight is None:
            return len(self.fixed)
        if not self.fixed:
            return max(map(len, self.sight.taps))
        last, turn = y[self.carrier or 0] - 1, self.sight.period - 1
        places = {*range(min(last, turn) + 1), *range(max(0, last - turn), last + 1)}
        return max(len(_hull(self.fixed, self._clipped(place))) for place in places)

    def _clipped(self, place: int) -> range:
        ends = self.sight.ends(place, place) if self.sight is not None else None
        return range(0) if ends is None else range(max(0, ends[0]), max(0, min(self.extent, ends[1] + 1)))


_View = tuple[_Axis, ...]
"""What a value sees along each axis of the network's input."""


@lru_cache(maxsize=256)
def _composed(sight: Sight, earlier: Sight) -> Sight | None:
    """Remembered, because height and width mostly agree."""
    composed = sight.after(earlier)
    return composed if composed is None or composed.axis is None else composed.replace(axis=None)


def _hull(one: range, other: range) -> range:
    if not one or not other:
        return one or other
    return range(min(one.start, other.start), max(one.stop, other.stop))


def _field(view: _View, shape: Shape) -> ReceptiveField:
    extents = tuple(axis.extent for axis in view)
    if all(axis.is_whole for axis in view):
        return ReceptiveField(extents, None, everything=True, carriers=(None,) * len(view))
    jumps = tuple(0 if axis.sight is None else axis.sight.jump for axis in view)
    return ReceptiveField(
        tuple(axis.size(shape) for axis in view), jumps, carriers=tuple(axis.carrier for axis in view)
    )


def _view_of(node: Node, views: Sequence[_View]) -> _View:
    """What the outputs of a node see, from what its inputs see: where branches meet, all that any of them sees."""
    try:
        sights = node.operator.sights(*node.input_types)
    except Undecided:  # of a free extent, more than its own place is all that is known
        return tuple(_Axis(axis.extent, None, None, range(axis.extent)) for axis in views[0])
    y = node.output.type.shape
    if isinstance(node.operator, Concat):
        sights = ((OWN,) * len(y),) * len(views)  # wherever a value lies beside the others
    seen = [
        tuple(axis.after(own, x.shape, y) for axis in view)
        for own, x, view in zip(sights, node.input_types, views, strict=True)
    ]
    whole, *others = seen
    for other in others:
        whole = tuple(left.beside(right, y) for left, right in zip(whole, other, strict=True))
    return whole
