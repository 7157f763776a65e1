"""Further rectifiers: functions that are straight on both sides of a kink, or choose the larger of several numbers."""

from __future__ import annotations

from typing import ClassVar

from ..attributes import Integer, Number, attribute
from ..diagnostics.kinds import shapes
from .activation import Pointwise, plain_samples
from .base import Call, Function, Misuse, Operator, OperatorError, Sample
from .sight import OWN, Sight, Sights
from .types import Constant, ParameterSpec, TensorType, format_shape

__all__ = ["HardSigmoid", "HardSwish", "Maxout", "Prelu", "Relu6"]


class Relu6(Pointwise):
    """min(max(x, 0), 6) (Krizhevsky 2010)."""

    name: ClassVar = "relu6"
    samples: ClassVar = plain_samples("relu6")
    misuses: ClassVar = (Misuse("relu6 6", (7,), "E0204"),)

    def torch_calls(self, x: TensorType) -> tuple[Call, ...]:
        return (Call("nn.ReLU6"),)


class HardSigmoid(Pointwise):
    """min(max(x + 3, 0), 6)/6: a sigmoid of straight lines (Howard et al. 2019)."""

    name: ClassVar = "hard_sigmoid"
    samples: ClassVar = plain_samples("hard_sigmoid")
    misuses: ClassVar = (Misuse("hard_sigmoid 3", (7,), "E0204"),)

    def torch_calls(self, x: TensorType) -> tuple[Call, ...]:
        return (Call("nn.Hardsigmoid"),)


class HardSwish(Pointwise):
    """x * hard_sigmoid(x) (Howard et al. 2019)."""

    name: ClassVar = "hard_swish"
    samples: ClassVar = plain_samples("hard_swish")
    misuses: ClassVar = (Misuse("hard_swish beta=1", (7,), "E0202"),)

    def torch_calls(self, x: TensorType) -> tuple[Call, ...]:
        return (Call("nn.Hardswish"),)


class Prelu(Operator):
    """x where it is positive, weight * x elsewhere, with a learned weight (He et al. 2015, "Delving Deep into Rectifiers").

    There is one weight for all channels, or one for each: ``num_parameters`` is 1 or their number.
    """

    name: ClassVar = "prelu"
    positional: ClassVar = ("num_parameters",)

    num_parameters: int = attribute("number of weights: 1, or that of the channels", Integer(1), default=1)
    init: float = attribute("what the weights start from", Number(), default=0.25)

    samples: ClassVar = (
        Sample("prelu", (3, 4, 5)),
        Sample("prelu 3 init=0.1", (3, 4, 5)),
        Sample("prelu num_parameters=7", (7,)),
    )
    misuses: ClassVar = (Misuse("prelu 2", (3, 4, 4), "E0318"), Misuse("prelu 0", (3, 4, 4), "E0207"))

    def infer(self, x: TensorType) -> TensorType:
        if self.num_parameters in (1, x.shape[0]):
            return x
        raise OperatorError(
            shapes.BAD_PARAMETER_COUNT,
            f"{self.num_parameters} weights are neither 1 nor one for each of {x.shape[0]} channels",
            attribute="num_parameters",
            label=f"1 or {x.shape[0]} here",
        )

    def parameters(self, x: TensorType) -> dict[str, ParameterSpec]:
        return {"weight": ParameterSpec((self.num_parameters,), Constant(self.init))}

    def parameter_formula(self, x: TensorType) -> str:
        return str(self.num_parameters)

    def torch_calls(self, x: TensorType) -> tuple[Call, ...]:
        return (Call("nn.PReLU", {"num_parameters": self.num_parameters, "init": self.init}),)


class Maxout(Operator):
    """The largest of every ``pieces`` neighbouring channels (Goodfellow et al. 2013).

    After a layer with pieces*K outputs it is max(w_1 x + b_1, ..., w_pieces x + b_pieces). Channels that tie share the
    gradient evenly.
    """

    name: ClassVar = "maxout"
    positional: ClassVar = ("pieces",)

    pieces: int = attribute("number of channels of which the largest is taken", Integer(1))

    samples: ClassVar = (Sample("maxout 2", (6, 3, 4)), Sample("maxout 3", (6,)), Sample("maxout pieces=1", (4, 5)))
    misuses: ClassVar = (Misuse("maxout 4", (6, 3, 4), "E0310"), Misuse("maxout", (6,), "E0203"))

    def infer(self, x: TensorType) -> TensorType:
        if x.shape[0] % self.pieces == 0:
            return TensorType((x.shape[0] // self.pieces, *x.shape[1:]))
        raise OperatorError(
            shapes.INDIVISIBLE_SPLIT,
            f"the {x.shape[0]} channels of {format_shape(x.shape)} do not divide into groups of {self.pieces}",
            attribute="pieces",
            label=f"{x.shape[0]} / {self.pieces} is not whole",
        )

    def sights(self, x: TensorType) -> tuple[Sights, ...]:
        return ((Sight((range(self.pieces),), self.pieces), *(OWN for _ in x.shape[1:])),)

    def formulas(self, x: TensorType) -> tuple[str, ...]:
        return (f"{x.shape[0]}/{self.pieces} = {x.shape[0] // self.pieces}",)

    def torch_calls(self, x: TensorType) -> tuple[Call, ...]:
        groups = {"dim": 1, "unflattened_size": (-1, self.pieces)}
        return (Call("nn.Unflatten", groups), Function("amax", {"dim": 2}))
