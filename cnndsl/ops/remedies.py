"""Which one attribute of a layer, changed, gives the extents that were wanted: what the help of an error suggests.

Every suggestion is computed by :mod:`cnndsl.ops.inverse` and then tried: the changed operator itself infers its output.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from typing import Any

from ..record import Record
from .base import Operator, OperatorError
from .convolution_kinds import ConvTranspose
from .free_size import is_free
from .geometry import Window, WindowAxis
from .inverse import kernel_sizes_giving, paddings_giving, strides_giving
from .resize import Upsample
from .types import TensorType

__all__ = ["Remedy", "remedies"]

_MOST_GROWTH = 4
"""Nobody who has written a small kernel or stride means one that is larger by more than this."""

Wanted = tuple[Collection[int], ...]
_Giving = Callable[[WindowAxis, int, int], Sequence[int]]


class Remedy(Record):
    """Attributes with the values that they must have, and for each axis how many rows lie after the last window then.

    Of the ``unused`` rows those of the padding come first to be left out; ``lost`` are those of the input itself.
    """

    changes: Mapping[str, Any]
    unused: tuple[int, ...]
    lost: tuple[int, ...]

    @property
    def is_exact(self) -> bool:
        return not any(self.unused)


def remedies(operator: Operator, x: TensorType, wanted: Wanted) -> Iterator[Remedy]:
    """The changes, mostly of one attribute, that give one of the wanted extents on each axis, the likeliest first.

    ``operator`` is resolved; x is CxHxW or CxL, and ``wanted`` has the extents that would do, per axis after the channels.
    """
    window = operator.window()
    if is_free(x.shape) or len(wanted) != len(x.shape) - 1:
        return
    if isinstance(window, Window):
        candidates = _candidates(operator, window, x.shape[1:], wanted)
    else:
        candidates = _enlargements(operator, x.shape[1:], wanted)
    seen: list[Mapping[str, Any]] = []
    for changes in candidates:
        if changes in seen:
            continue
        seen.append(changes)
        remedy = _tried(operator, changes, x, wanted)
        if remedy is not None:
            yield remedy


def _tried(operator: Operator, changes: Mapping[str, Any], x: TensorType, wanted: Wanted) -> Remedy | None:
    changed = operator.replace(**changes)
    try:
        output = changed.infer(x).shape[1:]
    except OperatorError:
        return None
    if not all(extent in those for extent, those in zip(output, wanted, strict=True)):
        return None
    window = changed.window()
    if not isinstance(window, Window):
        return Remedy(changes, (), ())
    axes = [(window.along(axis), size) for axis, size in enumerate(x.shape[1:])]
    return Remedy(
        changes, tuple(axis.unused(size) for axis, size in axes), tuple(axis.lost(size) for axis, size in axes)
    )


def _candidates(
    operator: Operator, window: Window, sizes: tuple[int, ...], wanted: Wanted
) -> Iterator[Mapping[str, Any]]:
    known = operator.attributes()
    axes = [_Axis(window, axis, size, wanted[axis]) for axis, size in enumerate(sizes)]
    if "padding" in known:
        for choose in (_Axis.even_padding, _Axis.exact_padding):
            paddings = [choose(axis) for axis in axes]
            if None not in paddings:
                yield {"padding": tuple(paddings)}
    if "ceil_mode" in known:
        yield {"ceil_mode": not window.ceil_mode}
    for name, choose_one in (("kernel_size", _Axis.nearest_kernel), ("stride", _Axis.nearest_stride)):
        values = [choose_one(axis) for axis in axes]
        if name in known and None not in values:
            yield {name: tuple(values)}


def _enlargements(operator: Operator, sizes: tuple[int, ...], wanted: Wanted) -> Iterator[Mapping[str, Any]]:
    """What enlarges otherwise: by the factor that is wanted, with the window that leaves no overlap, or with one row more."""
    targets = [min(those, key=lambda size: abs(size - now)) for now, those in zip(sizes, wanted, strict=True)]
    factors = tuple(target // size for target, size in zip(targets, sizes, strict=True))
    if not all(factors):
        return
    if isinstance(operator, Upsample):
        yield {"scale_factor": factors}
    if isinstance(operator, ConvTranspose):
        yield {"stride": factors}
        yield {"kernel_size": factors}
        yield {"kernel_size": factors, "stride": factors}
        yield {"padding": (1, 1), "output_padding": (1, 1)}


class _Axis:
    """One axis of a window: what it could be for one of the outputs that are wanted."""

    def __init__(self, window: Window, axis: int, size: int, wanted: Collection[int]) -> None:
        self.size = size
        self.wanted = wanted
        self.window = window.along(axis)
        self.fits = self.window.output(size) in wanted

    def exact_padding(self) -> tuple[int, int] | None:
        """Before and after, as even as can be, with nothing unused."""
        if self.fits:
            return self.window.before, self.window.after
        totals = ((output - 1) * self.window.stride + self.window.extent - self.size for output in self.wanted)
        total = min((total for total in totals if total >= 0), default=None)
        return None if total is None else self._sensible(total // 2, total - total // 2)

    def even_padding(self) -> tuple[int, int] | None:
        """The same before and after, the least that will do."""
        if self.fits:
            return self.window.before, self.window.after
        ranges = (paddings_giving(self.window, output, self.size) for output in self.wanted)
        totals = (total for each in ranges for total in each[:2] if total % 2 == 0)
        total = min(totals, default=None)
        return None if total is None else self._sensible(total // 2, total // 2)

    def _sensible(self, before: int, after: int) -> tuple[int, int] | None:
        """A window that lies in the padding alone sees nothing."""
        return (before, after) if max(before, after) < self.window.extent else None

    def nearest_kernel(self) -> int | None:
        return self._nearest(kernel_sizes_giving, self.window.kernel_size)

    def nearest_stride(self) -> int | None:
        return self._nearest(strides_giving, self.window.stride)

    def _nearest(self, giving: _Giving, now: int) -> int | None:
        """Of the values that give a wanted output the one nearest to what is there: each output's are one stretch."""
        if self.fits:
            return now
        stretches = (giving(self.window, output, self.size) for output in self.wanted)
        ends = [end for stretch in stretches if stretch for end in (stretch[0], stretch[-1])]
        value = min(ends, key=lambda end: abs(end - now), default=None)
        return value if value is not None and value <= now + _MOST_GROWTH else None
