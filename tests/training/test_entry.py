"""Training from end to end: real digits, on the NumPy backend, into a folder."""

from __future__ import annotations

import base64
import json
import re
import subprocess
import sys
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from cnndsl.recipe.datasets import Mnist
from cnndsl.recipe.optimizers import SGD
from cnndsl.training import Run, evaluate_network, load_network, read_data, train_network
from cnndsl.training.data import Request, load
from tests.support.networks import lenet5
from tests.training.small_networks import quick, refused, tiny


def files(folder: Path) -> dict[str, bytes]:
    """The content of every file; those of folders inside by their paths."""
    found = sorted(path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in found}


def test_lenet5_learns_real_digits(tmp_path: Path) -> None:
    """Two epochs of the shipped recipe, and the same numbers from the checkpoint in the other backend."""
    recipe = quick(batch=16).replace(optimizer=quick().optimizer.replace(lr=2e-3))
    result = train_network(lenet5(), recipe, run=Run(str(tmp_path / "run")))
    assert result.accuracy > 0.95
    assert result.history[-1].training_loss < result.history[0].training_loss
    assert result.checkpoint == str(tmp_path / "run")
    for backend in ("numpy", "torch"):
        again = evaluate_network(load_network(lenet5(), result.checkpoint, backend=backend), recipe)
        assert again.accuracy == result.accuracy
        assert again.loss == pytest.approx(result.loss, rel=1e-5)
        assert again.samples == 359


def test_the_same_seed_gives_the_same_bytes(tmp_path: Path) -> None:
    for name, seed in (("a", 3), ("b", 3), ("c", 4)):
        train_network(tiny(), quick(seed=seed), run=Run(str(tmp_path / name), "text"))
    first, second, other = (files(tmp_path / name) for name in "abc")
    assert first.keys() == {
        "model.safetensors",
        "model.json",
        "trainer.safetensors",
        "history.jsonl",
        "curve.png",
        "report.html",
        *(f"epoch-1/{name}" for name in ("model.safetensors", "model.json", "trainer.safetensors")),
    }
    assert first.pop("history.jsonl") != second.pop("history.jsonl")  # it tells how long each epoch took
    assert first == second
    assert all(first[name] != other[name] for name in first)


def test_nothing_is_written_unless_asked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    result = train_network(tiny(), quick(epochs=1))
    assert (result.checkpoint, result.curve) == (None, None)
    assert list(tmp_path.iterdir()) == []
    assert result.network.state()["norm.num_batches_tracked"] == 23


def test_the_state_in_the_result_is_that_of_the_checkpoint(tmp_path: Path) -> None:
    result = train_network(tiny(), quick(), run=Run(str(tmp_path)))
    saved = load_network(tiny(), str(tmp_path))
    images = load(quick().data, Request(tiny())).held_out.batch(slice(None))
    assert np.array_equal(saved.forward(images), result.network.forward(images))


def test_a_second_training_replaces_its_own_files_only(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("mine")
    for seed in (0, 1):
        train_network(tiny(), quick(seed=seed), run=Run(str(tmp_path)))
    assert (tmp_path / "notes.txt").read_text() == "mine"
    assert json.loads((tmp_path / "model.json").read_text())["recipe"]["seed"] == 1
    assert len(files(tmp_path)) == 10


@pytest.mark.parametrize("name", ["model.json", "model.safetensors"])
def test_files_of_others_are_not_overwritten(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(b'{"architectures": ["Bert"]}')
    before = files(tmp_path)
    with refused("E0004"):
        train_network(tiny(), quick(), run=Run(str(tmp_path)))
    assert files(tmp_path) == before


def test_the_checkpoint_of_another_network_is_not_overwritten(tmp_path: Path) -> None:
    train_network(tiny("First"), quick(epochs=1), run=Run(str(tmp_path)))
    before = files(tmp_path)
    with refused("E0004") as refusal:
        train_network(tiny("Second"), quick(epochs=1), run=Run(str(tmp_path)))
    assert "`First`" in refusal.text
    assert files(tmp_path) == before


def test_a_folder_that_cannot_be_made_is_refused_before_training(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    events: list[object] = []
    with refused("E0003"):
        train_network(tiny(), quick(), run=Run(str(tmp_path / "file" / "run"), report=events.append))
    assert events == []


def test_divergence_keeps_the_last_good_epoch(tmp_path: Path) -> None:
    """A learning rate that explodes in the second epoch of a run into a folder with an earlier checkpoint."""
    from cnndsl.recipe.optimizers import SGD
    from cnndsl.recipe.schedules import Exponential

    recipe = quick(optimizer=SGD(lr=0.01), schedule=Exponential(gamma=1e30))
    with refused("E0431") as refusal:
        train_network(tiny(), recipe, run=Run(str(tmp_path)))
    assert "the last good state is that of epoch 1" in refusal.text
    assert json.loads((tmp_path / "model.json").read_text())["epoch"] == 1
    assert np.isfinite(evaluate_network(load_network(tiny(), str(tmp_path)), recipe).loss)


def test_refusals_come_before_anything_is_written(tmp_path: Path) -> None:
    for recipe, graph, code in (
        (quick(), tiny(shape=(3, 8, 8)), "E0413"),
        (quick(data=Mnist()), lenet5(), "E0411"),
    ):
        with refused(code):
            data = read_data(graph, recipe, str(tmp_path / "data"))
            train_network(graph, recipe, data, run=Run(str(tmp_path / "run")))
    assert list(tmp_path.iterdir()) == []


def test_one_folder_is_written_by_one_training(tmp_path: Path) -> None:
    """A process that holds the folder, and is killed."""
    code = f"""
import time
from cnndsl.training.run.lock import FolderLock
lock = FolderLock({str(tmp_path)!r})
print("locked", flush=True)
time.sleep(60)
"""
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "locked\n"
        with refused("E0004") as refusal:
            train_network(tiny(), quick(epochs=1), run=Run(str(tmp_path)))
        holder.kill()
    assert "another training" in refusal.text
    train_network(tiny(), quick(epochs=1), run=Run(str(tmp_path)))
    train_network(tiny(), quick(epochs=1), run=Run(str(tmp_path)))


def test_a_loss_that_ends_finite_and_far_too_large_is_told(tmp_path: Path) -> None:
    recipe = quick(optimizer=SGD(lr=1e3))
    with refused("E0431") as refusal:
        train_network(lenet5(), recipe, run=Run(str(tmp_path)))
    assert "no epoch was finished" in refusal.text


def test_the_report_is_one_page_that_asks_nobody(tmp_path: Path) -> None:
    result = train_network(tiny(), quick(), run=Run(str(tmp_path)))
    page = Path(result.report).read_text()
    assert f"{100 * result.accuracy:.2f} % of 359" in page
    assert 'src="data:image/png;base64,' in page
    assert not any(word in page for word in ("http", "<script", "url("))
    pictures = re.findall(r"base64,([^\"]+)", page)
    with Image.open(BytesIO(base64.b64decode(pictures[0]))) as picture:
        assert (picture.size, picture.mode) == ((8, 8), "L")


def test_a_class_cannot_write_into_the_page(tmp_path: Path) -> None:
    data = read_data(tiny(), quick())
    data = data.replace(class_names=("<b>&", *data.class_names[1:]))
    page = Path(train_network(tiny(), quick(), data, run=Run(str(tmp_path))).report).read_text()
    assert "<b>&" not in page
    assert "&lt;b&gt;&amp;" in page
