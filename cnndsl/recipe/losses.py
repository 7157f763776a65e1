"""Losses: one number per batch that training makes small."""

from __future__ import annotations

from typing import Any, ClassVar

from ..attributes import AttributeType, Declared, Number, attribute

__all__ = ["BCE", "LOSSES", "MSE", "CrossEntropy", "Loss"]


class _Weights(AttributeType):
    description = "a positive number for each class, as (1, 2.5)"

    def convert(self, value: object) -> Any:
        if not isinstance(value, tuple | list):
            raise self.wrong(value)
        return tuple(Number(above=0).convert(item) for item in value)


class Loss(Declared):
    """Base of all losses."""


class CrossEntropy(Loss):
    """Softmax and cross entropy in one, the mean over the batch: D(S, L) = -sum_j L_j log S_j.

    With label smoothing the target of class k is (1 - eps) [k = y] + eps/K (Szegedy et al. 2015, section 7). With weights it is
    the mean weighted by those of the true classes, as torch has it.
    """

    name: ClassVar = "cross_entropy"
    weight: tuple[float, ...] = attribute(
        "how much a sample of each class counts; () for alike", _Weights(), default=()
    )
    label_smoothing: float = attribute(
        "eps: what is taken from the true class and spread over all", Number(0, 1), default=0.0
    )


class BCE(Loss):
    """Binary cross entropy of a sigmoid for each class against 1 for the true one and 0 for the others, the mean over all."""

    name: ClassVar = "bce"


class MSE(Loss):
    """The mean square of what the outputs differ from 1 for the true class and 0 for the others."""

    name: ClassVar = "mse"


LOSSES: dict[str, type[Loss]] = {loss.name: loss for loss in (CrossEntropy, BCE, MSE)}
