"""Convolution and pooling over lines CxL, such as words of a text or samples of a sound.

Each is the image operator for images of one row, and ``lowered`` gives that operator; torch has modules of its own for them.
"""

from __future__ import annotations

from math import sqrt
from typing import ClassVar

from ..attributes import Boolean, Integer, attribute
from .base import Call, Misuse, Operator, Sample, require_rank
from .convolution import Conv, resolve_padding
from .geometry import LinePaddingType, Padding, Window, explicit
from .pooling import AvgPool, MaxPool, check_padding
from .sight import Sights, group_sight
from .types import ParameterSpec, TensorType, Uniform

__all__ = ["AvgPool1d", "Conv1d", "MaxPool1d"]

_NO_PADDING: Padding = ((0, 0),)


def _torch_padding(padding: Padding, value: float) -> tuple[tuple[Call, ...], int]:
    """A call that pads what torch's own symmetric argument cannot, and what is left for that argument."""
    ((left, right),) = padding
    if left == right:
        return (), left
    return (Call("nn.ConstantPad1d", {"padding": (left, right), "value": value}),), 0


class Conv1d(Operator):
    """Slide learned filters along a line; each filter sums over its window and over all channels of its group.

    The input is CxL, the output out_channels x O with O = floor((I - F + P_before + P_after)/S + 1), where F is the dilated
    kernel. Parameters: out_channels * in_channels/groups * kernel length, and one bias per filter. Initial values are
    uniform within 1/sqrt(fan-in), as torch draws them.
    """

    name: ClassVar = "conv1d"
    positional: ClassVar = ("out_channels", "kernel_size")

    out_channels: int = attribute("number of filters", Integer(1))
    kernel_size: int = attribute("length of the window", Integer(1))
    stride: int = attribute("step between windows", Integer(1), default=1)
    padding: Padding | str = attribute(
        "zeros before and behind the input", LinePaddingType(), default=_NO_PADDING, aliases=("pad",)
    )
    dilation: int = attribute("step between the elements of a window", Integer(1), default=1)
    groups: int = attribute("parts that channels are divided into, each with its own filters", Integer(1), default=1)
    bias: bool = attribute("add a learned number per filter", Boolean(), default=True)

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

    def resolve(self, x: TensorType) -> Conv1d:
        if not isinstance(self.padding, str) or len(x.shape) != 2:
            return self
        axes = ((self.kernel_size,), (self.stride,), (self.dilation,))
        return self.replace(padding=resolve_padding(self.padding, x.shape[1:], *axes))

    def lowered(self) -> Conv:
        """The convolution that does the same to an image of one row."""
        sizes = (1, self.kernel_size), (1, self.stride), ((0, 0), *explicit(self.padding)), (1, self.dilation)
        return Conv(self.out_channels, *sizes, self.groups, self.bias)

    def window(self) -> Window:
        return Window((self.kernel_size,), (self.stride,), explicit(self.padding), (self.dilation,))

    def sights(self, x: TensorType) -> tuple[Sights, ...]:
        return ((group_sight(x.shape[0], self.out_channels, self.groups), *self.window().sights()),)

    def infer(self, x: TensorType) -> TensorType:
        require_rank(self, x, 2, "a line CxL", "")
        self.lowered().check_groups(x.shape[0])
        return TensorType((self.out_channels, *self.window().output(x.shape[1:])))

    def parameters(self, x: TensorType) -> dict[str, ParameterSpec]:
        shape = (self.out_channels, x.shape[0] // self.groups, self.kernel_size)
        bound = Uniform(1 / sqrt(shape[1] * shape[2]))
        weight = {"weight": ParameterSpec(shape, bound)}
        return {**weight, "bias": ParameterSpec((self.out_channels,), bound)} if self.bias else weight

    def macs(self, x: TensorType, y: TensorType) -> int:
        return y.shape[0] * y.shape[1] * (x.shape[0] // self.groups) * self.kernel_size

    def mac_formula(self, x: TensorType, y: TensorType) -> str:
        return f"{y.shape[0]}*{y.shape[1]} outputs * {x.shape[0] // self.groups}*{self.kernel_size} each"

    def formulas(self, x: TensorType) -> tuple[str, ...]:
        return self.window().formulas(x.shape[1:])

    def parameter_formula(self, x: TensorType) -> str:
        bias = f" + {self.out_channels}" if self.bias else ""
        return f"{self.out_channels}*{x.shape[0] // self.groups}*{self.kernel_size}{bias}"

    def torch_calls(self, x: TensorType) -> tuple[Call, ...]:
        pads, padding = _torch_padding(explicit(self.padding), 0.0)
        arguments = {
            "in_channels": x.shape[0],
            "out_channels": self.out_channels,
            "kernel_size": self.kernel_size,
            "stride": self.stride,
            "padding": padding,
            "dilation": self.dilation,
            "groups": self.groups,
            "bias": self.bias,
        }
        return (*pads, Call("nn.Conv1d", arguments))


class _Pool1d(Operator):
    """What max and average pooling of lines share."""

    positional: ClassVar = ("kernel_size",)

    kernel_size: int = attribute("length of the window", Integer(1))
    stride: int | None = attribute("step between windows; the kernel if not given", Integer(1), default=None)
    padding: Padding | str = attribute(
        "padding before and behind the input, at most half the kernel",
        LinePaddingType(),
        default=_NO_PADDING,
        aliases=("pad",),
    )
    ceil_mode: bool = attribute("keep a last window that is only partly filled", Boolean(), default=False)

    def resolve(self, x: TensorType) -> Operator:
        stride = self.stride or self.kernel_size
        if isinstance(self.padding, str) and len(x.shape) == 2:
            padding = resolve_padding(self.padding, x.shape[1:], (self.kernel_size,), (stride,), (1,))
            return self.replace(stride=stride, padding=padding)
        return self.replace(stride=stride)

    def window(self) -> Window:
        stride = self.stride or self.kernel_size
        return Window((self.kernel_size,), (stride,), explicit(self.padding), (1,), self.ceil_mode)

    def infer(self, x: TensorType) -> TensorType:
        require_rank(self, x, 2, "a line CxL", "")
        check_padding(self.window())
        return TensorType((x.shape[0], *self.window().output(x.shape[1:])))

    def formulas(self, x: TensorType) -> tuple[str, ...]:
        return self.window().formulas(x.shape[1:])

    def lowered(self) -> MaxPool | AvgPool:
        """The pooling that does the same to an image of one row."""
        raise NotImplementedError

    def torch_calls(self, x: TensorType) -> tuple[Call, ...]:
        image = TensorType((x.shape[0], 1, x.shape[1]))
        rows = Call("nn.Unflatten", {"dim": 1, "unflattened_size": (x.shape[0], 1)})
        return (rows, *self.lowered().torch_calls(image), Call("nn.Flatten", {"start_dim": 1, "end_dim": 2}))


class MaxPool1d(_Pool1d):
    """The largest number of each window of a line CxL, per channel; like maxpool on an image of one row."""

    name: ClassVar = "maxpool1d"

    samples: ClassVar = (
        Sample("maxpool1d 2", (3, 8)),
        Sample("maxpool1d 3 stride=2 pad=1", (2, 9)),
        Sample("maxpool1d 3 stride=2 pad=(left=0, right=1) ceil_mode=true", (2, 8)),
    )
    misuses: ClassVar = (Misuse("maxpool1d 6", (3, 5), "E0301"), Misuse("maxpool1d 2", (3, 5, 5), "E0302"))

    def lowered(self) -> MaxPool:
        stride = self.stride or self.kernel_size
        padding = ((0, 0), *explicit(self.padding))
        return MaxPool((1, self.kernel_size), (1, stride), padding, ceil_mode=self.ceil_mode)


class AvgPool1d(_Pool1d):
    """The mean of each window of a line CxL, per channel; like avgpool on an image of one row."""

    name: ClassVar = "avgpool1d"

    count_include_pad: bool = attribute("count the zeros of the padding in the mean", Boolean(), default=True)

    samples: ClassVar = (
        Sample("avgpool1d 2", (3, 8)),
        Sample("avgpool1d 3 stride=2 pad=1 count_include_pad=false", (2, 9)),
        Sample("avgpool1d 2 stride=1 pad=same", (2, 8)),
        Sample("avgpool1d 3 stride=2 ceil_mode=true", (2, 8)),
    )
    misuses: ClassVar = (Misuse("avgpool1d 2 pad=2", (3, 5), "E0306"), Misuse("avgpool1d 2", (3,), "E0302"))

    def lowered(self) -> AvgPool:
        stride = self.stride or self.kernel_size
        padding = ((0, 0), *explicit(self.padding))
        return AvgPool((1, self.kernel_size), (1, stride), padding, self.ceil_mode, self.count_include_pad)

    @property
    def has_torch_calls(self) -> bool:
        """Whether torch's modules can do this: see :class:`~cnndsl.ops.pooling.AvgPool`."""
        return self.lowered().has_torch_calls
