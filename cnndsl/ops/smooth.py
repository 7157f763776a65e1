"""Smooth activations: functions of one number with a derivative everywhere (selu's has one step, at 0)."""

from __future__ import annotations

from typing import ClassVar

from ..attributes import Choice, Number, attribute
from .activation import Pointwise, plain_samples
from .base import Call, Misuse, Sample
from .types import TensorType

__all__ = ["Gelu", "Selu", "Silu", "Softplus"]


class Selu(Pointwise):
    """scale * x where it is positive, scale * alpha * (e^x - 1) elsewhere (Klambauer et al. 2017).

    scale = 1.0507... and alpha = 1.6732... are chosen so that mean 0 and variance 1 pass through unchanged.
    """

    name: ClassVar = "selu"
    alpha: ClassVar = 1.6732632423543772848170429916717
    scale: ClassVar = 1.0507009873554804934193349852946
    samples: ClassVar = plain_samples("selu")
    misuses: ClassVar = (Misuse("selu alpha=1", (7,), "E0202"),)

    def torch_calls(self, x: TensorType) -> tuple[Call, ...]:
        return (Call("nn.SELU"),)


class Gelu(Pointwise):
    """x times the probability that a normal number is less than x (Hendrycks and Gimpel 2016).

    ``approximate=tanh`` is the paper's x/2 * (1 + tanh(sqrt(2/pi) * (x + 0.044715 x^3))).
    """

    name: ClassVar = "gelu"
    approximate: str = attribute("none, or tanh for the approximation", Choice("none", "tanh"), default="none")

    samples: ClassVar = (*plain_samples("gelu"), Sample("gelu approximate=tanh", (3, 4)))
    misuses: ClassVar = (Misuse("gelu approximate=erf", (7,), "E0208"), Misuse("gelu true", (7,), "E0204"))

    def torch_calls(self, x: TensorType) -> tuple[Call, ...]:
        return (Call("nn.GELU", {"approximate": self.approximate}),)


class Silu(Pointwise):
    """x * sigmoid(x), also called swish (Elfwing et al. 2017; Ramachandran et al. 2017)."""

    name: ClassVar = "silu"
    samples: ClassVar = plain_samples("silu")
    misuses: ClassVar = (Misuse("silu 1", (7,), "E0204"),)

    def torch_calls(self, x: TensorType) -> tuple[Call, ...]:
        return (Call("nn.SiLU"),)


class Softplus(Pointwise):
    """log(1 + e^(beta*x))/beta, a smooth relu; x itself where beta*x is above the threshold (Glorot et al. 2011)."""

    name: ClassVar = "softplus"
    beta: float = attribute("how sharp the bend is", Number(above=0), default=1.0)
    threshold: float = attribute("beta*x from which on x is given back", Number(), default=20.0)

    samples: ClassVar = (*plain_samples("softplus"), Sample("softplus beta=3 threshold=2.003", (3, 4, 5)))
    misuses: ClassVar = (Misuse("softplus beta=0", (7,), "E0207"),)

    def torch_calls(self, x: TensorType) -> tuple[Call, ...]:
        return (Call("nn.Softplus", {"beta": self.beta, "threshold": self.threshold}),)
