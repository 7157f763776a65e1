"""MNIST from its four published IDX files, which the user provides."""

from __future__ import annotations

import os
from itertools import product
from typing import ClassVar

import numpy as np

from ...diagnostics import DiagnosticError
from ...diagnostics.kinds import training
from ...ops import Shape
from ...recipe.datasets import Mnist
from ..refusal import refusal
from .idx import read_idx
from .model import Data, Labels, Levels, Split
from .places import data_folders
from .prepare import pad_to
from .reader import Reader

__all__ = ["MnistReader"]

FILES = {
    "train": ("train-images-idx3-ubyte", "train-labels-idx1-ubyte"),
    "test": ("t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte"),
}

_INNER = ("", "raw", os.path.join("MNIST", "raw"))
"""Where the files may lie in a folder: torchvision puts them into `MNIST/raw`."""


class MnistReader(Reader):
    """Reads MNIST; its test set is what is held out."""

    dataset: ClassVar = Mnist
    class_names: ClassVar = tuple("0123456789")

    def arrange(self, levels: Levels, shape: Shape) -> Levels:
        return pad_to(levels, *shape[1:]) if len(shape) == 3 else levels

    def read(self, shape: Shape, data_dir: str | None) -> Data:
        paths = self._find([*FILES["train"], *FILES["test"]], data_dir)
        return Data(self._split(paths[:2], shape), self._split(paths[2:], shape), self.class_names)

    def read_held_out(self, shape: Shape, data_dir: str | None) -> Split:
        return self._split(self._find([*FILES["test"]], data_dir), shape)

    def _find(self, names: list[str], data_dir: str | None) -> list[str]:
        paths = _find(names, data_folders(self.dataset.name, data_dir))
        return [paths[name] for name in names]

    def _split(self, paths: list[str], shape: Shape) -> Split:
        images_path, labels_path = paths
        labels = _read_labels(labels_path, self.dataset.classes)
        pixels = read_idx(images_path, (28, 28), "the published file of MNIST images")
        if len(pixels) != len(labels):
            counts = f"`{images_path}` holds {len(pixels):,} images, and `{labels_path}` {len(labels):,} labels"
            raise refusal(training.DATA_DAMAGED, counts, help=("use the two files as published together",))
        return Split(self.prepare(pixels.astype(np.float32) / np.float32(255), shape), labels)


def _read_labels(path: str, classes: int) -> Labels:
    labels = read_idx(path, (), "the published file of MNIST labels")
    if labels.max() >= classes:
        place = int(np.argmax(labels >= classes))
        fact = f"label {place} is {labels[place]}, and the classes are 0 to {classes - 1}"
        message = f"`{path}` is not a file of MNIST labels: {fact}"
        raise refusal(training.DATA_DAMAGED, message, help=("replace it with the one that is published",))
    return labels.astype(np.int64)


def _find(names: list[str], folders: tuple[str, ...]) -> dict[str, str]:
    """The path of each file, plain or gzip, in the first folder that has it."""
    paths: dict[str, str] = {}
    for name in names:
        spelt = (name, name.replace("-idx", ".idx"))  # 7-zip unpacks them with a dot
        places = product(folders, _INNER, spelt, ("", ".gz"))
        choices = (os.path.join(folder, inner, file + ending) for folder, inner, file, ending in places)
        found = next(filter(os.path.isfile, choices), None)
        if found is not None:
            paths[name] = found
    missing = [name for name in names if name not in paths]
    if missing:
        raise _missing(missing, len(names), folders)
    return paths


def _missing(names: list[str], of: int, folders: tuple[str, ...]) -> DiagnosticError:
    listed = ", ".join(f"`{name}`" for name in names)
    which = f"the file {listed}" if len(names) == 1 else f"{len(names)} of its {of} files"
    looked = " and ".join(f"`{folder}`" for folder in folders if os.path.isdir(folder))
    where = f"looked in {looked}" if looked else f"there is no folder `{folders[0]}`"
    return refusal(
        training.DATA_MISSING,
        f"data set `mnist` lacks {which}",
        notes=(f"wanted: {listed}, plain or with .gz", where),
        help=(f"put what is published in `{folders[-1]}`, or say with --data-dir where it is",),
    )
