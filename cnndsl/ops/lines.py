"""Convolution and pooling over lines CxL, such as words of a text or samples of a sound.

Each is the operator of images along one axis.
"""

from __future__ import annotations

from typing import ClassVar

from ..attributes import Single, attribute
from .base import Misuse, Sample
from .convolution import Conv
from .geometry import NO_PADDING, Padding, PaddingType
from .pooling import AvgPool, MaxPool

__all__ = ["AvgPool1d", "Conv1d", "MaxPool1d"]


class Conv1d(Conv):
    """Slide learned filters along a line; each filter sums over its window and over all channels of its group.

    The input is CxL, the output out_channels x O with O = floor((I - F + P_before + P_after)/S + 1), where F is the dilated
    kernel. Parameters: out_channels * in_channels/groups * kernel length, and one bias per filter. Initial values are
    uniform within 1/sqrt(fan-in), as torch draws them.
    """

    name: ClassVar = "conv1d"

    kernel_size: tuple[int, ...] = attribute("length of the window", Single(1))
    stride: tuple[int, ...] = attribute("step between windows", Single(1), default=(1,))
    padding: Padding | str = attribute(
        "zeros before and after the input", PaddingType(1), default=NO_PADDING[1], aliases=("pad",)
    )
    dilation: tuple[int, ...] = attribute("step between the elements of a window", Single(1), default=(1,))

    samples: ClassVar = (
        Sample("conv1d 6 3", (4, 10)),
        Sample("conv1d 4 4 pad=same stride=2 bias=false", (2, 9)),
        Sample("conv1d 4 3 dilation=2 groups=2 pad=(left=1, right=3)", (4, 8)),
        Sample("conv1d 3 1", (100, 10)),
    )
    misuses: ClassVar = (
        Misuse("conv1d 6 7", (1, 5), "E0301"),
        Misuse("conv1d 6 3", (1, 5, 5), "E0302"),
        Misuse("conv1d 6 3x3", (1, 5), "E0206"),
        Misuse("conv1d 6 3 groups=2", (3, 8), "E0305"),
        Misuse("conv1d 6 3 pad=(top=1)", (3, 8), "E0206"),
    )


_KERNEL = attribute("length of the window", Single(1))
_STRIDE = attribute("step between windows; the kernel if not given", Single(1), default=None)
_PADDING = attribute(
    "padding before and after the input, at most half the kernel",
    PaddingType(1),
    default=NO_PADDING[1],
    aliases=("pad",),
)


class MaxPool1d(MaxPool):
    """The largest number of each window of a line CxL, per channel; like maxpool on an image of one row."""

    name: ClassVar = "maxpool1d"

    kernel_size: tuple[int, ...] = _KERNEL
    stride: tuple[int, ...] | None = _STRIDE
    padding: Padding | str = _PADDING
    dilation: ClassVar[tuple[int, ...]] = (1,)  # type: ignore[misc]

    samples: ClassVar = (
        Sample("maxpool1d 2", (3, 8)),
        Sample("maxpool1d 3 stride=2 pad=1", (2, 9)),
        Sample("maxpool1d 3 stride=2 pad=(left=0, right=1) ceil_mode=true", (2, 8)),
    )
    misuses: ClassVar = (Misuse("maxpool1d 6", (3, 5), "E0301"), Misuse("maxpool1d 2", (3, 5, 5), "E0302"))


class AvgPool1d(AvgPool):
    """The mean of each window of a line CxL, per channel; like avgpool on an image of one row."""

    name: ClassVar = "avgpool1d"

    kernel_size: tuple[int, ...] = _KERNEL
    stride: tuple[int, ...] | None = _STRIDE
    padding: Padding | str = _PADDING

    samples: ClassVar = (
        Sample("avgpool1d 2", (3, 8)),
        Sample("avgpool1d 3 stride=2 pad=1 count_include_pad=false", (2, 9)),
        Sample("avgpool1d 2 stride=1 pad=same", (2, 8)),
        Sample("avgpool1d 3 stride=2 ceil_mode=true", (2, 8)),
    )
    misuses: ClassVar = (Misuse("avgpool1d 2 pad=2", (3, 5), "E0306"), Misuse("avgpool1d 2", (3,), "E0302"))
