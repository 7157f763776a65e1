"""MNIST from its four published IDX files, which the user provides."""

from __future__ import annotations

import os
from itertools import product

import numpy as np

from ...diagnostics import DiagnosticError, refusal
from ...diagnostics.kinds import training
from ...recipe.datasets import FashionMnist, Kmnist, Mnist
from .idx import read_idx
from .model import ArraySamples, Data, Labels, Request, Samples
from .places import data_folders
from .preparation import DIGITS, Preparation
from .reader import Reader

__all__ = ["MnistReader"]

FILES = {
    "train": ("train-images-idx3-ubyte", "train-labels-idx1-ubyte"),
    "test": ("t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte"),
}

_INNER = ("", "raw", *(os.path.join(name, "raw") for name in ("MNIST", "FashionMNIST", "KMNIST")))
"""Where the files may lie in a folder: torchvision puts them into `MNIST/raw`."""


_DIGITS = tuple("0123456789")
_CLOTHES = ("T-shirt/top", "Trouser", "Pullover", "Dress", "Coat", "Sandal", "Shirt", "Sneaker", "Bag", "Ankle boot")
_CHARACTERS = ("o", "ki", "su", "tsu", "na", "ha", "ma", "ya", "re", "wo")
_CLASS_NAMES: dict[type[Mnist], tuple[str, ...]] = {Mnist: _DIGITS, FashionMnist: _CLOTHES, Kmnist: _CHARACTERS}

_PREPARATION = Preparation("pad", (28, 28), DIGITS.scale, DIGITS.offset)


class MnistReader(Reader):
    """Reads MNIST and its kin; their test set is what is held out."""

    def read(self, dataset: Mnist, request: Request) -> Data:
        paths = _find([*FILES["train"], *FILES["test"]], dataset, request)
        train, test = (_samples(each, request) for each in (paths[:2], paths[2:]))
        return Data(train, test, _CLASS_NAMES[type(dataset)], request.preparation or _PREPARATION)

    def read_held_out(self, dataset: Mnist, request: Request) -> Samples:
        return _samples(_find([*FILES["test"]], dataset, request), request)


def _samples(paths: list[str], request: Request) -> ArraySamples:
    images_path, labels_path = paths
    labels = _read_labels(labels_path)
    pixels = read_idx(images_path, (28, 28), "the published file of MNIST images")
    if len(pixels) != len(labels):
        counts = f"`{images_path}` holds {len(pixels):,} images, and `{labels_path}` {len(labels):,} labels"
        raise refusal(training.DATA_DAMAGED, counts, help=("use the two files as published together",))
    preparation = request.preparation or _PREPARATION
    return ArraySamples(preparation.arranged(pixels[:, None], request.shape), labels, preparation, request.shape)


def _read_labels(path: str) -> Labels:
    labels, classes = read_idx(path, (), "the published file of MNIST labels"), Mnist.classes
    if labels.max() >= classes:
        place = int(np.argmax(labels >= classes))
        fact = f"label {place} is {labels[place]}, and the classes are 0 to {classes - 1}"
        message = f"`{path}` is not a file of MNIST labels: {fact}"
        raise refusal(training.DATA_DAMAGED, message, help=("replace it with the one that is published",))
    return labels.astype(np.int64)


def _find(names: list[str], dataset: Mnist, request: Request) -> list[str]:
    """The path of each file, plain or gzip, in the first folder that has it."""
    folders = data_folders(dataset.name, request.data_dir)
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
        raise _missing(dataset.name, missing, len(names), folders)
    return [paths[name] for name in names]


def _missing(dataset: str, names: list[str], of: int, folders: tuple[str, ...]) -> DiagnosticError:
    listed = ", ".join(f"`{name}`" for name in names)
    which = f"the file {listed}" if len(names) == 1 else f"{len(names)} of its {of} files"
    looked = " and ".join(f"`{folder}`" for folder in folders if os.path.isdir(folder))
    where = f"looked in {looked}" if looked else f"there is no folder `{folders[0]}`"
    return refusal(
        training.DATA_MISSING,
        f"data set `{dataset}` lacks {which}",
        notes=(f"wanted: {listed}, plain or with .gz", where),
        help=(f"put the published files in `{folders[-1]}`, or give their folder with --data-dir",),
    )
