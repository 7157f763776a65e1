"""Training steps of both backends against plain torch, number for number: every optimizer and every loss."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
import torch
from torch import Tensor, nn
from torch.nn import functional

from cnndsl.backends import BACKENDS, find_backend
from cnndsl.backends.base import Trainer
from cnndsl.ir import Graph
from cnndsl.ops.activation import Tanh
from cnndsl.ops.convolution import Conv
from cnndsl.ops.linear import Dense, Flatten
from cnndsl.recipe import OPTIMIZERS, CrossEntropy, Loss, Optimizer
from cnndsl.recipe.losses import BCE, LOSSES, MSE
from cnndsl.recipe.optimizers import MUON_COEFFICIENTS, SGD, Adagrad, Adam, AdamW, Muon, RMSprop
from tests.support.graphs import chain

STEPS = 100


class MuonBySingularValues(torch.optim.Optimizer):
    """Muon as it is published, its polynomial taken of singular values; biases by torch's AdamW with the same settings."""

    def __init__(self, params, lr: float, momentum: float, nesterov: bool, weight_decay: float) -> None:
        every = list(params)
        defaults = {"lr": lr, "momentum": momentum, "nesterov": nesterov, "weight_decay": weight_decay}
        super().__init__(every, defaults)
        self.vectors = torch.optim.AdamW([p for p in every if p.ndim == 1], lr=lr, weight_decay=weight_decay)

    def step(self) -> None:
        (group,) = self.param_groups
        self.vectors.param_groups[0]["lr"] = group["lr"]
        self.vectors.step()
        for parameter in (p for p in group["params"] if p.ndim > 1):
            state = self.state[parameter]
            buffer = state.setdefault("buffer", torch.zeros_like(parameter))
            buffer.copy_(group["momentum"] * buffer + (1 - group["momentum"]) * parameter.grad)
            wanted = buffer
            if group["nesterov"]:
                wanted = (1 - group["momentum"]) * parameter.grad + group["momentum"] * buffer
            u, s, vh = torch.linalg.svd(wanted.flatten(1), full_matrices=False)
            s = s / s.norm()
            for _ in range(5):
                s = sum(factor * s**power for factor, power in zip(MUON_COEFFICIENTS, (1, 3, 5), strict=True))
            length = 0.2 * max(wanted.flatten(1).shape) ** 0.5
            with torch.no_grad():
                parameter.mul_(1 - group["lr"] * group["weight_decay"])
                parameter.sub_(group["lr"] * length * ((u * s) @ vh).view_as(parameter))


MUON = {"momentum": 0.95, "nesterov": True, "weight_decay": 0.1}
STEPPED: list[tuple[Optimizer, Callable[..., torch.optim.Optimizer], dict[str, object]]] = [
    (SGD(0.1, momentum=0.9, weight_decay=0.02), torch.optim.SGD, {"momentum": 0.9, "weight_decay": 0.02}),
    (SGD(0.1, momentum=0.9, nesterov=True), torch.optim.SGD, {"momentum": 0.9, "nesterov": True}),
    (Adam(weight_decay=0.03), torch.optim.Adam, {"weight_decay": 0.03}),
    (AdamW(), torch.optim.AdamW, {}),
    (RMSprop(momentum=0.9, weight_decay=0.01), torch.optim.RMSprop, {"momentum": 0.9, "weight_decay": 0.01}),
    (Adagrad(lr_decay=0.1), torch.optim.Adagrad, {"lr_decay": 0.1}),
    (Muon(), MuonBySingularValues, MUON),
    (Muon(nesterov=False, weight_decay=0.0), MuonBySingularValues, {**MUON, "nesterov": False, "weight_decay": 0.0}),
]


def vector() -> Graph:
    return chain((2, 5, 5), Conv(3, kernel_size=(3, 3)), Tanh(), Flatten(), Dense(4))


def pixels() -> Graph:
    """A class for each place."""
    return chain((2, 5, 5), Conv(3, kernel_size=(3, 3)), Tanh(), Conv(4, kernel_size=(1, 1)))


def start(backend: str, graph: Graph, loss: Loss, optimizer: Optimizer) -> tuple[Trainer, nn.Module, Callable]:
    network = find_backend(backend).compile(graph, dtype="float64", seed=5)
    own = nn.Conv2d(3, 4, 1) if len(graph.output.type.shape) == 3 else nn.Sequential(nn.Flatten(), nn.Linear(27, 4))
    judge = nn.Sequential(nn.Conv2d(2, 3, 3), nn.Tanh(), own).double()
    with torch.no_grad():
        for tensor, array in zip(judge.parameters(), network.state().values(), strict=True):
            tensor.copy_(torch.tensor(array))
    return network.trainer(loss, optimizer), judge, network.state


def require_equal(backend, graph, loss, optimizer, targets, value: Callable[[Tensor, Tensor], Tensor], made) -> None:
    """A hundred steps, with a rate that falls, on the same batches."""
    trainer, judge, state = start(backend, graph, loss, optimizer)
    stepped = made(judge.parameters())
    random = np.random.default_rng(8)
    for step in range(STEPS):
        x, labels, rate = random.normal(size=(6, 2, 5, 5)), targets(random), 0.02 / (1 + step / 50)
        stepped.param_groups[0]["lr"] = rate
        expected = value(judge(torch.tensor(x)), torch.tensor(labels))
        stepped.zero_grad()
        expected.backward()
        stepped.step()
        assert trainer.step(x, labels, learning_rate=rate, step=step) == pytest.approx(expected.item(), abs=1e-9)
    for own, array in zip(judge.parameters(), state().values(), strict=True):
        np.testing.assert_allclose(array, own.detach().numpy(), rtol=0, atol=1e-9)


