"""The handwritten digits of scikit-learn: 1,797 images of 8x8, part of its package, so that nothing is downloaded.

Every image is enlarged to the input of the network. Of each class every fifth image, in the order of the file and
beginning with the third, is held out: 359 images, the same whatever the seed, and they choose nothing.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ...diagnostics import refusal
from ...diagnostics.kinds import files
from ...recipe.datasets import Digits
from .model import ArraySamples, Data, Labels, Levels, Request
from .preparation import DIGITS
from .reader import Reader

__all__ = ["DigitsReader"]

_LARGEST_LEVEL = 16


class DigitsReader(Reader):
    """Reads scikit-learn's digits."""

    def read(self, dataset: Digits, request: Request) -> Data:
        levels, labels = _stored()
        preparation = request.preparation or DIGITS
        stored, held_out = preparation.arranged(levels, request.shape), _held_out(labels)
        train, rest = (
            ArraySamples(stored[chosen], labels[chosen], preparation, request.shape) for chosen in (~held_out, held_out)
        )
        return Data(train, rest, tuple("0123456789"), preparation)


def _stored() -> tuple[Levels, Labels]:
    try:
        from sklearn.datasets import load_digits
    except ModuleNotFoundError as error:
        if error.name is None or error.name.split(".")[0] != "sklearn":
            raise
        message = "data set `digits` is part of scikit-learn, which is not installed"
        raise refusal(files.MISSING_PACKAGE, message, help=("pip install scikit-learn",)) from None
    digits = load_digits()
    return (digits.images[:, None] / _LARGEST_LEVEL).astype(np.float32), digits.target.astype(np.int64)


def _held_out(labels: Labels) -> NDArray[np.bool_]:
    held_out = np.zeros(len(labels), np.bool_)
    for label in np.unique(labels):
        held_out[np.flatnonzero(labels == label)[2::5]] = True
    return held_out
