"""Data sets: what is held out, how images are brought to a network's input, and what does not fit."""

from __future__ import annotations

import gzip
import os
from pathlib import Path

import numpy as np
import pytest
import torch
from sklearn.datasets import load_digits
from torch.nn.functional import interpolate

from cnndsl.ops.linear import Dense, Flatten
from cnndsl.recipe.datasets import Digits, Mnist
from cnndsl.training.data import Request, load, load_held_out
from cnndsl.training.data.mnist import FILES
from cnndsl.training.data.places import data_folders
from cnndsl.training.data.resizing import resize
from tests.support.networks import chain, lenet5, mnist_cnn, mnist_dense
from tests.training.small_networks import refused, tiny
from tests.training.test_idx import idx

REAL = os.environ.get("CNNDSL_TEST_DATA", "")
needs_mnist = pytest.mark.skipif(not REAL, reason="CNNDSL_TEST_DATA names no folder with mnist/ in it")


def test_a_fifth_of_each_digit_is_held_out() -> None:
    data = load(Digits(), Request(tiny()))
    assert (len(data.train), len(data.held_out)) == (1438, 359)
    totals = np.bincount(load_digits().target)
    assert np.bincount(data.held_out.labels).tolist() == [round(total / 5) for total in totals]


def test_no_digit_is_lost_or_on_both_sides() -> None:
    data = load(Digits(), Request(tiny()))
    both = np.concatenate([each.batch(slice(None)) for each in (data.train, data.held_out)]).reshape(-1, 64)
    stored = load_digits().data * (1.275 / 16) - 0.1
    assert np.allclose(np.sort(both, axis=0), np.sort(stored, axis=0), atol=1e-6)
    first = np.flatnonzero(load_digits().target == 7)[2]
    place = np.flatnonzero(data.held_out.labels == 7)[0]
    assert np.allclose(data.held_out.batch(slice(place, place + 1)).ravel(), stored[first], atol=1e-6)


def test_digits_are_enlarged_as_torch_enlarges() -> None:
    small, large = load(Digits(), Request(tiny())).train, load(Digits(), Request(lenet5())).train
    first, larger = small.batch(slice(50)), large.batch(slice(50))
    assert larger.dtype == np.float32
    expected = interpolate(torch.tensor(first).double(), (32, 32), mode="bilinear", align_corners=False)
    assert np.allclose(larger, expected.numpy(), atol=1e-6)
    assert np.array_equal(small.labels, large.labels)


def test_what_is_held_out_is_read_without_the_rest(tmp_path: Path) -> None:
    write_mnist(tmp_path)
    for name in FILES["train"]:
        (tmp_path / name).unlink()
    assert load_held_out(Mnist(), Request(mnist_cnn(), str(tmp_path))).labels.tolist() == [5, 0, 9]
    with refused("E0411"):
        load(Mnist(), Request(mnist_cnn(), str(tmp_path)))
    every = load(Digits(), Request(tiny())).held_out
    assert np.array_equal(load_held_out(Digits(), Request(tiny())).batch(slice(None)), every.batch(slice(None)))


@pytest.mark.parametrize("size", [(8, 8), (11, 17), (5, 30), (61, 3), (1, 1), (28, 28)])
def test_resizing_equals_torch(size: tuple[int, int]) -> None:
    levels = np.random.default_rng(0).random((2, 3, 13, 17))
    expected = interpolate(torch.tensor(levels), size, mode="bilinear", antialias=True)
    assert np.allclose(resize(levels.astype(np.float32), *size), expected.numpy(), atol=1e-6)


@pytest.mark.parametrize(
    ("graph", "dataset", "facts"),
    [
        (tiny(shape=(3, 32, 32)), Digits(), ("1x8x8", "3x32x32")),
        (tiny(shape=(1, 7, 9)), Digits(), ("1x8x8", "1x7x9")),
        (tiny(shape=(1, 30, 30)), Mnist(), ("1x28x28", "1x30x30")),
        (chain("Five", (1, 8, 8), [Flatten(), Dense(5)]), Digits(), ("10 classes", "is 5", "dense 10")),
        (chain("Flat", (1, 8, 8), []), Digits(), ("10 classes", "1x8x8", "flatten")),
    ],
)
def test_a_misfit_names_both_shapes(graph, dataset, facts: tuple[str, ...]) -> None:
    with refused("E0413") as refusal:
        load(dataset, Request(graph))
    assert all(fact in refusal.text for fact in facts), refusal.text


