"""What is left out at random in training: numbers, channels, samples."""

from __future__ import annotations

from typing import ClassVar

from ..attributes import Number, attribute
from .base import Call, Misuse, Operator, Sample, require_rank
from .types import TensorType

__all__ = ["Dropout", "Dropout2d", "StochasticDepth"]


class Dropout(Operator):
    """In training, set each number to 0 with probability p and divide the others by 1 - p (Srivastava et al. 2014).

    In evaluation nothing happens. Which numbers are dropped depends on the seed, the layer's name, the step and the position
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


class Dropout2d(Operator):
    """In training, set whole channels of a sample to 0 with probability p and divide the others by 1 - p (Tompson et al. 2015).

    Also called spatial dropout. The input is CxHxW or CxL. Which channels are dropped depends on the same as in dropout.
    """

    name: ClassVar = "dropout2d"
    positional: ClassVar = ("p",)
    p: float = attribute("probability of dropping a channel", Number(0, 1), default=0.5)

    samples: ClassVar = (Sample("dropout2d", (5, 3, 4)), Sample("dropout2d 0.25", (6, 4)))
    misuses: ClassVar = (Misuse("dropout2d", (7,), "E0302"), Misuse("dropout2d 2", (3, 4, 5), "E0207"))

    def infer(self, x: TensorType) -> TensorType:
        require_rank(self, x, 3, 2, help="use `dropout`")
        return x

    def torch_calls(self, x: TensorType) -> tuple[Call, ...]:
        return (Call(f"nn.Dropout{len(x.shape) - 1}d", {"p": self.p}),)


class StochasticDepth(Operator):
    """In training, set a whole sample to 0 with probability p and divide the others by 1 - p (Huang et al. 2016).

    At the end of a residual block's body it drops the block and leaves the shortcut; also called drop path. Which samples are
    dropped depends on the same as in dropout.
    """

    name: ClassVar = "stochastic_depth"
    positional: ClassVar = ("p",)
    p: float = attribute("probability of dropping a sample", Number(0, 1))

    samples: ClassVar = (Sample("stochastic_depth 0.5", (3, 4, 5)), Sample("stochastic_depth p=0.2", (7,)))
    misuses: ClassVar = (Misuse("stochastic_depth", (7,), "E0203"), Misuse("stochastic_depth -0.1", (7,), "E0207"))

    def infer(self, x: TensorType) -> TensorType:
        return x

    def torch_calls(self, x: TensorType) -> tuple[Call, ...]:
        return (Call("layers.StochasticDepth", {"p": self.p}),)
