"""The published networks compute what torchvision computes, on both backends, in float64, at the tolerances of its files.

The suite runs the networks that are quick; ``-m soak`` runs all of them, at the published size too.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from cnndsl.backends import find_backend
from cnndsl.backends.base import Array, Network
from cnndsl.ir import Graph

from .references import NAMES, filled_state, graph_at, input_batch, reference

QUICK = (
    "resnet18",
    "squeezenet1_1",
    "googlenet",
    "mobilenet_v2",
    "shufflenet_v2_x1_0",
    "efficientnet_b0",
    "regnet_y_400mf",
)
BACKENDS = ("numpy", "torch")
TOLERANCE = 1e-9
TRAINING_TOLERANCE = 1e-7

networks = pytest.mark.parametrize(
    "name", [name if name in QUICK else pytest.param(name, marks=pytest.mark.soak) for name in NAMES]
)
backends = pytest.mark.parametrize("backend", BACKENDS)


def close(found: Array, expected: Any, tolerance: float = TOLERANCE) -> None:
    found, expected = np.asarray(found), np.asarray(expected)
    assert found.shape == expected.shape
    excess = np.abs(found - expected) / np.maximum(1, np.abs(expected))
    assert excess.max() <= tolerance, f"off by {excess.max():.1e}"


def compiled(graph: Graph, backend: str, figures: dict[str, Any]) -> Network:
    network = find_backend(backend).compile(graph, dtype="float64")
    state = filled_state(figures)
    network.load_state({name: state[name] for name in (*graph.parameters, *graph.buffers)})
    return network


def main_path(name: str, height: int, width: int, **settings: Any) -> Graph:
    """The network without its side heads, which some sizes are too small for and evaluation never runs."""
    return graph_at(name, height, width, **({"aux": False} if name.endswith("_aux") else {}), **settings)


def compare_output(output: Array, check: dict[str, Any], tolerance: float = TOLERANCE) -> None:
    assert list(output.shape) == check["shape"]
    close(output.ravel()[:16], check["first16"], tolerance)
    close(output.sum(), check["sum"], tolerance)


@backends
@networks
def test_an_odd_size_and_its_gradients(name: str, backend: str) -> None:
    figures = reference(name)
    small, gradients = figures["checks"]["eval_small"], figures["checks"]["grad_eval_small"]
    assert small["input_shape"] == gradients["input_shape"]
    batch = input_batch(small["input_shape"])
    network = compiled(main_path(name, *batch.shape[2:]), backend, figures)
    output = network.forward(batch)
    compare_output(output, small)

    again, by_input, by_parameter = network.differentiate(batch, output)  # of half the sum of squares
    close(again, output)
    close((output**2).sum() / 2, gradients["loss"])
    close(np.linalg.norm(by_input), gradients["input_grad_norm"])
    statistics = ("running_mean", "running_var", "num_batches_tracked")
    parameters = [key for key, _ in figures["state_dict"] if not key.endswith(statistics)]
    expected = dict(zip(parameters, gradients["grad_norms"], strict=True))
    assert set(by_parameter) == {key for key, norm in expected.items() if norm is not None}
    norms = {key: np.linalg.norm(gradient) for key, gradient in by_parameter.items()}
    close(list(norms.values()), [expected[key] for key in norms])


@pytest.mark.soak
@backends
@pytest.mark.parametrize("name", [name for name in NAMES if "eval" in reference(name)["checks"]])
def test_the_published_size(name: str, backend: str) -> None:
    figures = reference(name)
    check = figures["checks"]["eval"]
    batch = input_batch(check["input_shape"])
    network = compiled(main_path(name, *batch.shape[2:]), backend, figures)
    compare_output(network.forward(batch), check)


@pytest.mark.soak
@backends
@pytest.mark.parametrize("name", [name for name in NAMES if "eval_aux_heads" in reference(name)["checks"]])
def test_the_side_heads(name: str, backend: str) -> None:
    figures = reference(name)
    check = dict(figures["checks"]["eval_aux_heads"])
    batch = input_batch(check.pop("input_shape"))
    graph = graph_at(name, *batch.shape[2:])
    assert len(graph.heads) == len(check)
    for head, key in zip(graph.heads, sorted(check), strict=True):
        side = Graph(graph.name, graph.input, graph.needed_nodes((head.value,)), head.value)
        compare_output(compiled(side, backend, figures).forward(batch), check[key])


@backends
@pytest.mark.parametrize(
    "name",
    [
        name if name == "resnet18" else pytest.param(name, marks=pytest.mark.soak)
        for name in NAMES
        if "train_batchstats_small" in reference(name)["checks"]
    ],
)
def test_statistics_of_a_batch(name: str, backend: str) -> None:
    figures = reference(name)
    check = figures["checks"]["train_batchstats_small"]
    batch = input_batch(check["input_shape"])
    network = compiled(main_path(name, *batch.shape[2:], dropout=False), backend, figures)
    compare_output(network.forward(batch, training=True), check, TRAINING_TOLERANCE)
    state = {**filled_state(figures), **network.state()}
    for leaf in ("running_mean", "running_var"):
        total = sum(tensor.sum() for key, tensor in state.items() if key.endswith(leaf))
        close(total, check[f"{leaf}_sum_after"], TRAINING_TOLERANCE)
