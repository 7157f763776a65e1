"""Dropout."""

from __future__ import annotations

from typing import ClassVar

from ..attributes import Number, attribute
from .base import Call, Misuse, Operator, Sample
from .types import TensorType

__all__ = ["Dropout"]


class Dropout(Operator):
    """In training, set each number to 0 with probability p and divide the others by 1 - p (Srivastava et al. 2014).

    In evaluation nothing happens. Which numbers are dropped depends on the seed, the layer's name, the step and the place
    in the batch alone, and is the same in every backend.
    """

    name: ClassVar = "dropout"
    positional: ClassVar = ("p",)
    p: float = attribute("probability of dropping a number", Number(0, 1), default=0.5)

    samples: ClassVar = (Sample("dropout", (7,)), Sample("dropout 0.25", (3, 4, 5)), Sample("dropout p=0", (7,)))
    misuses: ClassVar = (Misuse("dropout 1.5", (7,), "E0207"), Misuse("dropout rate=0.5", (7,), "E0202"))

    def infer(self, x: TensorType) -> TensorType:
        return x

    def torch_calls(self, x: TensorType) -> tuple[Call, ...]:
        return (Call("nn.Dropout", {"p": self.p}),)
