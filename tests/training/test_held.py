"""Samples that stay on the device give what copies of each batch give. Here that is the CPU, which is told to hold them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from cnndsl.api import check_text
from cnndsl.backends import find_backend
from cnndsl.backends.torch.devices import Device
from cnndsl.ir import Graph
from cnndsl.ops.activation import Relu
from cnndsl.ops.linear import Dense, Flatten
from cnndsl.ops.normalization import BatchNorm
from cnndsl.recipe import Augment, Recipe
from cnndsl.recipe.datasets import Digits
from cnndsl.recipe.optimizers import SGD
from cnndsl.training import Run, train_network
from cnndsl.training.data import Data, Request, load
from cnndsl.training.data.arrays import data_of_arrays
from cnndsl.training.loop import Training
from tests.support.networks import chain, conv
from tests.training.small_networks import quick, refused, tiny


def digits() -> tuple[Graph, Data]:
    graph = tiny()
    return graph, load(Digits(), Request(graph))


def tokens() -> tuple[Graph, Data]:
    text = "network T {\n input 6 of=token\n embedding 20 4\n flatten\n dense 3\n}\n"
    graph = check_text(text, "t.cnn").require_graph()
    random = np.random.default_rng(1)
    return graph, data_of_arrays((random.integers(0, 20, (150, 6)), np.arange(150) % 3), None, Request(graph))


def colours_last() -> tuple[Graph, Data]:
    """Pictures that lie in memory with their colours last, as they come from most other tools."""
    graph = chain("Colours", (3, 9, 9), [conv(8, 3), BatchNorm(), Relu(), Flatten(), Dense(3)])
    pictures = np.random.default_rng(1).normal(size=(150, 9, 9, 3)).astype(np.float32)
    return graph, data_of_arrays((pictures, np.arange(150) % 3), None, Request(graph))


def maps() -> tuple[Graph, Data]:
    """Pictures with a class for each pixel."""
    graph = chain("Maps", (1, 5, 5), [conv(3, 3, padding="same")])
    random = np.random.default_rng(1)
    pair = random.integers(0, 256, (150, 5, 5), np.uint8), random.integers(0, 3, (150, 5, 5))
    return graph, data_of_arrays(pair, None, Request(graph))


SETS = {"classes": digits, "tokens": tokens, "colours last": colours_last, "maps of classes": maps}


class Counting:
    """A set of samples that counts how many of them are asked for."""

    def __init__(self, samples: Any) -> None:
        self.asked = 0
        self._samples = samples

    def __len__(self) -> int:
        return len(self._samples)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._samples, name)

    def batch(self, chosen: Any) -> Any:
        found = self._samples.batch(chosen)
        self.asked += len(found)
        return found

    def levels(self, chosen: Any) -> Any:
        found = self._samples.levels(chosen)
        self.asked += len(found)
        return found


def trained(graph: Graph, data: Data, recipe: Recipe, dtype: str = "float32") -> tuple[Any, ...]:
    """The losses of all epochs, the bytes of all tensors, and how often each sample was asked for."""
    network = find_backend("torch").compile(graph, dtype=dtype)
    samples = Counting(data.train)
    history = Training(network, data.replace(train=samples), recipe).run()
    figures = [(each.training_loss, each.loss, each.accuracy) for each in history]
    return figures, {name: each.tobytes() for name, each in network.state().items()}, samples.asked / len(samples)


@pytest.fixture
def room(monkeypatch):
    """Lets the CPU hold so many bytes."""
    return lambda count: monkeypatch.setattr(Device, "room", count)


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("name", SETS)
def test_the_same_bits_come_of_it(room, name, dtype):
    graph, data = SETS[name]()
    recipe = quick(epochs=3, accumulate=2)
    *expected, often = trained(graph, data, recipe, dtype)
    assert often == 3
    room(2**30)
    *found, often = trained(graph, data, recipe, dtype)
    assert often == 1
    assert found == expected


def test_so_they_do_of_a_part_of_it(room):
    recipe = quick(validation=0.2, optimizer=SGD(lr=0.1, momentum=0.9))
    expected = trained(*digits(), recipe)
    room(2**30)
    assert trained(*digits(), recipe)[:2] == expected[:2]


def test_they_do_of_a_training_that_was_stopped(room, tmp_path: Path):
    graph, data = digits()
    expected = train_network(graph, quick(), data, backend="torch").network.state()
    room(2**30)
    asked = iter(range(40))
    stopped = Run(str(tmp_path / "run"), "", stop=lambda: next(asked) == 30)  # in the second epoch
    with pytest.raises(KeyboardInterrupt):
        train_network(graph, quick(), data, backend="torch", run=stopped)
    resumed = Run(str(tmp_path / "run"), "", resume=True)
    found = train_network(graph, quick(), data, backend="torch", run=resumed).network.state()
    assert {name: each.tobytes() for name, each in found.items()} == {
        name: each.tobytes() for name, each in expected.items()
    }


def test_a_loss_that_is_no_number_is_explained_alike(room):
    graph, data = digits()
    texts = []
    for count in (0, 2**30):
        room(count)
        with refused("E0431") as refusal:
            trained(graph, data, quick(optimizer=SGD(lr=1e30)))
        texts.append(refusal.text)
    assert texts[0] == texts[1]
    assert "the first layer that is not finite is" in texts[0]


def test_pictures_that_are_changed_by_chance_are_not_held(room):
    room(2**30)
    assert trained(*digits(), quick(augment=Augment(crop=1)))[-1] == 2
    assert trained(*digits(), quick(augment=Augment(mixup=0.2)))[-1] == 2


@pytest.mark.parametrize("name", SETS)
def test_neither_is_a_set_that_is_too_large(room, name):
    graph, data = SETS[name]()
    x, labels = data.train.batch(slice(None)), data.train.labels
    room(x.nbytes + labels.nbytes)
    assert trained(graph, data, quick())[-1] == 1
    room(x.nbytes + labels.nbytes - 1)
    assert trained(graph, data, quick())[-1] == 2
