"""The same numbers in another order or under another shape."""

from __future__ import annotations

from typing import ClassVar

from ..attributes import AttributeType, Integer, ValueProblem, attribute
from ..diagnostics.kinds import shapes
from .base import Call, Function, Misuse, Operator, OperatorError, Sample, require_rank
from .free_size import Undecided, is_free
from .sight import OWN, Box, Sight, Sights, gathered, repeated, repeating, reshaped, unravelled
from .types import Shape, TensorType, element_count, format_shape

__all__ = ["ChannelShuffle", "Permute", "PixelShuffle", "Reshape"]


class _Numbers(AttributeType):
    """Whole numbers as a size or in parentheses; one alone is a tuple of one."""

    def __init__(self, what: str, minimum: int) -> None:
        self.what = what
        self.each = Integer(minimum)

    @property
    def description(self) -> str:
        return self.what

    def convert(self, value: object) -> tuple[int, ...]:
        items = value if isinstance(value, tuple) else (value,)
        if not 1 <= len(items) <= 8:
            raise self.wrong(value)
        try:
            return tuple(self.each.convert(item) for item in items)
        except ValueProblem as problem:
            raise ValueProblem(self.wrong(value).message, out_of_range=problem.out_of_range) from None


class Reshape(Operator):
    """The same numbers, in the order of ``flatten``, under another shape."""

    name: ClassVar = "reshape"
    positional: ClassVar = ("shape",)
    dtypes: ClassVar = ("float", "token")

    shape: Shape = attribute("the new shape, without the batch", _Numbers("a shape such as 16x5x5", 1))

    samples: ClassVar = (Sample("reshape 2x6", (3, 4)), Sample("reshape 3x2x2", (12,)), Sample("reshape 24", (2, 3, 4)))
    misuses: ClassVar = (Misuse("reshape 2x7", (3, 4), "E0316"), Misuse("reshape (0, 4)", (3, 4), "E0207"))

    @property
    def is_view(self) -> bool:
        return True

    def sights(self, x: TensorType) -> tuple[Sights, ...]:
        return ((None,) * len(x.shape) if is_free(x.shape) else reshaped(x.shape, self.shape),)

    def reach(self, box: Box, *inputs: TensorType, output: int = 0) -> tuple[Box, ...]:
        (x,) = inputs
        return (unravelled(box, self.shape, x.shape),)

    def infer(self, x: TensorType) -> TensorType:
        held, wanted = element_count(x.shape), element_count(self.shape)
        if held == wanted:
            return TensorType(self.shape, x.dtype)
        if is_free(x.shape):
            raise Undecided
        raise OperatorError(
            shapes.BAD_RESHAPE,
            f"{x} holds {held} numbers, and {format_shape(self.shape)} would hold {wanted}",
            attribute="shape",
            label=f"holds {wanted}",
            help=lambda: self._fitting(held),
        )

    def _fitting(self, held: int) -> tuple[str, ...]:
        """The same shape with another last extent, or another first, if that holds as many numbers."""
        *first, last = self.shape
        outer, inner = element_count(tuple(first)), element_count((*first[1:], last))
        if len(self.shape) > 1 and held % outer == 0:
            return (f"`reshape {format_shape((*first, held // outer))}` holds {held}",)
        if len(self.shape) > 1 and held % inner == 0:
            return (f"`reshape {format_shape((held // inner, *self.shape[1:]))}` holds {held}",)
        return (f"the sizes of the new shape must multiply to {held}",)

    def torch_calls(self, x: TensorType) -> tuple[Call, ...]:
        return (Call("nn.Flatten"), Call("nn.Unflatten", {"dim": 1, "unflattened_size": self.shape}))


class Permute(Operator):
    """The axes in another order: axis i of the output is axis dims[i] of the input, from 0, without the batch."""

    name: ClassVar = "permute"
    positional: ClassVar = ("dims",)
    dtypes: ClassVar = ("float", "token")

    dims: tuple[int, ...] = attribute("every axis of the input once", _Numbers("axes such as (1, 2, 0)", 0))

    samples: ClassVar = (Sample("permute (1, 2, 0)", (2, 3, 4)), Sample("permute (1, 0)", (3, 5)))
    misuses: ClassVar = (
        Misuse("permute (1, 0)", (2, 3, 4), "E0317"),
        Misuse("permute (1, 1)", (2, 3), "E0317"),
        Misuse("permute (-1, 0)", (2, 3), "E0207"),
    )

    def sights(self, x: TensorType) -> tuple[Sights, ...]:
        return (tuple(OWN.replace(axis=self.dims.index(axis)) for axis in range(len(x.shape))),)

    def infer(self, x: TensorType) -> TensorType:
        if sorted(self.dims) == list(range(len(x.shape))):
            return TensorType(tuple(x.shape[axis] for axis in self.dims), x.dtype)
        raise OperatorError(
            shapes.BAD_PERMUTATION,
            f"({', '.join(map(str, self.dims))}) is not an order of the {len(x.shape)} axes of {x}",
            attribute="dims",
            label=f"each of 0 to {len(x.shape) - 1} once",
        )

    def torch_calls(self, x: TensorType) -> tuple[Call, ...]:
        return (Function("permute", {"dims": (0, *(axis + 1 for axis in self.dims))}),)


