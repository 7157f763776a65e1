"""Pictures in a folder for each class: found, divided, and decoded when they are wanted."""

from __future__ import annotations

import os
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ...diagnostics import DiagnosticError, refusal
from ...diagnostics.kinds import training
from ...diagnostics.suggest import one_of
from ...recipe.datasets import CatsAndDogs, Flowers, Folder, Photos
from .model import Chosen, Data, Images, Labels, Levels, Request, divided
from .pictures import read_pixels, walk_pictures
from .places import data_folders
from .preparation import Preparation, measured
from .reader import Reader

__all__ = ["FolderReader", "PictureSamples"]

_TRAIN = ("train", "training")
_HELD_OUT = ("val", "valid", "validation", "test", "testing")
_OTHER_NAMES: dict[type[Photos], tuple[str, ...]] = {
    Flowers: ("flower_photos", "flower_photos_96"),
    CatsAndDogs: ("PetImages", "cats_and_dogs_filtered"),
}
"""What the folders of archives are called."""

_MEASURED = 512
"""Pictures of which the mean and the deviation of each colour are taken."""

_TOGETHER = 16
"""Pictures that are measured together."""

_KEPT = 2**29
"""Bytes of decoded pictures that are kept, so that they are decoded once."""


class PictureSamples:
    """Pictures that lie in files; those that fit into memory are decoded once."""

    def __init__(self, paths: list[str], labels: Labels, preparation: Preparation, shape: tuple[int, ...]) -> None:
        self.labels = labels
        self._paths = paths
        self._preparation = preparation
        self._shape = shape
        size = len(paths) * int(np.prod(shape))
        self._kept = np.empty((len(paths) if size <= _KEPT else 0, *shape), np.uint8)
        self._known = np.zeros(len(self._kept), np.bool_)

    def __len__(self) -> int:
        return len(self.labels)

    def levels(self, chosen: Chosen) -> NDArray[np.uint8]:
        places = np.arange(len(self))[chosen]
        return np.stack([self._pixels(int(place)) for place in places])

    def prepared(self, levels: Levels) -> Images:
        return self._preparation.normalized(levels)

    def batch(self, chosen: Chosen) -> Images:
        return self.prepared(self.levels(chosen))

    def with_preparation(self, preparation: Preparation) -> PictureSamples:
        """The same samples, prepared in this way."""
        self._preparation = preparation
        return self

    def _pixels(self, place: int) -> NDArray[np.uint8]:
        if place < len(self._known) and self._known[place]:
            known: NDArray[np.uint8] = self._kept[place]
            return known
        pixels = read_pixels(self._paths[place], self._shape)
        if place < len(self._known):
            self._kept[place] = pixels
            self._known[place] = True
        return pixels


class FolderReader(Reader):
    """Reads folders of pictures; folders `train` and `val` say what is held out, or the share that is asked for."""

    def read(self, dataset: Any, request: Request) -> Data:
        root, names = _find(dataset, request)
        train, held_out = self._parts(root, names, dataset, request)
        preparation = request.preparation or _measured(train)
        return Data(train.with_preparation(preparation), held_out.with_preparation(preparation), names, preparation)

    def _parts(
        self, root: str, names: tuple[str, ...], dataset: Any, request: Request
    ) -> tuple[PictureSamples, PictureSamples]:
        parts = _own_parts(root)
        blank = Preparation("crop", (), (1.0,) * request.shape[0], (0.0,) * request.shape[0])
        if parts is not None:
            train, held_out = (PictureSamples(*_listed(part, names), blank, request.shape) for part in parts)
            return train, held_out
        paths, labels = _listed(root, names)
        rest = divided(labels, dataset.validation)
        train, held_out = (
            PictureSamples([paths[place] for place in np.flatnonzero(chosen)], labels[chosen], blank, request.shape)
            for chosen in (~rest, rest)
        )
        return train, held_out


def _measured(samples: PictureSamples) -> Preparation:
    places = np.arange(0, len(samples), max(1, len(samples) // _MEASURED))
    parts = (samples.levels(places[start : start + _TOGETHER]) for start in range(0, len(places), _TOGETHER))
    return measured(parts, "crop")


def _find(dataset: Photos, request: Request) -> tuple[str, tuple[str, ...]]:
    """The folder of a data set, and its classes in the order of their names."""
    if isinstance(dataset, Folder):
        places = [os.path.join(os.path.expanduser(request.data_dir or request.spec_folder), dataset.path)]
    else:
        folders = data_folders(dataset.name, request.data_dir)
        others = [os.path.join(folders[0], name) for name in _OTHER_NAMES.get(type(dataset), ())]
        places = [*folders, *others]
    for place in places:
        names = _class_names(place)
        if len(names) > 1 and len(names) == (dataset.classes or len(names)):
            return place, names
    raise _missing(dataset, places)


def _class_names(root: str) -> tuple[str, ...]:
    train, _ = _own_parts(root) or (root, root)
    return tuple(sorted(name for name in _folders(train) if next(walk_pictures(os.path.join(train, name)), None)))


def _own_parts(root: str) -> tuple[str, str] | None:
    """The folders of what is trained on and what is held out, if there are such."""
    present = set(_folders(root))
    train = next((name for name in _TRAIN if name in present), None)
    held_out = next((name for name in _HELD_OUT if name in present), None)
    return (os.path.join(root, train), os.path.join(root, held_out)) if train and held_out else None


def _folders(root: str) -> list[str]:
    if not os.path.isdir(root):
        return []
    return [entry.name for entry in os.scandir(root) if entry.is_dir() and not entry.name.startswith(".")]


def _listed(root: str, names: tuple[str, ...]) -> tuple[list[str], Labels]:
    """The pictures below a folder with their classes, the classes by their order in ``names``."""
    others = sorted(set(_folders(root)) - set(names))
    found = [list(walk_pictures(os.path.join(root, name))) for name in names]
    empty = [name for name, paths in zip(names, found, strict=True) if not paths]
    if others or empty:
        fact = (
            f"has no pictures of class `{empty[0]}`" if empty else f"has a class `{others[0]}` that is not trained on"
        )
        raise refusal(
            training.DATA_DAMAGED, f"the folder `{root}` {fact}", help=(f"the classes are {one_of(names, 'and')}",)
        )
    labels = np.repeat(np.arange(len(names)), [len(paths) for paths in found])
    return [path for paths in found for path in paths], labels


def _missing(dataset: Photos, places: list[str]) -> DiagnosticError:
    return refusal(
        training.DATA_MISSING,
        f"the pictures of data set `{dataset.name}` are not there",
        notes=(f"looked for a folder for each class in {' and '.join(f'`{place}`' for place in places)}",),
        help=(dataset.source, "give the folder around it with --data-dir"),
    )
