"""The settings of ``train { }`` by their words, and what stands after each."""

from __future__ import annotations

from collections.abc import Mapping

from ..attributes import AttributeType, Declared, Integer, Number
from .augmentation import Augment
from .datasets import DATASETS
from .losses import LOSSES
from .normalization import NORMALIZATIONS
from .optimizers import OPTIMIZERS, Clip
from .precision import PRECISIONS
from .schedules import SCHEDULES

__all__ = ["CHOICES", "COUNTS", "NEEDS", "RECORDS", "REQUIRED", "SCOPED"]

CHOICES: dict[str, Mapping[str, type[Declared]]] = {
    "data": DATASETS,
    "loss": LOSSES,
    "optimizer": OPTIMIZERS,
    "schedule": SCHEDULES,
    "normalize": NORMALIZATIONS,
    "precision": PRECISIONS,
}
"""Settings that name one of several things, and the things."""

RECORDS: dict[str, type[Declared]] = {"augment": Augment, "clip": Clip}
"""Settings that have attributes and nothing to choose from."""

COUNTS: dict[str, AttributeType] = {
    "batch": Integer(1),
    "epochs": Integer(1),
    "seed": Integer(0),
    "warmup": Integer(0),
    "validation": Number(0, 0.9),
    "early_stopping": Integer(1),
    "ema": Number(0, 0.99999),
    "accumulate": Integer(1),
}
"""Settings that are one number."""

SCOPED = ("freeze", "lr")
"""Settings that name layers and blocks of the network."""

REQUIRED = ("data", "optimizer", "epochs")

NEEDS = {"early_stopping": "validation"}
"""Settings that look at what another one keeps aside."""
