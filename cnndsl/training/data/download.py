"""Downloading MNIST, which only a command does that a user types: no spec and no training asks a network for anything.

What comes is believed by the SHA-256 of what is in it: the gzip files of mirrors differ, and their content does not.
"""

from __future__ import annotations

import contextlib
import gzip
import http.client
import os
import zlib
from collections.abc import Callable, Iterator
from hashlib import sha256
from typing import BinaryIO
from urllib.error import HTTPError, URLError
from urllib.parse import urlsplit
from urllib.request import Request, urlopen

from ...diagnostics import DiagnosticError, refusal
from ...diagnostics.kinds import files, training
from ...files import why_not
from ...record import Record

__all__ = ["FILES", "MIRRORS", "download"]

MIRRORS = (
    "https://ossci-datasets.s3.amazonaws.com/mnist/",
    "https://storage.googleapis.com/cvdf-datasets/mnist/",
)
"""Where the files are published, besides the page of their authors."""


class File(Record):
    """A published file: its name, and how long its content is, with its SHA-256."""

    name: str
    size: int
    digest: str


FILES = (
    File("train-images-idx3-ubyte.gz", 47_040_016, "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db"),
    File("train-labels-idx1-ubyte.gz", 60_008, "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5"),
    File("t10k-images-idx3-ubyte.gz", 7_840_016, "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7"),
    File("t10k-labels-idx1-ubyte.gz", 10_008, "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2"),
)

_PART = ".part"
"""The ending of a file that is not yet whole; the next download goes on with it."""
_HEADER = 1024
"""Bytes that a file may be longer for being packed."""
_CHUNK = 2**16
_SECONDS = 30.0
_HELP = "the same command goes on from there; `--from URL` names another address"


def download(folder: str, sources: tuple[str, ...] = MIRRORS, note: Callable[[str], None] = lambda text: None) -> None:
    """Bring the four files into a folder, from the first source that has them; those that are there stay.

    ``note`` is told of each file. What is cut off is kept, and the next call goes on with it.

    Raises:
        DiagnosticError: E0411 if no source can be reached or gives the whole file, E0412 if what came is something else, E0003
            if it cannot be written, E0001 if a source is no web address.
    """
    for source in sources:
        if urlsplit(source).scheme not in ("https", "http") or not urlsplit(source).netloc:
            raise refusal(files.CANNOT_READ, f"`{source}` is not a web address", help=("write `https://...`",))
    try:
        os.makedirs(folder, exist_ok=True)
        for file in FILES:
            path = os.path.join(folder, file.name)
            if os.path.isfile(path) and _is_right(path, file):
                note(f"{path} is there")
                continue
            _bring(file, path, sources)
            note(f"wrote {path}")
    except OSError as error:
        message = f"cannot write into `{folder}`: {why_not(folder, error)}"
        raise refusal(files.CANNOT_WRITE, message, help=("choose another folder with --data-dir",)) from None


def _bring(file: File, path: str, sources: tuple[str, ...]) -> None:
    problems: list[DiagnosticError] = []
    for source in sources:
        try:
            _fetch(f"{source.rstrip('/')}/{file.name}", path + _PART, file)
            _require_right(path + _PART, file, source)
        except DiagnosticError as error:
            problems.append(error)
            continue
        os.replace(path + _PART, path)
        return
    raise problems[-1]


def _fetch(url: str, part: str, file: File) -> None:
    """Get what a file lacks; a server that cannot go on from a place sends it from the start."""
    begun = os.path.getsize(part) if os.path.isfile(part) else 0
    request = Request(url, headers={"Range": f"bytes={begun}-"} if begun else {})
    try:
        with _opened(request, url) as answer:
            goes_on = answer.status == http.client.PARTIAL_CONTENT
            with open(part, "ab" if goes_on else "wb") as target:
                _copy(answer, target, most=file.size + _HEADER - (begun if goes_on else 0), url=url)
    except HTTPError as error:
        if error.code != http.client.REQUESTED_RANGE_NOT_SATISFIABLE:
            raise _failed(url, f"the server says {error.code} {error.reason}") from None
        # there is nothing after what has come: whether that is right is seen by its content


@contextlib.contextmanager
def _opened(request: Request, url: str) -> Iterator[http.client.HTTPResponse]:
    try:
        with urlopen(request, timeout=_SECONDS) as answer:
            yield answer
    except HTTPError:
        raise
    except URLError as error:
        raise _failed(url, str(error.reason)) from None
    except (TimeoutError, ConnectionError, http.client.HTTPException) as error:
        raise _failed(url, f"the connection broke: {error or type(error).__name__}") from None


def _copy(answer: http.client.HTTPResponse, target: BinaryIO, *, most: int, url: str) -> None:
    """Write what comes, up to so many bytes."""
    expected = answer.length
    written = 0
    while chunk := answer.read(_CHUNK):
        written += len(chunk)
        if written > most:
            raise _failed(url, "it sends more than the file has")
        target.write(chunk)
    if expected is not None and written < expected:
        raise _failed(url, f"the connection ended after {written:,} of {expected:,} bytes")


def _require_right(part: str, file: File, source: str) -> None:
    """Refuse and remove what is not the published file."""
    if _is_right(part, file):
        return
    os.remove(part)
    message = f"what `{source}` has as `{file.name}` is not the published file, by the SHA-256 of its content"
    raise refusal(
        training.DATA_DAMAGED, message, help=("download it again, or from another address with `--from URL`",)
    )


def _is_right(path: str, file: File) -> bool:
    """Whether the content of a gzip file is what is published; no more of it is unpacked than that."""
    found, size = sha256(), 0
    try:
        with gzip.open(path) as stream:
            while size <= file.size and (chunk := stream.read(_CHUNK)):
                size += len(chunk)
                found.update(chunk)
    except (EOFError, gzip.BadGzipFile, zlib.error):
        return False
    return size == file.size and found.hexdigest() == file.digest


def _failed(url: str, reason: str) -> DiagnosticError:
    return refusal(training.DATA_MISSING, f"cannot download `{url}`: {reason}", help=(_HELP,))
