"""How the poolings of torch, which pad both sides alike, are made to pad unevenly: as calls, exactly, where it can be had.

Three facts help. Zeros that are laid around an image beforehand count towards a mean. ``nn.ConstantPad2d`` with negative
numbers cuts rows and columns off, so windows that torch makes too many do no harm. And where padding does not count, it does
not matter how much of it there is, as long as windows begin at the right places.
"""

from __future__ import annotations

from .base import Call
from .convolution import pad_call, torch_padding
from .geometry import NO_PADDING, Window, WindowAxis

__all__ = ["mean_calls", "shared_padding"]


def mean_calls(window: Window, sizes: tuple[int, ...], count_include_pad: bool) -> tuple[Call, ...]:
    """Average pooling with torch's modules; the window must have a form there (see :func:`shared_padding`)."""
    even = all(before == after for before, after in window.padding)
    if even or (count_include_pad and not window.ceil_mode):
        pads, padding = torch_padding(window.padding)
        return (*pads, _mean(window, padding, window.ceil_mode, count_include_pad))
    if count_include_pad:
        return _padded_before(window, sizes)
    return _padded_alike(window, sizes)


def shared_padding(window: Window) -> tuple[int, ...] | None:
    """Padding for both sides of an axis under which torch makes every window, where padding does not count.

    Windows have to begin at the same places, so only whole strides may be added in front; and torch allows no more than
    half a kernel. None if nothing fits, which happens under ceil_mode alone.
    """
    shared = [_shared(window.along(axis)) for axis in range(len(window.padding))]
    fitting = tuple(padding for padding in shared if padding is not None)
    return fitting if len(fitting) == len(shared) else None


def _shared(window: WindowAxis) -> int | None:
    within = window.stride - 1
    # under ceil_mode the last window may reach further, by less than a stride, and begins inside the image
    needed = min(window.after + within, window.kernel_size - 1) if window.ceil_mode else window.after
    # torch's own ceil_mode, which is always switched on, lets a window reach stride - 1 beyond the padding
    missing = max(0, needed - (window.before + within))
    padding = window.before + -(-missing // window.stride) * window.stride
    return padding if padding <= window.kernel_size // 2 else None


def _padded_before(window: Window, sizes: tuple[int, ...]) -> tuple[Call, ...]:
    """The padding counts: it becomes part of the image, in which torch may begin one window too many."""
    pads, none = torch_padding(window.padding)
    padded = tuple(size + sum(sides) for size, sides in zip(sizes, window.padding, strict=True))
    made = window.replace(padding=NO_PADDING[len(sizes)]).output(padded)
    return (*pads, _mean(window, none, True, True), *_cut(none, made, window.output(sizes)))


def _padded_alike(window: Window, sizes: tuple[int, ...]) -> tuple[Call, ...]:
    """The padding does not count: pad both sides alike, and cut off the windows that are too many."""
    shared = shared_padding(window)
    assert shared is not None, "a backend refuses what it cannot do before it asks for calls"
    made = window.replace(padding=tuple(zip(shared, shared, strict=True)), ceil_mode=True).output(sizes)
    axes = zip(shared, window.padding, window.stride, strict=True)
    first = tuple((padding - before) // stride for padding, (before, _), stride in axes)
    return (_mean(window, shared, True, False), *_cut(first, made, window.output(sizes)))


def _mean(window: Window, padding: tuple[int, ...], ceil_mode: bool, count_include_pad: bool) -> Call:
    arguments = {
        "kernel_size": window.kernel_size,
        "stride": window.stride,
        "padding": padding,
        "ceil_mode": ceil_mode,
        "count_include_pad": count_include_pad,
    }
    return Call(f"nn.AvgPool{len(padding)}d", arguments)


def _cut(first: tuple[int, ...], made: tuple[int, ...], wanted: tuple[int, ...]) -> tuple[Call, ...]:
    """Keep the ``wanted`` places of each axis from ``first`` on, out of those made."""
    cut = tuple((-begin, begin + kept - all_) for begin, all_, kept in zip(first, made, wanted, strict=True))
    return (pad_call(cut),) if any(map(any, cut)) else ()
