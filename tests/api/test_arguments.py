"""What Python gives: paths of ``pathlib``, numbers of NumPy, and arguments that do not go together."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import cnndsl

SPEC = """\
network Small {
    input 1x8x8
    flatten
    dense 10
}
train {
    data digits
    optimizer adam lr=1e-2
    batch 256
    epochs 1
}
"""


def test_paths_of_pathlib(tmp_path: Path) -> None:
    spec, weights, run = tmp_path / "small.cnn", tmp_path / "small.safetensors", tmp_path / "run"
    spec.write_text(SPEC, encoding="utf-8")
    model = cnndsl.load(spec)
    model.train(output=run, data_dir=tmp_path)
    model.save(weights)
    x = np.ones((1, 1, 8, 8), np.float32)
    restored, loaded = cnndsl.load(spec), cnndsl.load(spec)
    restored.restore(run)
    loaded.load_weights(weights)
    loaded.train(init_from=weights, output=tmp_path / "again")
    for twin in (restored, cnndsl.load(str(spec))):
        twin.load_weights(weights)
        assert np.array_equal(twin.predict(x), model.predict(x))


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
