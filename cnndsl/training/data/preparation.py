"""From what is stored to the input of a network: one rule for training and prediction, which a checkpoint keeps.

Grey levels of digits go from 0 (background) to 1 (ink) and are brought to the range of LeCun et al. 1998, section II.B:
background -0.1, ink 1.175, which makes the mean about 0 and the variance about 1. Photos have the mean and the deviation of
the training data taken away from each colour.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from ...record import Record
from .resizing import pad_to, resize

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["DIGITS", "Preparation", "measured"]

_TOGETHER = 128
"""Pictures whose levels are counted together."""


class Preparation(Record):
    """How stored samples become inputs.

    A picture of any size is brought to the extents ``stored`` first, if that is not empty, and then to those of the input: by
    background around it (``pad``), at another scale (``resize``), or cut to the input's proportions and scaled (``crop``).
    Bytes go from 0 to 1, and then each channel is multiplied by its ``scale`` and has its ``offset`` added. ``vocabulary``
    are the words that tokens stand for.
    """

    fit: str = "as_is"
    stored: tuple[int, ...] = ()
    scale: tuple[float, ...] = (1.0,)
    offset: tuple[float, ...] = (0.0,)
    vocabulary: tuple[str, ...] = ()

    @property
    def channels(self) -> int:
        """How many channels its pictures have."""
        return len(self.scale)

    def arranged(self, levels: NDArray[Any], shape: tuple[int, ...]) -> NDArray[Any]:
        """Pictures N x C x h x w of any size at the extents of an input of this shape, or at the stored ones for a vector."""
        if self.stored:
            levels = resize(levels, *self.stored)
        if len(shape) != 3 or levels.shape[2:] == shape[1:]:
            return levels
        return pad_to(levels, *shape[1:]) if self.fit == "pad" else resize(levels, *shape[1:])

    def normalized(self, levels: NDArray[Any]) -> NDArray[Any]:
        """Samples as the network takes them: float32, or tokens as they are."""
        if levels.dtype == np.int64:
            return levels
        images = levels.astype(np.float32)
        if levels.dtype == np.uint8:
            images /= np.float32(255)
        if self.scale == (1.0,) and self.offset == (0.0,):
            return images
        per_channel = (-1, *(1,) * (images.ndim - 2))
        images *= np.array(self.scale, np.float32).reshape(per_channel)
        images += np.array(self.offset, np.float32).reshape(per_channel)
        return images

    def as_data(self) -> dict[str, Any]:
        """It as JSON data."""
        fields = {name: getattr(self, name) for name in type(self).field_infos}
        return {name: list(value) if isinstance(value, tuple) else value for name, value in fields.items()}

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> Preparation:
        """That of a checkpoint, which was found right when it was read."""
        fields: dict[str, Any] = {
            name: tuple(value) if isinstance(value, list) else value for name, value in data.items()
        }
        return cls(**fields)


DIGITS = Preparation("resize", (8, 8), (1.275,), (-0.1,))
"""That of scikit-learn's digits."""


def measured(parts: Iterable[NDArray[np.uint8]], fit: str) -> Preparation:
    """That of pictures N x C x H x W, given in parts: each channel with mean 0 and deviation 1.

    How often each level is there is counted, a few pictures at a time: that is exact, and takes no memory.
    """
    counts = sum(_counts(part[start : start + _TOGETHER]) for part in parts for start in range(0, len(part), _TOGETHER))
    shares = counts / np.sum(counts, axis=1, keepdims=True)
    levels = np.arange(256) / 255
    means = shares @ levels
    deviations = np.sqrt((shares * np.square(levels - means[:, None])).sum(axis=1))
    scale = 1 / np.maximum(deviations, 1e-3)
    return Preparation(fit, (), tuple(scale.tolist()), tuple((-means * scale).tolist()))


def _counts(levels: NDArray[np.uint8]) -> NDArray[np.int64]:
    """How often each channel has each level, C x 256."""
    return np.stack([np.bincount(levels[:, channel].ravel(), minlength=256) for channel in range(levels.shape[1])])
