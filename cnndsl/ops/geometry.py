"""The window formula, written once for convolution and pooling: ``O = floor((I - F + P_before + P_after)/S + 1)``.

F is the extent of the dilated kernel, ``dilation*(kernel_size - 1) + 1``. The formula for convolutions is that of Dumoulin
and Visin, "A guide to convolution arithmetic for deep learning" (2016), section 2.4; the rule for ``ceil_mode`` is that of
torch: a last window that would begin after the input and its leading padding is dropped.
"""

from __future__ import annotations

from .. import diagnostics
from ..attributes import AttributeType, Integer, ValueProblem
from ..diagnostics import kinds
from ..record import Record
from . import sight
from .base import OperatorError
from .free_size import at_least, is_below

__all__ = [
    "AXES",
    "NO_PADDING",
    "Padding",
    "PaddingType",
    "Window",
    "WindowAxis",
    "axis_names",
    "dilated",
    "divisors",
    "explicit",
    "same_padding",
]

AXES = ("height", "width")

_LARGEST_DIVISOR = 1024

Padding = tuple[tuple[int, int], ...]
"""Zeros before and after on each axis; for images ((top, bottom), (left, right))."""

NO_PADDING: dict[int, Padding] = {1: ((0, 0),), 2: ((0, 0), (0, 0))}


def axis_names(rank: int) -> tuple[str, ...]:
    """What the axes after the channels are called."""
    return AXES if rank == 2 else ("length",)


def explicit(padding: Padding | str) -> Padding:
    """The padding of an operator that has been resolved."""
    assert not isinstance(padding, str), "an operator is resolved before it is used"
    return padding


def dilated(kernel_size: int, dilation: int) -> int:
    """The extent of a kernel with its gaps."""
    return dilation * (kernel_size - 1) + 1


class WindowAxis(Record):
    """A window along one axis, in the order of the formula."""

    kernel_size: int
    stride: int = 1
    before: int = 0
    after: int = 0
    dilation: int = 1
    ceil_mode: bool = False

    @property
    def extent(self) -> int:
        """F: how far the window reaches, gaps included."""
        return dilated(self.kernel_size, self.dilation)

    def output(self, size: int) -> int:
        """How many windows fit; not positive if none does."""
        free = size - self.extent + self.before + self.after
        if not self.ceil_mode:
            return free // self.stride + 1
        return (free + self.stride - 1) // self.stride + 1 - self.drops(size)

    def drops(self, size: int) -> bool:
        """Whether ``ceil_mode`` leaves out a last window: one that would begin after the input and its leading padding."""
        if not self.ceil_mode or self.after + self.stride <= self.extent:
            return False  # the last window begins before the end, whatever the size
        free = size - self.extent + self.before + self.after
        return (free + self.stride - 1) // self.stride * self.stride >= size + self.before

    def reach(self, size: int) -> int:
        """How much of the padded input lies before the end of the last window; more than all with ``ceil_mode`` perhaps."""
        return (self.output(size) - 1) * self.stride + self.extent

    def unused(self, size: int) -> int:
        """How many rows of the padded input lie after the last window."""
        return max(0, size + self.before + self.after - self.reach(size))

    def lost(self, size: int) -> int:
        """How many rows of the input itself, padding not counted, lie after the last window."""
        return min(size, max(0, size + self.before - self.reach(size)))

    def formula(self, size: int) -> str:
        """The formula with the numbers filled in, as the lectures write it; and what ``ceil_mode`` drops, where it does."""
        padding = f" + 2*{self.before}" if self.before == self.after else f" + {self.before} + {self.after}"
        rounding = "ceil" if self.ceil_mode else "floor"
        count = f"{rounding}(({size} - {self.extent}{padding})/{self.stride} + 1)"
        if not self.drops(size):
            return f"{count} = {self.output(size)}"
        return f"{count} - 1 = {self.output(size)}: a window that would begin in the padding after the input is dropped"


