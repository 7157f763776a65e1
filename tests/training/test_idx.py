"""IDX files: the published layout, and everything else refused."""

from __future__ import annotations

import gzip
import struct
import tracemalloc
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cnndsl.diagnostics import DiagnosticError
from cnndsl.training.data.idx import read_idx
from tests.training.small_networks import refused

PIXELS = np.arange(3 * 4 * 5, dtype=np.uint8).reshape(3, 4, 5)


def idx(array: np.ndarray) -> bytes:
    return bytes([0, 0, 8, array.ndim]) + struct.pack(f">{array.ndim}I", *array.shape) + array.tobytes()


def read(tmp_path: Path, content: bytes, shape: tuple[int, ...] | None = (4, 5)) -> np.ndarray:
    path = tmp_path / "some-idx3-ubyte"
    path.write_bytes(content)
    return read_idx(str(path), shape, "a file of images")


@pytest.mark.parametrize("pack", [bytes, gzip.compress], ids=["plain", "gzip"])
def test_reads_what_the_format_says(tmp_path: Path, pack) -> None:
    by_hand = bytes.fromhex("00000803 00000002 00000001 00000003 010203 0a0bff")
    assert read(tmp_path, pack(by_hand), (1, 3)).tolist() == [[[1, 2, 3]], [[10, 11, 255]]]
    assert np.array_equal(read(tmp_path, pack(idx(PIXELS))), PIXELS)
    assert np.array_equal(read(tmp_path, pack(idx(PIXELS)), None), PIXELS)


@pytest.mark.parametrize("pack", [bytes, gzip.compress], ids=["plain", "gzip"])
@pytest.mark.parametrize(
    ("content", "fact"),
    [
        (b"", "it is empty"),
        (b"<!DOCTYPE html>", "it is a web page"),
        (b"PK\x03\x04" + bytes(60), "begins with the bytes 50 4b 03 04, not with 00 00 08 03"),
        (b"\0\0\x0d\x03" + idx(PIXELS)[4:], "type is 0x0d"),
        (b"\0\0\x08\x01" + idx(PIXELS)[4:], "declares 1 axes, not 3"),
        (idx(PIXELS)[:15], "ends within its header"),
        (idx(PIXELS)[:-1], "ends after 59 of the 60 bytes"),
        (idx(PIXELS) + b"\0", "goes on after the 60 bytes"),
        (idx(PIXELS.reshape(3, 5, 4)), "samples are 5x4, not 4x5"),
        (idx(PIXELS[:0]), "holds no samples"),
        (b"\0\0\x08\x03" + struct.pack(">3I", 2**32 - 1, 4, 5) + bytes(99), "more than the limit"),
    ],
)
def test_refuses_what_is_not_one(tmp_path: Path, pack, content: bytes, fact: str) -> None:
    with refused("E0412") as refusal:
        read(tmp_path, pack(content))
    assert fact in refusal.text
    assert "some-idx3-ubyte" in refusal.text


@pytest.mark.parametrize(
    "content",
    [
        gzip.compress(idx(PIXELS))[:-9],
        gzip.compress(idx(PIXELS))[:-6] + bytes(6),
        gzip.compress(idx(PIXELS)) + b"garbage",
        b"\x1f\x8b" + bytes(30),
    ],
    ids=["cut", "wrong checksum", "garbage behind", "no stream"],
)
def test_refuses_broken_gzip(tmp_path: Path, content: bytes) -> None:
    with refused("E0412") as refusal:
        read(tmp_path, content)
    assert "gzip stream is cut off or broken" in refusal.text


@pytest.mark.parametrize("pack", [bytes, gzip.compress], ids=["plain", "gzip"])
def test_a_false_header_costs_no_memory(tmp_path: Path, pack) -> None:
    """A gigabyte declared and not there, and a gigabyte there and not declared."""
    declared = b"\0\0\x08\x03" + struct.pack(">3I", 2**30 // 20, 4, 5) + bytes(100)
    bomb = gzip.compress(idx(PIXELS) + bytes(2**26), 9)
    for content in (pack(declared), bomb):
        tracemalloc.start()
        with refused("E0412"):
            read(tmp_path, content)
        assert tracemalloc.get_traced_memory()[1] < 2**21
        tracemalloc.stop()


@settings(max_examples=400, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_any_damage_is_refused_or_harmless(tmp_path: Path, data: st.DataObject) -> None:
    """Bytes changed, cut or added: a coded refusal, or an array of the declared shape."""
    content = bytearray(data.draw(st.sampled_from([idx(PIXELS), gzip.compress(idx(PIXELS), mtime=0)])))
    for _ in range(data.draw(st.integers(1, 3))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    cut = data.draw(st.integers(0, len(content)))
    content = content[:cut] + data.draw(st.binary(max_size=4)) if data.draw(st.booleans()) else content
    assert outcome(tmp_path, bytes(content)) in {"E0412", "(3, 4, 5)"}


def outcome(tmp_path: Path, content: bytes) -> str:
    """The code of the refusal, or the shape that was read."""
    try:
        return str(read(tmp_path, content).shape)
    except DiagnosticError as error:
        return ", ".join(item.kind.code for item in error.diagnostics)


def test_a_file_that_cannot_be_read_is_no_damage(tmp_path: Path) -> None:
    with refused("E0001"):
        read_idx(str(tmp_path), (4, 5), "a file of images")


def test_a_compression_bomb_is_not_unpacked(tmp_path: Path) -> None:
    """Two hundred times its own size: no images pack like that."""
    count = 60_000
    content = gzip.compress(bytes([0, 0, 8, 3]) + struct.pack(">3I", count, 28, 28) + bytes(count * 784), 9)
    tracemalloc.start()
    with refused("E0412"):
        read(tmp_path, content, (28, 28))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 2**20
