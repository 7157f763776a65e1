"""The specs that paths name: a folder is all the specs in it and below."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence

from ..diagnostics import Diagnostic, DiagnosticError
from ..diagnostics.kinds import files
from .configuration import Configuration

__all__ = ["find_specs"]

_SKIPPED = frozenset(("node_modules", "__pycache__", "build", "dist", "venv"))
"""Folders that nobody keeps specs of their own in; hidden ones are left out too."""


def find_specs(paths: Sequence[str], configuration: Configuration) -> list[str]:
    """The specs that these paths name, each once and in order; without a path, those that the project includes.

    Files are taken as they are named, whatever the project excludes.

    Raises:
        DiagnosticError: E0001 for a folder without a spec.
    """
    wanted = paths or [os.path.normpath(os.path.join(configuration.folder, path)) for path in configuration.include]
    excluded = [os.path.realpath(os.path.join(configuration.folder, path)) for path in configuration.exclude]
    found = (spec for path in wanted for spec in _specs(path, excluded))
    return list(dict.fromkeys(found))


def _specs(path: str, excluded: list[str]) -> list[str]:
    if not os.path.isdir(path):
        return [path]
    found = list(_below(path, excluded))
    if not found:
        message = f"`{path}` has no .cnn file in it or below"
        raise DiagnosticError(Diagnostic(files.CANNOT_READ, message, help=("`cnndsl new model.cnn` writes one",)))
    return found


def _below(folder: str, excluded: list[str]) -> Iterator[str]:
    for inside, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if _is_entered(os.path.join(inside, name), excluded))
        for name in sorted(names):
            path = os.path.normpath(os.path.join(inside, name))
            if name.endswith(".cnn") and os.path.realpath(path) not in excluded:
                yield path


def _is_entered(path: str, excluded: list[str]) -> bool:
    name = os.path.basename(path)
    return not name.startswith(".") and name not in _SKIPPED and os.path.realpath(path) not in excluded
