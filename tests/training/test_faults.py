"""A disk that fails at each write in turn: what is refused, what is left, and that the training then goes on from there."""

from __future__ import annotations

import builtins
import errno
import io
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from cnndsl.diagnostics import DiagnosticError
from cnndsl.training import Run, load_network, train_network
from tests.training.killed_runs import sums
from tests.training.small_networks import quick, tiny

CALLS = ("replace", "rename", "fsync", "link", "mkdir", "makedirs")
MOST = 200


class Disk:
    """Counts what changes files in a folder, and lets the call of one number fail; ``write`` fails once the file is open."""

    def __init__(self, folder: Path, number: int, code: int) -> None:
        self.folder = str(folder)
        self.left = number
        self.code = code
        self.failed = ""

    def count(self, what: str) -> None:
        self.left -= 1
        if self.left == -1:
            self.failed = what
            raise OSError(self.code, os.strerror(self.code))

    def call(self, name: str) -> Callable[..., Any]:
        real = getattr(os, name)

        def failing(first: Any, *rest: Any, **more: Any) -> Any:
            if name == "fsync" or str(first).startswith(self.folder):
                self.count(f"{name} {first}")
            return real(first, *rest, **more)

        return failing

    def open(self, path: Any, mode: str = "r", *rest: Any, **more: Any) -> Any:
        file = REAL_OPEN(path, mode, *rest, **more)
        if not (set("wxa") & set(mode) and str(path).startswith(self.folder)):
            return file
        return Failing(file, lambda: self.count(f"write {path}"))


REAL_OPEN = builtins.open


class Failing(io.BufferedIOBase):
    """A file whose writing is counted; what fails has written half."""

    def __init__(self, file: Any, count: Callable[[], None]) -> None:
        self.file = file
        self.count_write = count

    def write(self, content: Any) -> int:
        try:
            self.count_write()
        except OSError:
            self.file.write(content[: len(content) // 2])
            raise
        return self.file.write(content)

    def flush(self) -> None:
        if not self.file.closed:
            self.file.flush()

    def fileno(self) -> int:
        return self.file.fileno()

    def close(self) -> None:
        self.file.close()
        super().close()


@contextmanager
def failing(disk: Disk) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        for name in CALLS:
            patch.setattr(os, name, disk.call(name))
        patch.setattr(builtins, "open", disk.open)
        yield


@pytest.mark.parametrize(
    "code", [errno.ENOSPC, pytest.param(errno.EIO, marks=pytest.mark.soak)], ids=["full", "broken"]
)
def test_each_write_in_turn(tmp_path: Path, code: int) -> None:
    """From an epoch on that is kept: it is refused with a code, or it was not needed; whole checkpoints are left."""
    recipe = quick(epochs=3, batch=700)
    train_network(tiny(), recipe, run=Run(str(tmp_path / "whole")))
    begin(tmp_path / "begun", recipe)
    refusals: list[str] = []
    unneeded = 0
    for number in range(MOST):
        folder = tmp_path / f"run{number}"
        shutil.copytree(tmp_path / "begun", folder)
        disk = Disk(folder, number, code)
        try:
            with failing(disk):
                train_network(tiny(), recipe, run=Run(str(folder), resume=True))
            unneeded += bool(disk.failed)
        except DiagnosticError as error:
            refusals += [each.kind.code for each in error.diagnostics]
        load_network(tiny(), str(folder))
        train_network(tiny(), recipe, run=Run(str(folder), resume=True))
        assert sums(folder) == sums(tmp_path / "whole"), disk.failed
        if not disk.failed:
            break
    assert set(refusals) == {"E0003"}
    assert len(refusals) >= 15
    assert unneeded <= 20
    assert number < MOST - 1


def begin(folder: Path, recipe: Any) -> None:
    """A training of which the first epoch is done."""
    asked = iter([False] * 7 + [True] * 100)
    with pytest.raises(KeyboardInterrupt):
        train_network(tiny(), recipe, run=Run(str(folder), stop=lambda: next(asked)))
