"""Convolutions."""

from __future__ import annotations

from math import gcd, prod, sqrt
from typing import Any, ClassVar

from .. import diagnostics
from ..attributes import Boolean, Integer, Pair, attribute
from ..diagnostics import kinds
from . import sight
from .base import Call, Misuse, Operator, OperatorError, Sample, require_rank
from .geometry import NO_PADDING, Padding, PaddingType, Window, divisors, explicit, same_padding
from .types import ParameterSpec, TensorType, Uniform, element_count

__all__ = ["Conv", "check_groups", "filter_formula", "filters", "pad_call", "resolve_padding", "torch_padding"]


def resolve_padding(
    padding: Padding | str,
    sizes: tuple[int, ...],
    kernel: tuple[int, ...],
    stride: tuple[int, ...],
    dilation: tuple[int, ...],
) -> Padding:
    """Explicit padding: ``same`` is worked out here, once, and no backend ever sees the word."""
    if not isinstance(padding, str):
        return padding
    return tuple(same_padding(*axis) for axis in zip(sizes, kernel, stride, dilation, strict=True))


def torch_padding(padding: Padding, value: float = 0.0) -> tuple[tuple[Call, ...], tuple[int, ...]]:
    """Calls that pad what torch's own symmetric argument cannot, and what is left for that argument."""
    if all(before == after for before, after in padding):
        return (), tuple(before for before, _ in padding)
    return (pad_call(padding, value),), (0,) * len(padding)


def pad_call(padding: Padding, value: float = 0.0) -> Call:
    """The module of torch that pads, or cuts off where a number is negative."""
    sides = tuple(extent for axis in reversed(padding) for extent in axis)
    return Call(f"nn.ConstantPad{len(padding)}d", {"padding": sides, "value": value})


def filters(shape: tuple[int, ...], outputs: int, bias: bool) -> dict[str, ParameterSpec]:
    """The tensors of a convolution whose weight has this shape: uniform within 1/sqrt(fan-in), as torch draws them."""
    bound = Uniform(1 / sqrt(prod(shape[1:])))
    weight = {"weight": ParameterSpec(shape, bound)}
    return {**weight, "bias": ParameterSpec((outputs,), bound)} if bias else weight


def filter_formula(shape: tuple[int, ...], outputs: int, bias: bool) -> str:
    """How many parameters they have."""
    return "*".join(map(str, shape)) + (f" + {outputs}" if bias else "")


