"""Where branches meet and part: sums, products and concatenations of values, and the parts of one."""

from __future__ import annotations

from typing import ClassVar

from ..attributes import Integer, Pair, attribute
from ..diagnostics import DiagnosticKind
from ..diagnostics.kinds import shapes
from ..diagnostics.suggest import one_of
from .base import Call, Function, Misuse, Operator, OperatorError, Sample, require_axis, require_rank
from .geometry import divisors
from .sight import OWN, Box, Sight, Sights, shifted
from .types import Shape, TensorType, format_shape

__all__ = ["Add", "Concat", "Identity", "Mul", "ShortcutPad", "Split"]


def _mismatch(kind: DiagnosticKind, what: str, inputs: tuple[TensorType, ...], place: int, help_: str) -> OperatorError:
    listed = ", ".join(map(str, inputs[:-1])) + f" and {inputs[-1]}"
    return OperatorError(kind, f"{what}: {listed}", input=place, label=f"{inputs[place]} does not fit", help=(help_,))


def _branches(*bodies: str) -> str:
    """Branches in braces, as samples show them."""
    return "\n".join(("{", *(f"    branch {{ {body} }}" for body in bodies), "}"))


class Add(Operator):
    """The sum of values of one shape, as in a residual connection (He et al. 2015)."""

    name: ClassVar = "add"
    is_join: ClassVar = True

    samples: ClassVar = (Sample(f"add {_branches('identity', 'conv 4 3x3 pad=1', 'relu')}", (4, 3, 5)),)
    misuses: ClassVar = (Misuse(f"add {_branches('identity', 'conv 5 3x3 pad=1')}", (4, 3, 5), "E0308"),)

    def infer(self, *inputs: TensorType) -> TensorType:
        for place, value in enumerate(inputs):
            if value.shape != inputs[0].shape:
                help_ = "give the branches the same strides and numbers of channels"
                raise _mismatch(shapes.SUM_MISMATCH, "the values to add differ in shape", inputs, place, help_)
        return inputs[0]

    def torch_calls(self, *inputs: TensorType) -> tuple[Call, ...]:
        return (Function("add", takes="folded"),)


class Mul(Operator):
    """The product of values, number by number; a size of 1 goes with any (the gates of Hu et al. 2017)."""

    name: ClassVar = "mul"
    is_join: ClassVar = True

    samples: ClassVar = (Sample(f"mul {_branches('identity', 'global_avgpool | conv 4 1x1 | sigmoid')}", (4, 3, 5)),)
    misuses: ClassVar = (Misuse(f"mul {_branches('identity', 'global_avgpool | conv 2 1x1')}", (4, 3, 5), "E0311"),)

    def sights(self, *inputs: TensorType) -> tuple[Sights, ...]:
        whole = self.infer(*inputs).shape
        the_one = Sight((range(1),), 0)
        return tuple(
            tuple(OWN if own == all_ else the_one for own, all_ in zip(x.shape, whole, strict=True)) for x in inputs
        )

    def infer(self, *inputs: TensorType) -> TensorType:
        shape = inputs[0].shape
        for place, value in enumerate(inputs):
            if not _broadcast(shape, value.shape):
                help_ = _gate(inputs) or "sizes must be equal or 1, as in the product of 64x56x56 and 64x1x1"
                raise _mismatch(shapes.PRODUCT_MISMATCH, "the values to multiply do not fit", inputs, place, help_)
            shape = tuple(b if a == 1 else a for a, b in zip(shape, value.shape, strict=True))
        return TensorType(shape)

    def torch_calls(self, *inputs: TensorType) -> tuple[Call, ...]:
        return (Function("mul", takes="folded"),)


def _gate(inputs: tuple[TensorType, ...]) -> str:
    """What to do where a vector has a number for each channel of an image; empty if none has."""
    images = [value.shape for value in inputs if len(value.shape) == 3]
    if not any(image[:1] == value.shape for image in images for value in inputs):
        return ""
    form = format_shape((images[0][0], 1, 1))
    return f"a factor for each channel is {form}: end the vector in `reshape {form}`, or leave out `flatten` and use `conv`"


def _broadcast(shape: Shape, other: Shape) -> bool:
    return len(shape) == len(other) and all(a == b or 1 in (a, b) for a, b in zip(shape, other, strict=True))


class Concat(Operator):
    """Join values along an axis, the channels by default; all other sizes are equal."""

    name: ClassVar = "concat"
    is_join: ClassVar = True
    dtypes: ClassVar = ("float", "token")

    axis: int = attribute("axis along which the values are laid, from 0, without the batch", Integer(0, 7), default=0)

    samples: ClassVar = (
        Sample(f"concat {_branches('conv 2 1x1', 'maxpool 3x3 stride=1 pad=1')}", (4, 3, 5)),
        Sample(f"concat axis=2 {_branches('identity', 'conv 4 1x1')}", (4, 3, 5)),
    )
    misuses: ClassVar = (
        Misuse(f"concat {_branches('identity', 'conv 4 3x3')}", (4, 3, 5), "E0309"),
        Misuse(f"concat axis=3 {_branches('identity', 'relu')}", (4, 3, 5), "E0307"),
    )

    def infer(self, *inputs: TensorType) -> TensorType:
        first = inputs[0]
        require_axis(self.axis, first)
        for place, value in enumerate(inputs):
            if self._others(value.shape) != self._others(first.shape) or value.dtype != first.dtype:
                images = self.axis == 0 and len(first.shape) == len(value.shape) == 3
                others = "height or width" if images else f"more than axis {self.axis}"
                what = f"the values to concatenate differ in {others}"
                help_ = "give the branches equal heights and widths, by padding or by stride"
                raise _mismatch(shapes.CONCAT_MISMATCH, what, inputs, place, help_)
        total = sum(value.shape[self.axis] for value in inputs)
        return TensorType((*first.shape[: self.axis], total, *first.shape[self.axis + 1 :]), first.dtype)

    def sights(self, *inputs: TensorType) -> tuple[Sights, ...]:
        sights, before = [], 0
        for x in inputs:
            sights.append(tuple(shifted(-before) if axis == self.axis else OWN for axis in range(len(x.shape))))
            before += x.shape[self.axis]
        return tuple(sights)

    def _others(self, shape: Shape) -> tuple[int | None, ...]:
        return tuple(None if place == self.axis else extent for place, extent in enumerate(shape))

    def formulas(self, *inputs: TensorType) -> tuple[str, ...]:
        parts = [value.shape[self.axis] for value in inputs]
        return (f"{' + '.join(map(str, parts))} = {sum(parts)}",)

    def torch_calls(self, *inputs: TensorType) -> tuple[Call, ...]:
        return (Function("cat", {"dim": self.axis + 1}, takes="together"),)


