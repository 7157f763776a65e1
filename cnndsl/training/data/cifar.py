"""CIFAR-10 and CIFAR-100 from their published binary files: a byte or two for the class, then 32x32 bytes of each colour."""

from __future__ import annotations

import os

import numpy as np

from ...diagnostics import DiagnosticError, refusal
from ...diagnostics.kinds import training
from ...recipe.datasets import Cifar10, Cifar100
from .model import ArraySamples, Data, Labels, Levels, Request, Samples
from .places import data_folders
from .preparation import measured
from .reader import Reader

__all__ = ["CifarReader"]

_PIXELS = 3 * 32 * 32
_MOST = 60_000
_TRAIN = {Cifar10: tuple(f"data_batch_{number}.bin" for number in range(1, 6)), Cifar100: ("train.bin",)}
_TEST = {Cifar10: "test_batch.bin", Cifar100: "test.bin"}
_NAMES = {Cifar10: "batches.meta.txt", Cifar100: "fine_label_names.txt"}
_INNER = ("", "cifar-10-batches-bin", "cifar-100-binary")


class CifarReader(Reader):
    """Reads both; the test set is what is held out."""

    def read(self, dataset: Cifar10, request: Request) -> Data:
        kind = type(dataset)
        paths = _find((*_TRAIN[kind], _TEST[kind]), dataset, request)
        parts = [_read(path, dataset) for path in paths]
        levels, labels = (np.concatenate(each) for each in zip(*parts[:-1], strict=True))
        preparation = request.preparation or measured([levels], "resize")
        train = ArraySamples(levels, labels, preparation, request.shape)
        test = ArraySamples(*parts[-1], preparation, request.shape)
        return Data(train, test, _class_names(dataset, os.path.dirname(paths[0])), preparation)

    def read_held_out(self, dataset: Cifar10, request: Request) -> Samples:
        if request.preparation is None:
            return self.read(dataset, request).held_out
        (path,) = _find((_TEST[type(dataset)],), dataset, request)
        return ArraySamples(*_read(path, dataset), request.preparation, request.shape)


def _read(path: str, dataset: Cifar10) -> tuple[Levels, Labels]:
    """The pictures N x 3 x 32 x 32 of a file, and their classes; of CIFAR-100 the fine ones."""
    row = _PIXELS + (1 if dataset.classes == 10 else 2)
    size = os.path.getsize(path)
    if size == 0 or size % row or size > _MOST * row:
        raise _damaged(path, f"its {size:,} bytes are not pictures of {row:,} bytes each")
    rows = np.fromfile(path, np.uint8).reshape(-1, row)
    labels = rows[:, row - _PIXELS - 1].astype(np.int64)
    if labels.max() >= dataset.classes:
        raise _damaged(path, f"a picture in it is of class {labels.max()}, and there are {dataset.classes}")
    return rows[:, row - _PIXELS :].reshape(-1, 3, 32, 32), labels


def _find(names: tuple[str, ...], dataset: Cifar10, request: Request) -> list[str]:
    folders = data_folders(dataset.name, request.data_dir)
    places = [os.path.join(folder, inner) for folder in folders for inner in _INNER]
    found = next((place for place in places if os.path.isfile(os.path.join(place, names[-1]))), None)
    missing = [name for name in names if found is None or not os.path.isfile(os.path.join(found, name))]
    if missing or found is None:
        raise refusal(
            training.DATA_MISSING,
            f"data set `{dataset.name}` lacks `{missing[0]}`",
            notes=(f"looked in {' and '.join(f'`{folder}`' for folder in folders)}",),
            help=(dataset.source, "give their folder with --data-dir"),
        )
    return [os.path.join(found, name) for name in names]


def _class_names(dataset: Cifar10, folder: str) -> tuple[str, ...]:
    """The names that are published beside the pictures, or the numbers."""
    path = os.path.join(folder, _NAMES[type(dataset)])
    if os.path.isfile(path) and os.path.getsize(path) < 2**14:
        with open(path, encoding="utf-8", errors="replace") as file:
            names = tuple(line.strip() for line in file if line.strip())
        if len(names) == dataset.classes and all(map(str.isprintable, names)):
            return names
    return tuple(map(str, range(dataset.classes)))


def _damaged(path: str, fact: str) -> DiagnosticError:
    return refusal(
        training.DATA_DAMAGED,
        f"`{path}` is not a binary file of CIFAR",
        notes=(fact,),
        help=("replace it with the one that is published",),
    )
