"""The update rules of torch.optim, number for number. Each works in place on one parameter and its running means."""

from __future__ import annotations

from collections.abc import Callable
from math import sqrt
from typing import Any, Generic, TypeVar

import numpy as np

from ...recipe import Optimizer
from ...recipe.optimizers import (
    MUON_COEFFICIENTS,
    MUON_EPS,
    MUON_LENGTH,
    MUON_STEPS,
    SGD,
    Adagrad,
    Adam,
    AdamW,
    Muon,
    RMSprop,
)
from .kernels import Array

__all__ = ["RULES", "Rule", "orthogonal"]

OptimizerT = TypeVar("OptimizerT", bound=Optimizer)


class Rule(Generic[OptimizerT]):
    """How an optimizer changes one parameter.

    ``slots`` names what it keeps for a parameter, in the words of torch.optim: arrays of the parameter's shape, zero at first.
    """

    def __init__(self, optimizer: OptimizerT) -> None:
        self.optimizer = optimizer

    def slots(self, parameter: Array) -> tuple[str, ...]:
        raise NotImplementedError

    def update(self, parameter: Array, gradient: Array, slots: dict[str, Array], lr: float, count: int) -> None:
        """Change the parameter and its slots in place, for the ``count``-th time, from 1."""
        raise NotImplementedError


class SgdRule(Rule[SGD]):
    """buffer = momentum*buffer + g; p -= lr * buffer, or lr * (g + momentum*buffer) after Nesterov."""

    def slots(self, parameter: Array) -> tuple[str, ...]:
        return ("momentum_buffer",) if self.optimizer.momentum else ()

    def update(self, parameter: Array, gradient: Array, slots: dict[str, Array], lr: float, count: int) -> None:
        gradient = _penalised(gradient, parameter, self.optimizer.weight_decay)
        momentum = self.optimizer.momentum
        if momentum:
            buffer = slots["momentum_buffer"]
            buffer *= momentum
            buffer += gradient
            gradient = gradient + momentum * buffer if self.optimizer.nesterov else buffer
        parameter -= lr * gradient


class AdamRule(Rule[Adam]):
    """p -= lr * mean/(1 - beta1^t) / (sqrt(square/(1 - beta2^t)) + eps)."""

    def slots(self, parameter: Array) -> tuple[str, ...]:
        return ("exp_avg", "exp_avg_sq")

    def update(self, parameter: Array, gradient: Array, slots: dict[str, Array], lr: float, count: int) -> None:
        gradient = _penalised(gradient, parameter, self.optimizer.weight_decay)
        self._step(parameter, gradient, slots, lr, count)

    def _step(self, parameter: Array, gradient: Array, slots: dict[str, Array], lr: float, count: int) -> None:
        beta1, beta2 = self.optimizer.betas
        mean, square = slots["exp_avg"], slots["exp_avg_sq"]
        mean += (gradient - mean) * (1 - beta1)
        square *= beta2
        square += (1 - beta2) * gradient * gradient
        root = np.sqrt(square) / sqrt(1 - beta2**count) + self.optimizer.eps
        parameter -= lr / (1 - beta1**count) * (mean / root)


class AdamWRule(AdamRule):
    """Adam after p *= 1 - lr * weight_decay."""

    def update(self, parameter: Array, gradient: Array, slots: dict[str, Array], lr: float, count: int) -> None:
        parameter *= 1 - lr * self.optimizer.weight_decay
        self._step(parameter, gradient, slots, lr, count)


class RmspropRule(Rule[RMSprop]):
    """square = alpha*square + (1 - alpha) g^2; p -= lr * g/(sqrt(square) + eps), with momentum on the quotient."""

    def slots(self, parameter: Array) -> tuple[str, ...]:
        return ("square_avg", "momentum_buffer") if self.optimizer.momentum else ("square_avg",)

    def update(self, parameter: Array, gradient: Array, slots: dict[str, Array], lr: float, count: int) -> None:
        gradient = _penalised(gradient, parameter, self.optimizer.weight_decay)
        square = slots["square_avg"]
        square *= self.optimizer.alpha
        square += (1 - self.optimizer.alpha) * gradient * gradient
        quotient = gradient / (np.sqrt(square) + self.optimizer.eps)
        if self.optimizer.momentum:
            buffer = slots["momentum_buffer"]
            buffer *= self.optimizer.momentum
            buffer += quotient
            quotient = buffer
        parameter -= lr * quotient


class AdagradRule(Rule[Adagrad]):
    """sum += g^2; p -= lr/(1 + (t - 1) lr_decay) * g/(sqrt(sum) + eps)."""

    def slots(self, parameter: Array) -> tuple[str, ...]:
        return ("sum",)

    def update(self, parameter: Array, gradient: Array, slots: dict[str, Array], lr: float, count: int) -> None:
        gradient = _penalised(gradient, parameter, self.optimizer.weight_decay)
        squares = slots["sum"]
        squares += gradient * gradient
        rate = lr / (1 + (count - 1) * self.optimizer.lr_decay)
        parameter -= rate * (gradient / (np.sqrt(squares) + self.optimizer.eps))


class MuonRule(Rule[Muon]):
    """Matrices: p -= lr * 0.2 sqrt(max(rows, columns)) * orthogonal(momentum) after p *= 1 - lr * weight_decay; else AdamW."""

    def __init__(self, optimizer: Muon) -> None:
        super().__init__(optimizer)
        self._others = AdamWRule(AdamW(optimizer.lr, optimizer.betas, optimizer.eps, optimizer.weight_decay))

    def slots(self, parameter: Array) -> tuple[str, ...]:
        return ("momentum_buffer",) if parameter.ndim > 1 else self._others.slots(parameter)

    def update(self, parameter: Array, gradient: Array, slots: dict[str, Array], lr: float, count: int) -> None:
        if parameter.ndim < 2:
            self._others.update(parameter, gradient, slots, lr, count)
            return
        momentum, buffer = self.optimizer.momentum, slots["momentum_buffer"]
        buffer += (gradient - buffer) * (1 - momentum)
        wanted = gradient + (buffer - gradient) * momentum if self.optimizer.nesterov else buffer
        matrix = wanted.reshape(len(wanted), -1)
        parameter *= 1 - lr * self.optimizer.weight_decay
        step = lr * MUON_LENGTH * sqrt(max(matrix.shape))
        parameter -= step * orthogonal(matrix).reshape(parameter.shape)


def orthogonal(matrix: Array) -> Array:
    """A matrix with singular values near 1 in place of its own: five steps of Newton and Schulz (Jordan 2024)."""
    is_tall = matrix.shape[0] > matrix.shape[1]
    wide = matrix.T if is_tall else matrix
    wide = wide / max(float(np.sqrt(np.square(wide).sum())), MUON_EPS)
    a, b, c = MUON_COEFFICIENTS
    for _ in range(MUON_STEPS):
        gram = wide @ wide.T
        wide = a * wide + (b * gram + c * (gram @ gram)) @ wide
    return wide.T if is_tall else wide


def _penalised(gradient: Array, parameter: Array, weight_decay: float) -> Array:
    """The gradient with that of weight_decay/2 * p^2."""
    return gradient + weight_decay * parameter if weight_decay else gradient


RULES: dict[type[Optimizer], Callable[..., Rule[Any]]] = {
    SGD: SgdRule,
    Adam: AdamRule,
    AdamW: AdamWRule,
    RMSprop: RmspropRule,
    Adagrad: AdagradRule,
    Muon: MuonRule,
}
