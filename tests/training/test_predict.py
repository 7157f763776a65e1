"""Prediction: the same answers from arrays, IDX files and pictures."""

from __future__ import annotations

import struct
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from cnndsl.backends import find_backend
from cnndsl.ops.activation import LogSoftmax, Softmax
from cnndsl.ops.linear import Dense, Flatten
from cnndsl.training import predict, read_inputs
from cnndsl.training.data import Preparation
from cnndsl.training.data.preparation import DIGITS
from tests.support.networks import chain
from tests.training.small_networks import refused
from tests.training.test_idx import idx

MNIST = Preparation("pad", (28, 28), DIGITS.scale, DIGITS.offset)
PIXELS = np.random.default_rng(0).integers(0, 256, (3, 28, 28)).astype(np.uint8)


def save(path: Path, array: np.ndarray) -> str:
    np.save(path, array)
    return str(path)


@pytest.mark.parametrize("end", [[], [Softmax()], [LogSoftmax()]], ids=["logits", "softmax", "log_softmax"])
def test_probabilities_whatever_the_network_ends_in(end: list) -> None:
    images = np.random.default_rng(1).random((4, 1, 8, 8)).astype(np.float32)
    network = find_backend("numpy").compile(chain("Line", (1, 8, 8), [Flatten(), ("line", Dense(10)), *end]))
    weight, bias = network.state().values()
    scores = np.exp(images.reshape(4, 64).astype(np.float64) @ weight.T + bias)
    expected = scores / scores.sum(axis=1, keepdims=True)
    found = predict(network, images, tuple("abcdefghij"))
    assert np.allclose([item.probabilities for item in found], expected, atol=1e-6)
    assert [item.label for item in found] == expected.argmax(axis=1).tolist()
    assert [item.name for item in found] == ["abcdefghij"[item.label] for item in found]


def test_all_forms_of_the_same_images_agree(tmp_path: Path) -> None:
    """What the IDX reader of the training data makes of the pixels is what every other way in makes of them."""
    (tmp_path / "images").write_bytes(idx(PIXELS))
    Image.fromarray(PIXELS[0]).save(tmp_path / "first.png")
    Image.fromarray(255 - PIXELS[0]).convert("RGB").save(tmp_path / "dark.png")
    expected = np.pad(PIXELS / 255, [(0, 0), (2, 2), (2, 2)])[:, None] * 1.275 - 0.1
    shape = (1, 32, 32)
    for path in (str(tmp_path / "images"), save(tmp_path / "a.npy", PIXELS), save(tmp_path / "b.npy", PIXELS[:, None])):
        assert np.allclose(read_inputs(path, MNIST, shape), expected, atol=1e-6)
    for path in (str(tmp_path / "first.png"), save(tmp_path / "c.npy", PIXELS[0].astype(np.int64))):
        assert np.allclose(read_inputs(path, MNIST, shape), expected[:1], atol=1e-6)
    assert np.allclose(read_inputs(str(tmp_path / "dark.png"), MNIST, shape, invert=True), expected[:1], atol=1e-6)


def test_a_large_picture_is_brought_to_the_size_of_the_samples(tmp_path: Path) -> None:
    large = np.kron(np.arange(64, dtype=np.uint8).reshape(8, 8) * 4, np.ones((40, 40), np.uint8))
    Image.fromarray(large).save(tmp_path / "large.png")
    found = read_inputs(str(tmp_path / "large.png"), DIGITS, (1, 8, 8))
    assert np.abs((found[0, 0] + 0.1) / 1.275 - large[20::40, 20::40] / 255).max() < 0.03


def test_floating_point_arrays_are_taken_as_they_are(tmp_path: Path) -> None:
    array = np.linspace(-3, 3, 64).reshape(1, 8, 8)
    path = save(tmp_path / "x.npy", array)
    assert np.array_equal(read_inputs(path, DIGITS, (1, 8, 8))[0], array.astype(np.float32))


@pytest.mark.parametrize(
    ("array", "code"),
    [
        (np.zeros((2, 1, 9, 9)), "E0413"),
        (np.zeros((2, 3, 8, 8), np.uint8), "E0413"),
        (np.full((8, 8), 256), "E0413"),
        (np.full((8, 8), -1), "E0413"),
        (np.full((1, 8, 8), np.nan), "E0412"),
        (np.zeros((0, 8, 8), np.uint8), "E0412"),
        (np.array(["text"]), "E0412"),
        (np.array([{"an": "object"}], object), "E0412"),
    ],
    ids=lambda value: value if isinstance(value, str) else f"{value.dtype}{value.shape}",
)
def test_arrays_that_do_not_fit_are_refused(tmp_path: Path, array: np.ndarray, code: str) -> None:
    with refused(code):
        read_inputs(save(tmp_path / "x.npy", array), DIGITS, (1, 8, 8))


def npy(header: bytes) -> bytes:
    return b"\x93NUMPY\x01\x00" + struct.pack("<H", len(header)) + header + bytes(64)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\x93NUMPY",
        b"\x93NUMPY\x09\x00",
        npy(b"{'descr': '<f4', 'fortran_order': False, 'shape': (99999999999, 8, 8)}"),
        npy(b"{'descr': '<f4', 'fortran_order': False, 'shape': (" + b"9" * 400 + b",)}"),
        npy(b"{'descr': '|O', 'fortran_order': False, 'shape': (1,)}"),
        npy(b"{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (1,)}"),
        npy(b"__import__('os')"),
        npy(b"(" * 500),
        b"\x89PNG\r\n\x1a\n" + bytes(40),
        b"GIF89a",
        b"\0\0\x08\x03",
        bytes(100),
    ],
    ids=lambda content: repr(content[:40]),
)
def test_damaged_files_are_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "input"
    path.write_bytes(content)
    with refused("E0412"):
        read_inputs(str(path), DIGITS, (1, 8, 8))


