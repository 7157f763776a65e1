"""Muon for every shape of parameter, in its own precision: torch's takes matrices alone, and rounds them to bfloat16."""

from __future__ import annotations

from collections.abc import Callable
from math import sqrt
from typing import Any

import torch
from torch import Tensor

from ...recipe.optimizers import MUON_COEFFICIENTS, MUON_EPS, MUON_LENGTH, MUON_STEPS

__all__ = ["Muon"]


class Muon(torch.optim.Optimizer):
    """Parameters of two axes and more by Muon, as matrices with a row for each output; the others by AdamW."""

    def __init__(self, params: list[dict[str, Any]], **defaults: Any) -> None:
        super().__init__(params, defaults)

    @torch.no_grad()
    def step(self, closure: Callable[[], float] | None = None) -> None:  # type: ignore[override]
        """Change every parameter that has a gradient."""
        for group in self.param_groups:
            for parameter in group["params"]:
                if parameter.grad is not None:
                    change = _follow if parameter.ndim > 1 else _follow_adamw
                    change(parameter, parameter.grad, self.state[parameter], group)


def _follow(parameter: Tensor, gradient: Tensor, state: dict[str, Any], group: dict[str, Any]) -> None:
    buffer = state["momentum_buffer"]
    buffer.lerp_(gradient, 1 - group["momentum"])
    wanted = gradient.lerp(buffer, group["momentum"]) if group["nesterov"] else buffer
    matrix = wanted.reshape(len(wanted), -1)
    parameter.mul_(1 - group["lr"] * group["weight_decay"])
    length = MUON_LENGTH * sqrt(max(matrix.shape))
    parameter.sub_(orthogonal(matrix).reshape(parameter.shape), alpha=group["lr"] * length)


def _follow_adamw(parameter: Tensor, gradient: Tensor, state: dict[str, Any], group: dict[str, Any]) -> None:
    (first, second), count = group["betas"], state["step"].add_(1).item()
    mean, square = state["exp_avg"], state["exp_avg_sq"]
    mean.lerp_(gradient, 1 - first)
    square.mul_(second).addcmul_(gradient, gradient, value=1 - second)
    root = square.sqrt().div_(sqrt(1 - second**count)).add_(group["eps"])
    parameter.mul_(1 - group["lr"] * group["weight_decay"])
    parameter.addcdiv_(mean, root, value=-group["lr"] / (1 - first**count))


def orthogonal(matrix: Tensor) -> Tensor:
    """A matrix with singular values near 1 in place of its own: five steps of Newton and Schulz (Jordan 2024)."""
    is_tall = matrix.shape[0] > matrix.shape[1]
    wide: Tensor = matrix.T if is_tall else matrix
    wide = wide / wide.norm().clamp(min=MUON_EPS)
    a, b, c = MUON_COEFFICIENTS
    for _ in range(MUON_STEPS):
        gram = wide @ wide.T
        wide = a * wide + (b * gram + c * (gram @ gram)) @ wide
    return wide.T if is_tall else wide
