"""Normalisation."""

from __future__ import annotations

from typing import ClassVar

from ..attributes import Boolean, Number, attribute
from .base import Call, Misuse, Operator, Sample, require_rank
from .types import Constant, ParameterSpec, TensorType

__all__ = ["BatchNorm"]


class BatchNorm(Operator):
    """Batch normalisation (Ioffe and Szegedy 2015): subtract the mean of each channel and divide by its deviation.

    Training uses the mean and the biased variance of the batch and moves the running statistics towards them by
    ``momentum`` (the variance unbiased, as torch does); evaluation uses the running statistics. The input is CxHxW, CxL
    or a vector; the shape stays.
    """

    name: ClassVar = "bn"

    eps: float = attribute("added to the variance, against division by zero", Number(above=0), default=1e-5)
    momentum: float = attribute("weight of the new batch in the running statistics", Number(0, 1), default=0.1)
    affine: bool = attribute("multiply by a learned weight and add a learned bias per channel", Boolean(), default=True)

    samples: ClassVar = (
        Sample("bn", (3, 4, 5)),
        Sample("bn eps=1e-3 momentum=0.3", (2, 3, 3)),
        Sample("bn affine=false", (2, 3, 4)),
        Sample("bn", (6,)),
        Sample("bn", (3, 4)),
    )
    misuses: ClassVar = (
        Misuse("bn eps=0", (3, 4, 4), "E0207"),
        Misuse("bn 64", (3, 4, 4), "E0204"),
        Misuse("bn", (3, 2, 2, 2), "E0302"),
    )

    def infer(self, x: TensorType) -> TensorType:
        require_rank(self, x, 3, 2, 1)
        return x

    def parameters(self, x: TensorType) -> dict[str, ParameterSpec]:
        if not self.affine:
            return {}
        shape = (x.shape[0],)
        return {"weight": ParameterSpec(shape, Constant(1)), "bias": ParameterSpec(shape, Constant(0))}

    def buffers(self, x: TensorType) -> dict[str, ParameterSpec]:
        shape = (x.shape[0],)
        return {
            "running_mean": ParameterSpec(shape, Constant(0)),
            "running_var": ParameterSpec(shape, Constant(1)),
            "num_batches_tracked": ParameterSpec((), Constant(0), "int64"),
        }

    def parameter_formula(self, x: TensorType) -> str:
        return f"2*{x.shape[0]}" if self.affine else ""

    def torch_calls(self, x: TensorType) -> tuple[Call, ...]:
        target = "nn.BatchNorm2d" if len(x.shape) == 3 else "nn.BatchNorm1d"
        arguments = {"num_features": x.shape[0], "eps": self.eps, "momentum": self.momentum, "affine": self.affine}
        return (Call(target, arguments),)
