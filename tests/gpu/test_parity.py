"""A GPU computes what a CPU computes, as near as its precision allows."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from cnndsl.api import load
from cnndsl.backends import find_backend
from cnndsl.backends.base import Options, TrainerOptions
from cnndsl.recipe import Clip, CrossEntropy
from cnndsl.recipe.optimizers import SGD, Adam, AdamW, RMSprop
from cnndsl.recipe.precision import BF16, FP16, Float32

pytestmark = [
    pytest.mark.gpu,
    pytest.mark.skipif(not torch.cuda.is_available(), reason="there is no GPU"),
    pytest.mark.filterwarnings("default"),
]
STEPS = 5


def losses(device, precision=Float32(), options=Options(), optimizer=SGD(0.05, momentum=0.9), **made):  # noqa: B008
    graph = load("zoo:resnet20").graph
    accumulate = made.pop("accumulate", 1)
    network = find_backend("torch").compile(graph, device=device, options=options, **made)
    trainer = network.trainer(CrossEntropy(), optimizer, TrainerOptions(precision=precision, accumulate=accumulate))
    random = np.random.default_rng(1)
    x = random.normal(size=(32, *graph.input.type.shape)).astype(np.float32)
    labels = random.integers(0, 10, 32)
    return [float(trainer.step(x, labels, learning_rate=0.05, step=step)) for step in range(STEPS)]


@pytest.mark.parametrize(
    ("precision", "options", "tolerance"),
    [
        (Float32(), Options(), 1e-3),
        (Float32(), Options(tf32=True), 2e-2),
        (Float32(), Options(deterministic=False), 1e-3),
        (BF16(), Options(), 0.1),
        (FP16(), Options(), 5e-2),
    ],
    ids=["float32", "tf32", "not deterministic", "bf16", "fp16"],
)
def test_losses_are_those_of_a_cpu(precision, options, tolerance):
    np.testing.assert_allclose(losses("cuda", precision, options), losses("cpu"), rtol=tolerance)


@pytest.mark.parametrize("optimizer", [SGD(0.05), Adam(1e-3), AdamW(1e-3), RMSprop(1e-3)], ids=lambda each: each.name)
def test_optimizers_are_those_of_a_cpu(optimizer):
    np.testing.assert_allclose(losses("cuda", optimizer=optimizer), losses("cpu", optimizer=optimizer), rtol=2e-3)


@pytest.mark.parametrize("accumulate", [1, 2], ids=["as CUDA graphs", "in parts"])
def test_compiled_steps_are_those_of_a_cpu(accumulate):
    found = losses("cuda", compiled=True, accumulate=accumulate)
    np.testing.assert_allclose(found, losses("cpu", accumulate=accumulate), rtol=1e-3)


@pytest.mark.parametrize("precision", [Float32(), BF16(), FP16()], ids=lambda each: each.name)
def test_a_step_waits_for_nothing(precision):
    """torch raises where a copy or a reading waits for the device."""
    graph = load("zoo:resnet20").graph
    network = find_backend("torch").compile(graph, device="cuda")
    loss = CrossEntropy(weight=(1.0,) * 9 + (2.0,))
    trainer = network.trainer(loss, Adam(1e-3), TrainerOptions(Clip(norm=1.0), 2, precision))
    x, labels = np.zeros((8, *graph.input.type.shape), np.float32), np.arange(8)
    trainer.step(x, labels, learning_rate=1e-3, step=0)
    torch.cuda.set_sync_debug_mode("error")
    try:
        trainer.step(x, labels, learning_rate=1e-3, step=1)
    finally:
        torch.cuda.set_sync_debug_mode("default")


def test_samples_that_are_held_are_not_copied():
    """The losses are those that copies give; the profiler sees no copy from the host in the last step."""
    graph = load("zoo:resnet20").graph
    random = np.random.default_rng(1)
    x = random.normal(size=(96, *graph.input.type.shape)).astype(np.float32)
    labels, order = random.integers(0, 10, 96), random.permutation(96)
    found, copies = [], []
    for is_held in (False, True):
        network = find_backend("torch").compile(graph, device="cuda")
        trainer = network.trainer(CrossEntropy(), SGD(0.05, momentum=0.9))
        held = network.hold([x[:64], x[64:]], labels)[order] if is_held else x[order]
        for step in range(3):
            chosen = slice(32 * step, 32 * step + 32)
            with torch.profiler.profile(activities=[torch.profiler.ProfilerActivity.CUDA]) as profile:
                loss = trainer.step(held[chosen], labels[order][chosen], learning_rate=0.05, step=step)
                torch.cuda.synchronize()
            found.append(float(loss))
        copies.append(sum(event.count for event in profile.key_averages() if "HtoD" in event.key))
    assert found[:3] == found[3:]
    assert copies[0] >= 2
    assert copies[1] == 0


def test_compiled_predictions_are_those_of_a_cpu():
    graph = load("zoo:resnet20").graph
    x = np.random.default_rng(1).normal(size=(4, *graph.input.type.shape)).astype(np.float32)
    compiled = find_backend("torch").compile(graph, device="cuda", compiled=True)
    expected = find_backend("torch").compile(graph).forward(x)
    for _ in range(3):  # which a CUDA graph records in the second call, and replays in the third
        np.testing.assert_allclose(compiled.forward(x), expected, rtol=0, atol=1e-4 * np.abs(expected).max())


def test_the_same_seed_gives_the_same_bits():
    assert losses("cuda") == losses("cuda")


def test_predictions_are_those_of_a_cpu():
    graph = load("zoo:googlenet").graph
    x = np.random.default_rng(1).normal(size=(2, 3, 224, 224)).astype(np.float32)
    on_cuda, on_cpu = (find_backend("torch").compile(graph, device=device).forward(x) for device in ("cuda", "cpu"))
    np.testing.assert_allclose(on_cuda, on_cpu, rtol=0, atol=1e-4 * np.abs(on_cpu).max())
