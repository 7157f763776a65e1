"""Files that lie: what each is, by which reader it is read, and how it is written."""

from __future__ import annotations

import gzip
import json
import pickle
import struct
import zipfile
import zlib
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from cnndsl.ops.linear import Dense, Flatten
from cnndsl.recipe.datasets import Arrays, Cifar10, Csv, Mnist
from cnndsl.training import read_inputs, read_weights
from cnndsl.training.checkpoints.checkpoint import load_tensors
from cnndsl.training.data import Preparation, Request, load
from cnndsl.training.data.idx import read_idx
from cnndsl.training.data.pictures import read_pixels
from cnndsl.training.data.preparation import DIGITS
from tests.support.networks import chain

__all__ = ["FILES", "read"]

VECTOR = chain("Vector", (4,), [Dense(2)])
DIGIT = chain("Digit", (1, 28, 28), [Flatten(), Dense(10)])
PHOTO = chain("Photo", (3, 32, 32), [Flatten(), Dense(10)])
PREPARED = Preparation("pad", (28, 28), DIGITS.scale, DIGITS.offset)
WORDS = Preparation(vocabulary=("", "good", "bad"))


READERS: dict[str, Callable[[str, str], Any]] = {
    "images": lambda path, folder: read_idx(path, (28, 28), "a file of images"),
    "mnist": lambda path, folder: load(Mnist(), Request(DIGIT, folder)),
    "input": lambda path, folder: read_inputs(path, PREPARED, (1, 28, 28)),
    "photo": lambda path, folder: read_pixels(path, (3, 8, 8)),
    "words": lambda path, folder: read_inputs(path, WORDS, (5,)),
    "arrays": lambda path, folder: load(Arrays(path=Path(path).name), Request(VECTOR, None, folder)),
    "csv": lambda path, folder: load(Csv(path=Path(path).name), Request(VECTOR, None, folder)),
    "cifar": lambda path, folder: load(Cifar10(), Request(PHOTO, folder)),
    "weights": lambda path, folder: read_weights(path, VECTOR),
    "checkpoint": lambda path, folder: load_tensors(folder, VECTOR),
}


def read(kind: str, path: str) -> Any:
    """Read a file as its kind says."""
    return READERS[kind](path, str(Path(path).parent))


Content = bytes | Callable[[Path], None]
Case = tuple[str, str, Content]


def late(content: Callable[[], bytes]) -> Callable[[Path], None]:
    """What is large is made when it is written, not when the tests are collected."""

    def write(path: Path) -> None:
        path.write_bytes(content())

    return write


def idx(shape: tuple[int, ...], data: bytes, kind: int = 8, rank: int | None = None) -> bytes:
    head = bytes([0, 0, kind, len(shape) if rank is None else rank])
    return head + struct.pack(f">{len(shape)}I", *shape) + data


def npy(header: str | bytes, data: bytes = bytes(64), version: bytes = b"\x01\x00") -> bytes:
    text = header.encode() if isinstance(header, str) else header
    size = struct.pack("<H", len(text)) if version == b"\x01\x00" else struct.pack("<I", len(text))
    return b"\x93NUMPY" + version + size + text + data


def described(descr: str, shape: str, fortran: str = "False") -> str:
    return f"{{'descr': {descr}, 'fortran_order': {fortran}, 'shape': {shape}, }}\n"


def saved(array: np.ndarray) -> bytes:
    stream = BytesIO()
    np.save(stream, array, allow_pickle=True)
    return stream.getvalue()


def zipped(**members: bytes) -> bytes:
    stream = BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(f"{name}.npy", content)
    return stream.getvalue()


def chunk(kind: bytes, data: bytes) -> bytes:
    return len(data).to_bytes(4, "big") + kind + data + zlib.crc32(kind + data).to_bytes(4, "big")


