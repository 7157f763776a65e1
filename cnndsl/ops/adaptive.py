"""Pooling to a given size: the windows follow from it."""

from __future__ import annotations

from math import gcd
from typing import ClassVar

from ..attributes import Pair, attribute
from .base import Call, Misuse, Operator, Sample, require_rank
from .sight import OWN, Sight, Sights, repeating
from .types import TensorType

__all__ = ["AdaptiveAvgPool", "AdaptiveMaxPool", "adaptive_window"]


def adaptive_window(place: int, size: int, output: int) -> tuple[int, int]:
    """Where the window of one output begins and ends: floor(i*size/output) to ceil((i + 1)*size/output), as in torch."""
    return place * size // output, -(-(place + 1) * size // output)


def adaptive_sight(size: int, output: int) -> Sight | None:
    """What each output of a pooling to a given size sees along one axis."""
    common = gcd(size, output)
    return repeating(output // common, size // common, lambda place: range(*adaptive_window(place, size, output)))


class _AdaptivePool(Operator):
    positional: ClassVar = ("output_size",)

    output_size: tuple[int, int] = attribute("height and width of the output", Pair(1))

    @property
    def sees_everything(self) -> bool:
        return self.output_size == (1, 1)

    def sights(self, x: TensorType) -> tuple[Sights, ...]:
        return ((OWN, *map(adaptive_sight, x.shape[1:], self.output_size)),)

    def infer(self, x: TensorType) -> TensorType:
        require_rank(self, x, 3)
        return TensorType((x.shape[0], *self.output_size))


class AdaptiveAvgPool(_AdaptivePool):
    """The means of as many windows as the output has positions, whatever the size of the image.

    Along an axis of size I, output i of O is the mean from floor(i*I/O) to ceil((i + 1)*I/O); windows overlap where I/O is
    not whole, and repeat where O is larger than I.
    """

    name: ClassVar = "adaptive_avgpool"
    samples: ClassVar = (
        Sample("adaptive_avgpool 2x3", (2, 6, 6)),
        Sample("adaptive_avgpool 3x4", (2, 7, 5)),
        Sample("adaptive_avgpool 5", (2, 3, 5)),
        Sample("adaptive_avgpool 1", (3, 4, 5)),
    )
    misuses: ClassVar = (Misuse("adaptive_avgpool 1", (7,), "E0302"), Misuse("adaptive_avgpool", (3, 4, 4), "E0203"))

    def torch_calls(self, x: TensorType) -> tuple[Call, ...]:
        return (Call("nn.AdaptiveAvgPool2d", {"output_size": self.output_size}),)


class AdaptiveMaxPool(_AdaptivePool):
    """The largest numbers of as many windows as the output has positions; the windows are those of adaptive_avgpool."""

    name: ClassVar = "adaptive_maxpool"
    samples: ClassVar = (
        Sample("adaptive_maxpool 2x3", (2, 6, 6)),
        Sample("adaptive_maxpool 3x4", (2, 7, 5)),
        Sample("adaptive_maxpool 4x5", (2, 3, 5)),
    )
    misuses: ClassVar = (Misuse("adaptive_maxpool 1", (7,), "E0302"), Misuse("adaptive_maxpool 0", (3, 4, 4), "E0207"))

    def torch_calls(self, x: TensorType) -> tuple[Call, ...]:
        return (Call("nn.AdaptiveMaxPool2d", {"output_size": self.output_size}),)
