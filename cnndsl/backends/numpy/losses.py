"""Losses and their gradients by the network's output."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from ...recipe import CrossEntropy, Loss
from ...recipe.losses import BCE, MSE
from ..guards import check_labels
from ..parts import weight_of
from .kernels import Array

__all__ = ["LOSSES", "bce", "cross_entropy", "evaluate_loss", "evaluate_part", "mse"]


def evaluate_loss(loss: Loss, output: Array, labels: Array) -> tuple[float, Array]:
    """The loss of a batch and its gradient by the output.

    Raises:
        DiagnosticError: E0413 if the labels are not class numbers for this output.
    """
    check_labels(labels, output.shape)
    return LOSSES[type(loss)](loss, output, labels)


def evaluate_part(loss: Loss, output: Array, labels: Array, batch: Array) -> tuple[float, Array]:
    """What some samples add to the loss of a batch, whose labels are ``batch``, and the gradient by their output."""
    whole = weight_of(loss, batch)
    share = weight_of(loss, labels) / whole if whole else 1.0
    if share == 0:  # all of classes that do not count
        return 0.0, np.zeros_like(output)
    value, gradient = evaluate_loss(loss, output, labels)
    return (value, gradient) if share == 1 else (value * share, gradient * share)


def cross_entropy(loss: CrossEntropy, scores: Array, labels: Array) -> tuple[float, Array]:
    """The mean of -sum_k w_k q_k log softmax(scores)_k over all places, weighted by w of the true classes, if they are known.

    Args:
        loss: Its smoothing eps makes the target q_k = (1 - eps) share_k + eps/K; w are its weights, or 1.
        scores: N x K, or N x K x ... with a label at each place.
        labels: N, or N x ...; int64. Or the shares of the classes, in the shape of the scores.
    """
    target = _target(scores, labels, loss.label_smoothing)
    shifted = scores - scores.max(axis=1, keepdims=True)
    log_probabilities = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    if loss.weight:
        target = target * np.array(loss.weight, target.dtype).reshape(-1, *(1,) * (target.ndim - 2))
    total = weight_of(loss, labels)
    gradient = (np.exp(log_probabilities) * target.sum(axis=1, keepdims=True) - target) / total
    # 0 * log 0 is 0 here, but not in floating point
    terms = np.multiply(target, log_probabilities, out=np.zeros_like(target), where=target != 0)
    return float(-terms.sum() / total), gradient


def bce(loss: BCE, scores: Array, labels: Array) -> tuple[float, Array]:
    """The mean of -t log sigmoid(x) - (1 - t) log(1 - sigmoid(x)) over all numbers of the output."""
    target = _target(scores, labels)
    with np.errstate(over="ignore"):
        sigmoid = 1 / (1 + np.exp(-scores))
    terms = np.maximum(scores, 0) - scores * target + np.log1p(np.exp(-np.abs(scores)))
    return float(terms.mean()), (sigmoid - target) / scores.size


def mse(loss: MSE, scores: Array, labels: Array) -> tuple[float, Array]:
    """The mean of (x - t)^2 over all numbers of the output."""
    difference = scores - _target(scores, labels)
    return float((difference * difference).mean()), difference * (2 / scores.size)


def _target(scores: Array, labels: Array, smoothing: float = 0.0) -> Array:
    """What the output is to be: 1 for the true class and 0 for the others, or shares of the classes as they are given."""
    if labels.dtype.kind == "f":
        shares = labels.astype(scores.dtype)
    else:
        shares = np.zeros_like(scores)
        np.put_along_axis(shares, np.expand_dims(labels, 1), 1, axis=1)
    return shares * (1 - smoothing) + smoothing / scores.shape[1] if smoothing else shares


LOSSES: dict[type[Loss], Callable[..., tuple[float, Array]]] = {CrossEntropy: cross_entropy, BCE: bce, MSE: mse}
"""The function of each loss: takes the loss, the output and the labels, gives the value and the gradient by the output."""
