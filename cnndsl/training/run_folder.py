"""The folder of a training: what is written into it, and when."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from importlib import metadata

from ..backends.base import Network
from ..diagnostics.kinds import files
from ..files import why_not, write_atomically
from .checkpoint import require_own_folder, save_checkpoint
from .checkpoint_record import CheckpointRecord
from .curve import CURVE, draw_curve
from .history import EpochResult
from .lock import FolderLock
from .refusal import refusal

__all__ = ["RunFolder", "package_versions"]


class RunFolder:
    """Writes a checkpoint after each epoch and the learning curve at the end.

    An earlier checkpoint of the same network is replaced at the end of the first epoch; files of other names are left alone.

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
        try:
            require_own_folder(path, record.network)
        except BaseException:
            self.close()
            raise
        self.path = path
        self._record = record

    def close(self) -> None:
        """Let another training write here."""
        self._lock.release()

    def save(self, result: EpochResult, network: Network) -> None:
        """Write the checkpoint of an epoch.

        Raises:
            DiagnosticError: E0003 if it cannot be written; the one of the epoch before is then untouched.
        """
        self._record = self._record.replace(epoch=result.epoch, history=(*self._record.history, result.row()))
        save_checkpoint(self.path, self._record, network.state())

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
