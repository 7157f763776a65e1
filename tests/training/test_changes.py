"""Settings of training that are changed from Python: they are checked and told as those of a spec are."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

import cnndsl
from cnndsl.diagnostics import DiagnosticError
from cnndsl.recipe.optimizers import SGD

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
    "no such setting": ({"lr": 3}, "E0401"),
    "a slip": ({"epoch": 3}, "E0401"),
    "no such optimizer": ({"optimizer": "adamm"}, "E0402"),
    "no such argument": ({"optimizer": "adam rate=3"}, "E0202"),
    "no such data": ({"data": "x"}, "E0402"),
    "no epochs": ({"epochs": 0}, "E0207"),
    "half an epoch": ({"epochs": 1.5}, "E0206"),
    "true epochs": ({"epochs": True}, "E0206"),
    "nothing": ({"seed": None}, "E0208"),
    "an optimizer for a loss": ({"loss": SGD(lr=0.1)}, "E0402"),
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


def test_any_number_of_samples_is_predicted_in_batches(model: cnndsl.Model) -> None:
    x = np.random.default_rng(0).random((600, 1, 8, 8), np.float32)
    whole = model.predict(x)
    assert whole.shape == (600, 10)
    assert np.allclose(whole[300:310], model.predict(x[300:310]), atol=1e-6)
