"""The update rules against torch.optim, over 20 steps on a network, and the state that continues a training."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from cnndsl.backends.numpy import NumpyBackend
from cnndsl.backends.numpy.optimizers import RULES
from cnndsl.backends.numpy.trainer import NumpyTrainer
from cnndsl.diagnostics import DiagnosticError
from cnndsl.ops.activation import Tanh
from cnndsl.ops.linear import Dense
from cnndsl.recipe import OPTIMIZERS, CrossEntropy, Optimizer
from cnndsl.recipe.optimizers import SGD, Adagrad, Adam, AdamW, RMSprop
from tests.support.graphs import chain

CASES = [
    (SGD(0.1), torch.optim.SGD, {}),
    (SGD(0.1, weight_decay=0.02), torch.optim.SGD, {"weight_decay": 0.02}),
    (SGD(0.1, momentum=0.9, weight_decay=0.02), torch.optim.SGD, {"momentum": 0.9, "weight_decay": 0.02}),
    (SGD(0.1, momentum=0.9, nesterov=True), torch.optim.SGD, {"momentum": 0.9, "nesterov": True}),
    (Adam(), torch.optim.Adam, {}),
    (Adam(betas=(0.5, 0.9), eps=0.1), torch.optim.Adam, {"betas": (0.5, 0.9), "eps": 0.1}),
    (Adam(weight_decay=0.03), torch.optim.Adam, {"weight_decay": 0.03}),
    (AdamW(), torch.optim.AdamW, {}),
    (AdamW(weight_decay=0.2), torch.optim.AdamW, {"weight_decay": 0.2}),
    (RMSprop(), torch.optim.RMSprop, {}),
    (Adagrad(), torch.optim.Adagrad, {}),
    (Adagrad(lr_decay=0.1, weight_decay=0.01), torch.optim.Adagrad, {"lr_decay": 0.1, "weight_decay": 0.01}),
    (RMSprop(alpha=0.9, eps=1.0), torch.optim.RMSprop, {"alpha": 0.9, "eps": 1.0}),
    (RMSprop(momentum=0.9, weight_decay=0.01), torch.optim.RMSprop, {"momentum": 0.9, "weight_decay": 0.01}),
]
IDS = [f"{optimizer.name}-{index}" for index, (optimizer, _, _) in enumerate(CASES)]
STEPS = 20


def learning_rate(step: int) -> float:
    """A rate that moves, as a schedule moves it; never that of the recipe."""
    return 0.03 / (1 + step)


def make_trainer(optimizer: Optimizer) -> NumpyTrainer:
    network = NumpyBackend().compile(chain((4,), Dense(6), Tanh(), Dense(3)), dtype="float64", seed=3)
    return network.trainer(CrossEntropy(label_smoothing=0.1), optimizer)


def batches() -> list[tuple[np.ndarray, np.ndarray]]:
    rng = np.random.default_rng(8)
    return [(rng.normal(size=(5, 4)), rng.integers(0, 3, 5)) for _ in range(STEPS)]


@pytest.mark.parametrize(("optimizer", "reference", "arguments"), CASES, ids=IDS)
def test_twenty_steps_are_those_of_torch(optimizer: Optimizer, reference: type, arguments: dict[str, object]) -> None:
    trainer = make_trainer(optimizer)
    start = {name: torch.tensor(array, requires_grad=True) for name, (array, _) in trainer.parameters.items()}
    judge = reference(start.values(), **{"lr": 1.0, **arguments})
    for step, (x, labels) in enumerate(batches()):
        judge.param_groups[0]["lr"] = learning_rate(step)
        hidden = torch.tanh(torch.tensor(x) @ start["0.weight"].T + start["0.bias"])
        scores = hidden @ start["2.weight"].T + start["2.bias"]
        expected = torch.nn.functional.cross_entropy(scores, torch.tensor(labels), label_smoothing=0.1)
        judge.zero_grad()
        expected.backward()
        judge.step()
        assert abs(trainer.step(x, labels, learning_rate=learning_rate(step), step=step) - expected.item()) < 1e-12
    for name, (array, _) in trainer.parameters.items():
        np.testing.assert_allclose(array, start[name].detach().numpy(), rtol=0, atol=1e-12)


@pytest.mark.parametrize("optimizer", [item[0] for item in CASES], ids=IDS)
def test_a_loaded_state_goes_on_as_if_never_stopped(optimizer: Optimizer) -> None:
    through, first, second = (make_trainer(optimizer) for _ in range(3))
    halves = list(enumerate(batches()))
    for step, (x, labels) in halves:
        through.step(x, labels, learning_rate=learning_rate(step), step=step)
    for step, (x, labels) in halves[:9]:
        first.step(x, labels, learning_rate=learning_rate(step), step=step)
    for name, (array, _) in first.parameters.items():
        second.parameters[name][0][...] = array
    second.load_state(first.state())
    for step, (x, labels) in halves[9:]:
        second.step(x, labels, learning_rate=learning_rate(step), step=step)
    assert all(np.array_equal(array, through.parameters[name][0]) for name, (array, _) in second.parameters.items())


def test_every_optimizer_has_its_rule() -> None:
    assert set(RULES) == set(OPTIMIZERS.values())


def test_a_state_of_another_optimizer_is_refused_and_changes_nothing() -> None:
    trainer = make_trainer(Adam())
    x, labels = batches()[0]
    trainer.step(x, labels, learning_rate=0.1, step=0)
    before = trainer.state()
    with pytest.raises(DiagnosticError) as raised:
        trainer.load_state(make_trainer(RMSprop()).state())
    assert [item.kind.code for item in raised.value.diagnostics] == ["E0422"]
    assert all(np.array_equal(array, before[name]) for name, array in trainer.state().items())


def test_a_state_is_a_copy() -> None:
    trainer = make_trainer(Adam())
    state = trainer.state()
    x, labels = batches()[0]
    trainer.step(x, labels, learning_rate=0.1, step=0)
    assert all(not array.any() for array in state.values())
