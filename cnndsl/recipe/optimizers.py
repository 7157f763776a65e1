"""Optimizers, with the names, defaults and update rules of torch.optim."""

from __future__ import annotations

from typing import Any, ClassVar

from ..attributes import AttributeType, Boolean, Declared, Number, attribute

__all__ = [
    "MUON_COEFFICIENTS",
    "MUON_EPS",
    "MUON_LENGTH",
    "MUON_STEPS",
    "NOT_CLIPPED",
    "OPTIMIZERS",
    "SGD",
    "Adagrad",
    "Adam",
    "AdamW",
    "Clip",
    "Muon",
    "Optimizer",
    "RMSprop",
]

_NOT_NEGATIVE = Number(0)

MUON_COEFFICIENTS, MUON_STEPS, MUON_EPS = (3.4445, -4.7750, 2.0315), 5, 1e-7
"""Of Muon's polynomial, as Jordan 2024 chose them and torch has them."""
MUON_LENGTH = 0.2
"""How long a step of Muon is for each number of a matrix, which is what AdamW's are on average (Liu et al. 2025)."""


class _Betas(AttributeType):
    description = "two numbers from 0 up to but not including 1, as (0.9, 0.999)"

    def convert(self, value: object) -> Any:
        if not isinstance(value, tuple) or len(value) != 2:
            raise self.wrong(value)
        both = tuple(Number(0).convert(item) for item in value)
        if max(both) >= 1:
            raise self.outside(value)
        return both


class Optimizer(Declared):
    """Base of all optimizers: ``lr`` is the learning rate before any schedule."""

    positional: ClassVar = ("lr",)
    lr: float = attribute("learning rate", Number(above=0))


class Clip(Declared):
    """A bound on gradients, so that one step is never far too long; 0 is none."""

    name: ClassVar = "clip"
    norm: float = attribute(
        "the greatest norm of all gradients together, to which they are scaled down", _NOT_NEGATIVE, default=0.0
    )
    value: float = attribute("the greatest size of each number, after that", _NOT_NEGATIVE, default=0.0)

    @property
    def is_none(self) -> bool:
        """Whether nothing is bounded."""
        return not (self.norm or self.value)


NOT_CLIPPED = Clip()


class SGD(Optimizer):
    """Gradient descent, with momentum (Polyak 1964) or Nesterov's variant as torch writes it."""

    name: ClassVar = "sgd"
    momentum: float = attribute("share of the last step that is kept", _NOT_NEGATIVE, default=0.0)
    weight_decay: float = attribute("L2 penalty added to the gradient", _NOT_NEGATIVE, default=0.0)
    nesterov: bool = attribute("look ahead along the momentum", Boolean(), default=False)


class Adam(Optimizer):
    """Adam (Kingma and Ba 2014); weight decay is added to the gradient."""

    name: ClassVar = "adam"
    lr: float = attribute("learning rate", Number(above=0), default=1e-3)
    betas: tuple[float, float] = attribute(
        "decay of the running means of the gradient and of its square", _Betas(), default=(0.9, 0.999)
    )
    eps: float = attribute("added to the root, against division by zero", Number(above=0), default=1e-8)
    weight_decay: float = attribute("L2 penalty added to the gradient", _NOT_NEGATIVE, default=0.0)


class AdamW(Adam):
    """Adam with decoupled weight decay (Loshchilov and Hutter 2017)."""

    name: ClassVar = "adamw"
    weight_decay: float = attribute(
        "share of the parameter taken off at each step, times lr", _NOT_NEGATIVE, default=1e-2
    )


class RMSprop(Optimizer):
    """RMSprop (Tieleman and Hinton 2012): the gradient over the root of the running mean of its square."""

    name: ClassVar = "rmsprop"
    lr: float = attribute("learning rate", Number(above=0), default=1e-2)
    alpha: float = attribute("decay of the running mean of the square", Number(0, 1), default=0.99, aliases=("decay",))
    eps: float = attribute("added to the root, against division by zero", Number(above=0), default=1e-8)
    momentum: float = attribute("share of the last step that is kept", _NOT_NEGATIVE, default=0.0)
    weight_decay: float = attribute("L2 penalty added to the gradient", _NOT_NEGATIVE, default=0.0)


class Adagrad(Optimizer):
    """Adagrad (Duchi, Hazan and Singer 2011): the gradient over the root of the sum of its squares."""

    name: ClassVar = "adagrad"
    lr: float = attribute("learning rate", Number(above=0), default=1e-2)
    lr_decay: float = attribute("the rate is divided by 1 plus this times the steps before", _NOT_NEGATIVE, default=0.0)
    eps: float = attribute("added to the root, against division by zero", Number(above=0), default=1e-10)
    weight_decay: float = attribute("L2 penalty added to the gradient", _NOT_NEGATIVE, default=0.0)


class Muon(Optimizer):
    """Muon (Jordan 2024): the momentum of each matrix made nearly orthogonal by five steps of Newton and Schulz.

    Kernels of convolutions are matrices with a row for each output. Biases and other vectors follow AdamW with the same rate
    and weight decay. A step is as long as one of AdamW is (Liu et al. 2025: ``match_rms_adamw`` of torch). All of it is
    computed in the precision of the network, where torch rounds to bfloat16.
    """

    name: ClassVar = "muon"
    lr: float = attribute("learning rate", Number(above=0), default=1e-3)
    momentum: float = attribute("share of the last step that is kept", Number(0), default=0.95)
    nesterov: bool = attribute("look ahead along the momentum", Boolean(), default=True)
    weight_decay: float = attribute(
        "share of the parameter taken off at each step, times lr", _NOT_NEGATIVE, default=0.1
    )
    betas: tuple[float, float] = attribute("of AdamW, for vectors", _Betas(), default=(0.9, 0.999))
    eps: float = attribute("of AdamW, for vectors", Number(above=0), default=1e-8)


OPTIMIZERS: dict[str, type[Optimizer]] = {item.name: item for item in (SGD, Adam, AdamW, RMSprop, Adagrad, Muon)}
