"""Normalisations that look at one sample alone, so that training and evaluation are the same."""

from __future__ import annotations

from typing import ClassVar

from ..attributes import Boolean, Integer, Number, attribute
from ..diagnostics.kinds import shapes
from .base import Call, Function, Misuse, Operator, OperatorError, Sample, require_axis, require_rank
from .free_size import Undecided, is_below, is_free
from .sight import OWN, Sight, Sights, group_sight
from .types import Constant, ParameterSpec, TensorType, element_count, format_shape

__all__ = ["GroupNorm", "InstanceNorm", "LayerNorm", "LocalResponseNorm"]


def _affine(count: int, affine: bool) -> dict[str, ParameterSpec]:
    if not affine:
        return {}
    return {"weight": ParameterSpec((count,), Constant(1)), "bias": ParameterSpec((count,), Constant(0))}


def _require_several(operator: Operator, x: TensorType, count: int) -> None:
    if not is_below(count, 2):
        return
    raise OperatorError(
        shapes.NOTHING_TO_NORMALISE,
        f"`{operator.name}` works on one number at a time of {format_shape(x.shape)}, and the deviation of one number is 0",
        label="would give the same for every input",
        help=("remove it, or put it where values are larger",),
    )


class LayerNorm(Operator):
    """Subtract the mean along one axis and divide by the deviation there (Ba et al. 2016).

    The axis is the last one by default; ``axis=0`` normalises over the channels at each position, as ConvNeXt does. The
    variance is the biased one. Parameters: one weight and one bias for each number along the axis.
    """

    name: ClassVar = "layer_norm"

    axis: int = attribute(
        "axis to normalise along, from 0, without the batch; -1 is the last", Integer(-1, 7), default=-1
    )
    eps: float = attribute("added to the variance, against division by zero", Number(above=0), default=1e-5)
    elementwise_affine: bool = attribute("multiply by a learned weight and add a learned bias", Boolean(), default=True)

    samples: ClassVar = (
        Sample("layer_norm", (7,)),
        Sample("layer_norm", (3, 4, 5)),
        Sample("layer_norm axis=0 eps=1e-6", (3, 4, 5)),
        Sample("layer_norm axis=1 elementwise_affine=false", (3, 4, 2)),
    )
    misuses: ClassVar = (
        Misuse("layer_norm axis=3", (3, 4, 5), "E0307"),
        Misuse("layer_norm", (3, 1), "E0319"),
        Misuse("layer_norm eps=0", (7,), "E0207"),
    )

    def resolve(self, x: TensorType) -> Operator:
        return self.replace(axis=len(x.shape) - 1) if self.axis == -1 else self

    def sights(self, x: TensorType) -> tuple[Sights, ...]:
        return (tuple(None if axis == self.axis else OWN for axis in range(len(x.shape))),)

    def infer(self, x: TensorType) -> TensorType:
        require_axis(self.axis, x)
        if self.elementwise_affine and is_free((x.shape[self.axis],)):
            raise Undecided
        _require_several(self, x, x.shape[self.axis])
        return x

    def parameters(self, x: TensorType) -> dict[str, ParameterSpec]:
        return _affine(x.shape[self.axis], self.elementwise_affine)

    def parameter_formula(self, x: TensorType) -> str:
        return f"2*{x.shape[self.axis]}" if self.elementwise_affine else ""

    def torch_calls(self, x: TensorType) -> tuple[Call, ...]:
        arguments = {
            "normalized_shape": x.shape[self.axis],
            "eps": self.eps,
            "elementwise_affine": self.elementwise_affine,
        }
        norm = Call("nn.LayerNorm", arguments)
        rank = len(x.shape) + 1
        if self.axis == rank - 2:
            return (norm,)
        there = {"dim0": self.axis + 1, "dim1": rank - 1}
        return (Function("transpose", there), norm, Function("transpose", there))


