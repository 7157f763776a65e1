"""The handwritten digits of scikit-learn: 1,797 images of 8x8, part of its package, so that nothing is downloaded.

Every image is enlarged to the input of the network. Of each class every fifth image, in the order of the file and
beginning with the third, is held out: 359 images, the same whatever the seed, and they choose nothing.
"""

from __future__ import annotations

from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from ...diagnostics.kinds import files
from ...ops import Shape
from ...recipe.datasets import Digits
from ..refusal import refusal
from .model import Data, Labels, Levels, Split
from .prepare import resize
from .reader import Reader

__all__ = ["DigitsReader"]

_LARGEST_LEVEL = 16


class DigitsReader(Reader):
    """Reads scikit-learn's digits."""

    dataset: ClassVar = Digits
    class_names: ClassVar = tuple("0123456789")

    def arrange(self, levels: Levels, shape: Shape) -> Levels:
        return resize(levels, *shape[1:]) if len(shape) == 3 else levels

    def read(self, shape: Shape, data_dir: str | None) -> Data:
        return Data(self._split(shape, held_out=False), self.read_held_out(shape, data_dir), self.class_names)

    def read_held_out(self, shape: Shape, data_dir: str | None) -> Split:
        return self._split(shape, held_out=True)

    def _split(self, shape: Shape, *, held_out: bool) -> Split:
        levels, labels = _stored()
        chosen = _held_out(labels) == held_out
        return Split(self.prepare(levels[chosen], shape), labels[chosen])


def _stored() -> tuple[Levels, Labels]:
    try:
        from sklearn.datasets import load_digits
    except ModuleNotFoundError as error:
        if error.name is None or error.name.split(".")[0] != "sklearn":
            raise
        message = "data set `digits` is part of scikit-learn, which is not installed"
        raise refusal(files.MISSING_PACKAGE, message, help=("pip install 'cnndsl[digits]'",)) from None
    digits = load_digits()
    return (digits.images / _LARGEST_LEVEL).astype(np.float32), digits.target.astype(np.int64)


def _held_out(labels: Labels) -> NDArray[np.bool_]:
    held_out = np.zeros(len(labels), np.bool_)
    for label in np.unique(labels):
        held_out[np.flatnonzero(labels == label)[2::5]] = True
    return held_out
