"""Writing checkpoints: a training does, and whoever uses one does without."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from ... import diagnostics
from ...diagnostics import kinds
from ...hashing import sha256_of
from .atomic import finish_moves, write_together
from .checkpoint import read_checkpoint, read_record, staged_record
from .places import RECORD, TENSORS, TRAINER
from .record import CheckpointRecord

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["require_own_folder", "save_checkpoint", "settle"]


def save_checkpoint(
    folder: str,
    record: CheckpointRecord,
    tensors: Mapping[str, NDArray[np.generic]],
    trainer: Mapping[str, NDArray[np.generic]] | None = None,
) -> None:
    """Write a checkpoint in place of the one that is there; the record's hashes and sizes are filled in.

    ``trainer`` is what a training goes on from, in a file of its own.

    Raises:
        DiagnosticError: E0003 if it cannot be written; then the earlier one is untouched.
    """
    data, state = _serialized(tensors), b"" if trainer is None else _serialized(trainer)
    record = record.replace(
        sha256=sha256_of(data),
        size=len(data),
        trainer_sha256=sha256_of(state),
        trainer_size=len(state),
    )
    files_ = {TENSORS: data, **({} if trainer is None else {TRAINER: state}), RECORD: record.to_json().encode()}
    write_together(folder, files_)


def _serialized(tensors: Mapping[str, NDArray[np.generic]]) -> bytes:
    from safetensors.numpy import save

    return save({name: np.asarray(array, order="C") for name, array in tensors.items()}, {"format": "cnndsl"})


def settle(folder: str) -> None:
    """Put every file in its place that a training has written whose process died while it moved them."""
    staged = staged_record(folder)
    if staged is None or not os.path.isfile(os.path.join(folder, TENSORS)):
        return
    record, _ = read_checkpoint(folder)
    if record == staged:
        finish_moves(folder, (TENSORS, TRAINER, RECORD))


def require_own_folder(folder: str, network: str, before: Sequence[str] = ()) -> None:
    """Refuse to write over a checkpoint of another network, or over files of these names that are none.

    Of a damaged one those ``before`` it tell the network.

    Raises:
        DiagnosticError: E0004 if the folder holds such files.
    """
    present = [name for name in (RECORD, TENSORS) if os.path.lexists(os.path.join(folder, name))]
    if not present:
        return
    owner = next(filter(None, map(_owner, (folder, *before))), None)
    if owner == network:
        return
    held = "a file that is not a checkpoint" if owner is None else f"of a checkpoint of network `{owner}`"
    raise diagnostics.refusal(
        kinds.files.FILE_EXISTS,
        f"`{os.path.join(folder, present[0])}` is {held}, and would be overwritten",
        help=("choose another folder with --output, or remove it",),
    )


def _owner(folder: str) -> str | None:
    """The network of a checkpoint; None if it is damaged."""
    try:
        return read_record(folder).network
    except diagnostics.DiagnosticError:
        return None
