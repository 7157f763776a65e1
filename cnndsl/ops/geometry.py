"""The window formula, written once for convolution and pooling: ``O = floor((I - F + P_before + P_after)/S + 1)``.

F is the extent of the dilated kernel, ``dilation*(kernel_size - 1) + 1``. The formula for convolutions is that of Dumoulin
and Visin, "A guide to convolution arithmetic for deep learning" (2016), section 2.4; the rule for ``ceil_mode`` is that of
torch: a last window that would begin behind the input and its leading padding is dropped.
"""

from __future__ import annotations

from ..attributes import AttributeType, Integer, ValueProblem
from ..diagnostics.kinds import shapes
from ..record import Record
from .base import OperatorError

__all__ = [
    "AXES",
    "Padding",
    "PaddingType",
    "Window",
    "dilated",
    "explicit",
    "same_padding",
    "window_formula",
    "window_output",
]

AXES = ("height", "width")

Padding = tuple[tuple[int, int], tuple[int, int]]
"""Zeros before and after, for height and for width: ((top, bottom), (left, right))."""


def explicit(padding: Padding | str) -> Padding:
    """The padding of an operator that has been resolved."""
    assert not isinstance(padding, str), "an operator is resolved before it is used"
    return padding


def dilated(kernel_size: int, dilation: int) -> int:
    """The extent of a kernel with its gaps."""
    return dilation * (kernel_size - 1) + 1


def window_output(
    size: int,
    kernel_size: int,
    stride: int,
    before: int = 0,
    after: int = 0,
    dilation: int = 1,
    ceil_mode: bool = False,
) -> int:
    """How many windows fit along one axis; not positive if none does."""
    free = size - dilated(kernel_size, dilation) + before + after
    if not ceil_mode:
        return free // stride + 1
    count = -(-free // stride) + 1
    return count - 1 if (count - 1) * stride >= size + before else count


def same_padding(size: int, kernel_size: int, stride: int, dilation: int) -> tuple[int, int]:
    """Padding before and after for which the output is ceil(size/stride); the odd zero goes behind, as in TensorFlow."""
    total = max(0, (-(-size // stride) - 1) * stride + dilated(kernel_size, dilation) - size)
    return total // 2, total - total // 2


def window_formula(
    size: int,
    kernel_size: int,
    stride: int,
    before: int = 0,
    after: int = 0,
    dilation: int = 1,
    ceil_mode: bool = False,
) -> str:
    """The formula with the numbers filled in, as the lectures write it."""
    kernel = dilated(kernel_size, dilation)
    padding = f" + 2*{before}" if before == after else f" + {before} + {after}"
    rounding = "ceil" if ceil_mode else "floor"
    count = window_output(size, kernel_size, stride, before, after, dilation, ceil_mode)
    return f"{rounding}(({size} - {kernel}{padding})/{stride} + 1) = {count}"


class PaddingType(AttributeType):
    """``1``, ``(height, width)``, ``(top=1, bottom=2, left=1, right=2)``, ``same`` or ``valid``."""

    words = ("same", "valid")
    description = "a whole number of at least 0, (height, width), (top=, bottom=, left=, right=), same or valid"
    _each = Integer(0)
    _sides = ("top", "bottom", "left", "right")

    def convert(self, value: object) -> Padding | str:
        if isinstance(value, str):
            return self._word(value)
        if isinstance(value, dict):
            return self._keyed(value)
        both = value if isinstance(value, tuple) else (value, value)
        if len(both) != 2:
            raise self.wrong(value)
        height, width = (self._extent(item, value) for item in both)
        return ((height, height), (width, width))

    def _word(self, value: str) -> Padding | str:
        if value not in self.words:
            raise self.wrong(value)
        return "same" if value == "same" else ((0, 0), (0, 0))

    def _keyed(self, value: dict[str, object]) -> Padding:
        if not set(value) <= set(self._sides):
            raise self.wrong(value)
        top, bottom, left, right = (self._extent(value.get(side, 0), value) for side in self._sides)
        return ((top, bottom), (left, right))

    def _extent(self, item: object, whole: object) -> int:
        try:
            return self._each.convert(item)
        except ValueProblem as problem:
            raise ValueProblem(self.wrong(whole).message, out_of_range=problem.out_of_range) from None


class Window(Record):
    """A window in two dimensions with its padding resolved: what an image operator slides over its input."""

    kernel_size: tuple[int, int]
    stride: tuple[int, int]
    padding: Padding
    dilation: tuple[int, int] = (1, 1)
    ceil_mode: bool = False

    def along(self, axis: int) -> tuple[int, int, int, int, int, bool]:
        """Kernel, stride, padding before and after, dilation and ceil mode of one axis, in the order of the formula."""
        before, after = self.padding[axis]
        return self.kernel_size[axis], self.stride[axis], before, after, self.dilation[axis], self.ceil_mode

    def output(self, sizes: tuple[int, int]) -> tuple[int, int]:
        """Height and width of the output.

        Raises:
            OperatorError: E0301 if the window is larger than the padded input on an axis.
        """
        counts = tuple(window_output(size, *self.along(axis)) for axis, size in enumerate(sizes))
        for axis, count in enumerate(counts):
            if count < 1:
                raise self._too_large(sizes, axis)
        return counts[0], counts[1]

    def formulas(self, sizes: tuple[int, int]) -> tuple[str, ...]:
        """The formula filled in for height and width; once if they are the same."""
        texts = [window_formula(size, *self.along(axis)) for axis, size in enumerate(sizes)]
        if texts[0] == texts[1]:
            return (texts[0],)
        return tuple(f"{name}: {text}" for name, text in zip(AXES, texts, strict=True))

    def _too_large(self, sizes: tuple[int, int], axis: int) -> OperatorError:
        kernel, _, before, after, dilation, _ = self.along(axis)
        extent = dilated(kernel, dilation)
        missing = extent - sizes[axis] - before - after
        kernels = "x".join(str(dilated(k, d)) for k, d in zip(self.kernel_size, self.dilation, strict=True))
        largest = (sizes[axis] + before + after - 1) // dilation + 1
        padded = (
            f"padded {AXES[axis]} of {sizes[axis] + before + after}"
            if before + after
            else f"{AXES[axis]} of {sizes[axis]}"
        )
        return OperatorError(
            shapes.WINDOW_TOO_LARGE,
            f"a {kernels} window does not fit a {sizes[0]}x{sizes[1]} input"
            + (" with its padding" if before + after else ""),
            attribute="kernel_size",
            label=f"needs {extent} along the {AXES[axis]}, {padded}",
            notes=(f"{AXES[axis]}: {window_formula(sizes[axis], *self.along(axis))}",),
            help=(f"use a kernel of at most {largest} along the {AXES[axis]}, or {missing} more of padding in total",),
        )
