"""Another normalisation than the usual one of a data set, as a recipe asks for it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ...recipe import Normalize
from ...recipe.normalization import Given, Measured, Usual
from .model import Data, Samples

__all__ = ["with_normalization"]

_CHUNK, _MOST = 512, 16_384
"""Samples that are looked at together, and in all, spread over the training data."""


def with_normalization(data: Data, normalize: Normalize) -> Data:
    """The data with every sample brought to the range that is asked for; data that has been brought there is left alone."""
    if isinstance(normalize, Usual):
        return data
    mean, std = _statistics(data.train, normalize)
    channels = data.train.levels(slice(0, 1)).shape[1]
    scale = np.broadcast_to(1 / std, channels)
    offset = np.broadcast_to(-mean / std, channels)
    preparation = data.preparation.replace(scale=tuple(scale.tolist()), offset=tuple(offset.tolist()))
    train, held_out = (part.with_preparation(preparation) for part in (data.train, data.held_out))
    return Data(train, held_out, data.class_names, preparation)


def _statistics(samples: Samples, normalize: Normalize) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """What is taken away from each channel, and what it is divided by."""
    match normalize:
        case Given():
            return np.array(normalize.mean), np.array(normalize.std)
        case Measured():
            return _measured(samples)
    return np.zeros(1), np.ones(1)


def _measured(samples: Samples) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Mean and deviation of each channel, in two passes; a channel that never changes is divided by 1."""
    counts, sums = zip(*((len(chunk), chunk.sum(axis=0)) for chunk in _chunks(samples)), strict=True)
    mean = sum(sums) / sum(counts)
    squares = sum(np.square(chunk - mean).sum(axis=0) for chunk in _chunks(samples))
    deviation = np.sqrt(squares / sum(counts))
    return mean, np.where(deviation == 0, 1, deviation)


def _chunks(samples: Samples) -> Iterator[NDArray[np.float64]]:
    """Samples as rows of channels, a few hundred at a time; bytes go from 0 to 1."""
    step = -(-len(samples) // _MOST)
    for start in range(0, len(samples), _CHUNK * step):
        levels: NDArray[Any] = samples.levels(slice(start, start + _CHUNK * step, step))
        rows = np.moveaxis(levels, 1, -1).reshape(-1, levels.shape[1]).astype(np.float64)
        yield rows / 255 if levels.dtype == np.uint8 else rows
