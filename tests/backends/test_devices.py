"""What needs no GPU of the code for one: names, options, and a step on the meta device, where no number can be read."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils._pytree import tree_leaves

from cnndsl.api import load
from cnndsl.backends import find_backend
from cnndsl.backends.base import Options, TrainerOptions
from cnndsl.backends.torch.devices import Device, find_device
from cnndsl.backends.torch.module import class_of
from cnndsl.backends.torch.network import TorchNetwork
from cnndsl.backends.torch.source import write_source
from cnndsl.recipe import Clip, CrossEntropy
from cnndsl.recipe.losses import BCE, MSE
from cnndsl.recipe.optimizers import SGD, Adagrad, Adam, Muon, RMSprop
from cnndsl.training.average import Average
from cnndsl.training.unread import Unread
from tests.training.small_networks import refused


def on_meta(name: str, **options: bool) -> TorchNetwork:
    """A network on the meta device, which refuses tensors of the CPU beside its own, and to read a number of them."""
    graph = load(f"zoo:{name}").graph
    with torch.device("meta"):
        module = class_of(write_source(graph))()
    return TorchNetwork(graph, module, torch.device("meta"), torch.float32, options=Options(**options))


def losses_on_meta(network, loss=CrossEntropy(), optimizer=SGD(0.1), labels=None, **settings):  # noqa: B008
    """The losses of two steps; the mean of the weights is followed after each."""
    trainer = network.trainer(loss, optimizer, TrainerOptions(**settings))
    average = Average(network, 0.9)
    x = np.zeros((4, *network.graph.input.type.shape), np.float32)
    found = []
    for step in range(2):
        found.append(trainer.step(x, np.arange(4) if labels is None else labels, learning_rate=0.1, step=step))
        average.follow()
    return found


@pytest.mark.parametrize(
    ("name", "optimizer", "recompute"),
    [
        ("resnet20", SGD(0.1, momentum=0.9), False),
        ("resnet20", SGD(0.1, momentum=0.9), True),
        *(("lenet5", optimizer, False) for optimizer in (Adam(), RMSprop(), Adagrad(), Muon())),
    ],
)
def test_a_step_reads_no_number_of_the_device(name, optimizer, recompute):
    network = on_meta(name, recompute=recompute)
    weighted = CrossEntropy(weight=(1.0,) * 9 + (2.0,))
    for loss in losses_on_meta(network, weighted, optimizer, clip=Clip(norm=1.0), accumulate=2):
        assert (loss.device.type, loss.shape) == ("meta", ())


@pytest.mark.parametrize("loss", [CrossEntropy(label_smoothing=0.1), BCE(), MSE()], ids=lambda loss: loss.name)
def test_neither_does_one_with_other_losses_and_shares_of_classes(loss):
    shares = np.full((4, 10), 0.1, np.float32)
    for labels in (None, shares):
        found = losses_on_meta(on_meta("lenet5"), loss, labels=labels, clip=Clip(value=0.1), factors={"c1": 0.0})
        assert {each.device.type for each in found} == {"meta"}


def test_the_meta_device_would_tell():
    with pytest.raises(RuntimeError, match="meta"):
        torch.zeros((), device="meta").item()


class Copies(TorchDispatchMode):
    """Notes the operations that bring numbers of the CPU to the meta device."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def __torch_dispatch__(self, function, types, args=(), kwargs=None):
        result = function(*args, **(kwargs or {}))
        given, made = (
            [each for each in tree_leaves(tree) if isinstance(each, torch.Tensor)] for tree in (args, result)
        )
        if any(each.is_cpu for each in given) and any(each.is_meta for each in (*given, *made)):
            self.found.append(str(function))
        return result


def test_a_step_on_samples_that_are_held_copies_nothing():
    network = on_meta("lenet5")
    x, labels = np.zeros((12, *network.graph.input.type.shape), np.float32), np.arange(12) % 10
    trainer = network.trainer(CrossEntropy(weight=(1.0,) * 9 + (2.0,)), Adam(), TrainerOptions(Clip(norm=1.0), 2))
    held = network.hold(iter([x[:8], x[8:]]), labels)
    assert held is not None
    epoch, order = held[np.arange(12)[::-1]], np.arange(12)[::-1]
    trainer.step(epoch[:4], labels[order[:4]], learning_rate=0.1, step=0)
    with Copies() as copies:
        loss = trainer.step(epoch[4:8], labels[order[4:8]], learning_rate=0.1, step=1)
    assert (loss.device.type, copies.found) == ("meta", [])
    with copies:
        trainer.step(x[:4], labels[:4], learning_rate=0.1, step=2)
    assert len(copies.found) == 4  # samples and labels of two parts


def test_a_device_holds_a_gibibyte_and_the_cpu_nothing():
    def parts():
        raise AssertionError("samples are asked for")
        yield

    network = on_meta("lenet5")
    count = 2**30 // (4 * 32 * 32 + 8)
    assert network.hold(parts(), np.zeros(count + 1, np.int64)) is None
    with pytest.raises(AssertionError, match="asked for"):
        network.hold(parts(), np.zeros(count, np.int64))
    assert find_backend("torch").compile(network.graph).hold(parts(), np.zeros(1, np.int64)) is None


def test_samples_that_no_memory_is_left_for_are_not_held():
    def parts():
        yield np.zeros((4, 1, 32, 32), np.float32)
        raise torch.OutOfMemoryError("CUDA out of memory")

    assert on_meta("lenet5").hold(parts(), np.zeros(8, np.int64)) is None


def test_losses_are_read_at_once_or_later():
    unread = Unread()
    assert unread.add(0, 4, 0.5) == [(0, 4, 0.5)]
    assert unread.add(1, 4, torch.tensor(0.25)) == []
    assert unread.add(2, 3, torch.tensor(0.75)) == []
    assert unread.read() == [(1, 4, 0.25), (2, 3, 0.75)]
    assert unread.read() == []


def test_auto_is_the_fastest_device_there_is(monkeypatch):
    assert find_device("auto", "float64").type in ("cuda", "cpu")
    monkeypatch.setattr("cnndsl.backends.torch.devices._counts", lambda: {"cuda": 0, "mps": 1, "cpu": 1})
    assert find_device("auto", "float32").type == "mps"
    assert find_device("auto", "float64").type == "cpu"


def test_every_process_takes_a_card_of_its_own(monkeypatch):
    monkeypatch.setattr("cnndsl.backends.torch.devices._counts", lambda: {"cuda": 2, "mps": 0, "cpu": 1})
    monkeypatch.setenv("LOCAL_RANK", "1")
    assert [str(find_device(name, "float32")) for name in ("auto", "cuda", "cuda:0")] == ["cuda:1", "cuda:1", "cuda:0"]
    monkeypatch.setenv("LOCAL_RANK", "2")
    with refused("E0432") as refusal:
        find_device("cuda", "float32")
    assert "cuda:1" in refusal.text


@pytest.mark.parametrize("options", [Options(), Options(tf32=True, deterministic=False)])
def test_what_cudnn_may_do(options):
    def now():
        return torch.backends.cudnn.allow_tf32, torch.backends.cudnn.benchmark, torch.backends.cuda.matmul.allow_tf32

    before = now()
    with Device(torch.device("cuda"), options).computing():
        found = torch.backends.cudnn
        assert torch.backends.cuda.matmul.allow_tf32 is options.tf32
        assert (found.allow_tf32, found.deterministic) == (options.tf32, options.deterministic)
        assert found.benchmark is not options.deterministic
    assert now() == before
