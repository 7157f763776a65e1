"""Evaluation by several crops, scales and networks."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import torch

from cnndsl.backends import find_backend
from cnndsl.cli.main import main
from cnndsl.ops.activation import Softmax
from cnndsl.ops.linear import Dense, Flatten
from cnndsl.recipe import CrossEntropy
from cnndsl.training.data import ArraySamples, Preparation
from cnndsl.training.data.resizing import resize
from cnndsl.training.evaluation.metrics import evaluate
from cnndsl.training.evaluation.views import CROPS, Judge, Views, _crops, evaluate_views
from tests.diagnostics.folders import TEXT
from tests.support.networks import chain
from tests.training.small_networks import LINE, refused, tiny

RANDOM = np.random.default_rng(3)
LEVELS = RANDOM.integers(0, 256, (70, 1, 8, 8)).astype(np.uint8)
SAMPLES = ArraySamples(LEVELS, RANDOM.integers(0, 10, 70), Preparation(), (1, 8, 8))


def test_one_look_by_one_network_is_what_evaluation_is() -> None:
    network = find_backend("numpy").compile(tiny())
    found = evaluate_views([Judge(network, Preparation())], lambda extents: SAMPLES, Views())
    expected = evaluate(network, SAMPLES, CrossEntropy())
    assert found.loss == pytest.approx(expected.loss, rel=1e-6)
    assert np.array_equal(found.confusion, expected.confusion)


@pytest.mark.parametrize("end", [[], [Softmax()]], ids=["logits", "softmax"])
def test_probabilities_are_averaged(end: list) -> None:
    """Over two networks, two scales and the mirror image, by torch in float64."""
    graph = chain("Line", (1, 8, 8), [Flatten(), ("line", Dense(10)), *end])
    networks = [find_backend("numpy").compile(graph, seed=seed) for seed in (1, 2)]
    preparation = Preparation(scale=(2.0,), offset=(-0.5,))
    judges = [Judge(network, preparation) for network in networks]
    found = evaluate_views(judges, lambda extents: SAMPLES, Views((1.0, 1.5), 2))
    total = torch.zeros(70, 10, dtype=torch.float64)
    for side in (8, 12):
        middle = (side - 8) // 2
        crop = resize(LEVELS, side, side)[:, :, middle : middle + 8, middle : middle + 8]
        for look in (crop, crop[..., ::-1].copy()):
            x = torch.from_numpy(look.reshape(70, 64)).double() / 255 * 2 - 0.5
            for network in networks:
                weight, bias = map(torch.from_numpy, network.state().values())
                total += torch.softmax(x @ weight.double().T + bias.double(), 1)
    mean = total / 8
    expected = torch.nn.functional.nll_loss(mean.log(), torch.from_numpy(SAMPLES.labels))
    assert found.loss == pytest.approx(expected.item(), rel=1e-5)
    assert found.accuracy == pytest.approx((mean.argmax(1).numpy() == SAMPLES.labels).mean())


def test_crops_by_hand() -> None:
    levels = np.arange(9).reshape(1, 1, 3, 3)
    assert [crop.ravel().tolist() for crop in _crops(levels, 1, 1, 5)] == [[4], [0], [2], [6], [8]]
    assert [crop.ravel().tolist() for crop in _crops(levels, 1, 3, 2)] == [[3, 4, 5], [5, 4, 3]]
    assert [len(list(_crops(levels, 2, 2, count))) for count in CROPS] == list(CROPS)


def test_networks_that_take_other_pictures_do_not_judge_together() -> None:
    judges = [
        Judge(find_backend("numpy").compile(tiny(shape=shape)), Preparation()) for shape in ((1, 8, 8), (1, 9, 9))
    ]
    with refused("E0413"):
        evaluate_views(judges, lambda extents: SAMPLES, Views())


def test_vectors_and_sentences_are_looked_at_once() -> None:
    flat = find_backend("numpy").compile(chain("Flat", (64,), [Dense(10)]))
    judges = [Judge(flat, Preparation())] * 2
    samples = ArraySamples(LEVELS, SAMPLES.labels, Preparation(), (64,))
    found = evaluate_views(judges, lambda extents: samples, Views())
    assert found.loss == pytest.approx(evaluate(flat, samples, CrossEntropy()).loss, rel=1e-6)
    with refused("E0413"):
        evaluate_views(judges, lambda extents: samples, Views(crops=2))
    with refused("E0413"):
        evaluate_views([*judges, Judge(flat, Preparation(vocabulary=("", "?", "a")))], lambda extents: samples, Views())


def test_networks_of_sentences_judge_together(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "text.cnn").write_text(TEXT)
    (tmp_path / "rt-polarity.neg").write_text("a bad film\n" * 100)
    (tmp_path / "rt-polarity.pos").write_text("a good film\n" * 100)
    for output, seed in (("a", "0"), ("b", "1")):
        command = ["train", "text.cnn", "--data-dir", ".", "--quiet", "--output", output, "--seed", seed]
        assert main(command) == 0
    capsys.readouterr()
    command = ["eval", "text.cnn", "--data-dir", ".", "--checkpoint", "a", "--ensemble", "b"]
    assert main(command) == 0
    assert "accuracy  100.00 % of 20 samples" in capsys.readouterr().out
    assert main([*command, "--crops", "5"]) == 1
    assert "without --crops and --scales" in capsys.readouterr().err


def test_the_command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """Two networks of other sizes; the second is built from what its checkpoint says of it."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "line.cnn").write_text(LINE)
    assert main(["train", "line.cnn", "--quiet", "--output", "a"]) == 0
    assert main(["train", "line.cnn", "--quiet", "--output", "b", "--set", "hidden=24", "--seed", "1"]) == 0
    capsys.readouterr()
    found = {}
    for name, more in {"one": [], "two": ["--ensemble", "b"], "views": ["--scales", "1,1.25", "--crops", "5"]}.items():
        assert main(["eval", "line.cnn", "--checkpoint", "a", "--format", "json", *more]) == 0
        found[name] = json.loads(capsys.readouterr().out)
    assert {each["samples"] for each in found.values()} == {359}
    assert len({each["loss"] for each in found.values()}) == 3
    assert found["two"]["accuracy"] > 0.9
    assert main(["eval", "line.cnn", "--checkpoint", "a", "--scales", "0.5"]) == 2
    assert main(["eval", "line.cnn", "--checkpoint", "a", "--ensemble", "none"]) == 1
