"""Settings of training that are changed from Python: they are checked and told as those of a spec are."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import cnndsl
from cnndsl.api.recipes import with_changes
from cnndsl.cli.main import main
from cnndsl.diagnostics import DiagnosticError
from cnndsl.recipe import Augment, Recipe
from cnndsl.recipe.datasets import Digits
from cnndsl.recipe.optimizers import SGD, Adam
from cnndsl.recipe.schedules import Multistep

SPEC = """network Line {
    input 1x8x8
    flatten
    dense 10
}

train {
    data digits
    optimizer adam lr=1e-2
    batch 64
    epochs 1
}
"""


@pytest.fixture
def model(tmp_path: Path) -> cnndsl.Model:
    path = tmp_path / "line.cnn"
    path.write_text(SPEC)
    return cnndsl.load(str(path))


WRONG: dict[str, tuple[dict[str, Any], str]] = {
    "no such setting": ({"rate": 3}, "E0401"),
    "a rate for nothing": ({"lr": 3}, "E0206"),
    "no such layer": ({"freeze": ["denes"]}, "E0208"),
    "no such layer with a rate": ({"lr": {"denes": 1e-3}}, "E0208"),
    "a slip": ({"epoch": 3}, "E0401"),
    "no such optimizer": ({"optimizer": "adamm"}, "E0402"),
    "no such argument": ({"optimizer": "adam rate=3"}, "E0202"),
    "no such data": ({"data": "x"}, "E0402"),
    "no epochs": ({"epochs": 0}, "E0207"),
    "half an epoch": ({"epochs": 1.5}, "E0206"),
    "true epochs": ({"epochs": True}, "E0206"),
    "nothing": ({"seed": None}, "E0208"),
    "an optimizer for a loss": ({"loss": SGD(lr=0.1)}, "E0402"),
    "no such attribute of a setting": ({"optimizer.lrr": 3}, "E0202"),
    "no such setting with an attribute": ({"optimiser.lr": 3}, "E0401"),
    "what needs another": ({"early_stopping": 3}, "E0403"),
    "what ends the braces": ({"epochs": "3 } train {"}, "E0101"),
}


@pytest.mark.parametrize("case", WRONG)
def test_what_is_wrong_is_told_as_in_a_spec(model: cnndsl.Model, case: str) -> None:
    changes, code = WRONG[case]
    with pytest.raises(DiagnosticError) as caught:
        model.train(**changes)
    assert code in [item.kind.code for item in caught.value.diagnostics], str(caught.value)


@pytest.mark.parametrize("optimizer", ["sgd lr=0.5", SGD(lr=0.5)])
def test_a_change_is_taken(model: cnndsl.Model, optimizer: object) -> None:
    result = model.train(optimizer=optimizer, epochs=2, seed=3, schedule="cosine")
    assert len(result.history) == 2
    assert [row.learning_rate for row in result.history] == [0.5, 0.25]


def test_one_attribute_is_changed_and_the_others_stay() -> None:
    recipe = Recipe(data=Digits(), optimizer=Adam(lr=1 / 3, betas=(0.8, 0.9)), epochs=3)
    changed = with_changes(recipe, {"optimizer.eps": 1e-5, "augment.flip": True, "schedule": "multistep (2, 3)"})
    assert changed.optimizer == Adam(lr=1 / 3, betas=(0.8, 0.9), eps=1e-5)
    assert changed.augment == Augment(flip=True)
    assert changed.schedule == Multistep(milestones=(2, 3))
    assert with_changes(changed, {"schedule.gamma": 0.5}).schedule == Multistep(milestones=(2, 3), gamma=0.5)


def test_a_recipe_may_be_made_of_changes_alone() -> None:
    changes = {"data": "digits", "optimizer": SGD(lr=0.5), "epochs": 3}
    assert with_changes(None, {**changes, "optimizer": "sgd lr=0.5"}) == Recipe(**{**changes, "data": Digits()})
    with pytest.raises(DiagnosticError, match="E0403"):
        with_changes(None, {"data": "digits", "epochs": 3})


def test_the_command_line_changes_settings(model: cnndsl.Model, tmp_path: Path, monkeypatch, capsys) -> None:
    monkeypatch.chdir(tmp_path)
    sets = [part for text in ("train.epochs=2", "train.optimizer.lr=0.5") for part in ("--set", text)]
    assert main(["train", "line.cnn", *sets, "--quiet", "--format", "json"]) == 0
    assert json.loads(capsys.readouterr().out)["epochs"] == 2
    assert json.loads((tmp_path / "runs/Line/model.json").read_text())["recipe"]["optimizer"]["lr"] == 0.5
    assert main(["train", "line.cnn", "--set", "train.epoch=2"]) == 1
    assert "did you mean `epochs`?" in capsys.readouterr().err


def test_any_number_of_samples_is_predicted_in_batches(model: cnndsl.Model) -> None:
    x = np.random.default_rng(0).random((600, 1, 8, 8), np.float32)
    whole = model.predict(x)
    assert whole.shape == (600, 10)
    assert np.allclose(whole[300:310], model.predict(x[300:310]), atol=1e-6)
