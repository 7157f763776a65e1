"""Batches that go through a network in parts train it as whole ones do."""

from __future__ import annotations

import numpy as np
import pytest

from cnndsl.api import load
from cnndsl.backends import find_backend
from cnndsl.backends.base import Options, TrainerOptions
from cnndsl.backends.parts import divide, weight_of
from cnndsl.backends.random_bits import dropout_mask
from cnndsl.ops.activation import Relu, Tanh
from cnndsl.ops.dropout import Dropout
from cnndsl.ops.linear import Dense, Flatten
from cnndsl.ops.normalization import BatchNorm
from cnndsl.recipe import Clip, CrossEntropy
from cnndsl.recipe.optimizers import Adam
from tests.equality.subjects import BATCH, digits
from tests.support.networks import chain, conv

SHAPE = (1, 8, 8)
PLAIN = chain("Plain", SHAPE, [conv(4, 3), Tanh(), Flatten(), Dropout(0.3), Dense(10)])
NORMAL = chain("Normal", SHAPE, [conv(4, 3), BatchNorm(), Relu(), Flatten(), Dropout(0.3), Dense(10)])
WEIGHTED = CrossEntropy(weight=tuple(np.linspace(0.5, 2, 10).tolist()), label_smoothing=0.1)


def trained(backend, graph, accumulate, loss=WEIGHTED, clip=Clip(), steps=4):  # noqa: B008
    network = find_backend(backend).compile(graph, dtype="float64", seed=2)
    trainer = network.trainer(loss, Adam(lr=1e-2), TrainerOptions(clip, accumulate))
    split = digits(SHAPE).train
    losses = []
    for step in range(steps):
        chosen = slice(step * BATCH, (step + 1) * BATCH - step)  # the last ones do not divide evenly
        losses.append(trainer.step(split.batch(chosen), split.labels[chosen], learning_rate=1e-2, step=step))
    return losses, network.state()


def assert_same(found, expected, tolerance=1e-10):
    np.testing.assert_allclose(found[0], expected[0], rtol=0, atol=tolerance)
    for name, tensor in expected[1].items():
        np.testing.assert_allclose(found[1][name], tensor, rtol=0, atol=tolerance, err_msg=name)


@pytest.mark.parametrize("backend", ["numpy", "torch"])
@pytest.mark.parametrize("clip", [Clip(), Clip(norm=0.1)], ids=["free", "bounded"])
def test_parts_change_nothing(backend, clip):
    assert_same(trained(backend, PLAIN, 3, clip=clip), trained(backend, PLAIN, 1, clip=clip))


def test_both_backends_take_statistics_of_each_part():
    found, expected = (trained(backend, NORMAL, 4) for backend in ("numpy", "torch"))
    assert_same(found, expected, 1e-8)  # a bias before a normalisation has no gradient but rounding
    assert found[0] != pytest.approx(trained("torch", NORMAL, 1)[0])


@pytest.mark.parametrize("name", ["resnet20", "mnist_cnn"])
def test_recomputing_changes_no_bit(name):
    graph = load(f"zoo:{name}").graph
    x = np.random.default_rng(1).normal(size=(4, *graph.input.type.shape)).astype(np.float32)
    states = []
    for recompute in (False, True):
        network = find_backend("torch").compile(graph, options=Options(recompute=recompute))
        trainer = network.trainer(CrossEntropy(), Adam(lr=1e-3))
        losses = [trainer.step(x, np.arange(4), learning_rate=1e-3, step=step) for step in range(2)]
        states.append({**network.state(), "losses": np.array(losses)})
    for key, tensor in states[0].items():
        assert tensor.tobytes() == states[1][key].tobytes(), key


def test_a_part_has_the_dropout_of_its_place():
    whole = dropout_mask((6, 5, 3), 0.5, 1, "layer", 4)
    for start in range(6):
        assert np.array_equal(dropout_mask((6 - start, 5, 3), 0.5, 1, "layer", 4, start), whole[start:])


def test_parts_are_as_equal_as_can_be():
    sizes = [part.stop - part.start for part in divide(10, 4)]
    assert sizes == [2, 3, 2, 3]
    assert divide(2, 4) == [slice(0, 1), slice(1, 2)]


def test_the_weight_of_a_batch():
    labels = np.array([0, 2, 2])
    assert weight_of(CrossEntropy(), labels) == 3
    assert weight_of(CrossEntropy(weight=(0.5, 1.0, 2.0)), labels) == 4.5
    assert weight_of(CrossEntropy(weight=(0.5, 1.0, 2.0)), np.full((3, 3), 1 / 3)) == 3
