"""Tokens: whole numbers that every embedding of the network knows."""

from __future__ import annotations

import numpy as np
import pytest

from cnndsl.api import check_text
from cnndsl.backends import BACKENDS, find_backend
from cnndsl.backends.base import Network
from cnndsl.diagnostics import DiagnosticError
from cnndsl.recipe import CrossEntropy
from cnndsl.recipe.optimizers import Adam

TEXT = """
network Words(tokens = 20) {
    input 10 of=token
    embedding tokens 6
    conv1d 8 3 | relu | kmax_pool 2 | flatten
    dense 2
}
"""


@pytest.fixture(params=BACKENDS)
def network(request: pytest.FixtureRequest) -> Network:
    graph = check_text(TEXT).require_graph()
    return find_backend(request.param).compile(graph, dtype="float64", seed=1)


def test_a_text_network_learns_which_token_occurs(network: Network) -> None:
    rng = np.random.default_rng(0)
    x = rng.integers(1, 20, (64, 10))
    labels = np.arange(64) % 2
    x[labels == 1, rng.integers(0, 10, 32)] = 0
    trainer = network.trainer(CrossEntropy(), Adam(lr=0.02))
    for step in range(60):
        trainer.step(x, labels, learning_rate=0.02, step=step)
    assert (network.forward(x).argmax(1) == labels).all()


@pytest.mark.parametrize(
    "x", [np.full((1, 10), 20), np.full((1, 10), -1), np.zeros((1, 10))], ids=["20", "-1", "float"]
)
def test_what_is_no_known_token_is_refused(network: Network, x: np.ndarray) -> None:
    with pytest.raises(DiagnosticError) as caught:
        network.forward(x)
    assert [item.kind.code for item in caught.value.diagnostics] == ["E0413"]


def test_initial_vectors_have_variance_one(network: Network) -> None:
    graph = check_text(TEXT, {"tokens": 2000}).require_graph()
    weight = find_backend("numpy").compile(graph).state()["0.weight"]
    assert abs(weight.var() - 1) < 0.02
