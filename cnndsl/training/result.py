"""What a training came to."""

from __future__ import annotations

from ..backends.base import Network
from ..record import Record, field
from .data.preparation import Preparation
from .history import EpochResult

__all__ = ["TrainingResult"]


class TrainingResult(Record):
    """The end of a training: ``accuracy`` (0 to 1) and ``loss`` are of the held-out data after the last epoch,
    or after the best one if a validation part of the training data has chosen it.

    ``seconds`` counts training and evaluation, not reading the data. ``checkpoint`` is the folder, ``curve`` the picture and
    ``report`` the page in it; None where nothing was to be written, and no curve without matplotlib. ``network`` is the trained
    network, and ``preparation`` what stored samples go through before it.
    """

    accuracy: float
    loss: float
    seconds: float
    checkpoint: str | None
    curve: str | None
    history: tuple[EpochResult, ...]
    network: Network = field(compare=False)
    report: str | None = None
    preparation: Preparation = Preparation()