def test_a_picture_cut_short_or_too_large_is_refused(tmp_path: Path) -> None:
    Image.fromarray(PIXELS[0]).save(tmp_path / "whole.png")
    (tmp_path / "cut.png").write_bytes((tmp_path / "whole.png").read_bytes()[:-200])
    Image.new("1", (2**13, 2**13)).save(tmp_path / "huge.png")
    for name in ("cut.png", "huge.png"):
        with refused("E0412"):
            read_inputs(str(tmp_path / name), MNIST, (1, 28, 28))


def test_a_missing_file_is_said_as_such(tmp_path: Path) -> None:
    with refused("E0001"):
        read_inputs(str(tmp_path / "none.npy"), DIGITS, (1, 8, 8))


def test_transparency_is_white_paper(tmp_path: Path) -> None:
    """Black ink on transparent paper is what the same ink is on white paper, in every mode that is transparent."""
    ink = PIXELS[0]
    on_paper = Image.fromarray(255 - ink)
    on_paper.save(tmp_path / "paper.png")
    drawn = Image.merge("RGBA", [Image.new("L", (28, 28), 0)] * 3 + [Image.fromarray(ink)])
    drawn.save(tmp_path / "rgba.png")
    drawn.convert("LA").save(tmp_path / "la.png")
    expected = read_inputs(str(tmp_path / "paper.png"), MNIST, (1, 28, 28), invert=True)
    for name in ("rgba.png", "la.png"):
        found = read_inputs(str(tmp_path / name), MNIST, (1, 28, 28), invert=True)
        assert np.allclose(found, expected, atol=0.01), name
    palette = Image.new("P", (28, 28), 0)
    palette.putpalette([0, 0, 0, 10, 10, 10])
    palette.save(tmp_path / "palette.png", transparency=0)
    assert np.allclose(read_inputs(str(tmp_path / "palette.png"), MNIST, (1, 28, 28)), 1.175, atol=1e-6)


def test_sixteen_bits_are_scaled(tmp_path: Path) -> None:
    Image.fromarray(PIXELS[0]).save(tmp_path / "eight.png")
    Image.fromarray(PIXELS[0].astype(np.uint16) * 257).save(tmp_path / "sixteen.png")
    eight, sixteen = (read_inputs(str(tmp_path / name), MNIST, (1, 28, 28)) for name in ("eight.png", "sixteen.png"))
    assert np.allclose(eight, sixteen, atol=1e-6)


def test_a_camera_says_which_way_is_up(tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # to be turned right by 90 degrees
    Image.fromarray(np.rot90(PIXELS[0])).save(tmp_path / "turned.png", exif=exif)
    Image.fromarray(PIXELS[0]).save(tmp_path / "upright.png")
    found, expected = (read_inputs(str(tmp_path / name), MNIST, (1, 28, 28)) for name in ("turned.png", "upright.png"))
    assert np.array_equal(found, expected)


def test_dark_on_light_is_noted(tmp_path: Path) -> None:
    ink = np.zeros((28, 28), np.uint8)
    ink[8:20, 12:16] = 255
    Image.fromarray(255 - ink).save(tmp_path / "scan.png")
    Image.fromarray(ink).save(tmp_path / "stored.png")
    notes: list[str] = []
    for name, invert in (("scan.png", False), ("scan.png", True), ("stored.png", False)):
        read_inputs(str(tmp_path / name), MNIST, (1, 28, 28), invert=invert, note=notes.append)
    assert len(notes) == 1
    assert "scan.png" in notes[0]
    assert "--invert" in notes[0]


def test_a_picture_far_too_large_is_refused_without_a_warning(tmp_path: Path, recwarn: pytest.WarningsRecorder) -> None:
    Image.new("1", (12_000, 12_000)).save(tmp_path / "huge.png")
    with refused("E0412"):
        read_inputs(str(tmp_path / "huge.png"), MNIST, (1, 28, 28))
    assert not recwarn.list


def test_a_table_has_a_sample_in_each_line(tmp_path: Path) -> None:
    """With names or without, its numbers are those of an array; the class of a sample is not among them."""
    numbers = np.random.default_rng(0).normal(size=(3, 4)).astype(np.float32)
    np.save(tmp_path / "array.npy", numbers)
    np.savez(tmp_path / "archive.npz", x=numbers, y=np.ones(3, int))
    np.savez_compressed(tmp_path / "parts.npz", x_test=numbers)
    np.savetxt(tmp_path / "bare.csv", numbers, delimiter=",", fmt="%.9g")
    np.savetxt(tmp_path / "named.csv", numbers, delimiter=",", fmt="%.9g", header="a,b,c,d", comments="")
    np.savetxt(tmp_path / "labels.csv", np.hstack([numbers, np.ones((3, 1))]), delimiter=",", fmt="%.9g")
    expected = read_inputs(str(tmp_path / "array.npy"), Preparation(), (4,))
    for name in ("bare.csv", "named.csv", "archive.npz", "parts.npz"):
        assert np.array_equal(read_inputs(str(tmp_path / name), Preparation(), (4,)), expected)
    with refused("E0413"):
        read_inputs(str(tmp_path / "labels.csv"), Preparation(), (4,))
    (tmp_path / "words.csv").write_text("1,2,3,4\n1,two,3,4\n")
    with refused("E0412"):
        read_inputs(str(tmp_path / "words.csv"), Preparation(), (4,))
    (tmp_path / "endless.csv").write_text("1,nan,3,4\n")
    with refused("E0412"):
        read_inputs(str(tmp_path / "endless.csv"), Preparation(), (4,))
