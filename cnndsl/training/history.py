"""What is known of a training as it goes on: what each epoch came to, and how far the present one is."""

from __future__ import annotations

from collections.abc import Callable

from ..record import Record

__all__ = ["BatchDone", "EpochResult", "Report"]


class EpochResult(Record):
    """One epoch, counted from 1.

    ``training_loss`` is the mean over its samples, each taken before the step that it led to; ``loss`` and ``accuracy`` are of
    the held-out data after it.
    """

    epoch: int
    epochs: int
    learning_rate: float
    training_loss: float
    loss: float
    accuracy: float
    seconds: float

    def row(self) -> dict[str, float]:
        """What a checkpoint keeps: all but the time, so that the same training gives the same bytes."""
        names = ("epoch", "learning_rate", "training_loss", "loss", "accuracy")
        return {name: getattr(self, name) for name in names}


class BatchDone(Record):
    """A batch of an epoch, both counted from 1, and its loss."""

    epoch: int
    epochs: int
    batch: int
    batches: int
    loss: float


Report = Callable[[BatchDone | EpochResult], None]
"""Is told of every batch and every epoch."""