class Conv(Operator):
    """Slide learned filters over an image; each filter sums over its window and over all channels of its group.

    The input is CxHxW, the output out_channels x O x O' with O = floor((I - F + P_before + P_after)/S + 1), where F is the
    dilated kernel. It is a cross-correlation, as in every framework. Parameters: out_channels * in_channels/groups * kernel
    height * kernel width, and one bias per filter. Initial values are uniform within 1/sqrt(fan-in), as torch draws them.
    """

    name: ClassVar = "conv"
    positional: ClassVar = ("out_channels", "kernel_size")

    out_channels: int = attribute("number of filters", Integer(1))
    kernel_size: tuple[int, ...] = attribute("height and width of the window", Pair(1))
    stride: tuple[int, ...] = attribute("step between windows", Pair(1), default=(1, 1))
    padding: Padding | str = attribute(
        "zeros around the input", PaddingType(2), default=NO_PADDING[2], aliases=("pad",)
    )
    dilation: tuple[int, ...] = attribute("step between the elements of a window", Pair(1), default=(1, 1))
    groups: int = attribute("parts that channels are divided into, each with its own filters", Integer(1), default=1)
    bias: bool = attribute("add a learned number per filter", Boolean(), default=True)

    samples: ClassVar[tuple[Sample, ...]] = (
        Sample("conv 6 5x5", (1, 32, 32)),
        Sample("conv 4 3x3 pad=1", (3, 5, 7)),
        Sample("conv 4 3x3 pad=same stride=2", (2, 6, 7)),
        Sample("conv 3 3x2 stride=(2, 1) pad=(1, 0) bias=false", (2, 7, 6)),
        Sample("conv 2 3x3 pad=(top=1, bottom=2, left=0, right=3)", (2, 4, 4)),
        Sample("conv 4 3x3 dilation=2 pad=2", (2, 7, 8)),
        Sample("conv 6 3x3 groups=2 pad=1", (4, 5, 5)),
        Sample("conv 4 3 groups=4 stride=2", (4, 8, 6)),
        Sample("conv 5 1x1", (3, 4, 4)),
        Sample("conv 3 2x4 pad=same dilation=(2, 1)", (2, 5, 6)),
    )
    misuses: ClassVar[tuple[Misuse, ...]] = (
        Misuse("conv 6 7x7", (1, 5, 5), "E0301"),
        Misuse("conv 6 3x3 dilation=4", (1, 8, 8), "E0301"),
        Misuse("conv 6 3x3", (120,), "E0302"),
        Misuse("conv 6 3x3 groups=4", (3, 8, 8), "E0305"),
        Misuse("conv 6 3x3 stride=0", (3, 8, 8), "E0207"),
        Misuse("conv 6", (3, 8, 8), "E0203"),
        Misuse("conv 6.5 3x3", (3, 8, 8), "E0206"),
        Misuse("conv 6 3x3 kernal_size=3", (3, 8, 8), "E0202"),
        Misuse("conv 6 3x3 1 1", (3, 8, 8), "E0204"),
        Misuse("conv 6 3x3 kernel_size=3", (3, 8, 8), "E0205"),
    )

    def resolve(self, x: TensorType) -> Conv:
        if not isinstance(self.padding, str) or len(x.shape) != 1 + len(self.kernel_size):
            return self
        padding = resolve_padding(self.padding, x.shape[1:], self.kernel_size, self.stride, self.dilation)
        return self.replace(padding=padding)

    def window(self) -> Window:
        return Window(self.kernel_size, self.stride, explicit(self.padding), self.dilation)

    def sights(self, x: TensorType) -> tuple[sight.Sights, ...]:
        return ((sight.group_sight(x.shape[0], self.out_channels, self.groups), *self.window().sights()),)

    def infer(self, x: TensorType) -> TensorType:
        require_rank(self, x, 1 + len(self.kernel_size))
        check_groups(x.shape[0], self.out_channels, self.groups)
        return TensorType((self.out_channels, *self.window().output(x.shape[1:])))

    def weight_shape(self, x: TensorType) -> tuple[int, ...]:
        """Filters, channels that each of them reads, and the window."""
        return self.out_channels, x.shape[0] // self.groups, *self.kernel_size

    def parameters(self, x: TensorType) -> dict[str, ParameterSpec]:
        return filters(self.weight_shape(x), self.out_channels, self.bias)

    def macs(self, x: TensorType, y: TensorType) -> int:
        return element_count((*y.shape, *self.weight_shape(x)[1:]))

    def mac_formula(self, x: TensorType, y: TensorType) -> str:
        return f"{'*'.join(map(str, y.shape))} outputs * {'*'.join(map(str, self.weight_shape(x)[1:]))} each"

    def formulas(self, x: TensorType) -> tuple[str, ...]:
        return self.window().formulas(x.shape[1:])

    def parameter_formula(self, x: TensorType) -> str:
        return filter_formula(self.weight_shape(x), self.out_channels, self.bias)

    def torch_calls(self, x: TensorType) -> tuple[Call, ...]:
        pads, padding = torch_padding(explicit(self.padding))
        arguments: dict[str, Any] = {
            "in_channels": x.shape[0],
            "out_channels": self.out_channels,
            "kernel_size": self.kernel_size,
            "stride": self.stride,
            "padding": padding,
            "dilation": self.dilation,
            "groups": self.groups,
            "bias": self.bias,
        }
        return (*pads, Call(f"nn.Conv{len(padding)}d", arguments))


def check_groups(inputs: int, outputs: int, groups: int) -> None:
    """Raise E0305 unless the groups divide the channels of input and output."""
    for what, channels in (("input", inputs), ("output", outputs)):
        if channels % groups:
            raise OperatorError(
                kinds.shapes.INDIVISIBLE_GROUPS,
                f"{groups} groups do not divide the {channels} {what} channels evenly",
                attribute="groups",
                label=f"{channels} / {groups} is not whole",
                help=lambda: (f"`groups` may be {diagnostics.one_of(divisors(gcd(inputs, outputs)))} here",),
            )
