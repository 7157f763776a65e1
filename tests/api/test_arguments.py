"""What Python gives: paths of ``pathlib``, numbers of NumPy, and arguments that do not go together."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import cnndsl

LENET5 = Path(__file__).parents[2] / "specs" / "lenet5.cnn"


def test_paths_of_pathlib(tmp_path: Path) -> None:
    weights, run = tmp_path / "lenet5.safetensors", tmp_path / "run"
    model = cnndsl.load(LENET5)
    model.train(output=run, data_dir=tmp_path, epochs=1)
    model.save(weights)
    x = np.ones((1, 1, 32, 32), np.float32)
    restored, loaded = cnndsl.load(LENET5), cnndsl.load(str(LENET5))
    restored.restore(run)
    loaded.load_weights(weights)
    for twin in (restored, loaded):
        assert np.array_equal(twin.predict(x), model.predict(x))
    with pytest.raises(cnndsl.DiagnosticError, match="E0001"):
        model.train(init_from=tmp_path / "none.safetensors")


def test_numbers_of_numpy() -> None:
    model = cnndsl.load("zoo:lenet5", classes=np.int64(3), input_shape=tuple(np.array([1, 64, 64])))
    assert model.graph.input.type.shape == (1, 64, 64)
    assert model.graph.output.type.shape == (3,)


def test_arguments_that_do_not_go_together() -> None:
    model = cnndsl.load("zoo:lenet5")
    with pytest.raises(ValueError, match="`resume` needs `output`"):
        model.train(resume=True)
    with pytest.raises(ValueError, match="no dtype 'int8'; there are float32, float64"):
        model.to_torch(dtype="int8")
