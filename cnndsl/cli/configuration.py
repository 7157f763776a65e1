"""What ``[tool.cnndsl]`` of a pyproject.toml says: which specs are meant by a folder, and whether warnings are errors."""

from __future__ import annotations

import os

from ..diagnostics import Diagnostic, DiagnosticError
from ..diagnostics.kinds import files
from ..diagnostics.suggest import nearest
from ..record import Record

__all__ = ["Configuration", "find_configuration"]

_FILE = "pyproject.toml"


class Configuration(Record):
    """The settings of a project; ``folder`` is where they are, and what their paths are relative to.

    ``include`` is checked and formatted where no path is named, ``exclude`` is left out of folders.
    """

    folder: str = "."
    include: tuple[str, ...] = (".",)
    exclude: tuple[str, ...] = ()
    strict: bool = False


def find_configuration() -> Configuration:
    """The settings of the nearest pyproject.toml that has some, in the current folder or above; else the defaults.

    Raises:
        DiagnosticError: E0013 if they are wrong.
    """
    folder = os.getcwd()
    while True:
        table = _read(os.path.join(folder, _FILE))
        if table is not None:
            return _checked(os.path.relpath(folder), table)
        above = os.path.dirname(folder)
        if above == folder:
            return Configuration()
        folder = above


def _read(path: str) -> object:
    """The table of cnndsl; None if there is none, or no such file."""
    try:
        with open(path, "rb") as stream:
            content = stream.read()
    except OSError:
        return None
    if b"cnndsl" not in content:
        return None
    import tomllib

    try:
        found = tomllib.loads(content.decode())
    except (ValueError, RecursionError) as error:
        raise _wrong(os.path.relpath(path), f"it is not TOML: {error}") from None
    tool = found.get("tool")
    return tool.get("cnndsl") if isinstance(tool, dict) else None


def _checked(folder: str, table: object) -> Configuration:
    path = os.path.normpath(os.path.join(folder, _FILE))
    if not isinstance(table, dict):
        raise _wrong(path, "`tool.cnndsl` is not a table")
    known = [name for name in Configuration.field_infos if name != "folder"]
    for name, value in table.items():
        if name not in known:
            meant = nearest(name, known)
            raise _wrong(path, f"`{name}` is not a setting", f"did you mean `{meant}`?" if meant else _listed(known))
        if name == "strict" and not isinstance(value, bool):
            raise _wrong(path, "`strict` must be true or false")
        if name != "strict" and not _is_texts(value):
            raise _wrong(path, f"`{name}` must be a list of paths", f'write `{name} = ["specs"]`')
    lists = {name: tuple(value) for name, value in table.items() if name != "strict"}
    return Configuration(folder, strict=table.get("strict", False), **lists)


def _is_texts(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(item, str) for item in value)


def _listed(known: list[str]) -> str:
    return f"the settings are {', '.join(known)}"


def _wrong(path: str, reason: str, *help_: str) -> DiagnosticError:
    message = f"`[tool.cnndsl]` in `{path}` cannot be used: {reason}"
    return DiagnosticError(Diagnostic(files.WRONG_CONFIGURATION, message, help=help_))
