"""What a layer does along each axis after the channels, as numbers: the windows, the padding, and what no window covers."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property

from ...ir import Node
from ...ops.convolution_kinds import ConvTranspose
from ...ops.geometry import axis_names
from ...ops.rearrange import PixelShuffle
from ...ops.resize import Pad, Upsample
from ...ops.sight import MOST_PLACES, OWN, Places, Sight, gathered
from ...record import Record

__all__ = ["Axis", "axes_of", "first_and_last", "stretches"]


class Axis(Record):
    """One axis of a layer: its sizes, and where the windows lie.

    Windows lie on the input, one per output place; or, where a layer ``spreads``, on the output, one per input place.
    ``before`` and ``after`` are the padding of the side on which they lie: of an output, what is taken off. Where nothing is
    padded, windows that reach beyond the edge see what is inside of it: they ``stay inside``.
    """

    name: str
    input: int
    output: int
    sight: Sight
    before: int = 0
    after: int = 0
    spreads: bool = False
    stays_inside: bool = False

    def at(self, place: int) -> Places:
        """The positions of one window."""
        seen = self.sight.at(place)
        if not self.stays_inside or 0 <= seen[0] <= seen[-1] < self.wide:
            return seen
        return gathered(at for at in seen if 0 <= at < self.wide)

    @property
    def wide(self) -> int:
        """The size of the side on which the windows lie."""
        return self.output if self.spreads else self.input

    @property
    def narrow(self) -> int:
        """How many windows there are."""
        return self.input if self.spreads else self.output

    @property
    def is_own(self) -> bool:
        """Whether each output sees its own place and nothing else."""
        return self.sight == OWN and not self.before and not self.after

    @property
    def is_whole(self) -> bool:
        """Whether each output sees every position."""
        return self.wide > 1 and self.sight.advance == 0 and len(self.sight.taps[0]) == self.wide

    @cached_property
    def unseen(self) -> tuple[tuple[int, int], ...]:
        """The stretches of positions that no window covers, padding left out; of a very long axis, those at its ends."""
        seen = self.sight.reach(range(self.narrow), self.wide)
        if seen and (seen[-1] - seen[0] == len(seen) - 1 or self.wide > MOST_PLACES):
            edges = ((0, seen[0] - 1), (seen[-1] + 1, self.wide - 1))
            return tuple((first, last) for first, last in edges if first <= last)
        return tuple(stretches(sorted(set(range(self.wide)).difference(seen))))

    @cached_property
    def overhang(self) -> int:
        """How many positions the last window reaches beyond the padding, as ``ceil_mode`` lets it."""
        last = self.at(self.narrow - 1)
        return max(0, last[-1] + 1 - self.wide - self.after) if last else 0

    @cached_property
    def unused(self) -> int:
        """How many positions of the padding after no window reaches."""
        last = self.at(self.narrow - 1)
        return min(self.after, max(0, self.wide + self.after - 1 - last[-1])) if last else 0

    def shown(self) -> tuple[int, ...]:
        """The windows that a picture shows: the first, the second and the last."""
        return tuple(dict.fromkeys((0, min(1, self.narrow - 1), self.narrow - 1)))


def axes_of(node: Node) -> tuple[Axis, ...]:
    """The axes along which a layer moves windows or looks at single positions; none if its channels are what matters."""
    x, y = node.input.type, node.output.type
    if len(node.inputs) != 1 or len(node.outputs) != 1 or len(x.shape) not in (2, 3) or len(x.shape) != len(y.shape):
        return ()
    (channels, *sights), operator = node.operator.sights(x)[0], node.operator
    mixes_channels = channels != OWN and operator.window() is None
    if any(sight is not None and sight.axis is not None for sight in sights):
        return ()
    names = axis_names(len(sights))
    sizes = tuple(zip(names, x.shape[1:], y.shape[1:], strict=True))
    if isinstance(operator, ConvTranspose):
        return tuple(_spread(operator, axis, *size) for axis, size in enumerate(sizes))
    if isinstance(operator, PixelShuffle) or (isinstance(operator, Upsample) and operator.mode == "nearest"):
        return tuple(
            Axis(name, size, out, Sight((range(out // size),), out // size), spreads=True) for name, size, out in sizes
        )
    if mixes_channels and all(sight == OWN for sight in sights):
        return ()
    paddings = _paddings(node)
    sides = paddings or ((0, 0),) * len(sizes)
    return tuple(
        Axis(name, size, out, sight or Sight((range(size),), 0), before, after, stays_inside=not paddings)
        for (name, size, out), sight, (before, after) in zip(sizes, sights, sides, strict=True)
    )


def _paddings(node: Node) -> tuple[tuple[int, int], ...]:
    """The padding before and after along each axis; none at all where the layer knows no padding."""
    window = node.operator.window()
    if window is not None:
        paddings: tuple[tuple[int, int], ...] = window.padding
        return paddings
    return node.operator.padding if isinstance(node.operator, Pad) else ()


def _spread(operator: ConvTranspose, axis: int, name: str, size: int, output: int) -> Axis:
    """What each input place reaches of the output; the padding is taken off, and ``output_padding`` stays after."""
    taken, step = operator.padding[axis], operator.dilation[axis]
    reach = range(-taken, -taken + step * (operator.kernel_size[axis] - 1) + 1, step)
    stride = operator.stride[axis]
    left = (size - 1) * stride + reach[-1] + 1 - output
    return Axis(name, size, output, Sight((reach,), stride), taken, max(0, left), spreads=True)


def stretches(places: Iterable[int]) -> list[tuple[int, int]]:
    """Places in order as stretches, each by its first and last."""
    found: list[tuple[int, int]] = []
    for place in places:
        if found and found[-1][1] == place - 1:
            found[-1] = (found[-1][0], place)
        else:
            found.append((place, place))
    return found


def first_and_last(places: Places) -> str:
    """Places as a text: ``0 to 4``, ``3``, or ``0 to 4 in steps of 2``."""
    if not places:
        return "none"
    if len(places) == 1:
        return str(places[0])
    steps = f" in steps of {places.step}" if isinstance(places, range) and places.step > 1 else ""
    return f"{places[0]} to {places[-1]}{steps}"
