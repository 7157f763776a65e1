"""Both backends train alike: the figures are those that the issue of this comparison set, and torch is the judge."""

from __future__ import annotations

import numpy as np
import pytest

from cnndsl.recipe import Clip, CrossEntropy
from cnndsl.recipe.optimizers import SGD, Adagrad, Adam, AdamW, RMSprop
from tests.equality.subjects import ADAM, BATCH, NETWORKS, compiled, digits, trained

STEPS = 50


@pytest.mark.parametrize("name", NETWORKS)
def test_fifty_losses_agree_in_float64(name):
    numpy_losses, torch_losses = (trained(compiled(backend, name, "float64"), STEPS) for backend in ("numpy", "torch"))
    assert len(torch_losses) == STEPS
    np.testing.assert_allclose(numpy_losses, torch_losses, rtol=0, atol=1e-9)


def test_fifty_losses_of_lenet5_agree_in_float32():
    # no ReLU and no maximum: nothing that could fork at a tie
    numpy_losses, torch_losses = (
        trained(compiled(backend, "lenet5", "float32"), STEPS) for backend in ("numpy", "torch")
    )
    np.testing.assert_allclose(numpy_losses, torch_losses, rtol=1e-5)


def test_training_learns():
    losses = trained(compiled("torch", "lenet5", "float32"), STEPS)
    assert losses[-10:].mean() < losses[:10].mean() / 2


@pytest.mark.parametrize("name", NETWORKS)
@pytest.mark.parametrize(("dtype", "tolerance"), [("float32", 5e-5), ("float64", 1e-12)])
def test_first_loss_and_gradients_agree(name, dtype, tolerance):
    networks = [compiled(backend, name, dtype) for backend in ("numpy", "torch")]
    split = digits(networks[0].graph.input.type.shape).train
    x, labels = split.batch(slice(BATCH)), split.labels[:BATCH]
    (numpy_loss, numpy_gradients), (torch_loss, torch_gradients) = (
        network.loss_and_gradients(x, labels, CrossEntropy()) for network in networks
    )
    assert numpy_loss == pytest.approx(torch_loss, rel=tolerance)
    assert list(numpy_gradients) == list(torch_gradients)
    for key, expected in torch_gradients.items():
        scale = max(np.abs(expected).max(), 1e-3)
        np.testing.assert_allclose(numpy_gradients[key], expected, rtol=0, atol=tolerance * scale, err_msg=key)


OPTIMIZERS = {
    "sgd": SGD(lr=0.1),
    "sgd, momentum": SGD(lr=0.05, momentum=0.9, weight_decay=1e-2),
    "sgd, nesterov": SGD(lr=0.05, momentum=0.9, nesterov=True),
    "sgd, nesterov without momentum": SGD(lr=0.1, nesterov=True),
    "adam": Adam(lr=0.01, betas=(0.8, 0.99), eps=1e-6, weight_decay=1e-2),
    "adamw": AdamW(lr=0.01, weight_decay=0.1),
    "adagrad": Adagrad(lr=0.02, lr_decay=0.01, weight_decay=1e-3),
    "rmsprop": RMSprop(lr=0.01, alpha=0.9),
    "rmsprop, momentum": RMSprop(lr=0.005, momentum=0.5, weight_decay=1e-2, eps=1e-3),
}


@pytest.mark.parametrize("optimizer", OPTIMIZERS.values(), ids=OPTIMIZERS)
def test_optimizers_agree_over_twenty_steps(optimizer):
    networks = [compiled(backend, "small", "float64") for backend in ("numpy", "torch")]
    numpy_losses, torch_losses = (trained(network, 20, optimizer) for network in networks)
    np.testing.assert_allclose(numpy_losses, torch_losses, rtol=0, atol=1e-10)
    numpy_state, torch_state = (network.state() for network in networks)
    for key, expected in torch_state.items():
        np.testing.assert_allclose(numpy_state[key], expected, rtol=0, atol=1e-10, err_msg=key)


@pytest.mark.parametrize("smoothing", [0.1, 1.0])
def test_label_smoothing_agrees(smoothing):
    loss = CrossEntropy(label_smoothing=smoothing)
    numpy_losses, torch_losses = (
        trained(compiled(backend, "small", "float64"), 5, ADAM, loss) for backend in ("numpy", "torch")
    )
    np.testing.assert_allclose(numpy_losses, torch_losses, rtol=0, atol=1e-12)


@pytest.mark.parametrize("clip", [Clip(norm=0.5), Clip(value=0.01), Clip(norm=1.0, value=0.02)], ids=repr)
def test_bounded_gradients_agree_and_change_the_training(clip: Clip) -> None:
    free, *bounded = (
        trained(compiled(backend, "lenet5", "float64"), 30, clip=each)
        for backend, each in (("numpy", Clip()), ("numpy", clip), ("torch", clip))
    )
    assert bounded[0] == pytest.approx(bounded[1], rel=1e-9)
    assert abs(free[-1] - bounded[0][-1]) > 1e-4
