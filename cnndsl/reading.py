"""Specs from where they are kept: a file, standard input, or the zoo that ships with the package."""

from __future__ import annotations

import os
import stat
from collections.abc import Mapping
from typing import Any

from . import diagnostics
from .diagnostics import kinds
from .files import too_large, why_not
from .record import Record
from .source import MAX_SOURCE, Source

__all__ = [
    "FIGURES",
    "ZOO",
    "Entry",
    "decode",
    "read_content",
    "read_spec",
    "read_used",
    "zoo_entries",
    "zoo_figures",
]

ZOO = "zoo:"

FIGURES = "figures.json"

_MOST_SHOWN = 3
_MOST_MEANT = 6

_STARTS = {
    b"\x89PNG": "it is a PNG picture",
    b"\xff\xd8\xff": "it is a JPEG picture",
    b"PK": "it is a zip file",
    b"\x1f\x8b": "it is a gzip file",
    b"\xff\xfe": "it is text in UTF-16",
    b"\xfe\xff": "it is text in UTF-16",
}
"""What a file is that begins so, if it is not UTF-8."""

_PACKAGE = os.path.dirname(os.path.abspath(__file__))


class Entry(Record):
    """A network that ships with cnndsl: its published name, its file, and the settings that make it of the file."""

    name: str
    file: str
    settings: dict[str, object]

    @property
    def path(self) -> str:
        return os.path.join(_specs_folder(), self.file)


def _specs_folder() -> str:
    """Inside the package when installed; beside it in a checkout."""
    inside = os.path.join(_PACKAGE, "specs")
    return inside if os.path.isdir(inside) else os.path.join(os.path.dirname(_PACKAGE), "specs")


def zoo_entries() -> dict[str, Entry]:
    """The shipped networks by name, as specs/zoo.json lists them: the spec, and the settings that make the network of it."""
    return {name: _entry(name, item) for name, item in _listed("zoo.json").items()}


def _entry(name: str, item: Mapping[str, Any]) -> Entry:
    return Entry(name, item["file"], item.get("settings", {}))


def _listed(file: str) -> dict[str, dict[str, Any]]:
    import json

    with open(os.path.join(_specs_folder(), file), encoding="utf-8") as stream:
        listed: dict[str, dict[str, Any]] = json.load(stream)
    return listed


def find_entry(name: str) -> Entry:
    """The shipped network of this name.

    Raises:
        DiagnosticError: E0007 if there is none.
    """
    listed = _listed("zoo.json")
    if name in listed:
        return _entry(name, listed[name])
    entries = zoo_entries()
    raise diagnostics.refusal(
        kinds.files.UNKNOWN_ZOO_NAME, f"no shipped network is called `{name}`", help=_meant(name, entries)
    )


def _meant(name: str, entries: Mapping[str, Entry]) -> tuple[str, ...]:
    """The shipped networks that a wrong name may stand for: those of the spec of this name, or those that begin alike."""
    family = [each for each, entry in entries.items() if entry.file == f"{name}.cnn"]
    alike = [each for each in entries if name and each.startswith(name)]
    meant = diagnostics.nearest(name, entries)
    stem = name.rstrip("0123456789")
    numbered = [each for each in entries if stem and stem != name and each.rstrip("0123456789") == stem]
    found = family or alike or ([meant] if meant else numbered)
    named = (f"did you mean {diagnostics.one_of(f'`{each}`' for each in found[:_MOST_MEANT])}?",) if found else ()
    listed = ("`cnndsl zoo` lists all of them",) if not found or len(found) > _MOST_MEANT else ()
    return named + listed


def zoo_figures() -> dict[str, dict[str, Any]]:
    """What is known of each shipped network without building it: ``specs/figures.json``, which docs/generate.py writes."""
    return _listed(FIGURES)


def read_spec(path: str) -> tuple[Source, dict[str, object]]:
    """The text after a path or ``zoo:NAME``, and the settings that a zoo name stands for.

    Raises:
        DiagnosticError: E0001, E0002, E0007 or E0901.
    """
    if not path.startswith(ZOO):
        return _read_file(path, path), {}
    entry = find_entry(path.removeprefix(ZOO))
    return _read_file(entry.path, path), dict(entry.settings)


