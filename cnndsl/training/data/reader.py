"""What every data set must say about itself: how it is brought to an input, and how it is read."""

from __future__ import annotations

from typing import ClassVar

import numpy as np

from ...ops import Shape
from ...recipe import Dataset
from .model import Data, Images, Levels, Split
from .prepare import normalize, resize

__all__ = ["Reader"]


class Reader:
    """Base of the readers; there is one per data set."""

    dataset: ClassVar[type[Dataset]]
    class_names: ClassVar[tuple[str, ...]]

    def arrange(self, levels: Levels, shape: Shape) -> Levels:
        """Grey levels of the stored size, N x h x w, at the extents of the input."""
        raise NotImplementedError

    def read(self, shape: Shape, data_dir: str | None) -> Data:
        """The whole data set as inputs of this shape."""
        raise NotImplementedError

    def read_held_out(self, shape: Shape, data_dir: str | None) -> Split:
        """What is held out, as inputs of this shape; what is trained on need not be there."""
        raise NotImplementedError

    def prepare(self, levels: Levels, shape: Shape) -> Images:
        """Grey levels of any size, N x h x w, as inputs: what a picture goes through is what the samples went through."""
        _, height, width = self.dataset.shape
        return normalize(self.arrange(resize(levels.astype(np.float32, copy=False), height, width), shape), shape)
