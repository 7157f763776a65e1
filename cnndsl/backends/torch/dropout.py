"""Dropout as our own trainer draws it: with the masks of every other backend. A module of a user draws its own."""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor, nn

from ..initial import stream_key
from ..random_bits import dropout_mask

__all__ = ["KeyedDropout"]


class KeyedDropout(nn.Module):
    """What ``nn.Dropout`` does, with noise that depends on seed, path and step alone instead of a random state.

    ``shape`` is that of a sample along the axes that are drawn, ``rank`` how many axes it has in all. The noise of a step is
    drawn before it, so that nothing in ``forward`` keeps ``torch.compile`` from seeing the whole of it.
    """

    def __init__(self, p: float, seed: int, path: str, shape: tuple[int, ...], rank: int) -> None:
        super().__init__()
        self.p = p
        self.seed = seed
        self.path = path
        self.shape = shape
        self.rank = rank
        self.noise: Tensor | None = None

    def draw(self, like: Tensor, step: int, dtype: torch.dtype, start: int = 0) -> None:
        """Draw the noise of a training step (from 0) for samples, the first of which is at ``start`` in the batch.

        A CPU has the masks of NumPy. Another device draws them where they are needed, and so they are others.
        """
        drawn = (len(like), *self.shape)
        scale = 0.0 if self.p == 1 else 1 / (1 - self.p)
        if like.device.type == "cpu":
            kept = dropout_mask(drawn, self.p, self.seed, self.path, step, start)
            keep = torch.from_numpy(kept.view(np.uint8)).to(dtype)
        else:
            key = stream_key(self.seed, "dropout", self.path, f"{step} {start}") % 2**63
            generator = torch.Generator(like.device).manual_seed(key)
            keep = torch.empty(drawn, dtype=dtype, device=like.device).bernoulli_(1 - self.p, generator=generator)
        self.noise = keep.mul_(scale).reshape(*drawn, *(1,) * (self.rank - len(self.shape)))

    def forward(self, x: Tensor) -> Tensor:
        return x * self.noise if self.training and self.noise is not None else x

    def extra_repr(self) -> str:
        return f"p={self.p}, seed={self.seed}, path={self.path!r}"
