"""Where a lecture disagrees with the arithmetic: what the checker prints for the lecture's version of a spec.

Beside them the figures that the lectures state by layer or as shares, for which a spec has no contract.
"""

from __future__ import annotations

import pytest

from cnndsl.api import check_source
from cnndsl.diagnostics.text import render
from cnndsl.ir import Graph
from cnndsl.reading import read_spec
from cnndsl.source import Source

from .references import zoo_graph as graph


def printed(name: str, *changes: tuple[str, str]) -> list[str]:
    """What the checker prints, an error at a time, for a spec with these changes."""
    source, settings = read_spec(f"zoo:{name}")
    text = source.text
    for before, after in changes:
        assert before in text
        text = text.replace(before, after)
    checked = check_source(Source("lecture.cnn", text, source.path), settings)
    return [render(item) for item in checked.diagnostics]


def test_alexnet_at_224_has_no_55() -> None:
    first, *_ = printed("alexnet_two_columns", ("input 3x227x227", "input 3x224x224"))
    assert "error[E0303]: the shape here is 96x54x54, not 96x55x55" in first
    assert "floor((224 - 11 + 2*0)/4 + 1) = 54" in first


def test_alexnet_without_the_biases_of_its_dense_layers() -> None:
    lecture = ("expect params = 62_378_344 with", "expect params = 62_369_152 with")
    (error,) = printed("alexnet_single_column", lecture)
    assert "the network has 62,378,344 parameters with columns=1, expected 62,369,152" in error
    assert "off by +9,192" in error
    bare = [("dense 4096", "dense 4096 bias=false"), ("dense classes", "dense classes bias=false")]
    (error,) = printed("alexnet_single_column", *bare, ("60_965_224", "60_956_032"))
    assert "the network has 62,369,152 parameters with columns=1, expected 62,378,344" in error


def test_zfnet_with_twice_as_many_filters() -> None:
    widths = [(f"conv {width} ", f"conv {2 * width}  ") for width in (96, 256, 384)]
    contracts = [(f"-> {width}x", f"-> {2 * width}x") for width in (96, 256, 384)]
    (error,) = printed("zfnet", *widths, *contracts, ("-> 9216", "-> 18_432"))
    assert "the network has 111,254,760 parameters, expected 62,357,608" in error


def test_the_table_of_inception_v2_without_its_padding() -> None:
    first, *_ = printed("inception_v2", ("basic_conv 288 3x3 pad=1", "basic_conv 288 3x3"))
    assert "error[E0303]: the shape here is 288x33x33, not 288x35x35" in first
    assert "floor((35 - 3 + 2*0)/1 + 1) = 33" in first


def test_flowers_model_3_at_100() -> None:
    errors = printed("flowers3", ("input 3x96x96", "input 3x100x100"))
    assert "the shape here is 6x100x100, not 6x96x96" in errors[0]
    pooling = [("input 3x96x96", "input 3x100x100"), ("-> 6x96x96", "-> 6x100x100")]
    first, *_ = printed("flowers3", *pooling)
    assert "error[E0303]: the shape here is 6x25x25, not 6x24x24" in first


def test_vgg_with_pooling_of_3x3() -> None:
    (error,) = printed("vgg16", ("maxpool 2x2", "maxpool 3x3"))
    assert "error[E0301]: a 3x3 window does not fit a 2x2 input" in error


def test_the_layers_of_alexnet_for_cats_and_dogs() -> None:
    figures = [node.parameter_count for node in graph("alexnet_cats_dogs").nodes if node.parameters]
    assert figures == [23_296, 307_392, 663_936, 884_992, 590_080, 37_752_832, 2_097_664, 1_026]


def test_the_layers_of_lenet_for_cats_and_dogs() -> None:
    figures = [node.parameter_count for node in graph("lenet_cats_dogs").nodes if node.parameters]
    assert figures == [1_216, 12_832, 46_023_168, 1_026]


def test_the_layers_of_the_networks_for_mnist() -> None:
    figures = [node.parameter_count for node in graph("mnist_cnn").nodes if node.parameters]
    assert figures == [320, 18_496, 36_928, 36_928, 650]
    figures = [node.parameter_count for node in graph("mnist_dense").nodes if node.parameters]
    assert figures == [401_920, 5_130]


def dense_parameters(network: Graph) -> list[int]:
    return [node.parameter_count for node in network.nodes if node.operator.name == "dense"]


def test_shares_of_parameters() -> None:
    alexnet, vgg = graph("alexnet_single_column"), graph("vgg16")
    assert sum(dense_parameters(alexnet)) / alexnet.parameter_count == pytest.approx(0.94, abs=0.005)
    assert dense_parameters(vgg)[0] / vgg.parameter_count == pytest.approx(0.74, abs=0.005)
    share = graph("mnist_cnn").parameter_count / graph("mnist_dense").parameter_count
    assert share == pytest.approx(0.23, abs=0.005)


def test_shares_of_multiply_accumulates() -> None:
    plain, vgg = graph("plain34").macs, graph("vgg19").macs
    assert round(plain / 1e9, 1) == 3.6
    assert round(vgg / 1e9, 1) == 19.6
    assert plain / vgg == pytest.approx(0.18, abs=0.01)
    naive, reduced = graph("inception_module_naive").macs, graph("inception_module").macs
    assert naive / reduced == pytest.approx(2.4, abs=0.05)


def test_depths() -> None:
    def layers(name: str) -> int:
        network = graph(name)
        behind = network.needed_nodes((network.output,))
        return sum(node.operator.name in ("conv", "dense") for node in behind)

    modules = 9
    outside_modules = 3 + 1  # three convolutions and the output
    assert layers("googlenet_2014") == outside_modules + 6 * modules
    assert outside_modules + 2 * modules == 22  # as the paper counts: a module is two layers deep
    assert [layers(f"resnet{depth}") for depth in (20, 56, 110)] == [20, 56, 110]
    assert layers("preact_resnet164") == 164 + 3  # and the projections
    assert [layers(f"plain{depth}") for depth in (18, 34)] == [18, 34]


def test_batch_normalisation_of_the_1001_layers() -> None:
    network = graph("preact_resnet1001")
    normalised = sum(node.parameter_count for node in network.nodes if node.operator.name == "bn")
    assert network.parameter_count - normalised == 10_178_490
