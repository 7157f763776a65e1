"""Kinds of convolution with words of their own: one filter per channel, and the transpose of a convolution."""

from __future__ import annotations

from typing import ClassVar

from ..attributes import Boolean, Integer, Pair, attribute
from ..diagnostics.kinds import shapes
from .base import Call, Misuse, Operator, OperatorError, Sample, require_rank
from .convolution import Conv, check_groups, filter_formula, filters, resolve_padding
from .free_size import is_below
from .geometry import AXES, NO_PADDING, Padding, PaddingType, Window, dilated, explicit
from .sight import Sights, group_sight, transposed_sight
from .types import ParameterSpec, TensorType, element_count

__all__ = ["ConvTranspose", "Depthwise"]


class Depthwise(Operator):
    """Convolve each channel with filters of its own: ``conv`` with as many groups as channels (Howard et al. 2017).

    The input is CxHxW, the output multiplier*C x O x O'. Parameters: multiplier * C * kernel height * kernel width, and one
    bias per filter.
    """

    name: ClassVar = "depthwise"
    positional: ClassVar = ("kernel_size",)

    kernel_size: tuple[int, int] = attribute("height and width of the window", Pair(1))
    stride: tuple[int, int] = attribute("step between windows", Pair(1), default=(1, 1))
    padding: Padding | str = attribute(
        "zeros around the input", PaddingType(2), default=NO_PADDING[2], aliases=("pad",)
    )
    dilation: tuple[int, int] = attribute("step between the elements of a window", Pair(1), default=(1, 1))
    multiplier: int = attribute("filters per channel", Integer(1), default=1)
    bias: bool = attribute("add a learned number per filter", Boolean(), default=True)

    samples: ClassVar = (
        Sample("depthwise 3x3 pad=1", (3, 5, 6)),
        Sample("depthwise 3x3 stride=2 pad=same bias=false", (4, 6, 7)),
        Sample("depthwise 2x3 multiplier=2 dilation=2", (3, 6, 7)),
    )
    misuses: ClassVar = (
        Misuse("depthwise 7x7", (3, 5, 5), "E0301"),
        Misuse("depthwise 3x3", (120,), "E0302"),
        Misuse("depthwise 3x3 groups=3", (3, 8, 8), "E0202"),
        Misuse("depthwise 3x3 multiplier=0", (3, 8, 8), "E0207"),
    )

    def resolve(self, x: TensorType) -> Depthwise:
        if not isinstance(self.padding, str) or len(x.shape) != 3:
            return self
        padding = resolve_padding(self.padding, x.shape[1:], self.kernel_size, self.stride, self.dilation)
        return self.replace(padding=padding)

    def convolution(self, channels: int) -> Conv:
        """The grouped convolution that this is, for an input of so many channels."""
        sizes = self.kernel_size, self.stride, self.padding, self.dilation
        return Conv(channels * self.multiplier, *sizes, channels, self.bias)

    def window(self) -> Window:
        return Window(self.kernel_size, self.stride, explicit(self.padding), self.dilation)

    def infer(self, x: TensorType) -> TensorType:
        require_rank(self, x, 3)
        return self.convolution(x.shape[0]).infer(x)

    def sights(self, x: TensorType) -> tuple[Sights, ...]:
        return self.convolution(x.shape[0]).sights(x)

    def parameters(self, x: TensorType) -> dict[str, ParameterSpec]:
        return self.convolution(x.shape[0]).parameters(x)

    def macs(self, x: TensorType, y: TensorType) -> int:
        return self.convolution(x.shape[0]).macs(x, y)

    def mac_formula(self, x: TensorType, y: TensorType) -> str:
        return self.convolution(x.shape[0]).mac_formula(x, y)

    def formulas(self, x: TensorType) -> tuple[str, ...]:
        return self.window().formulas(x.shape[1:])

    def parameter_formula(self, x: TensorType) -> str:
        return self.convolution(x.shape[0]).parameter_formula(x)

    def torch_calls(self, x: TensorType) -> tuple[Call, ...]:
        return self.convolution(x.shape[0]).torch_calls(x)


