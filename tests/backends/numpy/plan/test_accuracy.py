"""How far predictions in float32 are from exact arithmetic: layer by layer from the same numbers, and from end to end.

The judge is the plan in float64 that makes all columns of every convolution.
"""

from __future__ import annotations

from math import prod, sqrt

import numpy as np
import pytest

from cnndsl.api import load
from cnndsl.backends.numpy.plan.algorithms import Columns, Reference, Winograd4
from cnndsl.backends.numpy.plan.inference import Inference, Step
from cnndsl.ir import Graph
from tests.benchmarks.numpy_rows import resized

SMALL = ("lenet5", "mnist_cnn", "resnet18", "mobilenet_v2")
"""At 56x56 where they take pictures of 224x224."""

LARGE = (
    "alexnet", "vgg16", "resnet50", "googlenet", "mobilenet_v2", "densenet121", "inception_v3", "squeezenet1_1",
    "shufflenet_v2_x1_0", "efficientnet_b0", "regnet_y_400mf", "convnext_tiny", "preact_resnet18", "flowers3", "flowers4",
)  # fmt: skip

LAYERS = {False: 3e-5, True: 2e-6}
"""The largest error of a layer relative to its largest number, by default and exact."""
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


def errors(graph: Graph, exact: bool) -> tuple[dict[str, float], float]:
    """The error of each layer and that of the output, each relative to the largest number; every layer gets what ours gave."""
    rng = np.random.default_rng(0)
    state, x = state_of(graph, rng), rng.normal(size=(1, *graph.input.type.shape)).astype(np.float32)
    ours = Inference(graph, state, np.dtype(np.float32), exact=exact)
    judge = Inference(graph, {k: v.astype(np.float64) for k, v in state.items()}, np.dtype(np.float64), forced=Columns)
    from_end_to_end = relative(ours.run(x), judge.run(x))
    plan, truth = ours.plan(1), judge.plan(1)
    np.copyto(plan.input, x)
    found = {}
    for step, other in zip(plan.steps, truth.steps, strict=True):
        for given, taken in zip(read(step), read(other), strict=True):
            np.copyto(taken, given)
        for call in [call for each in (step, other) for part in each.parts for call in part]:
            call()
        found[f"{step.task.node.path} by {step.algorithm.name}"] = max(map(relative, written(step), written(other)))
    assert not exact or not any(isinstance(step.algorithm, Winograd4) for step in plan.steps)
    return found, from_end_to_end


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
