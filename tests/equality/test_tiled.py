"""Convolutions by tiles give what sums of products give."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from torch import nn

from cnndsl.api import check_text, load
from cnndsl.backends import find_backend
from cnndsl.backends.torch import inference
from cnndsl.backends.torch.folded import FoldedConv
from cnndsl.backends.torch.tiled import TiledConv


@pytest.mark.parametrize("activation", ["none", "relu"])
@pytest.mark.parametrize(
    ("size", "padding", "bias"),
    [((28, 28), 1, True), ((13, 31), 0, False), ((8, 5), (2, 0), True), ((90, 3), (0, 1), False)],
)
@pytest.mark.parametrize("samples", [1, 3])
def test_tiles_give_the_sums_of_products(samples, size, padding, bias, activation):
    torch.manual_seed(0)
    conv = nn.Conv2d(20, 12, 3, padding=padding, bias=bias)
    norm = nn.BatchNorm2d(12).eval()
    norm.running_mean.normal_()
    norm.running_var.uniform_(0.5, 2)
    tiled = TiledConv(conv, norm, (20, *size))
    tiled.activation = (activation, [])
    tiled.refresh()
    x = torch.randn(samples, 20, *size)
    with torch.no_grad():
        found = tiled(x.contiguous(memory_format=torch.channels_last))
        expected = norm.double()(conv.double()(x.double()))
        expected = expected.relu() if activation == "relu" else expected
    assert found.shape == expected.shape
    assert (found - expected).abs().max() < 1e-6 * expected.abs().max()
    torch.testing.assert_close(tiled(x), found)  # whatever the layout


DTYPES = ("float32", "float64")
LARGE = (256, 56, 56)


@pytest.mark.parametrize(
    ("conv", "shape", "taken"),
    [
        (nn.Conv2d(256, 256, 3, padding=1), LARGE, True),
        (nn.Conv2d(512, 512, 3, padding=1), (512, 14, 14), True),
        (nn.Conv2d(256, 256, 3, padding=1, padding_mode="reflect"), LARGE, False),
        (nn.Conv2d(256, 256, 3, stride=2), LARGE, False),
        (nn.Conv2d(256, 256, 3, dilation=2), LARGE, False),
        (nn.Conv2d(256, 256, 3, groups=2), LARGE, False),
        (nn.Conv2d(256, 256, (3, 1)), LARGE, False),
        (nn.Conv2d(64, 1024, 3, padding=1), (64, 56, 56), False),
        (nn.Conv2d(256, 256, 3, padding=1), (256, 14, 14), False),
        (nn.Conv1d(256, 256, 3), (256, 4096), False),
    ],
)
def test_large_convolutions_of_3x3_are_tiled(conv, shape, taken):
    assert TiledConv.takes(conv, shape) == taken


def test_predictions_tile_what_is_large():
    text = """network Tall {
        input 128x64x64
        conv 128 3x3 pad=1 bias=false | bn | relu | conv 64 3x3 pad=1 | relu | conv 256 1x1 | tanh
        conv 128 3x3 | tanh | global_avgpool | flatten
    }"""
    network, exact = (find_backend("torch").compile(check_text(text).require_graph(), dtype=each) for each in DTYPES)
    made = inference.derived(network.graph, network.module, (TiledConv, FoldedConv))
    assert [each.activation[0] for each in made.modules() if isinstance(each, TiledConv)] == ["relu", "none"]
    x = np.random.default_rng(0).standard_normal((1, 128, 64, 64), np.float32)
    np.testing.assert_allclose(network.forward(x), exact.forward(x), atol=1e-6)


def test_a_compiled_network_with_tiles_gives_what_its_module_gives(monkeypatch):
    monkeypatch.setattr("cnndsl.backends.torch.tiled._FEWEST_CHANNELS", 1)
    monkeypatch.setattr("cnndsl.backends.torch.tiled._FEWEST_MACS", 1)
    graph = load("zoo:mnist_cnn").graph
    backend = find_backend("torch")
    exact = backend.compile(graph, dtype="float64")
    x = np.random.default_rng(0).standard_normal((2, *graph.input.type.shape), np.float32)
    for compiled in (False, True):
        found = backend.compile(graph, compiled=compiled).forward(x)
        np.testing.assert_allclose(found, exact.forward(x), atol=2e-6)
