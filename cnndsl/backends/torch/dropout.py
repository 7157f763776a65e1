"""Dropout whose mask is the one of every other backend: the integers of ``backends.random_bits`` as tensor operations."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from ..random_bits import MASK, MULTIPLIERS, dropout_keys, dropout_threshold

__all__ = ["KeyedDropout", "dropout_mask"]


class KeyedDropout(nn.Module):
    """What ``nn.Dropout`` does, with a mask that depends on seed, path and step alone instead of a random state.

    A place along the first ``axes`` axes is dropped whole, with all behind it: None for single numbers, 2 for channels, 1 for
    samples. ``step`` is the number of the training step, from 0; the model sets it before each run.
    """

    def __init__(self, p: float, seed: int, path: str, axes: int | None = None) -> None:
        super().__init__()
        self.p = p
        self.seed = seed
        self.path = path
        self.axes = axes
        self.step = 0

    def forward(self, x: Tensor) -> Tensor:
        if not self.training or self.p == 0:
            return x
        scale = 0.0 if self.p == 1 else 1 / (1 - self.p)
        drawn = x.shape[: self.axes]
        keep = dropout_mask(drawn, self.p, dropout_keys(self.seed, self.path, self.step), x.device)
        return x * (keep.to(x.dtype) * scale).reshape(*drawn, *(1,) * (x.ndim - len(drawn)))

    def extra_repr(self) -> str:
        return f"p={self.p}, seed={self.seed}, path={self.path!r}"


def dropout_mask(shape: torch.Size, p: float, keys: tuple[int, int], device: torch.device) -> Tensor:
    """True where an element of a batch of this shape is kept; bit for bit ``random_bits.dropout_mask``.

    int64 holds the 32 bits: a product that wraps around keeps its low half.
    """
    bits = torch.arange(shape.numel(), device=device)
    bits = _mix((bits + keys[0]) & MASK)
    bits = _mix(bits ^ keys[1])
    return (bits >= dropout_threshold(p)).reshape(shape)


def _mix(bits: Tensor) -> Tensor:
    bits = ((bits ^ (bits >> 16)) * MULTIPLIERS[0]) & MASK
    bits = ((bits ^ (bits >> 13)) * MULTIPLIERS[1]) & MASK
    return bits ^ (bits >> 16)
