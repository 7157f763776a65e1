"""The checkpoints of the last epochs before the present one, each in a folder ``epoch-N`` beside it."""

from __future__ import annotations

import contextlib
import os
import re
import shutil

from ..checkpoints.places import RECORD, STAGED, TENSORS, TRAINER
from ..checkpoints.record import CheckpointRecord

__all__ = ["KeptCheckpoints"]

_NAME = re.compile(r"epoch-([1-9][0-9]{0,8})")


class KeptCheckpoints:
    """At most ``count`` checkpoints of the training in a folder, which are the same files as long as nothing replaces them.

    Each is whole from the moment on that its folder has its name. What cannot be kept is not: the present checkpoint counts.
    """

    def __init__(self, folder: str, count: int) -> None:
        self._folder = folder
        self._count = count

    def paths(self) -> list[str]:
        """The folders, the last epoch first."""
        names = filter(_NAME.fullmatch, os.listdir(self._folder))
        return [os.path.join(self._folder, name) for name in sorted(names, key=_epoch, reverse=True)]

    def add(self, record: CheckpointRecord) -> None:
        """Keep the present checkpoint, which has this record, if it is that of a whole epoch."""
        path = os.path.join(self._folder, f"epoch-{record.epoch}")
        if self._count and record.epoch and not record.position["batch"]:
            with contextlib.suppress(OSError):
                self._copy(path)

    def trim(self, record: CheckpointRecord) -> None:
        """Remove the oldest ones, and those of an earlier training, which are not before the present checkpoint."""
        present = (record.epoch, record.position["batch"])
        for number, path in enumerate(self.paths()):
            if number >= self._count or (_epoch(os.path.basename(path)), 0) >= present:
                shutil.rmtree(path, ignore_errors=True)

    def _copy(self, path: str) -> None:
        shutil.rmtree(path + STAGED, ignore_errors=True)
        os.mkdir(path + STAGED)
        for name in (TENSORS, TRAINER, RECORD):
            _link(os.path.join(self._folder, name), os.path.join(path + STAGED, name))
        shutil.rmtree(path, ignore_errors=True)
        os.rename(path + STAGED, path)


def _epoch(name: str) -> int:
    found = _NAME.fullmatch(name)
    return int(found[1]) if found else 0


def _link(path: str, place: str) -> None:
    """The same file at another place, or a copy where the file system has no links."""
    try:
        os.link(path, place)
    except OSError:
        shutil.copyfile(path, place)
