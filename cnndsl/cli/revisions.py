"""A spec as it was in a revision of git: ``HEAD~1:net.cnn``."""

from __future__ import annotations

import os
import sys

from ..diagnostics import Diagnostic, DiagnosticError
from ..diagnostics.kinds import files
from ..reading import ZOO, decode, read_content
from ..source import Source

__all__ = ["is_revision", "read_revision"]


def is_revision(path: str) -> bool:
    """Whether a path names a revision and a file in it, and not a file that there is."""
    revision, colon, file = path.partition(":")
    is_drive = len(revision) == 1 and sys.platform == "win32"
    return bool(revision and colon and file) and not (is_drive or path.startswith(ZOO) or os.path.exists(path))


def read_revision(path: str) -> Source:
    """The spec; files that it uses are those of the same revision. The path is relative to the current folder.

    Raises:
        DiagnosticError: E0001 if git knows no such file, E0002 or E0901 if it is not a spec.
    """
    revision, _, file = path.partition(":")
    folder, name = os.path.split(file)
    if revision.startswith("-"):
        raise _cannot_read(path, "a revision does not begin with `-`")
    unpacked = os.path.join(_unpacked(path, revision, folder or "."), name)
    if not os.path.isfile(unpacked):
        raise _cannot_read(path, f"git has no file `{name}` in this folder at `{revision}`")
    return decode(read_content(unpacked, path), path, unpacked)


def _unpacked(path: str, revision: str, folder: str) -> str:
    """A temporary folder with the specs of a folder at a revision; it goes when the program ends."""
    import atexit
    import shutil
    import tempfile

    packed = _archive(path, revision, folder)
    target = tempfile.mkdtemp(prefix="cnndsl-")
    atexit.register(shutil.rmtree, target, ignore_errors=True)
    _unpack(packed, target)
    return target


def _archive(path: str, revision: str, folder: str) -> bytes:
    import subprocess

    command = ["git", "archive", "--format=tar", revision, "--", "*.cnn"]
    try:
        done = subprocess.run(command, cwd=folder, capture_output=True, check=False)
    except (OSError, ValueError) as error:
        raise _cannot_read(path, f"git does not run here: {error}") from error
    if done.returncode:
        raise _cannot_read(path, done.stderr.decode(errors="replace").strip().removeprefix("fatal: "))
    return done.stdout


def _unpack(packed: bytes, target: str) -> None:
    """Write the plain files of an archive; links are left out, and names stay inside the folder."""
    import io
    import tarfile

    with tarfile.open(fileobj=io.BytesIO(packed)) as archive:
        for member in archive:
            stream = archive.extractfile(member) if member.isfile() else None
            written = os.path.realpath(os.path.join(target, member.name))
            if stream is None or not written.startswith(os.path.realpath(target) + os.sep):
                continue
            os.makedirs(os.path.dirname(written), exist_ok=True)
            with open(written, "wb") as file:
                file.write(stream.read())


def _cannot_read(path: str, reason: str) -> DiagnosticError:
    help_ = ("write REVISION:FILE, such as `HEAD~1:net.cnn`, with the path from the current folder",)
    return DiagnosticError(Diagnostic(files.CANNOT_READ, f"cannot read `{path}`: {reason}", help=help_))
