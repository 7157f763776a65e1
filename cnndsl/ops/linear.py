"""Dense layers and what leads to them."""

from __future__ import annotations

from math import sqrt
from typing import ClassVar

from ..attributes import Boolean, Integer, attribute
from . import sight
from .base import Call, Misuse, Operator, Sample, require_rank
from .free_size import is_free
from .types import ParameterSpec, TensorType, Uniform, element_count

__all__ = ["Dense", "Flatten"]


class Dense(Operator):
    """Multiply by a learned matrix and add a learned vector: every output sees every input.

    The input is a vector of F numbers, the output one of out_features. With ``axis=-1`` the input has any shape, and each of
    the vectors along its last axis is multiplied. Parameters: out_features * F, and one bias per output. Initial values are
    uniform within 1/sqrt(F), as torch draws them.
    """

    name: ClassVar = "dense"
    positional: ClassVar = ("out_features",)

    out_features: int = attribute("number of outputs", Integer(1))
    bias: bool = attribute("add a learned number per output", Boolean(), default=True)
    axis: int | None = attribute("-1 to work along the last axis of any shape", Integer(-1, -1), default=None)

    samples: ClassVar = (
        Sample("dense 5", (7,)),
        Sample("dense 3 bias=false", (4,)),
        Sample("dense 1", (1,)),
        Sample("dense 5 axis=-1", (2, 3, 4)),
        Sample("dense 2 bias=false axis=-1", (3, 4)),
    )
    misuses: ClassVar = (
        Misuse("dense 10", (16, 5, 5), "E0302"),
        Misuse("dense 0", (16,), "E0207"),
        Misuse("dense", (16,), "E0203"),
        Misuse("dense 10 20", (16,), "E0204"),
        Misuse("dense 10 axis=1", (16, 5), "E0207"),
    )

    @property
    def sees_everything(self) -> bool:
        return self.axis is None

    def sights(self, x: TensorType) -> tuple[sight.Sights, ...]:
        return ((*(sight.OWN for _ in x.shape[:-1]), None),)

    def infer(self, x: TensorType) -> TensorType:
        if self.axis is None:
            require_rank(self, x, 1, help="put `flatten` before it, or give it `axis=-1`")
        return TensorType((*x.shape[:-1], self.out_features))

    def parameters(self, x: TensorType) -> dict[str, ParameterSpec]:
        bound = Uniform(1 / sqrt(x.shape[-1]))
        weight = {"weight": ParameterSpec((self.out_features, x.shape[-1]), bound)}
        return {**weight, "bias": ParameterSpec((self.out_features,), bound)} if self.bias else weight

    def macs(self, x: TensorType, y: TensorType) -> int:
        return element_count(x.shape) * self.out_features

    def mac_formula(self, x: TensorType, y: TensorType) -> str:
        return f"{self.out_features}*{'*'.join(map(str, x.shape))}"

    def parameter_formula(self, x: TensorType) -> str:
        return f"{self.out_features}*{x.shape[-1]}" + (f" + {self.out_features}" if self.bias else "")

    def torch_calls(self, x: TensorType) -> tuple[Call, ...]:
        arguments = {"in_features": x.shape[-1], "out_features": self.out_features, "bias": self.bias}
        return (Call("nn.Linear", arguments),)


class Flatten(Operator):
    """Lay all numbers of a value out as one vector, channel by channel, row by row."""

    name: ClassVar = "flatten"
    dtypes: ClassVar = ("float", "token")
    samples: ClassVar = (Sample("flatten", (2, 3, 4)), Sample("flatten", (5,)))
    misuses: ClassVar = (Misuse("flatten 1", (2, 3, 4), "E0204"),)

    @property
    def is_view(self) -> bool:
        return True

    def sights(self, x: TensorType) -> tuple[sight.Sights, ...]:
        return ((None,) * len(x.shape) if is_free(x.shape) else sight.reshaped(x.shape, self.infer(x).shape),)

    def reach(self, box: sight.Box, *inputs: TensorType, output: int = 0) -> tuple[sight.Box, ...]:
        (x,) = inputs
        return (sight.unravelled(box, self.infer(x).shape, x.shape),)

    def infer(self, x: TensorType) -> TensorType:
        return TensorType((element_count(x.shape),), x.dtype)

    def formulas(self, x: TensorType) -> tuple[str, ...]:
        if len(x.shape) == 1:
            return ()
        return (f"{'*'.join(map(str, x.shape))} = {element_count(x.shape)}",)

    def torch_calls(self, x: TensorType) -> tuple[Call, ...]:
        return (Call("nn.Flatten"),)
