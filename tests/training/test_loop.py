"""The loop: order of samples, learning rates, what is told to whom, and where it stops."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import torch

from cnndsl.backends import find_backend
from cnndsl.backends.base import Network
from cnndsl.ops.linear import Dense, Flatten
from cnndsl.recipe import Recipe
from cnndsl.recipe.datasets import Digits
from cnndsl.recipe.optimizers import SGD
from cnndsl.recipe.schedules import Step
from cnndsl.training import BatchDone, EpochResult
from cnndsl.training.data import ArraySamples, Data, Preparation, Request, Samples, load
from cnndsl.training.loop import Callbacks, Training, batches
from tests.support.networks import chain
from tests.training.small_networks import quick, refused, tiny


def train(network: Network, data: Data, recipe: Recipe, **callbacks: Any) -> tuple[EpochResult, ...]:
    return Training(network, data, recipe, Callbacks(**callbacks)).run()


def keep(saved: list[EpochResult]) -> Callable[..., None]:
    """What takes note of each epoch that is saved."""
    return lambda position, history, trainer, best: saved.append(history[-1])


def changed(samples: Samples, change: Callable[[np.ndarray], object]) -> Samples:
    """The same samples with their numbers changed in place."""
    images = samples.batch(slice(None))
    change(images)
    return ArraySamples(images, samples.labels, Preparation(), images.shape[1:])


def test_every_sample_comes_once_in_an_order_of_seed_and_epoch() -> None:
    def order(seed: int, epoch: int) -> list[int]:
        return np.concatenate(list(batches(103, 10, seed, epoch))).tolist()

    assert [len(batch) for batch in batches(103, 10, 0, 0)] == [10] * 10 + [3]
    assert sorted(order(0, 0)) == list(range(103))
    assert order(0, 0) == order(0, 0)
    assert len({tuple(order(seed, epoch)) for seed in range(3) for epoch in range(3)}) == 9


def test_what_is_reported_and_saved() -> None:
    graph, recipe = tiny(), quick(schedule=Step(every=1, gamma=0.5))
    network = find_backend("numpy").compile(graph)
    events: list[BatchDone | EpochResult] = []
    saved: list[EpochResult] = []
    history = train(network, load(Digits(), Request(graph)), recipe, report=events.append, save=keep(saved))
    assert tuple(saved) == history == tuple(event for event in events if isinstance(event, EpochResult))
    assert [row.learning_rate for row in history] == [0.01, 0.005]
    first = [event for event in events if isinstance(event, BatchDone) and event.epoch == 1]
    assert [event.batch for event in first] == list(range(1, 24))
    sizes = [64] * 22 + [1438 - 22 * 64]
    mean = sum(event.loss * size for event, size in zip(first, sizes, strict=True)) / 1438
    assert history[0].training_loss == pytest.approx(mean, rel=1e-12)


def test_an_epoch_is_that_of_plain_torch() -> None:
    """The whole loop against a hand-written one in torch, float64: weights after an epoch of plain descent."""
    graph = chain("Line", (1, 8, 8), [Flatten(), ("line", Dense(10))])
    recipe = quick(epochs=1, optimizer=SGD(lr=0.1), batch=50)
    data = load(Digits(), Request(graph))
    network = find_backend("numpy").compile(graph, dtype="float64")
    weight, bias = (torch.tensor(array, requires_grad=True) for array in network.state().values())
    train(network, data, recipe)
    images, labels = torch.tensor(data.train.batch(slice(None))).double().flatten(1), torch.tensor(data.train.labels)
    for chosen in map(torch.tensor, batches(1438, 50, recipe.seed, 0)):
        loss = torch.nn.functional.cross_entropy(images[chosen] @ weight.T + bias, labels[chosen])
        for tensor, gradient in zip((weight, bias), torch.autograd.grad(loss, (weight, bias)), strict=True):
            tensor.data -= 0.1 * gradient
    state = network.state()
    assert np.abs(state["line.weight"] - weight.detach().numpy()).max() < 1e-12
    assert np.abs(state["line.bias"] - bias.detach().numpy()).max() < 1e-12


def test_a_loss_that_is_no_number_stops_and_is_not_saved() -> None:
    graph = tiny()
    data = load(Digits(), Request(graph))
    data = data.replace(train=changed(data.train, lambda images: images.__setitem__(5, np.nan)))
    network = find_backend("numpy").compile(graph)
    saved: list[EpochResult] = []
    with refused("E0431") as refusal:
        train(network, data, quick(), save=keep(saved))
    place = next(i for i, chosen in enumerate(batches(1438, 64, 0, 0)) if 5 in chosen)
    assert f"not a number at step {place + 1} (epoch 1, batch {place + 1} of 23)" in refusal.text
    assert "no epoch was finished" in refusal.text
    assert saved == []


def test_held_out_data_that_gives_no_number_stops_too() -> None:
    graph = tiny()
    data = load(Digits(), Request(graph))
    data = data.replace(held_out=changed(data.held_out, lambda images: images.__setitem__(0, np.nan)))
    with refused("E0431") as refusal:
        train(find_backend("numpy").compile(graph), data, quick())
    assert "on the held-out data" in refusal.text


def test_held_out_data_chooses_nothing() -> None:
    """Other held-out samples change no weight."""
    graph = tiny()
    states = []
    for shift in (0.0, 5.0):
        data = load(Digits(), Request(graph))
        data = data.replace(held_out=changed(data.held_out, lambda images, by=shift: images.__iadd__(by)))
        network = find_backend("numpy").compile(graph)
        train(network, data, quick())
        states.append(network.state())
    assert all(np.array_equal(states[0][name], states[1][name]) for name in states[0])
