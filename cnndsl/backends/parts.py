"""Batches that are computed in parts, one after the other or on several workers, as if they were computed as a whole."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..recipe import CrossEntropy, Loss
from ..record import Record

__all__ = ["Part", "divide", "weight_of"]


class Part(Record):
    """Which part of a batch the samples of a step are.

    ``start`` is the place of the first one in the batch, which keys its dropout, and ``weight`` the
    :func:`weight_of` the labels of the whole batch; None if these samples are all of it. ``least`` is how many samples every
    worker has at least, so that all of them divide theirs alike; 0 if there is one worker.
    """

    start: int = 0
    weight: float | None = None
    least: int = 0


def divide(count: int, parts: int) -> list[slice]:
    """The samples of each part of a batch: in order, and as equal as can be; fewer parts where there are fewer samples."""
    parts = min(count, parts)
    bounds = [count * place // parts for place in range(parts + 1)]
    return [slice(first, last) for first, last in pairwise(bounds)]


def weight_of(loss: Loss, labels: NDArray[Any]) -> float:
    """What the mean over samples of these classes is divided by, as ``torch.nn.CrossEntropyLoss`` has it."""
    weight = loss.weight if isinstance(loss, CrossEntropy) else ()
    if labels.dtype.kind == "f":
        return float(labels.size / labels.shape[1])
    return float(np.array(weight, np.float64)[labels].sum()) if weight else float(labels.size)