class GroupNorm(Operator):
    """Normalise over each group of channels and all their positions together (Wu and He 2018).

    The variance is the biased one. Parameters: one weight and one bias per channel.
    """

    name: ClassVar = "group_norm"
    positional: ClassVar = ("num_groups",)

    num_groups: int = attribute("parts that the channels are divided into", Integer(1))
    eps: float = attribute("added to the variance, against division by zero", Number(above=0), default=1e-5)
    affine: bool = attribute("multiply by a learned weight and add a learned bias per channel", Boolean(), default=True)

    samples: ClassVar = (
        Sample("group_norm 2", (4, 3, 5)),
        Sample("group_norm 1 eps=1e-3", (3, 4)),
        Sample("group_norm 3 affine=false", (6,)),
    )
    misuses: ClassVar = (
        Misuse("group_norm 3", (4, 3, 5), "E0305"),
        Misuse("group_norm 6", (6,), "E0319"),
        Misuse("group_norm", (6,), "E0203"),
    )

    def sights(self, x: TensorType) -> tuple[Sights, ...]:
        return ((group_sight(x.shape[0], x.shape[0], self.num_groups), *(None for _ in x.shape[1:])),)

    def infer(self, x: TensorType) -> TensorType:
        if x.shape[0] % self.num_groups:
            raise OperatorError(
                shapes.INDIVISIBLE_GROUPS,
                f"{self.num_groups} groups do not divide the {x.shape[0]} channels evenly",
                attribute="num_groups",
                label=f"{x.shape[0]} / {self.num_groups} is not whole",
            )
        _require_several(self, x, element_count(x.shape) // self.num_groups)
        return x

    def parameters(self, x: TensorType) -> dict[str, ParameterSpec]:
        return _affine(x.shape[0], self.affine)

    def parameter_formula(self, x: TensorType) -> str:
        return f"2*{x.shape[0]}" if self.affine else ""

    def torch_calls(self, x: TensorType) -> tuple[Call, ...]:
        arguments = {"num_groups": self.num_groups, "num_channels": x.shape[0], "eps": self.eps, "affine": self.affine}
        return (Call("nn.GroupNorm", arguments),)


class InstanceNorm(Operator):
    """Normalise each channel of each sample over its own positions (Ulyanov et al. 2016).

    The input is CxHxW or CxL. As in torch there are no parameters unless ``affine=true``, and no running statistics.
    """

    name: ClassVar = "instance_norm"

    eps: float = attribute("added to the variance, against division by zero", Number(above=0), default=1e-5)
    affine: bool = attribute(
        "multiply by a learned weight and add a learned bias per channel", Boolean(), default=False
    )

    samples: ClassVar = (Sample("instance_norm", (3, 4, 5)), Sample("instance_norm affine=true eps=0.01", (2, 6)))
    misuses: ClassVar = (
        Misuse("instance_norm", (7,), "E0302"),
        Misuse("instance_norm", (7, 1, 1), "E0319"),
        Misuse("instance_norm 64", (3, 4, 5), "E0204"),
    )

    def sights(self, x: TensorType) -> tuple[Sights, ...]:
        return ((OWN, *(None for _ in x.shape[1:])),)

    def infer(self, x: TensorType) -> TensorType:
        require_rank(self, x, 3, 2)
        _require_several(self, x, element_count(x.shape[1:]))
        return x

    def parameters(self, x: TensorType) -> dict[str, ParameterSpec]:
        return _affine(x.shape[0], self.affine)

    def parameter_formula(self, x: TensorType) -> str:
        return f"2*{x.shape[0]}" if self.affine else ""

    def torch_calls(self, x: TensorType) -> tuple[Call, ...]:
        arguments = {"num_features": x.shape[0], "eps": self.eps, "affine": self.affine}
        return (Call(f"nn.InstanceNorm{len(x.shape) - 1}d", arguments),)


class LocalResponseNorm(Operator):
    """x / (k + alpha * sum of x^2 over ``size`` neighbouring channels)^beta, at each position (Krizhevsky et al. 2012).

    The defaults are AlexNet's, and so is the sum: Caffe and torch take the mean there, which ``average=true`` does too.
    The channels are those from size/2 (rounded down) before to (size - 1)/2 after; beyond the ends there are zeros.
    """

    name: ClassVar = "lrn"
    positional: ClassVar = ("size",)

    size: int = attribute("number of neighbouring channels", Integer(1), default=5)
    alpha: float = attribute("factor of the sum of squares", Number(minimum=0), default=1e-4)
    beta: float = attribute("exponent", Number(), default=0.75)
    k: float = attribute("added to the sum, against division by zero", Number(above=0), default=2.0)
    average: bool = attribute("divide the sum of squares by size, as torch does", Boolean(), default=False)

    samples: ClassVar = (
        Sample("lrn", (7, 3, 4)),
        Sample("lrn 3 alpha=0.5 k=1", (4, 2, 3)),
        Sample("lrn size=4 alpha=0.3 beta=0.5 average=true", (5, 2, 2)),
        Sample("lrn 9 alpha=0.1", (4, 3)),
    )
    misuses: ClassVar = (Misuse("lrn 0", (3, 4, 4), "E0207"), Misuse("lrn 5", (7,), "E0302"))

    @property
    def factor(self) -> float:
        """What the sum of squares is multiplied by."""
        return self.alpha / self.size if self.average else self.alpha

    def sights(self, x: TensorType) -> tuple[Sights, ...]:
        neighbours = Sight((range(-(self.size // 2), (self.size - 1) // 2 + 1),))
        return ((neighbours, *(OWN for _ in x.shape[1:])),)

    def infer(self, x: TensorType) -> TensorType:
        if len(x.shape) < 2:
            message = f"`lrn` takes an image CxHxW, and this value is {format_shape(x.shape)}"
            raise OperatorError(shapes.WRONG_RANK, message, label=f"gets {format_shape(x.shape)}")
        return x

    def torch_calls(self, x: TensorType) -> tuple[Call, ...]:
        arguments = {"size": self.size, "alpha": self.factor * self.size, "beta": self.beta, "k": self.k}
        return (Call("nn.LocalResponseNorm", arguments),)