class ConvTranspose(Operator):
    """Spread each number of an image over a window of the output, weighted by learned filters; windows that overlap add up.

    It is the transpose of ``conv``: it has that one's gradient as its result (Zeiler et al. 2010). The input is CxHxW, the
    output out_channels x O x O' with O = (I - 1)*S - 2P + F + output_padding, where F is the dilated kernel. Parameters:
    C * out_channels/groups * kernel height * kernel width, and one bias per output channel. Initial values are uniform within
    1/sqrt(out_channels/groups * kernel height * kernel width), as torch draws them.
    """

    name: ClassVar = "conv_transpose"
    positional: ClassVar = ("out_channels", "kernel_size")

    out_channels: int = attribute("channels of the output", Integer(1))
    kernel_size: tuple[int, int] = attribute("height and width of the window", Pair(1))
    stride: tuple[int, int] = attribute("step between windows of the output", Pair(1), default=(1, 1))
    padding: tuple[int, int] = attribute(
        "rows and columns taken off the output on both sides", Pair(0), default=(0, 0), aliases=("pad",)
    )
    output_padding: tuple[int, int] = attribute(
        "rows and columns added after the output, less than the stride or the dilation", Pair(0), default=(0, 0)
    )
    dilation: tuple[int, int] = attribute("step between the elements of a window", Pair(1), default=(1, 1))
    groups: int = attribute("parts that channels are divided into, each with its own filters", Integer(1), default=1)
    bias: bool = attribute("add a learned number per output channel", Boolean(), default=True)

    samples: ClassVar = (
        Sample("conv_transpose 4 2x2 stride=2", (3, 4, 5)),
        Sample("conv_transpose 2 3x3 stride=2 pad=1 output_padding=1", (3, 4, 3)),
        Sample("conv_transpose 4 3x2 stride=(1, 3) pad=(1, 0) groups=2 bias=false", (4, 3, 4)),
        Sample("conv_transpose 2 3 dilation=2 output_padding=(1, 0)", (2, 3, 3)),
        Sample("conv_transpose 1 1x1 stride=3 output_padding=2", (2, 3, 2)),
    )
    misuses: ClassVar = (
        Misuse("conv_transpose 4 2x2 stride=2 output_padding=2", (3, 4, 4), "E0315"),
        Misuse("conv_transpose 4 2x2 pad=3", (3, 4, 4), "E0313"),
        Misuse("conv_transpose 4 2x2 groups=2", (3, 4, 4), "E0305"),
        Misuse("conv_transpose 4 2x2", (12,), "E0302"),
        Misuse("conv_transpose 4 2x2 pad=same", (3, 4, 4), "E0208"),
    )

    def infer(self, x: TensorType) -> TensorType:
        require_rank(self, x, 3)
        check_groups(x.shape[0], self.out_channels, self.groups)
        return TensorType((self.out_channels, *(self._extent(x.shape[1 + axis], axis) for axis in (0, 1))))

    def sights(self, x: TensorType) -> tuple[Sights, ...]:
        axes = zip(self.kernel_size, self.stride, self.padding, self.dilation, strict=True)
        channels = group_sight(x.shape[0], self.out_channels, self.groups)
        return ((channels, *(transposed_sight(*axis) for axis in axes)),)

    def _extent(self, size: int, axis: int) -> int:
        room = max(self.stride[axis], self.dilation[axis])
        if self.output_padding[axis] >= room:
            raise OperatorError(
                shapes.BAD_OUTPUT_PADDING,
                f"output_padding of {self.output_padding[axis]} is not less than the stride of {self.stride[axis]} "
                f"along the {AXES[axis]}",
                attribute="output_padding",
                label=f"at most {room - 1} here",
            )
        extent = self._whole(size, axis) - 2 * self.padding[axis]
        if is_below(extent, 1):
            raise OperatorError(
                shapes.CROP_TOO_LARGE,
                f"padding of {self.padding[axis]} takes the whole {AXES[axis]} of {self._whole(size, axis)} away",
                attribute="padding",
                label=f"at most {(self._whole(size, axis) - 1) // 2} here",
                notes=(self._formula(size, axis),),
            )
        return extent

    def _whole(self, size: int, axis: int) -> int:
        kernel = dilated(self.kernel_size[axis], self.dilation[axis])
        return (size - 1) * self.stride[axis] + kernel + self.output_padding[axis]

    def _formula(self, size: int, axis: int) -> str:
        kernel = dilated(self.kernel_size[axis], self.dilation[axis])
        more = f" + {self.output_padding[axis]}" if self.output_padding[axis] else ""
        extent = self._whole(size, axis) - 2 * self.padding[axis]
        return f"({size} - 1)*{self.stride[axis]} - 2*{self.padding[axis]} + {kernel}{more} = {extent}"

    def formulas(self, x: TensorType) -> tuple[str, ...]:
        texts = [self._formula(x.shape[1 + axis], axis) for axis in (0, 1)]
        if texts[0] == texts[1]:
            return (texts[0],)
        return tuple(f"{name}: {text}" for name, text in zip(AXES, texts, strict=True))

    def _weight_shape(self, x: TensorType) -> tuple[int, ...]:
        """Channels, outputs that each of them goes to, and the window."""
        return x.shape[0], self.out_channels // self.groups, *self.kernel_size

    def parameters(self, x: TensorType) -> dict[str, ParameterSpec]:
        return filters(self._weight_shape(x), self.out_channels, self.bias)

    def macs(self, x: TensorType, y: TensorType) -> int:
        return element_count((*x.shape, *self._weight_shape(x)[1:]))

    def mac_formula(self, x: TensorType, y: TensorType) -> str:
        return f"{'*'.join(map(str, x.shape))} inputs * {'*'.join(map(str, self._weight_shape(x)[1:]))} each"

    def parameter_formula(self, x: TensorType) -> str:
        return filter_formula(self._weight_shape(x), self.out_channels, self.bias)

    def torch_calls(self, x: TensorType) -> tuple[Call, ...]:
        arguments = {
            "in_channels": x.shape[0],
            "out_channels": self.out_channels,
            "kernel_size": self.kernel_size,
            "stride": self.stride,
            "padding": self.padding,
            "output_padding": self.output_padding,
            "groups": self.groups,
            "bias": self.bias,
            "dilation": self.dilation,
        }
        return (Call("nn.ConvTranspose2d", arguments),)