class Identity(Operator):
    """The value itself, as in the bypass of a branch."""

    name: ClassVar = "identity"
    dtypes: ClassVar = ("float", "token")

    samples: ClassVar = (Sample("identity", (3, 4, 5)), Sample("identity", (7,)))
    misuses: ClassVar = (Misuse("identity 1", (7,), "E0204"),)

    @property
    def is_view(self) -> bool:
        return True

    def infer(self, x: TensorType) -> TensorType:
        return x

    def torch_calls(self, x: TensorType) -> tuple[Call, ...]:
        return (Call("nn.Identity"),)


class Split(Operator):
    """Equal parts of a value along its channels, each an output of its own (the units of Ma et al. 2018)."""

    name: ClassVar = "split"
    positional: ClassVar = ("parts",)
    dtypes: ClassVar = ("float", "token")

    parts: int = attribute("number of outputs", Integer(1, 10_000))

    samples: ClassVar = (Sample("left, right: split 2\nfrom right\nconcat left", (6, 3, 5)),)
    misuses: ClassVar = (Misuse("left, right: split 2\nfrom left", (5, 3, 5), "E0310"),)

    @property
    def is_view(self) -> bool:
        return True

    def infer(self, x: TensorType) -> TensorType:
        if x.shape[0] % self.parts:
            raise OperatorError(
                shapes.INDIVISIBLE_SPLIT,
                f"{x.shape[0]} channels do not divide into {self.parts} equal parts",
                attribute="parts",
                label=f"{x.shape[0]} / {self.parts} is not whole",
                help=lambda: (f"they divide into {one_of(divisors(x.shape[0]))}",),
            )
        return TensorType((x.shape[0] // self.parts, *x.shape[1:]), x.dtype)

    def outputs(self, *inputs: TensorType) -> tuple[TensorType, ...]:
        return super().outputs(*inputs) * self.parts

    def reach(self, box: Box, *inputs: TensorType, output: int = 0) -> tuple[Box, ...]:
        (x,) = inputs
        return ((shifted(output * (x.shape[0] // self.parts)).reach(box[0], x.shape[0]), *box[1:]),)

    def formulas(self, x: TensorType) -> tuple[str, ...]:
        return (f"{x.shape[0]}/{self.parts} = {x.shape[0] // self.parts}",)

    def torch_calls(self, x: TensorType) -> tuple[Call, ...]:
        return (Function("chunk", {"chunks": self.parts, "dim": 1}),)


class ShortcutPad(Operator):
    """The shortcut without parameters where a residual block changes shape: option A of He et al. 2015.

    Every stride-th row and column is kept, and channels of zeros are added at the end, up to out_channels. The input is
    CxHxW, the output out_channels x ceil(H/stride) x ceil(W/stride).
    """

    name: ClassVar = "shortcut_pad"
    positional: ClassVar = ("out_channels",)

    out_channels: int = attribute("channels of the output, at least those of the input", Integer(1))
    stride: tuple[int, int] = attribute("step between the rows and columns that are kept", Pair(1), default=(1, 1))

    samples: ClassVar = (
        Sample("shortcut_pad 4 stride=2", (2, 5, 6)),
        Sample("shortcut_pad 3", (3, 2, 2)),
        Sample("shortcut_pad 5 stride=(3, 1)", (2, 7, 5)),
    )
    misuses: ClassVar = (
        Misuse("shortcut_pad 2", (3, 4, 4), "E0308"),
        Misuse("shortcut_pad 4", (3,), "E0302"),
        Misuse("shortcut_pad 4 stride=0", (3, 4, 4), "E0207"),
    )

    def infer(self, x: TensorType) -> TensorType:
        require_rank(self, x, 3)
        channels, height, width = x.shape
        if channels > self.out_channels:
            raise OperatorError(
                shapes.SUM_MISMATCH,
                f"a shortcut of zeros cannot turn {channels} channels into {self.out_channels}",
                attribute="out_channels",
                label=f"at least {channels} here",
                help=("use `shortcut projection`, whose 1x1 convolution can",),
            )
        down, right = self.stride
        return TensorType((self.out_channels, (height - 1) // down + 1, (width - 1) // right + 1))

    def sights(self, x: TensorType) -> tuple[Sights, ...]:
        return ((OWN, *(Sight((range(1),), step) for step in self.stride)),)

    def torch_calls(self, x: TensorType) -> tuple[Call, ...]:
        zeros = (0, 0, 0, 0, 0, self.out_channels - x.shape[0])
        keep = (Call("nn.MaxPool2d", {"kernel_size": 1, "stride": self.stride}),) if self.stride != (1, 1) else ()
        return (*keep, Call("nn.ConstantPad3d", {"padding": zeros, "value": 0.0}))
