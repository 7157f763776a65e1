"""What a data set is once it is found: samples of two parts, of which a batch at a time is brought to the network's input."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
from numpy.typing import NDArray

from ...ir import Graph
from ...record import Record
from .preparation import Preparation

if TYPE_CHECKING:
    from ...diagnostics import Diagnostic

__all__ = [
    "ArraySamples",
    "Chosen",
    "Data",
    "Images",
    "Labels",
    "Levels",
    "Request",
    "Samples",
    "Subset",
    "Targets",
    "divided",
]

Images = NDArray[Any]
"""Inputs of a network: N x sample shape; float32 and normalised, or int64 tokens."""

Labels = NDArray[np.int64]
"""Class numbers, N, or N x H x W where there is one for each pixel."""

Targets = NDArray[Any]
"""What a network is to tell: class numbers as above, or shares of the classes, N x K or N x K x H x W."""

Levels = NDArray[Any]
"""Samples as stored, N x sample shape: bytes of pictures, tokens, or numbers that are taken as they are."""

Chosen = NDArray[np.int64] | slice
"""Which samples of a part, in which order."""


class Samples(Protocol):
    """Samples and their classes, in the order of the data set's files."""

    labels: Labels

    def __len__(self) -> int: ...

    def levels(self, chosen: Chosen) -> Levels:
        """Samples as they are stored, at the extents of the network's input."""
        ...

    def prepared(self, levels: Levels) -> Images:
        """Stored samples, which may have been changed, as the network takes them."""
        ...

    def batch(self, chosen: Chosen) -> Images:
        """Samples as the network takes them."""
        ...

    def with_preparation(self, preparation: Preparation) -> Samples:
        """The same samples, prepared in this way."""
        ...


class ArraySamples:
    """Samples that are in memory as they are stored, such as a byte for each grey level, or mapped there from a file."""

    def __init__(self, stored: Levels, labels: Labels, preparation: Preparation, shape: tuple[int, ...]) -> None:
        self.labels = labels
        self._stored = stored
        self._preparation = preparation
        self._shape = shape

    def __len__(self) -> int:
        return len(self.labels)

    def levels(self, chosen: Chosen) -> Levels:
        return self._stored[chosen]

    def prepared(self, levels: Levels) -> Images:
        return self._preparation.normalized(levels).reshape(-1, *self._shape)

    def batch(self, chosen: Chosen) -> Images:
        return self.prepared(self.levels(chosen))

    def with_preparation(self, preparation: Preparation) -> ArraySamples:
        return ArraySamples(self._stored, self.labels, preparation, self._shape)


class Subset:
    """Some of the samples of another part, in this order."""

    def __init__(self, whole: Samples, places: NDArray[np.int64]) -> None:
        self.labels = whole.labels[places]
        self._whole = whole
        self._places = places

    def __len__(self) -> int:
        return len(self._places)

    def levels(self, chosen: Chosen) -> Levels:
        return self._whole.levels(self._places[chosen])

    def prepared(self, levels: Levels) -> Images:
        return self._whole.prepared(levels)

    def batch(self, chosen: Chosen) -> Images:
        return self._whole.batch(self._places[chosen])

    def with_preparation(self, preparation: Preparation) -> Subset:
        return Subset(self._whole.with_preparation(preparation), self._places)


class Data(Record):
    """A data set: what is trained on, what is held out and chooses nothing, the names of the classes, and the preparation."""

    train: Samples
    held_out: Samples
    class_names: tuple[str, ...]
    preparation: Preparation


class Request(Record):
    """For which network a data set is read, and where its files may be: ``data_dir`` if it is given, and the spec's folder.

    ``warn`` is told of what is lost on the way, such as the ends of sentences.
    """

    graph: Graph
    data_dir: str | None = None
    spec_folder: str = "."
    preparation: Preparation | None = None
    """That of the training, for what is evaluated afterwards."""
    extents: tuple[int, ...] = ()
    """At which shape samples are wanted, if not at that of the network's input."""
    warn: Callable[[Diagnostic], None] = lambda found: None

    @property
    def shape(self) -> tuple[int, ...]:
        """The shape of a sample as the network takes it, or at the extents that are asked for."""
        shape: tuple[int, ...] = self.extents or self.graph.input.type.shape
        return shape


def divided(labels: Labels, share: float) -> NDArray[np.bool_]:
    """Which samples are held out: of each class this share, spread evenly over the order of the files.

    It is the same whatever the seed, so that two trainings are judged by the same samples.
    """
    held_out = np.zeros(len(labels), np.bool_)
    if labels.ndim > 1:  # maps of classes, which have no class of their own
        labels = np.zeros(len(labels), np.int64)
    for label in np.unique(labels):
        places = np.flatnonzero(labels == label)
        wanted = min(round(share * len(places)), len(places) - 1)
        held_out[places[((np.arange(wanted) + 0.5) * len(places) / max(wanted, 1)).astype(np.int64)]] = True
    return held_out
