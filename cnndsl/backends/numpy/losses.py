"""Losses and their gradients by the network's output."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from ...recipe import CrossEntropy, Loss
from ...recipe.losses import BCE, MSE
from ..guards import check_labels
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
    whole = _weight(loss, batch)
    share = _weight(loss, labels) / whole if whole else 1.0
    if share == 0:  # all of classes that do not count
        return 0.0, np.zeros_like(output)
    value, gradient = evaluate_loss(loss, output, labels)
    return (value, gradient) if share == 1 else (value * share, gradient * share)


def _weight(loss: Loss, labels: Array) -> float:
    """What a mean over samples of these classes is divided by."""
    weight = loss.weight if isinstance(loss, CrossEntropy) else ()
    return float(np.array(weight, np.float64)[labels].sum()) if weight else float(labels.size)


def cross_entropy(loss: CrossEntropy, scores: Array, labels: Array) -> tuple[float, Array]:
    """The mean of -sum_k q_k log softmax(scores)_k over all places.

    Args:
        loss: Its smoothing eps makes the target q_k = (1 - eps) [k = label] + eps/K.
        scores: N x K, or N x K x ... with a label at each place.
        labels: N, or N x ...; int64.
    """
    classes = scores.shape[1]
    target = np.full_like(scores, loss.label_smoothing / classes)
    at_labels = np.expand_dims(labels, 1)
    np.put_along_axis(target, at_labels, 1 - loss.label_smoothing + loss.label_smoothing / classes, axis=1)
    shifted = scores - scores.max(axis=1, keepdims=True)
    log_probabilities = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    if loss.weight:
        return _weighted(loss, log_probabilities, target, labels)
    gradient = (np.exp(log_probabilities) - target) / labels.size
    if loss.label_smoothing == 0:
        # 0 * log 0 is 0 here, but not in floating point
        return float(-np.take_along_axis(log_probabilities, at_labels, axis=1).mean()), gradient
    return float(-(target * log_probabilities).sum() / labels.size), gradient


def _weighted(loss: CrossEntropy, log_probabilities: Array, target: Array, labels: Array) -> tuple[float, Array]:
    """The same with a weight for each class: sum_k q_k w_k log p_k over the sum of the true classes' weights."""
    weight = np.array(loss.weight, target.dtype).reshape(-1, *(1,) * (target.ndim - 2))
    weighted = target * weight
    total = np.array(loss.weight, target.dtype)[labels].sum()
    probabilities = np.exp(log_probabilities)
    gradient = (probabilities * weighted.sum(axis=1, keepdims=True) - weighted) / total
    terms = np.where(weighted == 0, 0, weighted * log_probabilities)
    return float(-terms.sum() / total), gradient


def bce(loss: BCE, scores: Array, labels: Array) -> tuple[float, Array]:
    """The mean of -t log sigmoid(x) - (1 - t) log(1 - sigmoid(x)) over all numbers of the output."""
    target = _one_hot(scores, labels)
    with np.errstate(over="ignore"):
        sigmoid = 1 / (1 + np.exp(-scores))
    terms = np.maximum(scores, 0) - scores * target + np.log1p(np.exp(-np.abs(scores)))
    return float(terms.mean()), (sigmoid - target) / scores.size


def mse(loss: MSE, scores: Array, labels: Array) -> tuple[float, Array]:
    """The mean of (x - t)^2 over all numbers of the output."""
    difference = scores - _one_hot(scores, labels)
    return float((difference * difference).mean()), difference * (2 / scores.size)


def _one_hot(scores: Array, labels: Array) -> Array:
    """1 for the true class and 0 for the others, in the shape of the output."""
    target = np.zeros_like(scores)
    np.put_along_axis(target, np.expand_dims(labels, 1), 1, axis=1)
    return target


LOSSES: dict[type[Loss], Callable[..., tuple[float, Array]]] = {CrossEntropy: cross_entropy, BCE: bce, MSE: mse}
"""The function of each loss: takes the loss, the output and the labels, gives the value and the gradient by the output."""