class ChannelShuffle(Operator):
    """Deal the channels of each group out over all groups: channel g*n + i goes to i*groups + g (Zhang et al. 2017)."""

    name: ClassVar = "channel_shuffle"
    positional: ClassVar = ("groups",)

    groups: int = attribute("parts that the channels are divided into", Integer(1))

    samples: ClassVar = (Sample("channel_shuffle 2", (6, 3, 2)), Sample("channel_shuffle 3", (6, 4)))
    misuses: ClassVar = (Misuse("channel_shuffle 4", (6, 3, 2), "E0305"), Misuse("channel_shuffle", (6, 3, 2), "E0203"))

    def sights(self, x: TensorType) -> tuple[Sights, ...]:
        each = x.shape[0] // self.groups
        dealt = repeating(self.groups, 1, lambda group: range(group * each, group * each + 1))
        return ((dealt, *(OWN for _ in x.shape[1:])),)

    def infer(self, x: TensorType) -> TensorType:
        if x.shape[0] % self.groups == 0:
            return x
        raise OperatorError(
            shapes.INDIVISIBLE_GROUPS,
            f"{self.groups} groups do not divide the {x.shape[0]} channels evenly",
            attribute="groups",
            label=f"{x.shape[0]} / {self.groups} is not whole",
        )

    def torch_calls(self, x: TensorType) -> tuple[Call, ...]:
        parts = {"dim": 1, "unflattened_size": (self.groups, -1)}
        dealt = Function("transpose", {"dim0": 1, "dim1": 2})
        return (Call("nn.Unflatten", parts), dealt, Call("nn.Flatten", {"start_dim": 1, "end_dim": 2}))


class PixelShuffle(Operator):
    """Turn r*r channels into one that is r times as high and wide (Shi et al. 2016).

    The input is C*r^2 x H x W, the output C x H*r x W*r; channel c*r^2 + i*r + j gives the positions of row i and column j
    modulo r.
    """

    name: ClassVar = "pixel_shuffle"
    positional: ClassVar = ("upscale_factor",)

    upscale_factor: int = attribute("r: how many times as high and as wide", Integer(1, 1000))

    samples: ClassVar = (Sample("pixel_shuffle 2", (8, 3, 2)), Sample("pixel_shuffle 3", (9, 1, 2)))
    misuses: ClassVar = (Misuse("pixel_shuffle 2", (6, 3, 2), "E0310"), Misuse("pixel_shuffle 2", (4,), "E0302"))

    def sights(self, x: TensorType) -> tuple[Sights, ...]:
        factor = self.upscale_factor
        own = repeated(factor)
        return ((Sight((range(factor**2),), factor**2), own, own),)

    def reach(self, box: Box, *inputs: TensorType, output: int = 0) -> tuple[Box, ...]:
        ((_, *places),) = super().reach(box, *inputs)
        channels, rows, columns = box
        factor = self.upscale_factor
        inside = {row % factor * factor + column % factor for row in rows for column in columns}
        seen = gathered(channel * factor**2 + number for channel in channels for number in inside)
        return ((seen, *places),)

    def infer(self, x: TensorType) -> TensorType:
        require_rank(self, x, 3)
        factor, square = self.upscale_factor, self.upscale_factor**2
        if x.shape[0] % square:
            raise OperatorError(
                shapes.INDIVISIBLE_SPLIT,
                f"the {x.shape[0]} channels do not divide into groups of {factor}*{factor} = {square}",
                attribute="upscale_factor",
                label=f"{x.shape[0]} / {square} is not whole",
            )
        return TensorType((x.shape[0] // square, x.shape[1] * factor, x.shape[2] * factor))

    def torch_calls(self, x: TensorType) -> tuple[Call, ...]:
        return (Call("nn.PixelShuffle", {"upscale_factor": self.upscale_factor}),)
