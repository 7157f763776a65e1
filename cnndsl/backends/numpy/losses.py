"""Losses and their gradients by the network's output."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from ...recipe import CrossEntropy, Loss
from ..guards import check_labels
from .kernels import Array

__all__ = ["LOSSES", "cross_entropy", "evaluate_loss"]


def evaluate_loss(loss: Loss, output: Array, labels: Array) -> tuple[float, Array]:
    """The loss of a batch and its gradient by the output.

    Raises:
        DiagnosticError: E0413 if the labels are not class numbers for this output.
    """
    check_labels(labels, output.shape)
    return LOSSES[type(loss)](loss, output, labels)


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
    gradient = (np.exp(log_probabilities) - target) / labels.size
    if loss.label_smoothing == 0:
        # 0 * log 0 is 0 here, but not in floating point
        return float(-np.take_along_axis(log_probabilities, at_labels, axis=1).mean()), gradient
    return float(-(target * log_probabilities).sum() / labels.size), gradient


LOSSES: dict[type[Loss], Callable[..., tuple[float, Array]]] = {CrossEntropy: cross_entropy}
"""The function of each loss: takes the loss, the output and the labels, gives the value and the gradient by the output."""
