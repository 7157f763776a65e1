"""What is known of a training as it goes on: what each epoch came to, and how far the present one is."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from ..record import Record

__all__ = ["BatchDone", "EpochResult", "Position", "Report"]


class EpochResult(Record):
    """One epoch, counted from 1.

    ``training_loss`` is the mean over its samples, each taken before the step that it led to; ``loss`` and ``accuracy`` are of
    the validation part after it, or without such of the held-out data. ``learning_rate`` is that of its first step, and
    ``waited`` are the seconds in which no batch was ready.
    """

    epoch: int
    epochs: int
    learning_rate: float
    training_loss: float
    loss: float
    accuracy: float
    seconds: float
    samples: int = 0
    waited: float = 0.0

    def row(self) -> dict[str, float]:
        """What a checkpoint keeps: all but the time, so that the same training gives the same bytes."""
        names = ("epoch", "learning_rate", "training_loss", "loss", "accuracy")
        return {name: getattr(self, name) for name in names}

    def line(self) -> dict[str, float]:
        """What a line of the history says: the row, and how fast it went."""
        seconds = max(self.seconds, 1e-9)
        speed = {"seconds": round(self.seconds, 3), "samples_per_second": round(self.samples / seconds, 1)}
        return {**self.row(), **speed, "waited": round(self.waited, 3)}

    @classmethod
    def from_row(cls, row: Mapping[str, float], epochs: int) -> EpochResult:
        """The epoch of a checkpoint's row, of whose time nothing is known."""
        names = ("learning_rate", "training_loss", "loss", "accuracy")
        rate, *found = (float(row[name]) for name in names)
        training_loss, loss, accuracy = found
        return cls(int(row["epoch"]), epochs, rate, training_loss, loss, accuracy, 0.0)


class BatchDone(Record):
    """A batch of an epoch, both counted from 1, and its loss."""

    epoch: int
    epochs: int
    batch: int
    batches: int
    loss: float
    samples: int = 0


class Position(Record):
    """Where a training stands: ``epoch`` are done, and of the next one ``batch`` steps with this sum of ``loss`` over samples.

    ``first_loss`` is that of the first step of all, None before it.
    """

    epoch: int = 0
    batch: int = 0
    loss: float = 0.0
    first_loss: float | None = None

    def row(self) -> dict[str, Any]:
        """What a checkpoint keeps."""
        return {name: getattr(self, name) for name in type(self).field_infos}


Report = Callable[[BatchDone | EpochResult], None]
"""Is told of every batch and every epoch."""
