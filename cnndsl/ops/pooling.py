"""Pooling: a window without parameters."""

from __future__ import annotations

from typing import ClassVar

from ..attributes import Boolean, Pair, attribute
from ..diagnostics import kinds
from . import sight
from .base import Call, Misuse, Operator, OperatorError, Sample, require_rank
from .convolution import resolve_padding, torch_padding
from .free_size import is_above
from .geometry import NO_PADDING, Padding, PaddingType, Window, axis_names, explicit
from .pooling_calls import mean_calls, shared_padding
from .types import TensorType

__all__ = ["AvgPool", "GlobalAvgPool", "GlobalMaxPool", "MaxPool"]


def _check_padding(window: Window) -> None:
    """Refuse what torch refuses: it measures the kernel without its dilation."""
    for axis, (before, after) in enumerate(window.padding):
        half = window.kernel_size[axis] // 2
        if is_above(before, half) or is_above(after, half):
            raise OperatorError(
                kinds.shapes.PADDING_TOO_LARGE,
                f"padding of {max(before, after)} is more than half the kernel of {window.kernel_size[axis]} "
                f"along the {axis_names(len(window.kernel_size))[axis]}",
                attribute="padding",
                label=f"at most {half} for this kernel",
                notes=("a window could lie in the padding alone, where there is nothing to pool",),
                help=(f"pad by at most {half}, or use a window of at least {2 * max(before, after)}",),
            )


class _Pool(Operator):
    """What max and average pooling share."""

    positional: ClassVar = ("kernel_size",)

    kernel_size: tuple[int, ...] = attribute("height and width of the window", Pair(1))
    stride: tuple[int, ...] | None = attribute("step between windows; the kernel if not given", Pair(1), default=None)
    padding: Padding | str = attribute(
        "padding around the input, at most half the kernel", PaddingType(2), default=NO_PADDING[2], aliases=("pad",)
    )

    @property
    def _gaps(self) -> tuple[int, ...]:
        return getattr(self, "dilation", (1,) * len(self.kernel_size))

    def resolve(self, x: TensorType) -> Operator:
        stride = self.stride or self.kernel_size
        if isinstance(self.padding, str) and len(x.shape) == 1 + len(stride):
            padding = resolve_padding(self.padding, x.shape[1:], self.kernel_size, stride, self._gaps)
            return self.replace(stride=stride, padding=padding)
        return self.replace(stride=stride)

    def window(self) -> Window:
        stride = self.stride or self.kernel_size
        return Window(self.kernel_size, stride, explicit(self.padding), self._gaps, getattr(self, "ceil_mode", False))

    def infer(self, x: TensorType) -> TensorType:
        require_rank(self, x, 1 + len(self.kernel_size))
        _check_padding(self.window())
        return TensorType((x.shape[0], *self.window().output(x.shape[1:])))

    def formulas(self, x: TensorType) -> tuple[str, ...]:
        return self.window().formulas(x.shape[1:])


class MaxPool(_Pool):
    """The largest number of each window, per channel.

    The input is CxHxW; O = floor((I - F + P_before + P_after)/S + 1), with ceil in place of floor under ceil_mode. Padding
    never wins: it counts as minus infinity. Where numbers tie, the gradient goes to the first one in reading order.
    """

    name: ClassVar = "maxpool"

    dilation: tuple[int, ...] = attribute("step between the elements of a window", Pair(1), default=(1, 1))
    ceil_mode: bool = attribute("keep a last window that is only partly filled", Boolean(), default=False)

    samples: ClassVar[tuple[Sample, ...]] = (
        Sample("maxpool 2x2", (3, 6, 8)),
        Sample("maxpool 3x3 stride=2 pad=1", (2, 7, 8)),
        Sample("maxpool 3x3 stride=2 ceil_mode=true", (2, 8, 7)),
        Sample("maxpool 3x2 stride=(1, 2) pad=(1, 0)", (2, 5, 6)),
        Sample("maxpool 3 stride=1 pad=same", (2, 5, 5)),
        Sample("maxpool 2x2 stride=2 pad=same", (2, 5, 7)),
        Sample("maxpool 2x2 stride=3 dilation=2 pad=1 ceil_mode=true", (2, 8, 8)),
        Sample("maxpool 3x3 stride=3 pad=(top=1, bottom=0, left=0, right=1) ceil_mode=true", (2, 6, 6)),
    )
    misuses: ClassVar[tuple[Misuse, ...]] = (
        Misuse("maxpool 7x7", (3, 5, 5), "E0301"),
        Misuse("maxpool 3x3 pad=2", (3, 9, 9), "E0306"),
        Misuse("maxpool 2x2 stride=-1", (3, 8, 8), "E0207"),
        Misuse("maxpool 2x2", (10,), "E0302"),
        Misuse("maxpool", (3, 8, 8), "E0203"),
    )

    def torch_calls(self, x: TensorType) -> tuple[Call, ...]:
        window, ceil_mode = self.window(), self.ceil_mode
        padding = window.padding
        if ceil_mode and any(before != after for before, after in padding):
            # torch would count uneven padding as input when it decides whether a last window begins inside
            padding = tuple(
                (before, after + more) for (before, after), more in zip(padding, _overhang(window, x), strict=True)
            )
            ceil_mode = False
        pads, even = torch_padding(padding, float("-inf"))
        arguments = {
            "kernel_size": self.kernel_size,
            "stride": window.stride,
            "padding": even,
            "dilation": self.dilation,
            "ceil_mode": ceil_mode,
        }
        return (*pads, Call(f"nn.MaxPool{len(even)}d", arguments))


