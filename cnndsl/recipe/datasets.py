"""Data sets by name: what they are. How they are read is in training/data, which a spec need not know."""

from __future__ import annotations

from typing import ClassVar

from ..attributes import Declared

__all__ = ["DATASETS", "Dataset", "Digits", "Mnist"]


class Dataset(Declared):
    """Base of all data sets; ``shape`` is that of a sample as stored, CxHxW."""

    shape: ClassVar[tuple[int, int, int]]
    classes: ClassVar[int]


class Digits(Dataset):
    """1,797 handwritten digits, 8x8 grey levels, that come with scikit-learn; a stratified fifth is held out."""

    name: ClassVar = "digits"
    shape: ClassVar = (1, 8, 8)
    classes: ClassVar = 10


class Mnist(Dataset):
    """MNIST (LeCun et al. 1998): 60,000 handwritten digits to train on, 10,000 to test, 28x28 grey levels, IDX files."""

    name: ClassVar = "mnist"
    shape: ClassVar = (1, 28, 28)
    classes: ClassVar = 10


DATASETS: dict[str, type[Dataset]] = {item.name: item for item in (Digits, Mnist)}
