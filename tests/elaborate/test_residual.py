"""Residuals: which shortcut is laid, its strides, its names, and the value that goes on."""

from __future__ import annotations

import pytest

from cnndsl.ops import OPERATORS

from .built import codes, layers, network, node, shape


def operators(graph) -> list[str]:
    return [item.operator.name for item in graph.nodes]


@pytest.mark.parametrize("shortcut", ["", "shortcut identity", "shortcut pad", "shortcut projection"])
def test_where_the_shape_stays_the_value_itself_is_added(shortcut) -> None:
    graph = network(f"first: relu\nresidual {{ conv 8 3x3 pad=1 }} {shortcut}")
    assert layers(graph) == ["first relu", "1 conv", "add"]
    assert graph.nodes[-1].inputs == (node(graph, "1").output, node(graph, "first").output)


def test_option_a_pads_with_zero_channels_and_strides() -> None:
    graph = network("residual { conv 16 3x3 stride=2 pad=1 | bn } shortcut pad")
    assert layers(graph) == ["0 conv", "1 bn", "shortcut_pad", "add"]
    assert graph.nodes[2].operator == OPERATORS["shortcut_pad"](out_channels=16, stride=(2, 2))
    assert [name for name in graph.parameters if name not in ("0.weight", "0.bias", "1.weight", "1.bias")] == []


def test_option_b_projects_where_the_shape_changes() -> None:
    graph = network("residual { conv 16 3x3 stride=2 pad=1 } shortcut projection")
    assert layers(graph) == ["0 conv", "1 conv", "add"]
    projection = node(graph, "1").operator
    assert (projection.kernel_size, projection.stride, projection.bias) == ((1, 1), (2, 2), True)


def test_a_projection_is_normalised_where_the_body_is() -> None:
    graph = network(
        "residual { conv 16 3x3 stride=2 pad=1 bias=false | bn | relu | conv 16 3x3 pad=1 } shortcut projection"
    )
    assert layers(graph) == ["0 conv", "1 bn", "2 relu", "3 conv", "4 conv", "5 bn", "add"]
    assert node(graph, "4").operator.bias is False


def test_a_bn_before_the_residual_does_not_count() -> None:
    graph = network("bn\nresidual { conv 16 1x1 } shortcut projection")
    assert operators(graph) == ["bn", "conv", "conv", "add"]


def test_option_c_projects_always() -> None:
    assert operators(network("residual { conv 8 1x1 } shortcut projection always")) == ["conv", "conv", "add"]


@pytest.mark.parametrize(
    ("body", "strides"),
    [
        ("conv 8 3x3 stride=2 pad=1", (2, 2)),
        ("conv 4 1x1 stride=3", (3, 3)),
        ("conv 4 3x3 stride=(2, 1) pad=1", (2, 1)),
        ("conv 4 1x1 | maxpool 2x2 | maxpool 2x2", (4, 4)),
    ],
)
def test_the_stride_of_a_projection_is_worked_out(body, strides) -> None:
    graph = network(f"residual {{ {body} }} shortcut projection")
    assert graph.nodes[-2].operator.stride == strides


def test_a_size_that_no_stride_gives_is_an_error() -> None:
    assert codes("residual { conv 8 3x3 } shortcut projection") == ["E0320"]
    assert codes("residual { conv 4 1x1 | maxpool 3x3 } shortcut projection") == ["E0320"]  # 16 to 5
    assert codes("residual { upsample 2 } shortcut pad") == ["E0320"]
    assert codes("residual { conv 4 1x1 } shortcut pad") == ["E0320"]


def test_when_changed_lays_its_layers_only_then() -> None:
    text = "residual {{ conv {} 1x1 }} shortcut when changed {{ down: seq {{ conv {} 1x1 | bn }} }}"
    assert layers(network(text.format(8, 8))) == ["0 conv", "add"]
    assert layers(network(text.format(9, 9))) == ["0 conv", "down.0 conv", "down.1 bn", "add"]


def test_a_shortcut_with_a_body_is_always_laid() -> None:
    graph = network("residual { conv 8 1x1 } shortcut { conv 8 1x1 | bn }")
    assert layers(graph) == ["0 conv", "1 conv", "2 bn", "add"]
    assert node(graph, "1").input is graph.input


def test_none_adds_nothing() -> None:
    assert layers(network("residual { conv 4 1x1 } shortcut none\nrelu")) == ["0 conv", "1 relu"]


def test_when_same_adds_only_where_the_shapes_agree() -> None:
    assert operators(network("residual when same { conv 8 1x1 }")) == ["conv", "add"]
    assert operators(network("residual when same { conv 9 1x1 }")) == ["conv"]
    assert codes("residual when same { conv 9 1x1 } shortcut projection") == ["E0213"]


def test_a_label_makes_a_scope_and_names_the_sum() -> None:
    graph = network("skip: residual { conv 16 1x1 } shortcut projection\nconv 16 1x1\nadd skip")
    assert layers(graph) == ["skip.0 conv", "skip.1 conv", "skip add", "1 conv", "add"]
    assert graph.nodes[-1].inputs[1] is graph.nodes[2].output


def test_residuals_nest() -> None:
    graph = network("residual { residual { conv 8 1x1 } | relu }")
    assert layers(graph) == ["0 conv", "add", "1 relu", "add"]
    assert graph.nodes[-1].inputs[1] is graph.input


def test_vectors_add_as_well() -> None:
    graph = network("flatten\nresidual { dense 12 } shortcut when changed { dense 12 }", "12")
    assert shape(graph) == "12"
    assert codes("residual { dense 6 } shortcut projection", "12") == ["E0320"]
