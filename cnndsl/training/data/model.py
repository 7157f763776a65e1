"""What a data set is once it is read: arrays that fit the network, in two parts."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ...record import Record

__all__ = ["Data", "Images", "Labels", "Levels", "Split"]

Images = NDArray[np.float32]
"""Inputs of a network: N x sample shape, normalised."""

Labels = NDArray[np.int64]
"""Class numbers, N."""

Levels = NDArray[np.float32]
"""Grey levels as stored, N x height x width, from 0 (background) to 1 (ink)."""


class Split(Record):
    """Samples and their classes, in the order of the data set's files."""

    images: Images
    labels: Labels

    def __len__(self) -> int:
        return len(self.labels)


class Data(Record):
    """A data set: what is trained on, what is held out and chooses nothing, and the names of the classes."""

    train: Split
    held_out: Split
    class_names: tuple[str, ...]
