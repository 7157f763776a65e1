"""Dropout draws the same mask in every backend, and is dropout."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from statistics import median
from time import process_time

import numpy as np
import pytest
import torch

from cnndsl.backends import find_backend
from cnndsl.backends import random_bits as reference
from cnndsl.backends.torch.dropout import KeyedDropout
from cnndsl.ops.dropout import Dropout
from tests.support.graphs import chain


@pytest.mark.parametrize("p", [0.0, 0.3, 1.0])
@pytest.mark.parametrize("backend", ["numpy", "torch"])
def test_what_is_kept_is_divided_by_its_probability(backend, p):
    network = find_backend(backend).compile(chain((40,), Dropout(p)), dtype="float64", seed=1)
    x = np.arange(1.0, 401.0).reshape(10, 40)
    output, gradient, _ = network.differentiate(x, np.ones_like(x), training=True, step=3)
    keep = reference.dropout_mask(x.shape, p, seed=1, path="0", step=3)
    expected = np.where(keep, 1 / (1 - p) if p < 1 else 0.0, 0.0)
    np.testing.assert_allclose(output, x * expected, rtol=1e-15)
    np.testing.assert_allclose(gradient, expected, rtol=1e-15)
    assert (network.forward(x) == x).all()


def test_steps_and_seeds_draw_other_masks():
    x = np.ones((8, 64), np.float32)
    graph = chain((64,), Dropout())
    masks = [
        find_backend("torch").compile(graph, seed=seed).forward(x, training=True, step=step).tobytes()
        for seed in (0, 1)
        for step in (0, 1)
    ]
    assert len(set(masks)) == 4


@pytest.mark.soak
def test_drawing_costs_little_more_than_a_module_of_torch_does():
    """It takes a quarter of the time; 1.3 times is the most that it may."""
    x = torch.ones(32, 64, 28, 28)
    keyed, plain = KeyedDropout(0.5, 1, "drop", (64, 28, 28), 3), torch.nn.Dropout(0.5)

    def own() -> None:
        keyed.draw(x, 3, x.dtype)
        keyed(x)

    assert median(map(seconds, [own] * 5)) <= 1.3 * median(map(seconds, [partial(plain, x)] * 5))


def seconds(call: Callable[[], object]) -> float:
    start = process_time()
    call()
    return process_time() - start
