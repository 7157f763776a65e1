"""The folder of a training: what is written into it, and when."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Sequence
from importlib import metadata

from ..diagnostics.kinds import files
from ..files import why_not, write_atomically
from ..ir import Graph
from .checkpoint import (
    RECORD,
    Tensors,
    load_tensors,
    load_trainer,
    require_own_folder,
    require_same_recipe,
    save_checkpoint,
    settle,
)
from .checkpoint_record import CheckpointRecord
from .curve import CURVE, draw_curve
from .history import EpochResult, Position
from .lock import FolderLock
from .refusal import refusal
from .report import REPORT

__all__ = ["BEST", "HISTORY", "RunFolder", "package_versions"]


BEST, HISTORY = "best", "history.jsonl"


class RunFolder:
    """Writes a checkpoint after each epoch, the history as it goes on, and the learning curve at the end.

    An earlier checkpoint of the same network is replaced at the end of the first epoch; files of other names are left alone.
    With a validation part, the checkpoint of the best epoch is in the folder ``best``.

    Raises:
        DiagnosticError: E0004 if the folder holds something else under these names or another training writes there, E0003
            if it cannot be made.
    """

    def __init__(self, path: str, record: CheckpointRecord) -> None:
        try:
            os.makedirs(path, exist_ok=True)
            self._lock = FolderLock(path)
        except OSError as error:
            reason = "it is a file" if os.path.isfile(path) else why_not(path, error)
            message = f"cannot make the folder `{path}`: {reason}"
            raise refusal(files.CANNOT_WRITE, message, help=("choose another with --output",)) from None
        self.path = path
        self.record = record
        try:
            settle(path)
            require_own_folder(path, record.network)
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """Let another training write here."""
        self._lock.release()

    def earlier(self, graph: Graph, *, force: bool) -> tuple[CheckpointRecord, Tensors, Tensors] | None:
        """What a training goes on from: the record, the tensors of the network and those of the trainer; None if there is none.

        Raises:
            DiagnosticError: E0421 if it is damaged, E0422 if it is of another network or recipe, unless ``force``.
        """
        if not os.path.lexists(os.path.join(self.path, RECORD)):
            return None
        record, tensors = load_tensors(self.path, graph, force=force)
        if not force:
            require_same_recipe(self.path, record, self.record.recipe)
        return record, tensors, load_trainer(self.path, record)

    def best(self, graph: Graph) -> Tensors:
        """The tensors of the best epoch.

        Raises:
            DiagnosticError: E0001 or E0421 if they cannot be read.
        """
        return load_tensors(os.path.join(self.path, BEST), graph)[1]

    def save(
        self, position: Position, history: Sequence[EpochResult], tensors: Tensors, trainer: Tensors, *, best: bool
    ) -> None:
        """Write the checkpoint of a moment, and that of the ``best`` epoch if it is one.

        Raises:
            DiagnosticError: E0003 if it cannot be written; the one before is then untouched.
        """
        rows = tuple(result.row() for result in history)
        self.record = self.record.replace(epoch=len(rows), history=rows, position=position.row())
        if best:
            folder = os.path.join(self.path, BEST)
            os.makedirs(folder, exist_ok=True)
            save_checkpoint(folder, self.record, tensors)
        save_checkpoint(self.path, self.record, tensors, trainer)
        lines = "".join(json.dumps(result.line()) + "\n" for result in history)
        write_atomically(os.path.join(self.path, HISTORY), lines.encode())

    def report(self, page: str) -> str:
        """Write the report. Returns its path."""
        path = os.path.join(self.path, REPORT)
        write_atomically(path, page.encode())
        return path

    def draw(self, title: str, history: Sequence[EpochResult]) -> str | None:
        """Write the learning curve. Returns its path, or None if matplotlib is not installed."""
        picture = draw_curve(title, history)
        if picture is None:
            return None
        path = os.path.join(self.path, CURVE)
        write_atomically(path, picture)
        return path


def package_versions(backend: str) -> dict[str, str]:
    """The versions of what a checkpoint's numbers come from."""
    names = ["cnndsl", "numpy", "safetensors"] + ["torch"] * (backend == "torch")
    return {"python": ".".join(map(str, sys.version_info[:3])), **{name: _version(name) for name in names}}


def _version(name: str) -> str:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return "unknown"
