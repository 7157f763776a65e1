"""Numbers for both sides of a comparison, made without a generator whose stream might change."""

from __future__ import annotations

import numpy as np


def wave(shape: tuple[int, ...], start: float = 0.0) -> np.ndarray:
    """Numbers that are alike on every machine, of both signs and without pattern."""
    count = np.arange(int(np.prod(shape)))
    return (1.2 * np.sin(start + 2.3 * count + 0.01 * count**2)).reshape(shape)
