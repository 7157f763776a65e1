"""How far predictions in float32 are from exact arithmetic: layer by layer from the same numbers, and from end to end.

The judge is the plan in float64 that makes all columns of every convolution.
"""

from __future__ import annotations

from math import prod, sqrt

import numpy as np
import pytest

from cnndsl.api import load
from cnndsl.backends.numpy import NumpyBackend
from cnndsl.backends.numpy.plan.algorithms import Columns, Reference, Winograd4
from cnndsl.backends.numpy.plan.algorithms.base import activate
from cnndsl.backends.numpy.plan.inference import Inference, Step
from cnndsl.ir import Graph
from tests.benchmarks.numpy_rows import resized

SMALL = ("lenet5", "mnist_cnn", "resnet18", "mobilenet_v2")
"""At 56x56 where they take pictures of 224x224."""

LARGE = (
    "alexnet", "vgg16", "resnet50", "googlenet", "mobilenet_v2", "densenet121", "inception_v3", "squeezenet1_1",
    "shufflenet_v2_x1_0", "efficientnet_b0", "regnet_y_400mf", "convnext_tiny", "preact_resnet164", "flowers3", "flowers4",
)  # fmt: skip

LAYERS = {False: 3e-5, True: 2e-6}
"""The largest error of a layer relative to its largest number, by default and exact.

That number is the one before its activation: where a sigmoid makes 1 of 400, the sum that was 400 has been rounded already.
"""
LOGITS = {False: 1e-4, True: 2e-5}


def state_of(graph: Graph, rng: np.random.Generator) -> dict[str, np.ndarray]:
    """Weights that keep a signal as strong as it is (He et al. 2015), and statistics unlike the initial ones."""
    specs = {**graph.parameters, **graph.buffers}
    state = {name: rng.uniform(0.5, 1.5, spec.shape) for name, spec in specs.items()}
    for name, spec in specs.items():
        if len(spec.shape) > 1:
            state[name] = rng.normal(0, sqrt(2 / prod(spec.shape[1:])), spec.shape)
        elif name.endswith(("bias", "running_mean")):
            state[name] = rng.normal(0, 0.1, spec.shape)
    return {name: np.asarray(tensor, np.float32) for name, tensor in state.items()}


def hostile_state(graph: Graph, x: np.ndarray, rng: np.random.Generator) -> dict[str, np.ndarray]:
    """Statistics of what the network really sees, and factors of normalisations that are negative or zero here and there."""
    network = NumpyBackend().compile(graph, dtype="float64")
    state = state_of(graph, rng)
    for name in [name for name in state if name.endswith("weight") and state[name].ndim == 1]:
        state[name] = state[name] * rng.choice([-1.0, 0.0, 1.0], state[name].shape)
    network.load_state(state)
    for _ in range(40):
        network.forward(x, training=True)
    return {name: np.asarray(tensor, np.float32) for name, tensor in network.state().items()}


def errors(
    graph: Graph, exact: bool, state: dict[str, np.ndarray] | None = None, x: np.ndarray | None = None
) -> tuple[dict[str, float], float]:
    """The error of each layer and that of the output, each relative to the largest number; every layer gets what ours gave."""
    rng = np.random.default_rng(0)
    state = state_of(graph, rng) if state is None else state
    x = rng.normal(size=(1, *graph.input.type.shape)).astype(np.float32) if x is None else x
    ours = Inference(graph, state, np.dtype(np.float32), exact=exact)
    judge = Inference(graph, {k: v.astype(np.float64) for k, v in state.items()}, np.dtype(np.float64), forced=Columns)
    from_end_to_end = relative(ours.run(x), judge.run(x))
    plan, truth = ours.plan(1), judge.plan(1)
    np.copyto(plan.input, x)
    found = {}
    for step, other in zip(plan.steps, truth.steps, strict=True):
        for given, taken in zip(read(step), read(other), strict=True):
            np.copyto(taken, given)
        for call in [call for part in step.parts for call in part]:
            call()
        largest = run_and_look(other)
        error = max(float(np.abs(a - b).max()) for a, b in zip(written(step), written(other), strict=True))
        found[f"{step.task.node.path} by {step.algorithm.name}"] = error / largest
    assert not exact or not any(isinstance(step.algorithm, Winograd4) for step in plan.steps)
    return found, from_end_to_end


def run_and_look(step: Step) -> float:
    """Run a step; the largest number that it gives or had before its activation, whose calls are the last of each part."""
    last = len(activate(step.task.activation, np.zeros((1, 1))))
    heads, tails = zip(*((part[: len(part) - last], part[len(part) - last :]) for part in step.parts), strict=True)
    largest = 1e-30
    for calls in (heads, tails):
        for call in [call for part in calls for call in part]:
            call()
        largest = max(largest, *(float(np.abs(each).max()) for each in written(step)))
    return largest


def read(step: Step) -> list[np.ndarray]:
    job = step.algorithm.job
    return [*job.inputs, *([] if job.residual is None else [job.residual])]


def written(step: Step) -> tuple[np.ndarray, ...]:
    return step.algorithm.outputs if isinstance(step.algorithm, Reference) else (step.algorithm.job.output,)


def relative(found: np.ndarray, expected: np.ndarray) -> float:
    return float(np.abs(found - expected).max() / max(1e-30, np.abs(expected).max()))


def hold(graph: Graph, exact: bool) -> None:
    layers, logits = errors(graph, exact)
    assert {layer: error for layer, error in layers.items() if not error <= LAYERS[exact]} == {}
    assert logits <= LOGITS[exact]


@pytest.mark.parametrize("exact", [False, True])
@pytest.mark.parametrize("name", SMALL)
def test_layers_and_logits_are_within_the_promise(name: str, exact: bool) -> None:
    graph = load(f"zoo:{name}").graph
    hold(resized(graph, (3, 56, 56)) if graph.input.type.shape == (3, 224, 224) else graph, exact)


@pytest.mark.soak
@pytest.mark.parametrize("exact", [False, True])
@pytest.mark.parametrize("name", LARGE)
def test_layers_and_logits_of_large_networks_are_within_the_promise(name: str, exact: bool) -> None:
    hold(load(f"zoo:{name}").graph, exact)


@pytest.mark.soak
@pytest.mark.parametrize("exact", [False, True])
@pytest.mark.parametrize(
    ("mean", "name"), [(0, "resnet18"), (100, "resnet18"), (0, "mobilenet_v2"), (0, "densenet121")]
)
def test_layers_are_within_the_promise_with_hostile_statistics(name: str, mean: float, exact: bool) -> None:
    graph, rng = resized(load(f"zoo:{name}").graph, (3, 64, 64)), np.random.default_rng(0)
    x = (rng.normal(size=(4, 3, 64, 64)) + mean).astype(np.float32)
    layers, logits = errors(graph, exact, hostile_state(graph, x, rng), x[:1])
    assert {layer: error for layer, error in layers.items() if not error <= LAYERS[exact]} == {}
    assert logits <= 1e-4
