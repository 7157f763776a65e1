"""Which activations dropout keeps: a pure function of seed, layer and step, in integers, so that every backend agrees.

Element ``index`` (its place in the C-ordered batch tensor, from 0) is kept where ``hash(index) >= floor(p * 2**32)``, with

    hash(index) = mix(mix((index + key0) mod 2**32) ^ key1)
    mix(h): h ^= h >> 16;  h *= 0x85EBCA6B;  h ^= h >> 13;  h *= 0xC2B2AE35;  h ^= h >> 16      (all modulo 2**32)

``mix`` is the finalizer of MurmurHash3 (Appleby 2011). The function below runs on uint32 arrays, whose products wrap around.
With int64 arrays the same numbers come out if each product is masked with 0xFFFFFFFF afterwards: a product modulo 2**64
keeps its low 32 bits, whatever the sign, and every shift sees a number from 0 to 2**32 - 1.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from .initial import stream_key

__all__ = ["MASK", "MULTIPLIERS", "dropout_keys", "dropout_mask", "dropout_threshold"]

MASK = 0xFFFFFFFF
MULTIPLIERS = (0x85EBCA6B, 0xC2B2AE35)


def dropout_keys(seed: int, path: str, step: int) -> tuple[int, int]:
    """The two 32-bit keys (key0, key1) of the layer at ``path`` in a training step, which counts from 0."""
    key = stream_key(seed, "dropout", path, str(step))
    return key & MASK, key >> 32 & MASK


def dropout_threshold(p: float) -> int:
    """The smallest hash that is kept: floor(p * 2**32), so 0 keeps everything and 1 keeps nothing."""
    return math.floor(p * 2**32)


def dropout_mask(shape: tuple[int, ...], p: float, seed: int, path: str, step: int) -> NDArray[np.bool_]:
    """True where an element of a batch of this shape is kept, which happens with probability 1 - p."""
    key0, key1 = dropout_keys(seed, path, step)
    bits = np.arange(math.prod(shape), dtype=np.int64).astype(np.uint32)
    bits = _mix(bits + np.uint32(key0))
    bits = _mix(bits ^ np.uint32(key1))
    return (bits.astype(np.int64) >= dropout_threshold(p)).reshape(shape)


def _mix(bits: NDArray[np.uint32]) -> NDArray[np.uint32]:
    bits = (bits ^ (bits >> np.uint32(16))) * np.uint32(MULTIPLIERS[0])
    bits = (bits ^ (bits >> np.uint32(13))) * np.uint32(MULTIPLIERS[1])
    return bits ^ (bits >> np.uint32(16))