@pytest.mark.parametrize("backend", BACKENDS)
@pytest.mark.parametrize(("optimizer", "reference", "arguments"), STEPPED)
def test_every_optimizer(backend: str, optimizer: Optimizer, reference, arguments) -> None:
    require_equal(
        backend,
        vector(),
        CrossEntropy(),
        optimizer,
        lambda random: random.integers(0, 4, 6),
        functional.cross_entropy,
        lambda parameters: reference(parameters, lr=1.0, **arguments),
    )


def test_every_optimizer_is_compared() -> None:
    assert {type(optimizer) for optimizer, _, _ in STEPPED} == set(OPTIMIZERS.values())


WEIGHT = (0.5, 1.0, 2.0, 1.5)
JUDGED: list[tuple[Loss, Callable[[Tensor, Tensor], Tensor]]] = [
    (CrossEntropy(), functional.cross_entropy),
    (
        CrossEntropy(weight=WEIGHT, label_smoothing=0.1),
        lambda y, t: functional.cross_entropy(y, t, torch.tensor(WEIGHT).double(), label_smoothing=0.1),
    ),
    (BCE(), lambda y, t: functional.binary_cross_entropy_with_logits(y, shares(t))),
    (MSE(), lambda y, t: functional.mse_loss(y, shares(t))),
]


def shares(targets: Tensor) -> Tensor:
    """Class numbers as 1 for the true class; shares of the classes as they are."""
    if targets.is_floating_point():
        return targets
    return functional.one_hot(targets, 4).movedim(-1, 1).double()


TARGETS = {
    "numbers": (vector, lambda random: random.integers(0, 4, 6)),
    "numbers of pixels": (pixels, lambda random: random.integers(0, 4, (6, 3, 3))),
    "shares of pixels": (pixels, lambda random: np.moveaxis(random.dirichlet(np.ones(4), (6, 3, 3)), -1, 1).copy()),
}


@pytest.mark.parametrize("backend", BACKENDS)
@pytest.mark.parametrize("targets", TARGETS)
@pytest.mark.parametrize(("loss", "value"), JUDGED, ids=["plain", "weighted and smoothed", "bce", "mse"])
def test_every_loss(backend: str, loss: Loss, value: Callable[[Tensor, Tensor], Tensor], targets: str) -> None:
    graph, drawn = TARGETS[targets]
    require_equal(backend, graph(), loss, SGD(0.1), drawn, value, lambda each: torch.optim.SGD(each, lr=1.0))


def test_every_loss_is_compared() -> None:
    assert {type(loss) for loss, _ in JUDGED} == set(LOSSES.values())


def test_muon_is_near_that_of_torch_which_rounds_to_bfloat16() -> None:
    network = find_backend("numpy").compile(chain((6,), Dense(8, bias=False)), dtype="float64", seed=2)
    trainer = network.trainer(CrossEntropy(), Muon())
    own = torch.tensor(network.state()["0.weight"], requires_grad=True)
    judge = torch.optim.Muon([own], lr=0.02, adjust_lr_fn="match_rms_adamw")
    random = np.random.default_rng(1)
    for step in range(10):
        x, labels = random.normal(size=(16, 6)), random.integers(0, 8, 16)
        judge.zero_grad()
        functional.cross_entropy(torch.tensor(x) @ own.T, torch.tensor(labels)).backward()
        judge.step()
        trainer.step(x, labels, learning_rate=0.02, step=step)
    np.testing.assert_allclose(network.state()["0.weight"], own.detach().numpy(), rtol=0, atol=5e-3)


@pytest.mark.parametrize("backend", BACKENDS)
def test_mean_of_weights(backend: str) -> None:
    """As torch averages them, running statistics included."""
    from torch.optim.swa_utils import AveragedModel, get_ema_multi_avg_fn

    from cnndsl.ops.normalization import BatchNorm
    from cnndsl.training.average import Average

    graph = chain((2, 3, 3), Conv(3, kernel_size=(2, 2)), BatchNorm(), Flatten(), Dense(4))
    network = find_backend(backend).compile(graph, dtype="float64", seed=5)
    judge = nn.Sequential(nn.Conv2d(2, 3, 2), nn.BatchNorm2d(3), nn.Flatten(), nn.Linear(12, 4)).double()
    judge.load_state_dict({name: torch.tensor(array) for name, array in network.state().items()})
    expected = AveragedModel(judge, multi_avg_fn=get_ema_multi_avg_fn(0.9), use_buffers=True)
    trainer, average = network.trainer(CrossEntropy(), SGD(0.1)), Average(network, 0.9)
    stepped, random = torch.optim.SGD(judge.parameters(), lr=0.1), np.random.default_rng(3)
    for step in range(30):
        x, labels = random.normal(size=(6, 2, 3, 3)), random.integers(0, 4, 6)
        stepped.zero_grad()
        functional.cross_entropy(judge(torch.tensor(x)), torch.tensor(labels)).backward()
        stepped.step()
        expected.update_parameters(judge)
        trainer.step(x, labels, learning_rate=0.1, step=step)
        average.follow()
    trained = network.state()
    with average.in_place():
        for name, array in network.state().items():
            if array.dtype == np.float64:  # torch takes the mean of a counter as well, and rounds it
                np.testing.assert_allclose(array, expected.module.state_dict()[name].numpy(), rtol=0, atol=1e-9)
    assert all(np.array_equal(array, trained[name]) for name, array in network.state().items())
