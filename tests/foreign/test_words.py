"""What a word means in other tools, and that none of theirs is taken for a slip of ours."""

from __future__ import annotations

import ast

import pytest
from onnx import defs

from cnndsl.explain.foreign.python import parsed
from cnndsl.ops import OPERATORS
from cnndsl.recipe import LOSSES, OPTIMIZERS, SCHEDULES
from cnndsl.translation.lookup import call_in_our_words, every_row
from cnndsl.translation.meaning import meaning
from cnndsl.translation.names import ATTRIBUTES, FLOW, NEAR_ATTRIBUTES, SEVERAL, attribute_named, fold, layer_named
from cnndsl.translation.records import Argument
from cnndsl.translation.tool_names import LAYERS

EXACT = {
    "Linear": "dense",
    "fc": "dense",
    "nn.Conv2d": "conv",
    "Conv2D": "conv",
    "ReLU": "relu",
    "LeakyReLU": "leaky_relu",
    "Softmax": "softmax",
    "softmax2d": "softmax",
    "swish": "silu",
    "MaxPool2d": "maxpool",
    "GlobalAveragePooling2D": "global_avgpool | flatten",
    "BatchNorm2d": "bn",
    "batch_norm": "bn",
    "BatchNormalization": "bn momentum=0.01 eps=0.001",
    "LayerNormalization": "layer_norm axis=0 eps=0.001",
    "LocalResponseNorm": "lrn average=true k=1",
    "DropPath": "stochastic_depth",
    "gap": "global_avgpool",
    "Concat": "concat",
}

OTHER = {
    "pixel_unshuffle": "cnndsl has nothing like it",
    "PixelUnshuffle": "cnndsl has nothing like it",
    "conv3d": "none for volumes",
    "interpolate": "begins with size",
    "Upsample": "begins with size",
    "grn": "known from papers",
    "logsigmoid": "cnndsl has nothing like it",
    "LayerNorm": "axis=0",
    "LRN": "defaults",
    "BatchNorm": "no factors",
    "mish": "there is no mish",
    "SeparableConv2D": "two layers",
    "Cropping2D": "size that is left",
    "lrelu": "slope",
    "TopK": "cnndsl has nothing like it",
}


@pytest.mark.parametrize(("word", "layer"), EXACT.items(), ids=EXACT)
def test_what_has_a_counterpart(word: str, layer: str) -> None:
    found = meaning(word)
    assert found is not None
    assert (found.layer, found.exact, found.sentence) == (layer, True, "")


@pytest.mark.parametrize(("word", "words"), OTHER.items(), ids=OTHER)
def test_what_means_something_else(word: str, words: str) -> None:
    found = meaning(word)
    assert found is not None
    assert not found.exact
    assert words in found.sentence


@pytest.mark.parametrize("word", ["cvon", "flaten", "unit", "densse"])
def test_a_slip_means_nothing_elsewhere(word: str) -> None:
    assert meaning(word) is None


@pytest.mark.parametrize("tool", LAYERS)
def test_every_name_of_a_tool_means_something(tool: str) -> None:
    for name in LAYERS[tool].split():
        found = meaning(name)
        assert found is not None
        assert found.exact or found.sentence, name


def test_the_names_of_onnx_are_its_own() -> None:
    theirs = {each.name for each in defs.get_all_schemas_with_history()}
    assert {name for name in LAYERS["ONNX"].split() if name not in theirs} <= {"RMSNormalization", "SwiGLU", "Swish"}


def test_words_of_lectures_stand_for_layers_and_attributes_that_there_are() -> None:
    declared = [*OPERATORS.values(), *OPTIMIZERS.values(), *LOSSES.values(), *SCHEDULES.values()]
    known = {name for each in declared for name in each.attributes()}
    assert {ours for names in ATTRIBUTES.values() for ours in names} <= known
    assert {ours for ours, _ in NEAR_ATTRIBUTES.values()} <= known
    assert not ATTRIBUTES.keys() & NEAR_ATTRIBUTES.keys()
    assert all(word == fold(word) for word in SEVERAL)


def test_an_attribute_stands_for_ours_where_that_is_known() -> None:
    assert attribute_named("filters", OPERATORS["conv"].attributes()) == "out_channels"
    assert attribute_named("num_output", OPERATORS["dense"].attributes()) == "out_features"
    assert attribute_named("units", OPERATORS["conv"].attributes()) is None
    assert attribute_named("depth_radius", OPERATORS["lrn"].attributes()) is None
    assert layer_named("Leaky_ReLU", OPERATORS) == "leaky_relu"
    assert "x" in FLOW


VALUES = (
    "1",
    "-1",
    "2.5",
    "True",
    "None",
    "'same'",
    "'relu'",
    "(1, 2)",
    "[1, 2, 3, 4]",
    "((1, 2), 3)",
    "[]",
    "n",
    "f(x)",
)


@pytest.mark.parametrize("tool", ["PyTorch", "Keras", "Caffe", "Darknet"])
def test_any_value_of_any_parameter_is_put_into_words(tool: str) -> None:
    for row in every_row():
        for parameter in row.parameters if row.tool == tool else ():
            for value in VALUES:
                argument = statement_of(f"f({parameter.names[0].replace('*', 'any')}={value})")
                written = call_in_our_words([row], argument)
                assert written.layers


def statement_of(text: str) -> list[Argument]:
    """The arguments of a call."""
    statement = parsed(text)
    assert statement is not None
    assert isinstance(statement.node, ast.Expr)
    assert isinstance(statement.node.value, ast.Call)
    return statement.arguments(statement.node.value)
