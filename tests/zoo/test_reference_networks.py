"""The published networks: names, shapes and order of the state dict, totals, and the shape behind each layer."""

from __future__ import annotations

import pytest

from cnndsl.ir import Graph
from cnndsl.ir.verify import verify

from .references import NAMES, reference, zoo_graph

CLASSES = {
    "AdaptiveAvgPool2d": "adaptive_avgpool",
    "AvgPool2d": "avgpool",
    "BatchNorm2d": "bn",
    "Conv2d": "conv",
    "Dropout": "dropout",
    "GELU": "gelu",
    "LayerNorm": "layer_norm",
    "LayerNorm2d": "layer_norm",
    "Linear": "dense",
    "MaxPool2d": "maxpool",
    "Permute": "permute",
    "ReLU": "relu",
    "ReLU6": "relu6",
    "SiLU": "silu",
    "Sigmoid": "sigmoid",
    "StochasticDepth": "stochastic_depth",
}
SYNONYMS = {"global_avgpool": "adaptive_avgpool", "depthwise": "conv"}
FUNCTIONS = {
    "densenet121": {"ReLU"},
    "googlenet": {"ReLU"},
    "googlenet_aux": {"ReLU"},
    "inception_v3": {"ReLU", "MaxPool2d"},
    "inception_v3_aux": {"ReLU", "MaxPool2d"},
}
"""What torchvision computes with functions in some places of these networks, so that its modules do not tell all of it."""

REORDERED = {
    "googlenet_aux": "the side heads are declared at the end, and branch off earlier",
    "regnet_y_400mf": "the projection comes before the body, and the spec says it behind `shortcut`",
    "convnext_tiny": "a bare parameter comes before all layers of its block",
}
"""Where torchvision's order is not that of the text, which has the order of the computation."""


def state_dict(graph: Graph) -> list[tuple[str, list[int]]]:
    return [
        (name, list(spec.shape)) for node in graph.nodes for name, spec in {**node.parameters, **node.buffers}.items()
    ]


def test_there_are_networks() -> None:
    assert len(NAMES) == 28


@pytest.mark.parametrize("name", NAMES)
def test_state_dict(name: str) -> None:
    graph = zoo_graph(name)
    verify(graph)
    expected = [(key, shape) for key, shape in reference(name)["state_dict"]]
    found = state_dict(graph)
    if name in REORDERED:
        assert found != expected
        found, expected = sorted(found), sorted(expected)
    assert found == expected


@pytest.mark.parametrize("name", NAMES)
def test_totals(name: str) -> None:
    graph = zoo_graph(name)
    figures = reference(name)
    assert graph.parameter_count == figures["total_params"]
    assert [1, *graph.input.type.shape] == figures["input_shape"]
    assert graph.macs == figures["macs"]


@pytest.mark.parametrize("name", NAMES)
def test_the_shape_behind_each_layer(name: str) -> None:
    graph, leaves = zoo_graph(name), reference(name)["leaf_outputs"]
    modules = {word for _, word, _ in leaves}.intersection(CLASSES) - FUNCTIONS.get(name, set())
    learned = {node.path for node in graph.nodes if node.parameters}
    expected = [
        (path if path in learned else "", CLASSES[word], shape[1:]) for path, word, shape in leaves if word in modules
    ]
    words = {CLASSES[word] for word in modules}
    found = [
        (node.path if node.parameters else "", word, list(node.output.type.shape))
        for node in graph.needed_nodes((graph.output,))
        if (word := SYNONYMS.get(node.operator.name, node.operator.name)) in words
    ]
    if name == "regnet_y_400mf":
        found, expected = sorted(found), sorted(expected)
    assert found == expected
    assert learned <= {path for path, _, _ in expected} | set(_unlisted(graph))


def _unlisted(graph: Graph) -> list[str]:
    """Layers with parameters that no module of torchvision's shows: side heads, and factors without a layer."""
    behind = graph.needed_nodes((graph.output,))
    return [node.path for node in graph.nodes if node not in behind or node.operator.name == "scale"]
