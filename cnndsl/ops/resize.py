"""Larger and smaller images: upsampling, padding and cropping."""

from __future__ import annotations

from math import gcd
from typing import Any, ClassVar

from ..attributes import Boolean, Choice, Number, Pair, attribute
from ..diagnostics.kinds import shapes
from .base import Call, Misuse, Operator, OperatorError, Sample, require_rank
from .free_size import is_below
from .geometry import AXES, Padding, PaddingType
from .sight import OWN, Box, Sight, Sights, gathered, repeated, repeating, shifted
from .types import TensorType

__all__ = ["Crop", "Pad", "Upsample"]


def _lines_between(size: int, factor: int, align_corners: bool) -> Sight | None:
    """What each output of a bilinear upsampling sees: the places on both sides of where it lies, or one that it meets.

    Output ``o`` lies at (o + 1/2)/factor - 1/2 = (2*o + 1 - factor)/(2*factor), or at o*(size - 1)/(factor*size - 1).
    """
    step, unit = (size - 1, max(1, factor * size - 1)) if align_corners else (2, 2 * factor)
    start = 0 if align_corners else 1 - factor
    turns = unit // gcd(step, unit)

    def between(output: int) -> range:
        at = start + output * step
        return range(at // unit, -(-at // unit) + 1)

    return repeating(turns, turns * step // unit, between)


class Upsample(Operator):
    """Enlarge an image by whole factors: repeat each number, or lay straight lines between neighbours.

    With ``bilinear`` the numbers stand for areas whose middles are interpolated; ``align_corners=true`` lets the corners of
    input and output be the same numbers instead. All as in torch.
    """

    name: ClassVar = "upsample"
    positional: ClassVar = ("scale_factor",)

    scale_factor: tuple[int, int] = attribute("how many times as high and as wide", Pair(1))
    mode: str = attribute("nearest or bilinear", Choice("nearest", "bilinear"), default="nearest")
    align_corners: bool = attribute("interpolate from corner to corner; bilinear only", Boolean(), default=False)

    samples: ClassVar = (
        Sample("upsample 2", (2, 3, 4)),
        Sample("upsample 3x1", (2, 2, 3)),
        Sample("upsample 2 mode=bilinear", (2, 3, 4)),
        Sample("upsample 3x2 mode=bilinear align_corners=true", (2, 3, 4)),
        Sample("upsample 4 mode=bilinear align_corners=true", (2, 1, 2)),
    )
    misuses: ClassVar = (
        Misuse("upsample 2", (7,), "E0302"),
        Misuse("upsample 1.5", (3, 4, 4), "E0206"),
        Misuse("upsample 0", (3, 4, 4), "E0207"),
    )

    def infer(self, x: TensorType) -> TensorType:
        require_rank(self, x, 3)
        height, width = (extent * factor for extent, factor in zip(x.shape[1:], self.scale_factor, strict=True))
        return TensorType((x.shape[0], height, width))

    def sights(self, x: TensorType) -> tuple[Sights, ...]:
        if self.mode == "nearest":
            return ((OWN, *map(repeated, self.scale_factor)),)
        axes = zip(x.shape[1:], self.scale_factor, strict=True)
        return ((OWN, *(_lines_between(size, factor, self.align_corners) for size, factor in axes)),)

    def formulas(self, x: TensorType) -> tuple[str, ...]:
        (height, width), (vertical, horizontal) = x.shape[1:], self.scale_factor
        return (f"{height}*{vertical} = {height * vertical}, {width}*{horizontal} = {width * horizontal}",)

    def torch_calls(self, x: TensorType) -> tuple[Call, ...]:
        arguments: dict[str, Any] = {"scale_factor": self.scale_factor, "mode": self.mode}
        if self.mode == "bilinear":
            arguments["align_corners"] = self.align_corners
        return (Call("nn.Upsample", arguments),)


class Pad(Operator):
    """Lay rows and columns around an image: a constant, its mirror image without the edge itself, or its edge repeated."""

    name: ClassVar = "pad"
    positional: ClassVar = ("padding",)

    padding: Padding = attribute("rows and columns on each side", PaddingType(2, words=()))
    mode: str = attribute(
        "constant, reflect or replicate", Choice("constant", "reflect", "replicate"), default="constant"
    )
    value: float = attribute("the constant", Number(), default=0.0)

    samples: ClassVar = (
        Sample("pad 1", (2, 3, 4)),
        Sample("pad (top=0, bottom=2, left=1, right=0) value=0.5", (2, 3, 4)),
        Sample("pad (1, 2) mode=reflect", (2, 3, 4)),
        Sample("pad (top=3, bottom=0, left=1, right=2) mode=replicate", (2, 2, 2)),
    )
    misuses: ClassVar = (
        Misuse("pad 4 mode=reflect", (2, 3, 8), "E0314"),
        Misuse("pad 1", (7,), "E0302"),
        Misuse("pad same", (2, 3, 3), "E0208"),
        Misuse("pad -1", (2, 3, 3), "E0207"),
    )

    def infer(self, x: TensorType) -> TensorType:
        require_rank(self, x, 3)
        for axis, sides in enumerate(self.padding):
            self._check(axis, x.shape[1 + axis], max(sides))
        height, width = (extent + sum(sides) for extent, sides in zip(x.shape[1:], self.padding, strict=True))
        return TensorType((x.shape[0], height, width))

    def sights(self, x: TensorType) -> tuple[Sights, ...]:
        return ((OWN, *(shifted(-before) for before, _ in self.padding)),)

    def reach(self, box: Box, *inputs: TensorType, output: int = 0) -> tuple[Box, ...]:
        if self.mode == "constant":
            return super().reach(box, *inputs)
        ((_, *sizes),) = (x.shape for x in inputs)
        axes = zip(box[1:], sizes, self.padding, strict=True)
        return (
            (box[0], *(gathered(self._copied(at - before, size) for at in at_) for at_, size, (before, _) in axes)),
        )

    def _copied(self, place: int, size: int) -> int:
        """The place of the image that one beside it copies."""
        if self.mode == "replicate":
            return min(max(place, 0), size - 1)
        return min(abs(place), 2 * (size - 1) - abs(place))

    def _check(self, axis: int, size: int, most: int) -> None:
        if self.mode != "reflect" or not is_below(size, most + 1):
            return
        raise OperatorError(
            shapes.REFLECTION_TOO_LARGE,
            f"a {AXES[axis]} of {size} has no {most} rows beside its edge to reflect",
            attribute="padding",
            label=f"at most {size - 1} along the {AXES[axis]}",
        )

    def torch_calls(self, x: TensorType) -> tuple[Call, ...]:
        (top, bottom), (left, right) = self.padding
        sides = {"padding": (left, right, top, bottom)}
        if self.mode == "constant":
            return (Call("nn.ConstantPad2d", {**sides, "value": self.value}),)
        return (Call("nn.ReflectionPad2d" if self.mode == "reflect" else "nn.ReplicationPad2d", sides),)


class Crop(Operator):
    """Cut an image of this size out of the middle; the odd row or column goes off at the end."""

    name: ClassVar = "crop"
    positional: ClassVar = ("size",)

    size: tuple[int, int] = attribute("height and width that are left", Pair(1))

    samples: ClassVar = (Sample("crop 2x2", (2, 4, 5)), Sample("crop (3, 1)", (2, 3, 4)))
    misuses: ClassVar = (Misuse("crop 4x4", (2, 3, 8), "E0313"), Misuse("crop 2x2", (7,), "E0302"))

    def infer(self, x: TensorType) -> TensorType:
        require_rank(self, x, 3)
        for name, extent, left in zip(AXES, x.shape[1:], self.size, strict=True):
            if is_below(extent, left):
                message = f"no {name} of {left} can be cut out of one of {extent}"
                label = f"at most {extent} along the {name}"
                raise OperatorError(shapes.CROP_TOO_LARGE, message, attribute="size", label=label)
        return TensorType((x.shape[0], *self.size))

    def sights(self, x: TensorType) -> tuple[Sights, ...]:
        return ((OWN, *(shifted(before) for before, _ in self.margins(x))),)

    def margins(self, x: TensorType) -> Padding:
        """What goes off before and after, for height and for width."""
        lost = [extent - left for extent, left in zip(x.shape[1:], self.size, strict=True)]
        return tuple((extent // 2, extent - extent // 2) for extent in lost)

    def torch_calls(self, x: TensorType) -> tuple[Call, ...]:
        (top, bottom), (left, right) = self.margins(x)
        return (Call("nn.ZeroPad2d", {"padding": (-left, -right, -top, -bottom)}),)
