"""Losses: one number per batch that training makes small."""

from __future__ import annotations

from typing import ClassVar

from ..attributes import Declared, Number, attribute

__all__ = ["LOSSES", "CrossEntropy", "Loss"]


class Loss(Declared):
    """Base of all losses."""


class CrossEntropy(Loss):
    """Softmax and cross entropy in one, the mean over the batch: D(S, L) = -sum_j L_j log S_j.

    With label smoothing the target of class k is (1 - eps) [k = y] + eps/K (Szegedy et al. 2015, section 7).
    """

    name: ClassVar = "cross_entropy"
    label_smoothing: float = attribute(
        "eps: what is taken from the true class and spread over all", Number(0, 1), default=0.0
    )


LOSSES: dict[str, type[Loss]] = {loss.name: loss for loss in (CrossEntropy,)}
