"""Losses, by what the recipe calls them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from torch import Tensor
from torch.nn import functional

from ...recipe import Loss
from ...recipe.losses import CrossEntropy

__all__ = ["loss_value"]


def loss_value(loss: Loss, output: Tensor, labels: Tensor) -> Tensor:
    """The loss, one number, of an output (N x K) and its class numbers (N, int64)."""
    return LOSSES[type(loss)](loss, output, labels)


def _cross_entropy(loss: CrossEntropy, output: Tensor, labels: Tensor) -> Tensor:
    return functional.cross_entropy(output, labels, label_smoothing=loss.label_smoothing)


LOSSES: dict[type[Loss], Callable[[Any, Tensor, Tensor], Tensor]] = {CrossEntropy: _cross_entropy}
