"""Reads IDX files, the format of MNIST (LeCun and Cortes, http://yann.lecun.com/exdb/mnist), plain or gzip.

A file says how much it holds before it holds it: two zero bytes, a type, the number of axes, and each extent as a
big-endian 32-bit number. Nothing is believed: the length is checked before memory is taken, and no more is inflated than
the header declares.
"""

from __future__ import annotations

import gzip
import os
import zlib
from math import prod
from typing import BinaryIO

import numpy as np
from numpy.typing import NDArray

from ...diagnostics import DiagnosticError, refusal
from ...diagnostics.kinds import files, training
from ...files import why_not
from ...ops import format_shape

__all__ = ["read_idx"]

LARGEST_SIZE = 2**30
"""Bytes of data that a file may declare: twenty times MNIST."""

_UNSIGNED_BYTE = 8
_GZIP_MAGIC = b"\x1f\x8b"
_MOST_INFLATION = 1032
"""No deflate stream grows by more (zlib's technical notes)."""
_LIKELY_INFLATION = 100
"""Images grow by less: MNIST by 5. A file that declares more is not unpacked if it is large."""
_SMALL = 2**24

_CHUNK = 2**20


class _Damage(Exception):
    """What is wrong with the file, in words."""


def read_idx(path: str, sample_shape: tuple[int, ...] | None, what: str) -> NDArray[np.uint8]:
    """The unsigned bytes of an IDX file, N x sample shape; None stands for any height and width.

    Raises:
        DiagnosticError: E0001 if the file cannot be read, E0412 if it is not what it should be.
    """
    try:
        with open(path, "rb") as file:
            return _read(file, sample_shape)
    except (_Damage, EOFError, gzip.BadGzipFile, zlib.error) as error:
        raise _damaged(path, what, error) from None
    except OSError as error:
        raise refusal(files.CANNOT_READ, f"cannot read `{path}`: {why_not(path, error)}") from None


def _read(file: BinaryIO, sample_shape: tuple[int, ...] | None) -> NDArray[np.uint8]:
    size = os.fstat(file.fileno()).st_size
    packed = file.read(2) == _GZIP_MAGIC
    file.seek(0)
    if not packed:
        return _read_stream(file, sample_shape, size, "the whole file has {:,}")
    with gzip.GzipFile(fileobj=file) as stream:
        limit = max(min(_SMALL, size * _MOST_INFLATION), size * _LIKELY_INFLATION)
        return _read_stream(stream, sample_shape, limit, "a file of its size holds at most {:,}")  # type: ignore[arg-type]


def _read_stream(stream: BinaryIO, sample_shape: tuple[int, ...] | None, most: int, bound: str) -> NDArray[np.uint8]:
    """Read header and data; ``most`` bounds how many bytes the stream can hold, and ``bound`` says so."""
    shape = _read_header(stream, 3 if sample_shape is None else 1 + len(sample_shape))
    _check_shape(shape, sample_shape)
    size = prod(shape)
    if size > most:
        raise _Damage(f"its header declares {format_shape(shape)} = {size:,} bytes, and {bound.format(most)}")
    data = _read_at_most(stream, size + 1)
    if len(data) < size:
        raise _Damage(f"it ends after {len(data):,} of the {size:,} bytes that its header declares")
    if len(data) > size:
        raise _Damage(f"it goes on after the {size:,} bytes that its header declares")
    return np.frombuffer(data, np.uint8).reshape(shape)


def _read_header(stream: BinaryIO, rank: int) -> tuple[int, ...]:
    start = _read_at_most(stream, 4)
    if len(start) < 4 or start[:2] != b"\0\0":
        raise _Damage(_other_start(start, rank))
    if start[2] != _UNSIGNED_BYTE:
        raise _Damage(f"its type is 0x{start[2]:02x}, not 0x08 (unsigned bytes)")
    if start[3] != rank:
        raise _Damage(f"its header declares {start[3]} axes, not {rank}")
    extents = _read_at_most(stream, 4 * rank)
    if len(extents) < 4 * rank:
        raise _Damage("it ends within its header")
    return tuple(int.from_bytes(extents[i : i + 4], "big") for i in range(0, 4 * rank, 4))


def _other_start(start: bytearray, rank: int) -> str:
    if not start:
        return "it is empty"
    if start.startswith(b"<"):
        return "it is a web page, which a download has saved instead"
    return f"it begins with the bytes {start.hex(' ')}, not with 00 00 08 {rank:02x}"


def _check_shape(shape: tuple[int, ...], sample_shape: tuple[int, ...] | None) -> None:
    if sample_shape is not None and shape[1:] != sample_shape:
        raise _Damage(f"its samples are {format_shape(shape[1:])}, not {format_shape(sample_shape)}")
    if 0 in shape:
        raise _Damage("it holds no samples")
    if prod(shape) > LARGEST_SIZE:
        raise _Damage(f"its header declares {format_shape(shape)}, more than the limit of {LARGEST_SIZE:,} bytes")


def _read_at_most(stream: BinaryIO, size: int) -> bytearray:
    """Up to ``size`` bytes; memory grows with what is there, not with what is asked for."""
    parts = bytearray()
    while len(parts) < size:
        part = stream.read(min(_CHUNK, size - len(parts)))
        if not part:
            break
        parts += part
    return parts


def _damaged(path: str, what: str, error: Exception) -> DiagnosticError:
    fact = str(error) if isinstance(error, _Damage) else "its gzip stream is cut off or broken"
    return refusal(training.DATA_DAMAGED, f"`{path}` is not {what}", notes=(fact,), help=(f"replace it with {what}",))