def write_mnist(folder: Path, *, labels: bytes = bytes([5, 0, 9]), packed: bool = False) -> None:
    """A tiny data set in the files of MNIST."""
    pixels = np.zeros((3, 28, 28), np.uint8)
    pixels[:, 0, 0] = 255
    for images, labels_name in FILES.values():
        for name, content in ((images, idx(pixels)), (labels_name, idx(np.frombuffer(labels, np.uint8)))):
            path = folder / (name + ".gz" * packed)
            path.write_bytes(gzip.compress(content) if packed else content)


@pytest.mark.parametrize("packed", [False, True])
def test_mnist_is_padded_to_32_with_background(tmp_path: Path, packed: bool) -> None:
    write_mnist(tmp_path, packed=packed)
    images = load(Mnist(), Request(lenet5(), str(tmp_path))).train.batch(slice(None))
    ink = np.full((3, 1, 32, 32), -0.1, np.float32)
    ink[:, :, 2, 2] = 1.175
    assert np.allclose(images, ink, atol=1e-6)
    assert load(Mnist(), Request(mnist_dense(), str(tmp_path))).held_out.batch(slice(None)).shape == (3, 784)


@pytest.mark.parametrize("inner", ["", "raw", "MNIST/raw", "mnist", "mnist/MNIST/raw"])
@pytest.mark.parametrize("hyphen", ["-idx", ".idx"])
def test_mnist_is_found_where_others_put_it(tmp_path: Path, inner: str, hyphen: str) -> None:
    folder = tmp_path / inner
    folder.mkdir(parents=True, exist_ok=True)
    write_mnist(folder)
    for path in folder.iterdir():
        path.rename(folder / path.name.replace("-idx", hyphen))
    assert len(load(Mnist(), Request(mnist_cnn(), str(tmp_path))).train) == 3


def test_missing_files_are_named_with_all_places(tmp_path: Path) -> None:
    write_mnist(tmp_path)
    (tmp_path / "t10k-labels-idx1-ubyte").unlink()
    with refused("E0411") as refusal:
        load(Mnist(), Request(mnist_cnn(), str(tmp_path)))
    assert refusal.diagnostic.message == "data set `mnist` lacks the file `t10k-labels-idx1-ubyte`"
    assert str(tmp_path) in refusal.text
    assert str(tmp_path / "mnist") in refusal.text
    assert "--data-dir" in refusal.text


@pytest.mark.parametrize(
    ("labels", "fact"),
    [(b"\x05\x00", "holds 3 images"), (b"\x05\x0a\x00", "label 1 is 10, and the classes are 0 to 9")],
)
def test_labels_that_do_not_belong_are_refused(tmp_path: Path, labels: bytes, fact: str) -> None:
    write_mnist(tmp_path, labels=labels)
    with refused("E0412") as refusal:
        load(Mnist(), Request(mnist_cnn(), str(tmp_path)))
    assert fact in refusal.text


def test_data_is_looked_for_where_the_user_says(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("CNNDSL_DATA_DIR", str(tmp_path / "environment"))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setenv("LOCALAPPDATA", str(tmp_path / "cache"))
    assert data_folders("mnist", "given") == ("given", os.path.join("given", "mnist"))
    assert data_folders("mnist", None)[0] == str(tmp_path / "environment")
    monkeypatch.delenv("CNNDSL_DATA_DIR")
    assert data_folders("mnist", None)[1] == str(tmp_path / "cache" / "cnndsl" / "mnist")


@needs_mnist
def test_real_mnist_is_the_published_one() -> None:
    """Class counts and first labels as published; mean and deviation of all training pixels as widely quoted."""
    data = load(Mnist(), Request(mnist_cnn(), REAL))
    assert (len(data.train), len(data.held_out)) == (60_000, 10_000)
    assert data.train.labels[:10].tolist() == [5, 0, 4, 1, 9, 2, 1, 3, 1, 4]
    assert data.held_out.labels[:10].tolist() == [7, 2, 1, 0, 4, 1, 4, 9, 5, 9]
    counts = [5923, 6742, 5958, 6131, 5842, 5421, 5918, 6265, 5851, 5949]
    assert np.bincount(data.train.labels).tolist() == counts
    levels = (data.train.batch(slice(None)).astype(np.float64) + 0.1) / 1.275
    assert levels.mean() == pytest.approx(0.1307, abs=5e-5)
    assert levels.std() == pytest.approx(0.3081, abs=5e-5)
