"""How well a network tells classes apart."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from ...backends.base import Network
from ...backends.numpy.losses import evaluate_loss
from ...backends.workers import ALONE, Workers
from ...recipe import Loss
from ...record import Record
from ..checkpoints.loading import batch_of
from ..data import Images, Labels, Samples
from ..data.ahead import Ahead
from ..data.model import Subset

__all__ = ["Evaluation", "evaluate", "evaluate_outputs", "log_softmax", "run_samples"]

_TOP, _RANGES = 5, 15


class Evaluation(Record):
    """Results on a set of samples: ``accuracy`` from 0 to 1, mean ``loss``, and ``confusion[true class, told class]``.

    ``top_5`` is the share of samples whose class is among the five likeliest, and ``calibration_error`` how far on average the
    probability of the likeliest class is from how often it is right: over 15 equal ranges of it, weighted by their samples
    (Guo et al. 2017).
    """

    accuracy: float
    loss: float
    confusion: NDArray[np.int64]
    top_5: float = 0.0
    calibration_error: float = 0.0

    @property
    def samples(self) -> int:
        return int(self.confusion.sum())

    @property
    def class_accuracy(self) -> tuple[float, ...]:
        """The share of each true class that is told right; 0 for a class without samples."""
        totals = self.confusion.sum(axis=1)
        return tuple((np.diag(self.confusion) / np.maximum(totals, 1)).tolist())


def evaluate(
    network: Network,
    samples: Samples,
    loss: Loss,
    *,
    between: Callable[[], None] = lambda: None,
    workers: Workers = ALONE,
) -> Evaluation:
    """Run a network over samples, in evaluation mode, changing nothing; ``between`` is called before each batch.

    Several ``workers`` run a part of the samples each, and all of them get the same result.
    """
    if workers.count == 1:
        return evaluate_outputs(run_samples(network, samples, between=between), samples.labels, loss)
    own = workers.own(len(samples))
    # one sample at least, which is left out where there are more workers than samples
    part = Subset(samples, np.arange(own.start, max(own.stop, own.start + 1)))
    outputs = run_samples(network, part, between=between)[: own.stop - own.start]
    return evaluate_outputs(workers.gather(outputs), samples.labels, loss)


def run_samples(
    network: Network, samples: Samples, *, between: Callable[[], None] = lambda: None
) -> NDArray[np.floating]:
    """The outputs for samples, N x output shape; the next batch is made ready while one is run."""
    outputs = []
    batch = batch_of(network.graph)
    places = (slice(start, start + batch) for start in range(0, len(samples), batch))
    for _, x in Ahead[slice, Images](samples.batch).over(places):
        between()
        outputs.append(network.forward(x))
    scores: NDArray[np.floating] = np.concatenate(outputs)
    return scores


def evaluate_outputs(outputs: NDArray[np.floating], labels: Labels, loss: Loss) -> Evaluation:
    """Accuracy, mean loss and confusion of outputs N x classes, or of every place of maps N x classes x height x width.

    Equal outputs count for the class that comes first.
    """
    classes = outputs.shape[1]
    outputs, labels = np.moveaxis(outputs, 1, -1).reshape(-1, classes), labels.reshape(-1)
    told = outputs.argmax(axis=1)
    confusion = np.zeros((classes, classes), np.int64)
    np.add.at(confusion, (labels, told), 1)
    of_true = outputs[np.arange(len(labels)), labels][:, None]
    return Evaluation(
        float(np.mean(told == labels)),
        evaluate_loss(loss, outputs.astype(np.float64), labels)[0],
        confusion,
        float(np.mean((outputs > of_true).sum(axis=1) < _TOP)),
        _calibration_error(outputs, told == labels),
    )


def _calibration_error(outputs: NDArray[np.floating], right: NDArray[np.bool_]) -> float:
    confidence = np.nan_to_num(np.exp(log_softmax(outputs).max(axis=1)))
    ranges = np.minimum((confidence * _RANGES).astype(np.int64), _RANGES - 1)
    gaps = np.bincount(ranges, weights=confidence - right, minlength=_RANGES)
    return float(np.abs(gaps).sum() / len(right))


def log_softmax(outputs: NDArray[np.floating]) -> NDArray[np.float64]:
    """Logarithms of the softmax over the classes, N x classes, in float64; no finite output is too large for it."""
    with np.errstate(all="ignore"):
        shifted = outputs.astype(np.float64) - outputs.max(axis=1, keepdims=True)
        normalized: NDArray[np.float64] = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    return normalized
