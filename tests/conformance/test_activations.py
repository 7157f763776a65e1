"""Activations where the samples of ``test_operators.py`` do not reach: far from 0, at kinks, and without overflow."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from cnndsl.backends import find_backend
from cnndsl.ops import Operator
from cnndsl.ops.activation import Elu, Relu, Sigmoid, Softmax, Tanh
from cnndsl.ops.rectifiers import HardSigmoid, HardSwish, Maxout, Relu6
from cnndsl.ops.smooth import Gelu, Selu, Silu, Softplus
from tests.support.graphs import chain

OPERATORS = [
    Relu(), Relu6(), HardSigmoid(), HardSwish(), Elu(), Selu(), Sigmoid(), Tanh(), Silu(), Gelu(),
    Gelu(approximate="tanh"), Softplus(), Softplus(beta=4, threshold=8),
]  # fmt: skip


def both(operator: Operator, x: np.ndarray) -> list[tuple[np.ndarray, np.ndarray]]:
    """Output and gradient by the input, of NumPy and of torch."""
    graph = chain(x.shape[1:], operator)
    networks = [find_backend(name).compile(graph, dtype="float64") for name in ("numpy", "torch")]
    return [network.differentiate(x, np.ones((len(x), *graph.output.type.shape)))[:2] for network in networks]


@pytest.mark.parametrize("operator", OPERATORS, ids=repr)
def test_wide_ranges_are_as_in_torch(operator: Operator) -> None:
    x = np.concatenate((np.linspace(-9.01, 9.02, 400), [-800.0, 800.0, 1e300, -1e300]))[:, np.newaxis]
    for ours, theirs in zip(*both(operator, x), strict=True):
        np.testing.assert_allclose(ours, theirs, rtol=1e-7, atol=1e-9)


@pytest.mark.parametrize("operator", [Relu(), Relu6(), HardSigmoid()], ids=repr)
def test_the_gradient_at_a_kink_is_that_of_torch(operator: Operator) -> None:
    x = np.array([-3.0, 0.0, 3.0, 6.0])[:, np.newaxis]
    ours, theirs = both(operator, x)
    np.testing.assert_allclose(ours[1], theirs[1], rtol=1e-7)


def test_selu_keeps_mean_and_variance() -> None:
    x = np.random.default_rng(0).normal(size=(1, 1_000_000))
    y = both(Selu(), x)[0][0]
    assert abs(y.mean()) < 5e-3
    assert abs(y.var() - 1) < 1e-2


def test_channels_that_tie_share_the_gradient() -> None:
    x = np.array([[1.0, 1.0, 0.0, 2.0, 5.0, 5.0]])
    for y, gradient in both(Maxout(3), x):
        assert y.tolist() == [[1, 5]]
        assert gradient.tolist() == [[0.5, 0.5, 0, 0, 0.5, 0.5]]


def test_maxout_is_the_lectures_maximum_of_two_lines() -> None:
    x = torch.tensor([[1.0, -2.0]], dtype=torch.float64)
    w, b = torch.tensor([[1.0, 2.0], [3.0, 0.5]], dtype=torch.float64), torch.tensor([0.5, -1.0], dtype=torch.float64)
    expected = torch.maximum(x @ w[0] + b[0], x @ w[1] + b[1])
    found = both(Maxout(2), (x @ w.T + b).numpy())[0][0]
    assert found.item() == expected.item()


def test_softmax_of_large_scores_is_finite() -> None:
    y = both(Softmax(), np.array([[1000.0, 999.0, -1000.0]]))[0][0]
    np.testing.assert_allclose(y, [[1 / (1 + np.exp(-1)), np.exp(-1) / (1 + np.exp(-1)), 0]], rtol=1e-12)
