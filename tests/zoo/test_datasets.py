"""A spec may name more data sets than can be read; training on one of those is refused, with a code and what there is."""

from __future__ import annotations

import pytest

import cnndsl
from cnndsl.diagnostics import DiagnosticError
from cnndsl.recipe import DATASETS
from cnndsl.training.data import READERS


@pytest.mark.parametrize("name", sorted(set(DATASETS) - set(READERS)))
def test_a_data_set_without_a_reader(name: str, tmp_path) -> None:
    extents = "x".join(map(str, DATASETS[name].shape))
    layers = f"input {extents} | flatten | dense {DATASETS[name].classes}" if "x" in extents else "input 10 | dense 2"
    spec = tmp_path / "spec.cnn"
    text = f"network N {{ {layers} }}\ntrain {{ data {name} | optimizer adam | epochs 1 }}\n".replace(" | ", "\n")
    spec.write_text(text, encoding="utf-8")
    model = cnndsl.load(str(spec))
    assert model.check() == ()
    with pytest.raises(DiagnosticError, match="E0414") as caught:
        model.train()
    assert f"data set `{name}` has no reader yet" in str(caught.value)


def test_a_data_set_with_a_reader_says_what_it_is() -> None:
    assert {name: (item.shape, item.classes) for name, item in DATASETS.items() if name in READERS} == {
        "digits": ((1, 8, 8), 10),
        "mnist": ((1, 28, 28), 10),
    }
