"""The window formula asked backwards: which input, kernel, stride, padding or dilation gives a wanted extent.

With R = I - F + P, ``O = floor(R/S + 1)`` says ``(O - 1)*S <= R < O*S``, so that every answer is one stretch of whole
numbers. With ``ceil_mode`` it lies within the stretches of O - 1 and O, and what does not hold there is left out.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from .geometry import dilated, window_output

__all__ = [
    "dilations_giving",
    "inputs_giving",
    "kernel_sizes_giving",
    "lost_extent",
    "paddings_giving",
    "strides_giving",
]


def inputs_giving(
    output: int,
    kernel_size: int,
    stride: int,
    before: int = 0,
    after: int = 0,
    dilation: int = 1,
    ceil_mode: bool = False,
) -> Sequence[int]:
    """The extents of the input that give this output, from 1 up."""
    least, most = _remainders(output, stride, ceil_mode)
    shift = dilated(kernel_size, dilation) - before - after
    candidates = range(max(1, least + shift), max(0, most + shift) + 1)
    return _holding(
        candidates,
        ceil_mode,
        lambda size: window_output(size, kernel_size, stride, before, after, dilation, True),
        output,
    )


def kernel_sizes_giving(
    output: int, size: int, stride: int, before: int = 0, after: int = 0, dilation: int = 1, ceil_mode: bool = False
) -> Sequence[int]:
    """The kernel sizes that give this output, from 1 up."""
    least, most = _remainders(output, stride, ceil_mode)
    padded = size + before + after
    candidates = range(max(1, -((most + 1 - padded) // dilation) + 1), (padded - least - 1) // dilation + 2)
    return _holding(
        candidates, ceil_mode, lambda kernel: window_output(size, kernel, stride, before, after, dilation, True), output
    )


def strides_giving(
    output: int,
    size: int,
    kernel_size: int,
    before: int = 0,
    after: int = 0,
    dilation: int = 1,
    ceil_mode: bool = False,
) -> Sequence[int]:
    """The strides that give this output, from 1 up to the padded input, beyond which nothing changes."""
    padded = size + before + after
    remainder = padded - dilated(kernel_size, dilation)
    if remainder < 0 or output < 1:
        return range(0)
    windows = output - 1 if ceil_mode else output
    least = max(1, -(-remainder // (output + 1))) if ceil_mode else remainder // output + 1
    most = padded if windows < 2 else remainder // (windows - 1) + (1 if ceil_mode else 0)
    return _holding(
        range(least, min(most, padded) + 1),
        ceil_mode,
        lambda stride: window_output(size, kernel_size, stride, before, after, dilation, True),
        output,
    )


def dilations_giving(
    output: int, size: int, kernel_size: int, stride: int, before: int = 0, after: int = 0, ceil_mode: bool = False
) -> Sequence[int]:
    """The dilations that give this output, from 1 up; for a kernel of 1, which has no gaps, 1 or none."""
    least, most = _remainders(output, stride, ceil_mode)
    padded, gaps = size + before + after, kernel_size - 1
    if gaps:
        candidates = range(max(1, -((most + 1 - padded) // gaps)), (padded - least - 1) // gaps + 1)
    else:
        candidates = range(1, 2 if least <= padded - 1 <= most else 1)
    return _holding(
        candidates,
        ceil_mode,
        lambda dilation: window_output(size, kernel_size, stride, before, after, dilation, True),
        output,
    )


def paddings_giving(output: int, size: int, kernel_size: int, stride: int, dilation: int = 1) -> range:
    """The paddings, before and after together, that give this output with ``ceil_mode`` off."""
    least, most = _remainders(output, stride, ceil_mode=False)
    shift = dilated(kernel_size, dilation) - size
    return range(max(0, least + shift), max(0, most + shift + 1))


def lost_extent(
    size: int,
    kernel_size: int,
    stride: int,
    before: int = 0,
    after: int = 0,
    dilation: int = 1,
    ceil_mode: bool = False,
) -> int:
    """How many rows at the end of the input, padding not counted, lie behind the last window."""
    count = window_output(size, kernel_size, stride, before, after, dilation, ceil_mode)
    covered = (count - 1) * stride + dilated(kernel_size, dilation) - before
    return max(0, size - covered)


def _remainders(output: int, stride: int, ceil_mode: bool) -> tuple[int, int]:
    """The least and the most of R = I - F + P that give an output, for ``ceil_mode`` perhaps."""
    most = output * stride - 1
    return (output - 1) * stride - (stride if ceil_mode else 0), most + (1 if ceil_mode else 0)


def _holding(candidates: range, ceil_mode: bool, count: Callable[[int], int], output: int) -> Sequence[int]:
    """The candidates, with ``ceil_mode`` those that hold."""
    if not ceil_mode:
        return candidates
    return [candidate for candidate in candidates if count(candidate) == output]
