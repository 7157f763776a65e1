"""A loss that blows up: which layer is named, and what is left of the network."""

from __future__ import annotations

import numpy as np
import pytest

from cnndsl.backends import find_backend
from cnndsl.backends.base import TrainerOptions
from cnndsl.ops.activation import Relu
from cnndsl.ops.linear import Dense, Flatten
from cnndsl.recipe.optimizers import SGD
from cnndsl.training import train_network
from cnndsl.training.blow_up import first_not_finite
from cnndsl.training.data import data_of_pairs
from cnndsl.training.data.model import Request
from tests.support.networks import chain
from tests.training.small_networks import quick, refused, tiny

LINE = chain("Line", (1, 8, 8), [Flatten(), ("first", Dense(4)), Relu(), ("second", Dense(4)), ("output", Dense(10))])
X = np.random.default_rng(0).random((20, 1, 8, 8)).astype(np.float32)


@pytest.mark.parametrize("backend", ["numpy", "torch"])
@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("second.weight", np.inf, "`second` (`dense`), whose weights the step before has made infinite"),
        ("first.weight", 3e38, "`first` (`dense`)"),
        ("output.bias", np.nan, "`output` (`dense`), whose weights"),
    ],
)
def test_the_first_layer_that_is_not_finite_is_named(backend: str, name: str, value: float, said: str) -> None:
    network = find_backend(backend).compile(LINE)
    network.load_state({**network.state(), name: np.full_like(network.state()[name], value)})
    assert said in first_not_finite(network, X, 0, 0)


def test_a_batch_and_a_loss_can_be_at_fault() -> None:
    network = find_backend("numpy").compile(LINE)
    assert first_not_finite(network, X * np.nan, 0, 0).startswith("the batch itself")
    assert first_not_finite(network, X, 0, 0).startswith("every layer is finite")


@pytest.mark.parametrize("backend", ["numpy", "torch"])
@pytest.mark.parametrize("changes", [{}, {"accumulate": 2}], ids=str)
def test_the_weights_before_stay(backend: str, changes: dict[str, int]) -> None:
    """A loss that is not finite changes neither parameters nor the state of the optimizer."""
    network = find_backend(backend).compile(tiny())
    recipe = quick()
    trainer = network.trainer(recipe.loss, recipe.optimizer, TrainerOptions(recipe.clip, **changes))
    labels = np.arange(20) % 10
    assert np.isfinite(trainer.step(X, labels, learning_rate=0.01, step=0))
    before = {**{name: network.state()[name] for name in network.graph.parameters}, **trainer.state()}
    bad = X.copy()
    bad[3] = np.inf
    assert not np.isfinite(trainer.step(bad, labels, learning_rate=0.01, step=1))
    after = {**network.state(), **trainer.state()}
    assert all(np.array_equal(after[name], array) for name, array in before.items())


def test_a_training_says_which() -> None:
    """A step so long that the weights after it are about 1e30: their product overflows in the second layer that has such."""
    data = data_of_pairs(((X, np.arange(20) % 10), (X, np.arange(20) % 10)), Request(LINE))
    with refused("E0431") as refusal:
        train_network(LINE, quick(batch=10, optimizer=SGD(lr=1e30)), data)
    assert "the first layer that is not finite is `second` (`dense`)" in refusal.text
    assert "step 2 " in refusal.text


def test_a_loss_that_stays_finite_names_the_step_where_it_left() -> None:
    with refused("E0431") as refusal:
        train_network(tiny(), quick(optimizer=SGD(lr=1e4)))
    assert "first so large at step " in refusal.text or "not finite" in refusal.text
