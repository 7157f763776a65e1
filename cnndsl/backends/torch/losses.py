"""Losses, by what the recipe calls them."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
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
    weight = _weights(loss.weight, output.dtype, output.device) if loss.weight else None
    return functional.cross_entropy(output, labels, weight, label_smoothing=loss.label_smoothing)


@cache
def _weights(weight: tuple[float, ...], dtype: torch.dtype, device: torch.device) -> Tensor:
    """The weights of the classes, sent to a device once: each time the step would wait for it."""
    return torch.tensor(weight, dtype=dtype, device=device)


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