def same_padding(size: int, kernel_size: int, stride: int, dilation: int) -> tuple[int, int]:
    """Padding before and after for which the output is ceil(size/stride); the odd zero goes after, as in TensorFlow."""
    total = ((size + stride - 1) // stride - 1) * stride + dilated(kernel_size, dilation) - size
    total = at_least(total, 0)
    return total // 2, total - total // 2


def divisors(number: int) -> list[str]:
    """The first few numbers that divide another, for messages."""
    return [str(each) for each in range(1, min(number, _LARGEST_DIVISOR) + 1) if number % each == 0]


class PaddingType(AttributeType):
    """``1``, ``(height, width)``, ``(top=1, bottom=2, left=1, right=2)``, ``same`` or ``valid``; fewer for a line."""

    def __init__(self, rank: int, words: tuple[str, ...] = ("same", "valid")) -> None:
        self.words = words
        self._rank = rank
        self._each = Integer(0)
        self._sides = ("top", "bottom", "left", "right")[-2 * rank :]

    @property
    def description(self) -> str:
        sizes = ["(height, width)"] if self._rank == 2 else []
        sides = ", ".join(f"{side}=" for side in self._sides)
        return diagnostics.one_of([self._each.description, *sizes, f"({sides})", *self.words])

    def convert(self, value: object) -> Padding | str:
        if isinstance(value, str):
            return self._word(value)
        if isinstance(value, dict):
            return self._keyed(value)
        extents = value if isinstance(value, tuple) else (value,) * self._rank
        if len(extents) != self._rank:
            raise self.wrong(value)
        return tuple((extent, extent) for extent in [self._extent(item, value) for item in extents])

    def _word(self, value: str) -> Padding | str:
        if value not in self.words:
            raise self.wrong(value)
        return "same" if value == "same" else NO_PADDING[self._rank]

    def _keyed(self, value: dict[str, object]) -> Padding:
        if not set(value) <= set(self._sides):
            raise self.wrong(value)
        extents = [self._extent(value.get(side, 0), value) for side in self._sides]
        return tuple(zip(extents[::2], extents[1::2], strict=True))

    def _extent(self, item: object, whole: object) -> int:
        try:
            return self._each.convert(item)
        except ValueProblem as problem:
            raise ValueProblem(self.wrong(whole).message, out_of_range=problem.out_of_range) from None


class Window(Record):
    """A window with its padding resolved: what an operator slides over an image, or over a line of one axis."""

    kernel_size: tuple[int, ...]
    stride: tuple[int, ...]
    padding: Padding
    dilation: tuple[int, ...] = (1, 1)
    ceil_mode: bool = False

    def along(self, axis: int) -> WindowAxis:
        """What there is of the window along one axis."""
        before, after = self.padding[axis]
        return WindowAxis(self.kernel_size[axis], self.stride[axis], before, after, self.dilation[axis], self.ceil_mode)

    def output(self, sizes: tuple[int, ...]) -> tuple[int, ...]:
        """The extents of the output, such as height and width.

        Raises:
            OperatorError: E0301 if the window is larger than the padded input on an axis.
        """
        counts = tuple(self.along(axis).output(size) for axis, size in enumerate(sizes))
        for axis, count in enumerate(counts):
            if is_below(count, 1):
                raise self._too_large(sizes, axis)
        return counts

    def sights(self) -> tuple[sight.Sight, ...]:
        """What each output sees along each axis: the elements of its window."""
        axes = map(self.along, range(len(self.kernel_size)))
        return tuple(
            sight.Sight((range(-axis.before, axis.extent - axis.before, axis.dilation),), axis.stride) for axis in axes
        )

    def formulas(self, sizes: tuple[int, ...]) -> tuple[str, ...]:
        """The formula filled in for each axis; once if they are the same."""
        texts = [self.along(axis).formula(size) for axis, size in enumerate(sizes)]
        if len(set(texts)) == 1:
            return (texts[0],)
        return tuple(f"{name}: {text}" for name, text in zip(AXES, texts, strict=True))

    def _too_large(self, sizes: tuple[int, ...], axis: int) -> OperatorError:
        name = axis_names(len(sizes))[axis]
        along = self.along(axis)
        padded = sizes[axis] + along.before + along.after
        there = f"{padded} with its padding" if padded > sizes[axis] else str(padded)
        kernels = "x".join(str(dilated(k, d)) for k, d in zip(self.kernel_size, self.dilation, strict=True))
        window, given = map(diagnostics.with_article, (kernels, "x".join(map(str, sizes))))
        largest = (padded - 1) // along.dilation + 1
        return OperatorError(
            kinds.shapes.WINDOW_TOO_LARGE,
            f"{window} window does not fit {given} input" + (" with its padding" if padded > sizes[axis] else ""),
            attribute="kernel_size",
            label=f"needs {along.extent} along the {name}, and there is {there}",
            notes=(f"{name}: {along.formula(sizes[axis])}",),
            help=(
                f"use a kernel of at most {largest} along the {name}, or {along.extent - padded} more of padding in total",
            ),
        )