def _overhang(window: Window, x: TensorType) -> list[int]:
    """How far the last window reaches beyond the padded input on each axis, as ``ceil_mode`` lets it."""
    return [
        max(0, window.along(axis).reach(size) - size - sum(window.padding[axis]))
        for axis, size in enumerate(x.shape[1:])
    ]


class AvgPool(_Pool):
    """The mean of each window, per channel.

    The input is CxHxW; O = floor((I - F + P_before + P_after)/S + 1), with ceil in place of floor under ceil_mode. The zeros
    of the padding count towards the mean unless count_include_pad is false; what a last window under ceil_mode has after it
    the padding never counts.
    """

    name: ClassVar = "avgpool"

    ceil_mode: bool = attribute("keep a last window that is only partly filled", Boolean(), default=False)
    count_include_pad: bool = attribute("count the zeros of the padding in the mean", Boolean(), default=True)

    samples: ClassVar[tuple[Sample, ...]] = (
        Sample("avgpool 2x2", (3, 6, 8)),
        Sample("avgpool 3x3 stride=1 pad=1", (2, 5, 6)),
        Sample("avgpool 3x3 stride=2 pad=1 count_include_pad=false", (2, 7, 8)),
        Sample("avgpool 3x3 stride=2 pad=1 ceil_mode=true", (2, 8, 8)),
        Sample("avgpool 3x3 stride=2 pad=1 ceil_mode=true count_include_pad=false", (2, 8, 6)),
        Sample("avgpool 2x3 stride=(1, 2) pad=(0, 1)", (2, 5, 6)),
        Sample("avgpool 2x2 stride=1 pad=(top=0, bottom=1, left=0, right=1)", (2, 4, 5)),
        Sample("avgpool 2x2 stride=1 pad=(top=0, bottom=1, left=0, right=1) count_include_pad=false", (2, 4, 5)),
        Sample("avgpool 3x3 stride=3 pad=(top=1, bottom=0, left=0, right=1) ceil_mode=true", (2, 6, 7)),
        Sample("avgpool 3x3 stride=2 pad=same", (2, 6, 7)),
    )
    misuses: ClassVar[tuple[Misuse, ...]] = (
        Misuse("avgpool 6x6", (3, 5, 5), "E0301"),
        Misuse("avgpool 2x2 pad=2", (3, 9, 9), "E0306"),
        Misuse("avgpool 2x2 stride=0", (3, 8, 8), "E0207"),
        Misuse("avgpool 2x2 dilation=2", (3, 8, 8), "E0202"),
        Misuse("avgpool 2x2x2", (3, 8, 8), "E0206"),
    )

    @property
    def has_torch_calls(self) -> bool:
        """Whether torch's modules can do this; a few uneven paddings that do not count are beyond them."""
        window = self.window()
        even = all(before == after for before, after in window.padding)
        return even or self.count_include_pad or shared_padding(window) is not None

    def torch_calls(self, x: TensorType) -> tuple[Call, ...]:
        return mean_calls(self.window(), x.shape[1:], self.count_include_pad)


class _GlobalPool(Operator):
    """What the pooling of all places of a channel shares."""

    @property
    def sees_everything(self) -> bool:
        return True

    def sights(self, x: TensorType) -> tuple[sight.Sights, ...]:
        return ((sight.OWN, *(None for _ in x.shape[1:])),)

    def infer(self, x: TensorType) -> TensorType:
        if len(x.shape) == 2:
            return TensorType((x.shape[0], 1))
        require_rank(self, x, 3, 2)
        return TensorType((x.shape[0], 1, 1))

    def _torch_call(self, kind: str, x: TensorType) -> Call:
        rank = len(x.shape) - 1
        return Call(f"nn.Adaptive{kind}Pool{rank}d", {"output_size": (1, 1) if rank == 2 else 1})


class GlobalAvgPool(_GlobalPool):
    """The mean of each channel (Lin et al. 2013, "Network In Network"). The input is CxHxW or CxL, the output Cx1x1 or Cx1."""

    name: ClassVar = "global_avgpool"
    samples: ClassVar = (Sample("global_avgpool", (3, 4, 5)), Sample("global_avgpool", (3, 6)))
    misuses: ClassVar = (Misuse("global_avgpool", (7,), "E0302"), Misuse("global_avgpool 2x2", (3, 4, 4), "E0204"))

    def torch_calls(self, x: TensorType) -> tuple[Call, ...]:
        return (self._torch_call("Avg", x),)


class GlobalMaxPool(_GlobalPool):
    """The largest number of each channel. The input is CxHxW or CxL, the output Cx1x1 or Cx1."""

    name: ClassVar = "global_maxpool"
    samples: ClassVar = (Sample("global_maxpool", (3, 4, 5)), Sample("global_maxpool", (3, 6)))
    misuses: ClassVar = (Misuse("global_maxpool", (7,), "E0302"), Misuse("global_maxpool 2x2", (3, 4, 4), "E0204"))

    def torch_calls(self, x: TensorType) -> tuple[Call, ...]:
        return (self._torch_call("Max", x),)
