"""Calls of Keras and what they are put into compute the same numbers; the figures are Keras's own (see ``keras_figures``)."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from cnndsl.backends.base import Network
from cnndsl.translation.layers import KERAS
from cnndsl.translation.names import fold
from cnndsl.translation.records import Row, row
from cnndsl.translation.tool_names import LAYERS

from .keras_cases import EXACT, REFUSED
from .lines import Shape, compiled, load, pasted
from .waves import wave

KNOWN = json.loads((Path(__file__).parent.parent / "fixtures" / "keras.json").read_text())


def _array(figures: list[Any]) -> np.ndarray:
    shape, values = figures
    return np.array([float(value) for value in values.split()]).reshape(shape)


def _network(text: str, line: str, shape: Shape) -> Network:
    """A line of ours with the numbers that its counterpart had."""
    network = compiled(line, shape, "Embedding" in text)
    given = [
        value if name.endswith("tracked") else np.abs(wave(value.shape, index + 1)) + 0.1
        for index, (name, value) in enumerate(network.state().items())
    ]
    load(network, given)
    return network


def _batch(text: str, shape: Shape) -> np.ndarray:
    return np.arange(2 * shape[0]).reshape(2, *shape) % 9 if "Embedding" in text else wave((2, *shape))


def _assert_same(text: str, line: str, shape: Shape) -> None:
    figures = KNOWN["figures"][f"{text} {shape}"]
    network = _network(text, line, shape)
    for way in ("evaluation", "training"):
        found = network.forward(_batch(text, shape), training=way == "training")
        if text == "layers.Flatten()":  # Keras has the channels last
            found = np.moveaxis(found.reshape(2, *shape), 1, -1).reshape(2, -1)
        np.testing.assert_allclose(found, _array(figures.get(way, figures["evaluation"])), rtol=1e-4, atol=3e-5)


@pytest.mark.parametrize(("text", "shape"), EXACT.items(), ids=EXACT)
def test_what_is_certain_computes_the_same(text: str, shape: Shape) -> None:
    made, line = pasted(text)
    assert made is not None
    assert (made.certain, made.reasons) == (True, ())
    _assert_same(text, line, shape)


@pytest.mark.parametrize("text", [text for text in EXACT if "BatchNormalization(" in text and "center" not in text])
def test_running_statistics_move_alike_but_for_the_variance_of_few_numbers(text: str) -> None:
    """Keras takes the variance over n numbers, PyTorch and this language over n - 1."""
    shape = EXACT[text]
    network = _network(text, pasted(text)[1], shape)
    before = {name: value.copy() for name, value in network.state().items()}
    network.forward(_batch(text, shape), training=True)
    mean, variance = map(_array, KNOWN["figures"][f"{text} {shape}"]["statistics"])
    np.testing.assert_allclose(network.state()["0.running_mean"], mean, rtol=1e-6)
    weight, count = 0.1 if "momentum=0.9" in text else 0.01, 2 * int(np.prod(shape[1:]))
    kept = before["0.running_var"] * (1 - weight)
    moved = (network.state()["0.running_var"] - kept) * (count - 1) / count
    np.testing.assert_allclose(kept + moved, variance, rtol=1e-6)


@pytest.mark.parametrize(("text", "words"), REFUSED.items(), ids=REFUSED)
def test_what_means_something_else_is_never_certain(text: str, words: str) -> None:
    made, _ = pasted(text)
    assert made is not None
    assert not made.certain
    assert words in " ".join(made.reasons)


DROPOUTS = {
    "layers.Dropout(0.3)": "dropout 0.3",
    "layers.SpatialDropout2D(rate=0.2)": "dropout2d 0.2",
    "layers.SpatialDropout1D(0.2)": "dropout2d 0.2",
}


@pytest.mark.parametrize(("text", "wanted"), DROPOUTS.items(), ids=DROPOUTS)
def test_dropout_keeps_its_rate(text: str, wanted: str) -> None:
    made, line = pasted(text)
    assert made is not None
    assert (made.certain, line) == (True, wanted)


# The tables are those of Keras


@pytest.mark.parametrize("name", KERAS)
def test_a_row_is_the_signature_of_a_layer(name: str) -> None:
    _assert_signature(row("Keras", name, KERAS[name]), KNOWN["signatures"][name])


_ADDED = {"lr", "alpha", "decay", "input_length", "data_format", "name", "dtype", "seed"}
"""What Keras 2 had, or what belongs to the base of all layers."""


def _assert_signature(made: Row, theirs: list[list[Any]]) -> None:
    """The same names in the same order, and the same defaults of what is not left out."""
    known = {name: default for name, *default in theirs}
    ours = [item.names[0] for item in made.parameters]
    assert [name for name in ours if name in known] == [name for name in known if name in ours]
    assert set(ours) ^ set(known) <= _ADDED
    for item in made.parameters:
        if item.mark == "~" or item.names[0] not in known:
            continue
        default = known[item.names[0]]
        if item.names[0].endswith("_initializer") and item.default is None:
            assert default  # none of them is drawn as ours is
        elif default:
            assert item.default is not None, item.names[0]
            assert _plain(item.default.value) == _plain(default[0]), item.names[0]
        else:
            assert item.default is None, item.names[0]


def _plain(value: Any) -> Any:
    """One number for a pair of equal ones."""
    items = value if isinstance(value, list | tuple) else [value]
    return items[0] if len({str(item) for item in items}) == 1 else list(items)


def test_every_layer_of_keras_is_known_by_name() -> None:
    known = {fold(name) for name in LAYERS["Keras"].split()}
    assert {name for name in KNOWN["layers"] if fold(name) not in known} == _NO_LAYERS


_NO_LAYERS = {
    *("FlaxLayer", "InputSpec", "JaxLayer", "Layer", "MaxNumBoundingBoxes", "Pipeline", "TFSMLayer"),
    *("TorchModuleWrapper", "Wrapper"),
}


def test_every_activation_of_the_table_is_one_of_keras() -> None:
    assert all(KNOWN["activations"].values())
