"""What batch normalisation leaves behind in training is what torch leaves behind, on every backend."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from cnndsl.backends import BACKENDS, find_backend
from cnndsl.diagnostics import DiagnosticError
from cnndsl.ops.normalization import BatchNorm
from tests.support.graphs import chain


@pytest.fixture(params=BACKENDS)
def backend(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.mark.parametrize("shape", [(3, 4, 5), (6,)])
def test_running_statistics_move_as_in_torch(backend: str, shape: tuple[int, ...]) -> None:
    network = find_backend(backend).compile(chain(shape, BatchNorm(momentum=0.3)), dtype="float64")
    module_type = torch.nn.BatchNorm2d if len(shape) == 3 else torch.nn.BatchNorm1d
    module = module_type(shape[0], momentum=0.3, dtype=torch.float64)
    rng = np.random.default_rng(0)
    for _ in range(3):
        x = rng.normal(2, 3, (4, *shape))
        network.forward(x, training=True)
        module(torch.tensor(x))
    state = network.state()
    for name, tensor in module.state_dict().items():
        np.testing.assert_allclose(state[f"0.{name}"], tensor.numpy(), rtol=0, atol=1e-12)
    assert state["0.num_batches_tracked"].dtype == np.int64


def test_evaluation_moves_nothing(backend: str) -> None:
    network = find_backend(backend).compile(chain((2, 3, 3), BatchNorm()), dtype="float64")
    before = network.state()
    network.forward(np.ones((2, 2, 3, 3)))
    assert all(np.array_equal(before[name], array) for name, array in network.state().items())


@pytest.mark.parametrize("shape", [(6,), (3, 1, 1)])
def test_one_value_per_channel_has_no_variance(backend: str, shape: tuple[int, ...]) -> None:
    network = find_backend(backend).compile(chain(shape, BatchNorm()), dtype="float64")
    before = network.state()
    with pytest.raises(DiagnosticError) as raised:
        network.forward(np.ones((1, *shape)), training=True)
    assert [item.kind.code for item in raised.value.diagnostics] == ["E0413"]
    assert all(np.array_equal(before[name], array) for name, array in network.state().items())
