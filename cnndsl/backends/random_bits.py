"""Which activations dropout keeps: a pure function of seed, layer and step, in integers, so that every backend agrees.

Each element of a batch, in C order, has 32 bits of the counter-based generator Philox4x64-10 (Salmon et al. 2011), whose key is
made of the seed and the layer's path, and whose counter begins at step * 2**128. An element is kept where its bits, as a
number, are at least ``floor(p * 2**32)``.
"""

from __future__ import annotations

import math
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from .initial import stream_key

__all__ = ["dropout_mask", "dropout_threshold"]


def dropout_threshold(p: float) -> int:
    """The smallest number that is kept: floor(p * 2**32), so 0 keeps everything and 1 keeps nothing."""
    return math.floor(p * 2**32)


def dropout_mask(shape: tuple[int, ...], p: float, seed: int, path: str, step: int) -> NDArray[np.bool_]:
    """True where an element of a batch of this shape is kept, which happens with probability 1 - p."""
    count = math.prod(shape)
    words = np.random.Philox(key=_key(seed, path), counter=step << 128).random_raw((count + 1) // 2)
    bits = words.astype("<u8", copy=False).view("<u4")[:count]
    threshold = dropout_threshold(p)
    kept = bits >= np.uint32(threshold) if threshold < 2**32 else np.zeros(count, np.bool_)
    return kept.reshape(shape)


@lru_cache(maxsize=1024)
def _key(seed: int, path: str) -> int:
    return stream_key(seed, "dropout", path)