def read_used(source: Source, wanted: str) -> Source:
    """The file that a source names in a ``use``: ``std``, or one in the folder of the source or below.

    Raises:
        DiagnosticError: E0215 for a path that leaves the folder, E0001, E0002 or E0901 for what cannot be read.
    """
    if wanted == "std":
        return _read_file(os.path.join(_PACKAGE, "std.cnn"), "std")
    if source.path is None:
        raise _refuse(wanted, "a text that is not a file has no folder to look in")
    parts = wanted.replace("\\", "/").split("/")
    if os.path.isabs(wanted) or ":" in wanted or ".." in parts or "\0" in wanted or not wanted:
        raise _refuse(wanted, "a path is relative, goes down only, and names a file")
    folder = os.path.dirname(source.path)
    path = os.path.join(folder, *parts)
    inside = os.path.realpath(folder)
    if os.path.commonpath((inside, os.path.realpath(path))) != inside:
        raise _refuse(wanted, "it is a link out of the folder of the spec")
    name = f"{ZOO}{wanted}" if source.name.startswith(ZOO) else path
    return _read_file(path, name)


def _refuse(wanted: str, reason: str) -> diagnostics.DiagnosticError:
    help_ = ("put the file beside the spec, or in a folder below it",)
    return diagnostics.refusal(kinds.names.BAD_USE, f"`{wanted}` may not be used", notes=(reason,), help=help_)


def _read_file(path: str, name: str) -> Source:
    return decode(read_content(path, name), name, path)


def read_content(path: str, name: str) -> bytes:
    """The bytes of a regular file, never more than one beyond the limit.

    Raises:
        DiagnosticError: E0001 if it cannot be read.
    """
    try:
        descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_BINARY", 0) | getattr(os, "O_NONBLOCK", 0))
        with os.fdopen(descriptor, "rb") as stream:
            if not stat.S_ISREG(os.fstat(descriptor).st_mode):
                raise diagnostics.refusal(kinds.files.CANNOT_READ, f"`{name}` is not a regular file")
            return stream.read(MAX_SOURCE + 1)
    except (OSError, ValueError) as error:
        raise diagnostics.DiagnosticError(_cannot_read(path, name, error)) from None


def _cannot_read(path: str, name: str, error: Exception) -> diagnostics.Diagnostic:
    near = () if os.path.isfile(path) else _near(path)
    help_ = (f"did you mean {diagnostics.one_of(f'`{item}`' for item in near)}?",) if near else ()
    return diagnostics.Diagnostic(kinds.files.CANNOT_READ, f"cannot read `{name}`: {why_not(path, error)}", help=help_)


def _near(path: str) -> tuple[str, ...]:
    """What may have been meant: the zoo's spec of this name, one beside it of nearly this name, those in this folder."""
    folder, word = os.path.split(path)
    inside = os.path.isdir(path)
    try:
        names = sorted(os.listdir(path if inside else folder or "."))
    except (OSError, ValueError):
        names = []
    specs = [name for name in names if name.endswith(".cnn")]
    if inside:
        return tuple(os.path.join(path, name) for name in specs[:_MOST_SHOWN])
    if path in zoo_entries():
        return (f"{ZOO}{path}",)
    meant = diagnostics.nearest(word, specs) or diagnostics.nearest(f"{word}.cnn", specs)
    return (os.path.join(folder, meant),) if meant else ()


def decode(content: bytes, name: str, path: str | None = None) -> Source:
    """The text of a spec from its bytes.

    Raises:
        DiagnosticError: E0901 if there are too many bytes, E0002 if they are not UTF-8.
    """
    if len(content) > MAX_SOURCE:
        raise diagnostics.DiagnosticError(too_large(Source(name, "")))
    try:
        return Source(name, content.decode("utf-8"), path)
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        message = f"`{name}` is not UTF-8 text: byte {error.start + 1}, in line {line}, is not part of a character"
        notes = tuple(fact for start, fact in _STARTS.items() if content.startswith(start))
        is_text = not notes or "text" in notes[0]
        help_ = "save it as UTF-8, which every editor can" if is_text else "name a spec, which is a text"
        raise diagnostics.refusal(kinds.files.NOT_TEXT, message, notes=notes, help=(help_,)) from None