def png(width: int, height: int, *chunks: bytes) -> bytes:
    head = struct.pack(">II5B", width, height, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + b"".join(chunks) + chunk(b"IEND", b"")


def picture(kind: str, size: tuple[int, int] = (40, 40)) -> bytes:
    stream = BytesIO()
    noise = np.random.default_rng(0).integers(0, 256, (*size, 3)).astype(np.uint8)
    Image.fromarray(noise).save(stream, kind)
    return stream.getvalue()


def large_picture() -> bytes:
    stream = BytesIO()
    Image.new("1", (2**13, 2**13)).save(stream, "png")
    return stream.getvalue()


def tensors(header: str | bytes, data: bytes = bytes(8), length: int | None = None) -> bytes:
    text = header.encode() if isinstance(header, str) else header
    return struct.pack("<Q", len(text) if length is None else length) + text + data


def endless(path: Path) -> None:
    with path.open("wb") as file:
        file.truncate(2**40)  # a hole, which takes no space


def mnist(images: bytes, labels: bytes) -> Callable[[Path], None]:
    def write(path: Path) -> None:
        for part in ("train", "t10k"):
            (path.parent / f"{part}-images-idx3-ubyte").write_bytes(images)
            (path.parent / f"{part}-labels-idx1-ubyte").write_bytes(labels)

    return write


def cifar(content: Content) -> Callable[[Path], None]:
    def write(path: Path) -> None:
        for name in (*(f"data_batch_{number}.bin" for number in range(1, 6)), "test_batch.bin"):
            if callable(content):
                content(path.parent / name)
            else:
                (path.parent / name).write_bytes(content)

    return write


def record(content: bytes) -> Callable[[Path], None]:
    def write(path: Path) -> None:
        (path.parent / "model.json").write_bytes(content)
        (path.parent / "model.safetensors").write_bytes(tensors("{}"))

    return write


def endless_record(path: Path) -> None:
    endless(path.parent / "model.json")


TWO = idx((2, 28, 28), bytes(2 * 784))
GOOD = described("'<f4'", "(4, 4)")
ROW = b'{"%s": {"dtype": "F32", "shape": %s, "data_offsets": %s}}'

FILES: list[Case] = [
    ("images", "empty", b""),
    ("images", "one byte", b"\0"),
    ("images", "a web page", b"<!DOCTYPE html><html>404</html>"),
    ("images", "an archive", b"PK\x03\x04" + bytes(60)),
    ("images", "floats", idx((1, 28, 28), bytes(4 * 784), kind=13)),
    ("images", "one axis", idx((784,), bytes(784))),
    ("images", "255 axes", idx((1, 28, 28), bytes(784), rank=255)),
    ("images", "cut within the header", TWO[:9]),
    ("images", "a byte less", TWO[:-1]),
    ("images", "a byte more", TWO + b"\0"),
    ("images", "no samples", idx((0, 28, 28), b"")),
    ("images", "other size", idx((2, 32, 32), bytes(2048))),
    ("images", "four billion declared", idx((2**32 - 1, 28, 28), bytes(99))),
    ("images", "terabytes declared", idx((2**32 - 1, 2**32 - 1, 2**32 - 1), bytes(99))),
    ("images", "gzip, cut", gzip.compress(TWO)[:-9]),
    ("images", "gzip, broken", gzip.compress(TWO)[:14] + b"\xff" * 40),
    ("images", "gzip, twice", gzip.compress(gzip.compress(TWO))),
    ("images", "gzip, a bomb", late(lambda: gzip.compress(idx((1_369_568, 28, 28), bytes(2**26)), 9))),
    ("images", "gzip, a bomb after the end", late(lambda: gzip.compress(TWO + bytes(2**26), 9))),
    ("mnist", "labels out of range", mnist(TWO, idx((2,), b"\x03\x0a"))),
    ("mnist", "fewer labels than images", mnist(TWO, idx((1,), b"\x03"))),
    ("mnist", "images as labels", mnist(TWO, TWO)),
    ("input", "npy, the magic alone", b"\x93NUMPY"),
    ("input", "npy of a version to come", npy(GOOD, version=b"\x09\x00")),
    ("input", "npy, terabytes declared", npy(described("'<f4'", "(99999999999, 28, 28)"))),
    ("input", "npy, a size of 400 digits", npy(described("'<f4'", f"({'9' * 400},)"))),
    ("input", "npy, a negative size", npy(described("'<f4'", "(-1, 28, 28)"))),
    ("input", "npy of objects", npy(described("'|O'", "(1,)"), pickle.dumps([1]))),
    ("input", "npy, pickled", saved(np.array([{"an": "object"}], object))),
    ("input", "npy of records", npy(described("[('a', '<f4')]", "(1,)"))),
    ("input", "npy of text", saved(np.array(["text"]))),
    ("input", "npy of complex numbers", saved(np.zeros((28, 28), complex))),
    ("input", "npy without numbers", saved(np.zeros((0, 28, 28), np.uint8))),
    ("input", "npy of what is not a number", saved(np.full((1, 28, 28), np.nan))),
    ("input", "npy whose header is a program", npy("__import__('os').system('true')")),
    ("input", "npy whose header is deep", npy("(" * 5000)),
    ("input", "npy whose header has no end", npy(GOOD, version=b"\x02\x00")[:10] + b"\xff" * 8),
    ("input", "a pickle", pickle.dumps({"weights": [1, 2]})),
    ("photo", "a text", b"not a picture"),
    ("photo", "png, 2^31 wide", png(2**31 - 1, 2**31 - 1)),
    ("photo", "png, 2.5 billion pixels", png(50_000, 50_000, chunk(b"IDAT", zlib.compress(bytes(1000))))),
    ("photo", "png, 67 million pixels", late(large_picture)),
    ("photo", "png, cut", picture("png")[:-300]),
    ("photo", "png, a sum that is wrong", picture("png").replace(b"IDAT", b"IDAX", 1)),
    ("photo", "png, no pixels", png(8, 8)),
    (
        "photo",
        "png, a text that unpacks",
        late(lambda: png(8, 8, chunk(b"zTXt", b"k\0\0" + zlib.compress(bytes(2**26), 9)))),
    ),
    ("photo", "jpeg, cut", picture("jpeg")[:-400]),
    ("photo", "gif, header alone", b"GIF89a\xff\xff\xff\xff"),
    ("photo", "bmp, a size that is wrong", picture("bmp")[:18] + struct.pack("<ii", 2**30, 2**30) + bytes(28)),
    ("photo", "tiff, a table without end", b"II*\0\x08\0\0\0\xff\xff" + b"\xff" * 60),
    ("words", "no text", b"\xff\xfe\x00\xd8"),
    ("words", "no sentences", b"\n\n  \n"),
    ("arrays", "npz, empty", b""),
    ("arrays", "npz, a header alone", b"PK\x03\x04" + bytes(100)),
    ("arrays", "npz of other names", zipped(a=saved(np.zeros(3)))),
    ("arrays", "npz of objects", zipped(x=saved(np.array([{}], object)), y=saved(np.zeros(1, int)))),
    (
        "arrays",
        "npz, a bomb",
        late(lambda: zipped(x=npy(described("'|u1'", "(67108864,)"), bytes(2**26)), y=saved(np.zeros(1, int)))),
    ),
    ("arrays", "npz, terabytes declared", zipped(x=npy(described("'<f8'", "(1000000000000, 4)")), y=npy(GOOD))),
    ("arrays", "npz, cut", zipped(x=saved(np.zeros((9, 4))), y=saved(np.zeros(9, int)))[:-60]),
    ("arrays", "npz, classes that are no numbers", zipped(x=saved(np.zeros((9, 4))), y=saved(np.array(["a"] * 9)))),
    ("arrays", "npz, infinite", zipped(x=saved(np.full((9, 4), np.inf)), y=saved(np.arange(9) % 2))),
    ("csv", "csv, empty", b""),
    ("csv", "csv of zeros", b"\0" * 1000),
    ("csv", "csv of words", b"a,label\none,1\n"),
    ("csv", "csv, uneven", b"1,2,3\n1,2\n"),
    ("csv", "csv, no text", b"\xff\xfe\x00\xd8,1\n"),
    ("csv", "csv, a field without end", b'"' + b"x" * 10**6),
    ("csv", "csv, infinite", b"1,2,3,inf,0\n" * 9 + b"1,2,3,4,1\n" * 9),
    ("cifar", "cifar, empty", cifar(b"")),
    ("cifar", "cifar, a byte less", cifar(bytes(3072))),
    ("cifar", "cifar, class 255", cifar(b"\xff" * 3073)),
    ("cifar", "cifar, without end", cifar(endless)),
    ("weights", "weights, empty", b""),
    ("weights", "weights, pickled", b"PK\x03\x04" + bytes(200)),
    ("weights", "weights, a header without end", tensors("{}", length=2**62)),
    ("weights", "weights, no JSON", tensors("not json")),
    ("weights", "weights, a shape that lies", tensors(ROW % (b"0.weight", b"[4294967296, 4294967296]", b"[0, 8]"))),
    ("weights", "weights, offsets that lie", tensors(ROW % (b"0.weight", b"[2, 4]", b"[0, 99999999999]"))),
    ("weights", "weights without end", endless),
    ("checkpoint", "checkpoint, a record that is empty", record(b"")),
    ("checkpoint", "checkpoint, a record of lists", record(b"[" * 100_000)),
    ("checkpoint", "checkpoint, a record without end", endless_record),
    ("checkpoint", "checkpoint, another record", record(json.dumps({"architectures": ["Bert"]}).encode())),
    ("checkpoint", "checkpoint, a record that is a pickle", record(pickle.dumps({"epoch": 3}))),
]
