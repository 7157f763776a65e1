"""The window formula asked backwards: which input, kernel, stride, padding or dilation gives a wanted extent.

With R = I - F + P, ``O = floor(R/S + 1)`` says ``(O - 1)*S <= R < O*S``, so that every answer is one stretch of whole
numbers. With ``ceil_mode`` it lies within the stretches of O - 1 and O, and what does not hold there is left out. What a
window has itself of the attribute that is asked about does not matter.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from .geometry import WindowAxis

__all__ = ["dilations_giving", "inputs_giving", "kernel_sizes_giving", "paddings_giving", "strides_giving"]


def inputs_giving(window: WindowAxis, output: int) -> Sequence[int]:
    """The extents of the input that give this output, from 1 up."""
    least, most = _remainders(window, output)
    shift = window.extent - window.before - window.after
    candidates = range(max(1, least + shift), max(0, most + shift) + 1)
    return [size for size in candidates if window.output(size) == output] if window.ceil_mode else candidates


def kernel_sizes_giving(window: WindowAxis, output: int, size: int) -> Sequence[int]:
    """The kernel sizes that give this output, from 1 up."""
    least, most = _remainders(window, output)
    padded = size + window.before + window.after
    first = max(1, -((most + 1 - padded) // window.dilation) + 1)
    return _holding(window, "kernel_size", range(first, (padded - least - 1) // window.dilation + 2), output, size)


def strides_giving(window: WindowAxis, output: int, size: int) -> Sequence[int]:
    """The strides that give this output, from 1 up to the padded input, beyond which nothing changes."""
    padded = size + window.before + window.after
    remainder = padded - window.extent
    if remainder < 0 or output < 1:
        return range(0)
    windows = output - 1 if window.ceil_mode else output
    least = max(1, -(-remainder // (output + 1))) if window.ceil_mode else remainder // output + 1
    most = padded if windows < 2 else remainder // (windows - 1) + (1 if window.ceil_mode else 0)
    return _holding(window, "stride", range(least, min(most, padded) + 1), output, size)


def dilations_giving(window: WindowAxis, output: int, size: int) -> Sequence[int]:
    """The dilations that give this output, from 1 up; for a kernel of 1, which has no gaps, 1 or none."""
    least, most = _remainders(window, output)
    padded, gaps = size + window.before + window.after, window.kernel_size - 1
    if gaps:
        candidates = range(max(1, -((most + 1 - padded) // gaps)), (padded - least - 1) // gaps + 1)
    else:
        candidates = range(1, 2 if least <= padded - 1 <= most else 1)
    return _holding(window, "dilation", candidates, output, size)


def paddings_giving(window: WindowAxis, output: int, size: int) -> range:
    """The paddings, before and after together, that give this output with ``ceil_mode`` off."""
    least, most = _remainders(window.replace(ceil_mode=False), output)
    shift = window.extent - size
    return range(max(0, least + shift), max(0, most + shift + 1))


def _remainders(window: WindowAxis, output: int) -> tuple[int, int]:
    """The least and the most of R = I - F + P that give an output, for ``ceil_mode`` perhaps."""
    least, most = (output - 1) * window.stride, output * window.stride - 1
    return (least - window.stride, most + 1) if window.ceil_mode else (least, most)


def _holding(window: WindowAxis, name: str, candidates: range, output: int, size: int) -> Sequence[int]:
    """The candidates for an attribute, with ``ceil_mode`` those that hold."""
    if not window.ceil_mode:
        return candidates
    changed: Iterator[tuple[int, dict[str, Any]]] = ((value, {name: value}) for value in candidates)
    return [value for value, change in changed if window.replace(**change).output(size) == output]
