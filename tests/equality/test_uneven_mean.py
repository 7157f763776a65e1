"""Average pooling with uneven padding, which torch.nn has not: its calls are judged by the definition of the mean."""

from __future__ import annotations

import random

import numpy as np
import pytest
import torch

from cnndsl.backends import find_backend
from cnndsl.diagnostics import DiagnosticError
from cnndsl.ir import Graph
from cnndsl.ops import OperatorError
from cnndsl.ops.pooling import AvgPool
from tests.support.graphs import chain

CASES = 300


def random_case(seed: int) -> Graph:
    """A pooling that fits its input, of up to 5x5 over up to 8x8; paddings are mostly uneven."""
    generator = random.Random(seed)
    while True:
        kernel = (generator.randint(1, 5), generator.randint(1, 5))
        padding = tuple((generator.randint(0, extent // 2), generator.randint(0, extent // 2)) for extent in kernel)
        pool = AvgPool(
            kernel,
            stride=(generator.randint(1, 4), generator.randint(1, 4)),
            padding=padding,
            ceil_mode=generator.random() < 0.5,
            count_include_pad=generator.random() < 0.5,
        )
        try:
            return chain((1, generator.randint(1, 8), generator.randint(1, 8)), pool)
        except OperatorError:
            continue


def mean_by_definition(image: np.ndarray, pool: AvgPool, output: tuple[int, int]) -> np.ndarray:
    """Sum over the image, divided by the places that count: of the image, or of the image with its padding."""
    inside = np.pad(np.ones(image.shape), pool.padding, constant_values=float(pool.count_include_pad))
    padded = np.pad(image, pool.padding)
    result = np.empty(output)
    for row, column in np.ndindex(*output):
        y, x = row * pool.stride[0], column * pool.stride[1]
        window = np.s_[y : y + pool.kernel_size[0], x : x + pool.kernel_size[1]]
        result[row, column] = padded[window].sum() / inside[window].sum()
    return result


def test_calls_give_the_mean_or_are_refused():
    refused = 0
    for seed in range(CASES):
        graph = random_case(seed)
        pool = graph.nodes[0].operator
        if not pool.has_torch_calls:
            assert pool.ceil_mode
            assert not pool.count_include_pad
            refused += 1
            continue
        image = np.random.default_rng(seed).standard_normal(graph.input.type.shape[1:])
        calls = pool.torch_calls(graph.input.type)
        module = torch.nn.Sequential(*(getattr(torch.nn, call.target[3:])(**call.arguments) for call in calls))
        found = module(torch.from_numpy(image)[None, None])[0, 0].numpy()
        expected = mean_by_definition(image, pool, graph.output.type.shape[1:])
        np.testing.assert_allclose(found, expected, rtol=0, atol=1e-12, err_msg=repr(pool))
    assert 0 < refused < CASES // 10


@pytest.fixture
def impossible() -> AvgPool:
    return AvgPool((4, 4), stride=(3, 3), padding=((0, 2), (0, 0)), ceil_mode=True, count_include_pad=False)


def test_what_has_no_form_in_torch_is_refused_and_named(impossible):
    with pytest.raises(DiagnosticError) as caught:
        find_backend("torch").compile(chain((1, 4, 4), impossible))
    (diagnostic,) = caught.value.diagnostics
    assert diagnostic.kind.code == "E0433"
    assert "`avgpool`" in diagnostic.message
    assert diagnostic.primary is not None


def test_numpy_runs_what_torch_refuses(impossible):
    graph = chain((1, 4, 4), impossible)
    image = np.arange(16.0).reshape(4, 4)
    found = find_backend("numpy").compile(graph, dtype="float64").forward(image[None, None])[0, 0]
    np.testing.assert_allclose(found, mean_by_definition(image, impossible, graph.output.type.shape[1:]), rtol=1e-12)
