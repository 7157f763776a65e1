"""Plans for training: forwards and backwards over parts of a batch, in memory laid out beforehand.

Arrays are C x H x W x N, the samples last, or F x N: whatever the number of channels, an inner loop is a row of samples long.
``engine`` runs the parts of a batch, ``layout`` shares out memory, ``layers`` says which class does what, one file per family.
"""

from __future__ import annotations

from .engine import Training

__all__ = ["Training"]
