"""Activations: functions of one number, and of one vector of class scores."""

from __future__ import annotations

from typing import ClassVar

from ..attributes import Integer, Number, attribute
from . import sight
from .base import Call, Misuse, Operator, Sample, require_axis
from .types import TensorType

__all__ = [
    "Elu",
    "LeakyRelu",
    "LogSoftmax",
    "Pointwise",
    "Relu",
    "Sigmoid",
    "Softmax",
    "Tanh",
    "plain_samples",
]

_SHAPES = ((3, 4, 5), (7,))


def plain_samples(name: str) -> tuple[Sample, ...]:
    """An operator without attributes on an image and on a vector."""
    return tuple(Sample(name, shape) for shape in _SHAPES)


class Pointwise(Operator):
    """A function of one number: any value, and the shape stays."""

    def infer(self, x: TensorType) -> TensorType:
        return x


class Relu(Pointwise):
    """max(x, 0) (Nair and Hinton 2010). The gradient at 0 is 0."""

    name: ClassVar = "relu"
    samples: ClassVar = plain_samples("relu")
    misuses: ClassVar = (Misuse("relu 0.1", (7,), "E0204"),)

    def torch_calls(self, x: TensorType) -> tuple[Call, ...]:
        return (Call("nn.ReLU"),)


class LeakyRelu(Pointwise):
    """x where it is positive, negative_slope * x elsewhere (Maas et al. 2013)."""

    name: ClassVar = "leaky_relu"
    positional: ClassVar = ("negative_slope",)
    negative_slope: float = attribute("factor of negative numbers", Number(), default=0.01)

    samples: ClassVar = (*plain_samples("leaky_relu"), Sample("leaky_relu 0.2", (3, 4)))
    misuses: ClassVar = (Misuse("leaky_relu slope=0.1", (7,), "E0202"),)

    def torch_calls(self, x: TensorType) -> tuple[Call, ...]:
        return (Call("nn.LeakyReLU", {"negative_slope": self.negative_slope}),)


class Elu(Pointwise):
    """x where it is positive, alpha * (e^x - 1) elsewhere (Clevert et al. 2015)."""

    name: ClassVar = "elu"
    positional: ClassVar = ("alpha",)
    alpha: float = attribute("what large negative numbers tend to, negated", Number(), default=1.0)

    samples: ClassVar = (*plain_samples("elu"), Sample("elu alpha=0.5", (3, 4)))
    misuses: ClassVar = (Misuse("elu true", (7,), "E0206"),)

    def torch_calls(self, x: TensorType) -> tuple[Call, ...]:
        return (Call("nn.ELU", {"alpha": self.alpha}),)


class Sigmoid(Pointwise):
    """1/(1 + e^-x), between 0 and 1."""

    name: ClassVar = "sigmoid"
    samples: ClassVar = plain_samples("sigmoid")
    misuses: ClassVar = (Misuse("sigmoid 1", (7,), "E0204"),)

    def torch_calls(self, x: TensorType) -> tuple[Call, ...]:
        return (Call("nn.Sigmoid"),)


class Tanh(Pointwise):
    """(e^x - e^-x)/(e^x + e^-x) = 2 sigmoid(2x) - 1, between -1 and 1."""

    name: ClassVar = "tanh"
    samples: ClassVar = plain_samples("tanh")
    misuses: ClassVar = (Misuse("tanh 1", (7,), "E0204"),)

    def torch_calls(self, x: TensorType) -> tuple[Call, ...]:
        return (Call("nn.Tanh"),)


class _Scores(Operator):
    """A function of all numbers along one axis; the shape stays."""

    axis: int = attribute("axis of the classes, from 0, without the batch", Integer(0, 7), default=0)

    def sights(self, x: TensorType) -> tuple[sight.Sights, ...]:
        return (tuple(None if axis == self.axis else sight.OWN for axis in range(len(x.shape))),)

    def infer(self, x: TensorType) -> TensorType:
        require_axis(self.axis, x)
        return x


class Softmax(_Scores):
    """e^x divided by its sum along an axis: class scores become probabilities.

    A loss of cross entropy applies it already; a network that is trained with one ends in plain scores.
    """

    name: ClassVar = "softmax"
    samples: ClassVar = (Sample("softmax", (7,)), Sample("softmax", (3, 4, 5)), Sample("softmax axis=1", (3, 4)))
    misuses: ClassVar = (Misuse("softmax axis=1", (7,), "E0307"),)

    def torch_calls(self, x: TensorType) -> tuple[Call, ...]:
        return (Call("nn.Softmax", {"dim": self.axis + 1}),)


class LogSoftmax(_Scores):
    """The logarithm of softmax along an axis, computed without overflow."""

    name: ClassVar = "log_softmax"
    samples: ClassVar = (
        Sample("log_softmax", (7,)),
        Sample("log_softmax", (3, 4, 5)),
        Sample("log_softmax axis=1", (3, 4)),
    )
    misuses: ClassVar = (Misuse("log_softmax axis=3", (3, 4, 5), "E0307"),)

    def torch_calls(self, x: TensorType) -> tuple[Call, ...]:
        return (Call("nn.LogSoftmax", {"dim": self.axis + 1}),)
