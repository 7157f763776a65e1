"""What a ``train { }`` block says, as data: data set, loss, optimizer, schedule. Nothing here computes with tensors."""

from __future__ import annotations

from ..record import Record
from .augmentation import Augment
from .datasets import DATASETS, Dataset
from .losses import LOSSES, CrossEntropy, Loss
from .normalization import NORMALIZATIONS, Normalize, Usual
from .optimizers import OPTIMIZERS, Clip, Optimizer
from .precision import PRECISIONS, Float32, Precision
from .schedules import SCHEDULES, Constant, Schedule
from .scopes import Scope, innermost

__all__ = [
    "DATASETS",
    "LOSSES",
    "NORMALIZATIONS",
    "OPTIMIZERS",
    "PRECISIONS",
    "SCHEDULES",
    "Augment",
    "Clip",
    "CrossEntropy",
    "Dataset",
    "Loss",
    "Normalize",
    "Optimizer",
    "Precision",
    "Recipe",
    "Schedule",
    "Scope",
]


class Recipe(Record):
    """How a network is trained."""

    data: Dataset
    optimizer: Optimizer
    epochs: int
    batch: int = 32
    loss: Loss = CrossEntropy()
    schedule: Schedule = Constant()
    seed: int = 0
    augment: Augment = Augment()
    normalize: Normalize = Usual()
    clip: Clip = Clip()
    ema: float = 0.0
    warmup: int = 0
    validation: float = 0.0
    early_stopping: int = 0
    precision: Precision = Float32()
    accumulate: int = 1
    freeze: tuple[Scope, ...] = ()
    lr: tuple[tuple[Scope, float], ...] = ()

    def factor(self, path: str) -> float:
        """By what the learning rate of the layer at a path is multiplied; 0 if it is frozen. Of two scopes the inner counts."""
        rates = dict(self.lr)
        scope = innermost(path, (*self.freeze, *rates))
        if scope is None:
            return 1.0
        return rates[scope] / self.optimizer.lr if scope in rates else 0.0
