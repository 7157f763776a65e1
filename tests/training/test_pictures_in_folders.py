"""Folders of pictures: what is found, what is held out, how a picture becomes an input, and what is refused."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

import cnndsl
from cnndsl.cli.main import main
from cnndsl.recipe.datasets import Flowers, Folder
from cnndsl.training.data import Request, load, load_held_out
from cnndsl.training.data.model import divided
from tests.training.small_networks import refused

REAL = os.environ.get("CNNDSL_TEST_DATA", "")
needs_flowers = pytest.mark.skipif(not REAL, reason="CNNDSL_TEST_DATA names no folder with flower_photos_96/ in it")

SPEC = """\
network Small {
    input 3x8x8
    conv 4 3x3 | relu | global_avgpool | flatten
    dense 2
}
train {
    data folder "pictures"
    optimizer adam lr=1e-2
    batch 4
    epochs 3
}
"""


def write_pictures(folder: Path, count: int, *, seed: int = 0) -> None:
    """Pictures of two classes that colour tells apart, of sizes that are not those of the network."""
    random = np.random.default_rng(seed)
    for channel, name in enumerate(("blue", "red")):
        (folder / name).mkdir(parents=True, exist_ok=True)
        for index in range(count):
            pixels = random.integers(0, 60, (10 + index, 13, 3)).astype(np.uint8)
            pixels[..., 2 - 2 * channel] += 150
            Image.fromarray(pixels).save(folder / name / f"{index:02}.png")


@pytest.fixture
def spec(tmp_path: Path) -> Path:
    path = tmp_path / "small.cnn"
    path.write_text(SPEC, encoding="utf-8")
    return path


def request(spec: Path) -> Request:
    return Request(cnndsl.load(str(spec)).graph, None, str(spec.parent))


def test_a_folder_is_trained_on_evaluated_and_predicted_from(spec: Path, monkeypatch, capsys) -> None:
    write_pictures(spec.parent / "pictures", 10)
    monkeypatch.chdir(spec.parent)
    assert main(["train", "small.cnn", "--quiet", "--output", "run", "--epochs", "8"]) == 0
    assert "100.00 %" in capsys.readouterr().out
    assert main(["eval", "small.cnn", "--checkpoint", "run"]) == 0
    assert "of 4 samples" in capsys.readouterr().out
    assert main(["predict", "small.cnn", "pictures/red/03.png", "--checkpoint", "run"]) == 0
    assert " red " in capsys.readouterr().out
    assert main(["predict", "small.cnn", "pictures", "--checkpoint", "run", "--format", "csv"]) == 0
    header, *rows = capsys.readouterr().out.splitlines()
    assert header == "input,class,blue,red"
    assert len(rows) == 20
    Path("empty").mkdir()
    assert main(["predict", "small.cnn", "empty", "--checkpoint", "run"]) == 1
    assert "has no pictures" in capsys.readouterr().err


def test_folders_train_and_val_say_what_is_held_out(spec: Path) -> None:
    write_pictures(spec.parent / "pictures" / "train", 3)
    write_pictures(spec.parent / "pictures" / "val", 2, seed=1)
    data = load(Folder(path="pictures"), request(spec))
    assert (len(data.train), len(data.held_out), data.class_names) == (6, 4, ("blue", "red"))


def test_else_the_same_share_of_each_class_is_held_out(spec: Path) -> None:
    write_pictures(spec.parent / "pictures", 10)
    data = load(Folder(path="pictures", validation=0.3), request(spec))
    assert np.bincount(data.held_out.labels).tolist() == [3, 3]
    assert np.bincount(data.train.labels).tolist() == [7, 7]


@pytest.mark.parametrize("share", [0.0, 0.1, 0.5, 0.9])
def test_what_is_held_out_is_spread_and_never_all(share: float) -> None:
    labels = np.repeat([0, 1, 2], [1, 7, 100])
    chosen = divided(labels, share)
    assert [int(chosen[labels == label].sum()) for label in range(3)] == [0, round(share * 7), round(share * 100)]


def test_colours_have_no_mean_and_deviation_one(spec: Path) -> None:
    write_pictures(spec.parent / "pictures", 12)
    images = load(Folder(path="pictures"), request(spec)).train.batch(slice(None))
    assert images.dtype == np.float32
    assert np.abs(images.mean(axis=(0, 2, 3))).max() < 1e-5
    assert np.abs(images.std(axis=(0, 2, 3)) - 1).max() < 1e-5


def test_what_is_evaluated_goes_through_the_preparation_of_the_training(spec: Path) -> None:
    write_pictures(spec.parent / "pictures" / "train", 6)
    write_pictures(spec.parent / "pictures" / "val", 2, seed=1)
    trained = load(Folder(path="pictures"), request(spec))
    held_out = load_held_out(Folder(path="pictures"), request(spec).replace(preparation=trained.preparation))
    assert np.array_equal(held_out.batch(slice(None)), trained.held_out.batch(slice(None)))


def test_a_picture_is_cut_to_the_proportions_of_the_input(spec: Path) -> None:
    for name in ("a", "b"):
        (spec.parent / "pictures" / name).mkdir(parents=True)
        wide = np.zeros((16, 48, 3), np.uint8)
        wide[:, 16:32] = 200
        for index in range(3):
            Image.fromarray(wide).save(spec.parent / "pictures" / name / f"{index}.png")
    levels = load(Folder(path="pictures"), request(spec)).train.levels(slice(None))
    assert levels.shape == (4, 3, 8, 8)
    assert (levels[..., 1:-1] == 200).all()  # at the edges the filter reaches over


@pytest.mark.parametrize(
    ("change", "code", "words"),
    [
        (lambda folder: None, "E0411", "--data-dir"),
        (lambda folder: write_pictures(folder / "only", 2), "E0411", "folder for each class"),
        (lambda folder: (write_pictures(folder, 3), (folder / "red" / "00.png").write_bytes(b"no")), "E0412", "00.png"),
        (
            lambda folder: (write_pictures(folder, 3), (folder / "red" / "00.png").write_bytes(b"\x89PNG\r\n\x1a\n")),
            "E0412",
            "00.png",
        ),
        (
            lambda folder: (
                write_pictures(folder / "train", 2),
                write_pictures(folder / "val", 2),
                (folder / "val" / "x").mkdir(),
            ),
            "E0412",
            "`x`",
        ),
    ],
)
def test_what_is_wrong_with_a_folder_is_said(spec: Path, change, code: str, words: str) -> None:
    change(spec.parent / "pictures")
    with refused(code) as refusal:
        load(Folder(path="pictures"), request(spec)).train.batch(slice(None))
    assert words in refusal.text, refusal.text


def test_a_class_more_than_the_network_tells_apart(spec: Path) -> None:
    write_pictures(spec.parent / "pictures", 3)
    (spec.parent / "pictures" / "green").mkdir()
    Image.new("RGB", (9, 9)).save(spec.parent / "pictures" / "green" / "a.png")
    with refused("E0413") as refusal:
        load(Folder(path="pictures"), request(spec))
    assert "3 classes" in refusal.text
    assert "dense 3" in refusal.text


@pytest.mark.parametrize("path", ["../other", "/etc", "~/x", "a/../../b", "http://x.org/y", ""])
def test_no_path_leads_out_of_the_folder_of_the_spec(spec: Path, path: str) -> None:
    spec.write_text(SPEC.replace('"pictures"', f'"{path}"'), encoding="utf-8")
    found = cnndsl.load(str(spec)).check()
    assert [item.kind.code for item in found] == ["E0206"] or "folder of the spec" in str(found)


@needs_flowers
def test_the_flower_photos() -> None:
    data = load(Flowers(), Request(cnndsl.load("zoo:flowers3").graph, REAL))
    assert (len(data.train), len(data.held_out)) == (2934, 736)
    assert data.class_names == ("daisy", "dandelion", "roses", "sunflowers", "tulips")
    assert data.train.batch(np.array([5, 0])).shape == (2, 3, 96, 96)
