"""Training with frozen layers and learning rates per layer, on both backends: as plain torch does it, number for number."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from torch import nn
from torch.nn import functional

from cnndsl.api import check_text
from cnndsl.backends import BACKENDS, find_backend
from cnndsl.backends.base import Network, TrainerOptions
from cnndsl.diagnostics import DiagnosticError
from cnndsl.ir import Graph
from cnndsl.ops.activation import Relu
from cnndsl.ops.convolution import Conv
from cnndsl.ops.linear import Dense, Flatten
from cnndsl.ops.normalization import BatchNorm
from cnndsl.recipe import Clip, CrossEntropy, Optimizer
from cnndsl.recipe.optimizers import SGD, Adam, AdamW
from tests.support.graphs import chain

STEPS = 100
RATE = 0.02

FACTORS = {
    "all before the head": {"0": 0.0, "1": 0.0, "3": 0.0, "4": 0.0},
    "in the middle": {"3": 0.0, "4": 0.0},
    "a normalisation": {"1": 0.0},
    "rates": {"0": 0.1, "1": 0.5, "7": 3.0},
    "both": {"0": 0.0, "4": 0.0, "7": 0.25},
}

MOMENTUM = {"momentum": 0.9, "weight_decay": 0.01}


def graph() -> Graph:
    first = (Conv(3, kernel_size=(3, 3), bias=False), BatchNorm(), Relu())
    return chain((2, 5, 5), *first, Conv(4, kernel_size=(2, 2), bias=False), BatchNorm(), Relu(), Flatten(), Dense(4))


def judge_of(network: Network, frozen: set[str]) -> nn.Sequential:
    first = (nn.Conv2d(2, 3, 3, bias=False), nn.BatchNorm2d(3), nn.ReLU())
    judge = nn.Sequential(
        *first, nn.Conv2d(3, 4, 2, bias=False), nn.BatchNorm2d(4), nn.ReLU(), nn.Flatten(), nn.Linear(16, 4)
    )
    judge.double().load_state_dict({name: torch.tensor(array) for name, array in network.state().items()})
    for path in frozen:
        judge.get_submodule(path).requires_grad_(False).eval()
    return judge


def with_statistics(network: Network) -> None:
    """Running statistics that are none of a batch."""
    state = network.state()
    for name in state:
        if "running" in name:
            state[name] = state[name] + np.linspace(0.1, 0.4, len(state[name]))
    network.load_state(state)


@pytest.mark.parametrize("backend", BACKENDS)
@pytest.mark.parametrize(
    ("factors", "optimizer", "made"),
    [
        *((factors, SGD(RATE, momentum=0.9, weight_decay=0.01), MOMENTUM) for factors in FACTORS),
        ("both", Adam(), {}),
        ("both", AdamW(), {}),
    ],
)
def test_a_hundred_steps(backend: str, factors: str, optimizer: Optimizer, made: dict[str, float]) -> None:
    network = find_backend(backend).compile(graph(), dtype="float64", seed=5)
    with_statistics(network)
    frozen = {path for path, factor in FACTORS[factors].items() if not factor}
    judge, clip = judge_of(network, frozen), Clip(norm=1.5)
    kinds = {SGD: torch.optim.SGD, Adam: torch.optim.Adam, AdamW: torch.optim.AdamW}
    groups = [
        {"params": [*layer.parameters()], "factor": FACTORS[factors].get(path, 1.0)}
        for path, layer in judge.named_children()
        if path not in frozen and [*layer.parameters()]
    ]
    stepped, random = kinds[type(optimizer)](groups, lr=RATE, **made), np.random.default_rng(8)
    trainer, before = (
        network.trainer(CrossEntropy(), optimizer, TrainerOptions(clip, factors=FACTORS[factors])),
        network.state(),
    )
    for step in range(STEPS):
        x, labels = random.normal(size=(6, 2, 5, 5)), random.integers(0, 4, 6)
        rate = RATE / (1 + step / 50)
        for group in stepped.param_groups:
            group["lr"] = rate * group["factor"]
        stepped.zero_grad()
        expected = functional.cross_entropy(judge(torch.tensor(x)), torch.tensor(labels))
        expected.backward()
        nn.utils.clip_grad_norm_(judge.parameters(), clip.norm)
        stepped.step()
        assert trainer.step(x, labels, learning_rate=rate, step=step) == pytest.approx(expected.item(), abs=1e-9)
    for name, own in judge.state_dict().items():
        array = network.state()[name]
        np.testing.assert_allclose(array, own.numpy(), rtol=0, atol=1e-9, err_msg=name)
        assert np.array_equal(array, before[name]) == (name.split(".")[0] in frozen), name
    assert trainer.state().keys() == {"step"} | {
        f"{name}.{slot}" for name in learnt(network, frozen) for slot in slots(made)
    }


def learnt(network: Network, frozen: set[str]) -> list[str]:
    return [name for name in network.graph.parameters if name.split(".")[0] not in frozen]


def slots(made: dict[str, float]) -> tuple[str, ...]:
    return ("momentum_buffer",) if "momentum" in made else ("exp_avg", "exp_avg_sq")


@pytest.mark.parametrize("backend", BACKENDS)
def test_the_next_trainer_trains_all_again(backend: str) -> None:
    network = find_backend(backend).compile(graph(), dtype="float64", seed=5)
    network.trainer(CrossEntropy(), SGD(RATE), TrainerOptions(factors=dict.fromkeys(("0", "1"), 0.0)))
    before, random = network.state(), np.random.default_rng(1)
    trainer = network.trainer(CrossEntropy(), SGD(RATE))
    trainer.step(random.normal(size=(6, 2, 5, 5)), random.integers(0, 4, 6), learning_rate=RATE, step=0)
    assert not any(np.array_equal(array, before[name]) for name, array in network.state().items())


@pytest.mark.parametrize("backend", BACKENDS)
def test_one_sample_is_enough_where_statistics_are_frozen(backend: str) -> None:
    text = "network N {\ninput 4\nstem: seq { dense 6 | bn | relu }\ndense 3\n}"
    network = find_backend(backend).compile(check_text(text).require_graph())
    x, labels = np.ones((1, 4), np.float32), np.array([1])
    frozen = TrainerOptions(factors={node.path: 0.0 for node in network.graph.nodes if node.path.startswith("stem")})
    first, second = (
        float(network.trainer(CrossEntropy(), SGD(0.1), frozen).step(x, labels, learning_rate=0.1, step=step))
        for step in range(2)
    )
    assert second < first
    with pytest.raises(DiagnosticError, match="one number per channel"):
        network.trainer(CrossEntropy(), SGD(0.1)).step(x, labels, learning_rate=0.1, step=0)
