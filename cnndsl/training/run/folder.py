"""The folder of a training: what is written into it, and when."""

from __future__ import annotations

import contextlib
import json
import os
import sys
from collections.abc import Callable, Mapping, Sequence
from importlib import metadata

from ...diagnostics import Diagnostic, DiagnosticError, refusal
from ...diagnostics.kinds import files, training
from ...files import why_not, write_atomically
from ...ir import Graph
from ...recipe import Recipe
from ..checkpoints.checkpoint import RECORD, Tensors, load_tensors, load_trainer
from ..checkpoints.record import CheckpointRecord, plain
from ..checkpoints.saving import require_own_folder, save_checkpoint, settle
from ..history import EpochResult, Position
from ..pages.curve import CURVE, draw_curve
from ..pages.report import REPORT
from .kept import KeptCheckpoints
from .lock import FolderLock

__all__ = ["BEST", "HISTORY", "RunFolder", "package_versions"]


BEST, HISTORY = "best", "history.jsonl"

_MOST_SHOWN = 6
"""Lines of what differs."""

Loaded = tuple[CheckpointRecord, Tensors, Tensors]


class RunFolder:
    """Writes a checkpoint after each epoch, the history as it goes on, and the learning curve at the end.

    An earlier checkpoint of the same network is replaced at the end of the first epoch; files of other names are left alone.
    With a validation part, the checkpoint of the best epoch is in the folder ``best``. Of the epochs before, the last ``keep``
    are kept in folders of their own.

    Raises:
        DiagnosticError: E0004 if the folder holds something else under these names or another training writes there, E0003
            if it cannot be made.
    """

    def __init__(self, path: str, record: CheckpointRecord, keep: int = 1) -> None:
        try:
            os.makedirs(path, exist_ok=True)
            self._lock = FolderLock(path)
        except OSError as error:
            reason = "it is a file" if os.path.isfile(path) else why_not(path, error)
            message = f"cannot make the folder `{path}`: {reason}"
            raise refusal(files.CANNOT_WRITE, message, help=("choose another with --output",)) from None
        self.path = path
        self.record = record
        self.kept = KeptCheckpoints(path, keep)
        self._is_whole = False
        try:
            settle(path)
            require_own_folder(path, record.network, self.kept.paths())
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """Let another training write here."""
        self._lock.release()

    def earlier(
        self, graph: Graph, *, force: bool, note: Callable[[Diagnostic], None] = lambda problem: None
    ) -> Loaded | None:
        """What a training goes on from: the record, the tensors of the network and those of the trainer; None if there is none.

        If it is damaged, the one before is taken, and ``note`` is told what is wrong.

        Raises:
            DiagnosticError: E0421 if it is damaged and none before is whole, E0422 if it is of another network or recipe,
                unless ``force``.
        """
        if not os.path.lexists(os.path.join(self.path, RECORD)):
            return None
        try:
            found = self._loaded(self.path, graph, force)
        except DiagnosticError as error:
            before = self._before(graph, force) if error.diagnostics[0].kind is training.CHECKPOINT_DAMAGED else None
            if before is None:
                raise
            note(error.diagnostics[0])
            return before
        self._is_whole = True
        return found

    def _before(self, graph: Graph, force: bool) -> Loaded | None:
        """The last of the checkpoints before that is whole."""
        for path in self.kept.paths():
            with contextlib.suppress(DiagnosticError):
                return self._loaded(path, graph, force)
        return None

    def _loaded(self, path: str, graph: Graph, force: bool) -> Loaded:
        record, tensors = load_tensors(path, graph, force=force)
        if not force:
            _require_same_recipe(path, record, self.record.recipe)
        return record, tensors, load_trainer(path, record)

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
        if self._is_whole:
            self.kept.add(self.record)
        self.record = self.record.replace(epoch=len(rows), history=rows, position=position.row())
        if best:
            folder = os.path.join(self.path, BEST)
            os.makedirs(folder, exist_ok=True)
            save_checkpoint(folder, self.record, tensors)
        save_checkpoint(self.path, self.record, tensors, trainer)
        self._is_whole = True
        self.kept.trim(self.record)
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


def _require_same_recipe(path: str, record: CheckpointRecord, recipe: Mapping[str, object]) -> None:
    """Refuse to go on with a training in another way than it was begun.

    Raises:
        DiagnosticError: E0422 with what differs.
    """
    begun = {name: plain(info.default) for name, info in Recipe.field_infos.items()} | {**record.recipe}
    names = [name for name in begun if begun[name] != recipe.get(name)]
    if not names:
        return
    lines = [line for name in names for line in (_line("-", name, begun[name]), _line("+", name, recipe.get(name)))]
    raise refusal(
        training.CHECKPOINT_MISFIT,
        f"the training in `{path}` was begun with other settings",
        notes=("what it was begun with (-), and what is asked for now (+):", *lines[:_MOST_SHOWN]),
        help=(
            "train with the same settings, or into another folder",
            "`--force` goes on with those that are asked for",
        ),
    )


def _line(sign: str, name: str, value: object) -> str:
    if not isinstance(value, dict):
        return f"{sign} {name} {value}"
    attributes = " ".join(f"{key}={item}" for key, item in value.items() if key != "name")
    return f"{sign} {name} {value.get('name', '')} {attributes}".rstrip()
