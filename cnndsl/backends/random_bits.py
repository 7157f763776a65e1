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

_BLOCK = 8
"""Numbers of 32 bits that one count of Philox4x64 gives."""


def dropout_threshold(p: float) -> int:
    """The smallest number that is kept: floor(p * 2**32), so 0 keeps everything and 1 keeps nothing."""
    return math.floor(p * 2**32)


def dropout_mask(
    shape: tuple[int, ...], p: float, seed: int, path: str, step: int, start: int = 0
) -> NDArray[np.bool_]:
    """True where an element of a batch of this shape is kept, which happens with probability 1 - p.

    ``start`` is the place of the first sample, where they are a part of a batch.
    """
    count = math.prod(shape)
    blocks, before = divmod(start * math.prod(shape[1:]), _BLOCK)
    generator = np.random.Philox(key=_key(seed, path), counter=(step << 128) + blocks)
    words = generator.random_raw((before + count + 1) // 2)
    bits = words.astype("<u8", copy=False).view("<u4")[before : before + count]
    threshold = dropout_threshold(p)
    kept = bits >= np.uint32(threshold) if threshold < 2**32 else np.zeros(count, np.bool_)
    return kept.reshape(shape)


@lru_cache(maxsize=1024)
def _key(seed: int, path: str) -> int:
    return stream_key(seed, "dropout", path)
