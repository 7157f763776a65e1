"""Training in 16 bits: near to float32, learning, and resumed as it stood."""

from __future__ import annotations

import numpy as np
import pytest

from cnndsl.backends import find_backend
from cnndsl.backends.base import TrainerOptions
from cnndsl.recipe.precision import BF16, FP16, Float32
from tests.equality.subjects import ADAM, BATCH, CROSS_ENTROPY, digits
from tests.support.networks import lenet5
from tests.training.small_networks import refused

HALVES = pytest.mark.parametrize("precision", [BF16(), FP16()], ids=lambda each: each.name)


def stepped(precision, steps, trainer=None, first=0):
    graph = lenet5()
    if trainer is None:
        network = find_backend("torch").compile(graph, seed=1)
        trainer = network.trainer(CROSS_ENTROPY, ADAM, TrainerOptions(precision=precision))
    split = digits(graph.input.type.shape).train
    losses = []
    for step in range(first, first + steps):
        chosen = slice(step * BATCH, (step + 1) * BATCH)
        losses.append(trainer.step(split.batch(chosen), split.labels[chosen], learning_rate=2e-3, step=step))
    return losses, trainer


@HALVES
def test_losses_are_near_those_in_full_precision(precision):
    (found, _), (full, _) = stepped(precision, 20), stepped(Float32(), 20)
    assert found != full
    np.testing.assert_allclose(found, full, rtol=0, atol=0.05 * max(full))
    assert found[-1] < found[0] / 1.5


def test_the_scale_of_the_loss_is_kept():
    _, trainer = stepped(FP16(), 3)
    state = trainer.state()
    assert state["scaler.scale"] > 1
    _, other = stepped(FP16(), 0)
    other.load_state({**state, "scaler.scale": np.array(1024.0)})
    found = other.state()
    assert found.pop("scaler.scale") == 1024
    assert all(np.array_equal(found[name], state[name]) for name in found)
    assert found.keys() | {"scaler.scale"} == state.keys()


def test_a_step_whose_gradients_are_not_finite_is_left_out():
    _, trainer = stepped(FP16(), 1)
    before = [parameter.detach().clone() for parameter in trainer.parameters]
    trainer.load_state({**trainer.state(), "scaler.scale": np.array(3e38)})
    stepped(FP16(), 1, trainer, first=1)
    assert all(bool((old == new).all()) for old, new in zip(before, trainer.parameters, strict=True))
    assert trainer.state()["scaler.scale"] == pytest.approx(1.5e38)
    assert trainer.state()["step"] == 1


@HALVES
def test_numpy_has_no_16_bits(precision):
    network = find_backend("numpy").compile(lenet5())
    with refused("E0433") as refusal:
        network.trainer(CROSS_ENTROPY, ADAM, TrainerOptions(precision=precision))
    assert f"precision {precision.name}" in refusal.text


@HALVES
def test_weights_in_float64_have_no_16_bits(precision):
    network = find_backend("torch").compile(lenet5(), dtype="float64")
    with refused("E0433"):
        network.trainer(CROSS_ENTROPY, ADAM, TrainerOptions(precision=precision))
