"""Pooling where numbers tie, are infinite or are not numbers, against torch."""

from __future__ import annotations

import numpy as np
import pytest
import torch
import torch.nn.functional as F  # noqa: N812

from cnndsl.backends.numpy import NumpyBackend
from cnndsl.ops import Operator
from cnndsl.ops.pooling import AvgPool, GlobalMaxPool, MaxPool
from tests.support.graphs import chain


def pooled(operator: Operator, x: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The output, and what gradients 1, 2, 3, ... of it give the input."""
    network = NumpyBackend().compile(chain(x.shape[1:], operator), dtype="float64")
    shape = (x.shape[0], *network.graph.output.type.shape)
    y, gradient, _ = network.differentiate(x, np.arange(1.0, np.prod(shape) + 1).reshape(shape))
    return y, gradient


def judged(x: np.ndarray, *arguments: int) -> tuple[np.ndarray, np.ndarray]:
    tensor = torch.tensor(x, requires_grad=True)
    y = F.max_pool2d(tensor, *arguments)
    y.backward(torch.arange(1.0, y.numel() + 1, dtype=torch.float64).reshape(y.shape))
    return y.detach().numpy(), tensor.grad.numpy()


@pytest.mark.parametrize("values", [[0.0, 1.0], [0.0, np.nan], [-np.inf, 0.0], [-np.inf, np.inf, np.nan], [-np.inf]])
def test_ties_infinities_and_nan_are_as_in_torch(values: list[float]) -> None:
    x = np.random.default_rng(0).choice(values, (2, 3, 9, 8))
    operator = MaxPool((3, 3), stride=(2, 2), padding=((1, 1), (1, 1)))
    for found, expected in zip(pooled(operator, x), judged(x, 3, 2, 1), strict=True):
        np.testing.assert_array_equal(found, expected)


def test_the_first_of_equal_numbers_gets_the_gradient_of_a_whole_image() -> None:
    x = np.array([[[[1.0, 3.0], [3.0, 3.0]]]])
    y, gradient = pooled(GlobalMaxPool(), x)
    assert y.item() == 3
    assert np.array_equal(gradient, [[[[0, 1], [0, 0]]]])


def test_nan_is_the_maximum_of_a_whole_image() -> None:
    assert np.isnan(pooled(GlobalMaxPool(), np.array([[[[1.0, np.nan, 2.0]]]]))[0]).all()


def test_random_windows_have_the_mean_of_torch() -> None:
    rng = np.random.default_rng(4)
    for _ in range(200):
        kernel, stride = int(rng.integers(1, 5)), int(rng.integers(1, 5))
        ceil_mode, counted = bool(rng.integers(2)), bool(rng.integers(2))
        padding = int(rng.integers(0, kernel // 2 + 1))
        x = torch.tensor(rng.normal(size=(2, 2, *rng.integers(5, 12, 2))), requires_grad=True)
        expected = F.avg_pool2d(x, kernel, stride, padding, ceil_mode, counted)
        expected.backward(torch.arange(1.0, expected.numel() + 1, dtype=torch.float64).reshape(expected.shape))
        operator = AvgPool((kernel,) * 2, (stride,) * 2, ((padding, padding),) * 2, ceil_mode, counted)
        y, gradient = pooled(operator, x.detach().numpy())
        np.testing.assert_allclose(y, expected.detach().numpy(), rtol=0, atol=1e-12)
        np.testing.assert_allclose(gradient, x.grad.numpy(), rtol=0, atol=1e-10)


def test_random_windows_have_the_maximum_of_torch() -> None:
    rng = np.random.default_rng(3)
    for _ in range(200):
        kernel, stride = int(rng.integers(1, 5)), int(rng.integers(1, 5))
        dilation, ceil_mode = int(rng.integers(1, 3)), bool(rng.integers(2))
        padding = int(rng.integers(0, kernel // 2 + 1))
        x = rng.integers(-3, 3, (2, 2, *rng.integers(9, 14, 2))).astype(float)
        operator = MaxPool((kernel,) * 2, (stride,) * 2, ((padding, padding),) * 2, (dilation,) * 2, ceil_mode)
        found, expected = pooled(operator, x), judged(x, kernel, stride, padding, dilation, ceil_mode)
        for ours, theirs in zip(found, expected, strict=True):
            np.testing.assert_array_equal(ours, theirs)
