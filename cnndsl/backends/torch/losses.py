"""Losses, by what the recipe calls them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor
from torch.nn import functional

from ...recipe import Loss
from ...recipe.losses import BCE, MSE, CrossEntropy

__all__ = ["loss_value"]


def loss_value(loss: Loss, output: Tensor, labels: Tensor) -> Tensor:
    """The loss, one number, of an output (N x K ...) and its class numbers (N ..., int64), or shares (N x K ...)."""
    return LOSSES[type(loss)](loss, output, labels)


def _cross_entropy(loss: CrossEntropy, output: Tensor, labels: Tensor) -> Tensor:
    weight = output.new_tensor(loss.weight) if loss.weight else None
    return functional.cross_entropy(output, labels, weight, label_smoothing=loss.label_smoothing)


def _bce(loss: BCE, output: Tensor, labels: Tensor) -> Tensor:
    return functional.binary_cross_entropy_with_logits(output, _one_hot(output, labels))


def _mse(loss: MSE, output: Tensor, labels: Tensor) -> Tensor:
    return functional.mse_loss(output, _one_hot(output, labels))


def _one_hot(output: Tensor, labels: Tensor) -> Tensor:
    """1 for the true class and 0 for the others, in the shape of the output; shares of the classes are that already."""
    if labels.is_floating_point():
        return labels
    return torch.zeros_like(output).scatter_(1, labels.unsqueeze(1), 1)


LOSSES: dict[type[Loss], Callable[[Any, Tensor, Tensor], Tensor]] = {CrossEntropy: _cross_entropy, BCE: _bce, MSE: _mse}
