"""Wherever Python takes a path, ``pathlib`` may have made it."""

from __future__ import annotations

from pathlib import Path

import numpy as np

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
