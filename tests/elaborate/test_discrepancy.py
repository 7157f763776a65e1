"""A broken ``expect`` says how the number expected comes about: published numbers, and networks with one thing changed."""

from __future__ import annotations

import re

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from cnndsl.api import check_text, load
from cnndsl.elaborate.discrepancy import macs_changes, parameter_changes
from cnndsl.ir import Graph

SMALL = """network Small(classes = {classes}) {{
    input {channels}x{size}x{size}
    conv {width} 3x3 bias={bias}
    {norm}
    relu | maxpool 2x2
    conv 7 3x3 stride={stride} pad=same
    relu | flatten
    dense {hidden} bias={dense_bias} | relu
    dense classes
}}
"""
BASES = st.fixed_dictionaries(
    {
        "classes": st.integers(2, 30),
        "channels": st.integers(1, 4),
        "size": st.integers(8, 40),
        "width": st.integers(2, 9),
        "bias": st.sampled_from(("true", "false")),
        "norm": st.sampled_from(("bn", "bn affine=false", "")),
        "stride": st.integers(1, 2),
        "hidden": st.integers(2, 50),
        "dense_bias": st.sampled_from(("true", "false")),
    }
)
BIASED = "with a bias in each of the 53 convolutions, which a `bn` follows,"
CHANGES = st.sampled_from(
    (
        ("classes", 1000, "with 1,000 outputs of the last layer, `dense classes` (`classes=1000`),"),
        ("channels", 5, "with an input of 5x"),
        ("bias", "true", "a bias in the convolution"),
        ("bias", "false", "without the bias of the convolution, which a `bn` follows,"),
        ("dense_bias", "true", "with a bias in the dense layer written without"),
        ("norm", "bn", "with a `bn` behind "),
        ("norm", "bn", "with a weight and bias in the `bn` written without"),
        ("norm", "bn affine=false", "without the weight and bias of the `bn`"),
    )
)


def small(**changes: object) -> Graph:
    return check_text(SMALL.format(**changes)).require_graph()


def zoo(name: str, **settings: object) -> Graph:
    return load(f"zoo:{name}", **settings).graph


@pytest.mark.parametrize(
    ("graph", "published", "said"),
    [
        # torchvision's vgg16_bn, and vgg16 without the biases that a later layer makes useless
        (zoo("vgg16"), 138_365_992, "with a `bn` behind each of the 13 convolutions"),
        (zoo("vgg16", batch_norm=True), 138_357_544, "without the weight and bias of each of the 13 `bn`"),
        (
            zoo("vgg16", batch_norm=True),
            138_361_768,
            "without the bias of each of the 13 convolutions, which a `bn` follows,",
        ),
        # keras.applications.ResNet50: total and trainable parameters of model.summary()
        (
            zoo("resnet50"),
            25_636_712,
            f"{BIASED} and with the running mean and variance of each of the 53 `bn` counted, as Keras does,",
        ),
        (zoo("resnet50"), 25_583_592, BIASED),
        # the same for CIFAR-10
        (
            zoo("resnet18"),
            11_181_642,
            "with 10 outputs of the last layer, `dense classes` (`classes=10`),",
        ),
        # LeNet-5 on a hundred classes, 61,706 + 90*85, and on colours, 61,706 + 2*6*5*5
        (zoo("lenet5"), 69_356, "with 100 outputs of the last layer, `dense classes` (`classes=100`),"),
        (zoo("lenet5"), 62_006, "with an input of 3x32x32"),
        # torchvision's googlenet with its auxiliary classifiers, as in training, and without
        (zoo("googlenet", aux=True), 6_624_904, "without the heads, which training alone needs,"),
    ],
)
def test_published_numbers(graph: Graph, published: int, said: str) -> None:
    assert said in parameter_changes(graph, published)


@given(BASES, CHANGES)
def test_the_one_thing_that_was_changed_is_named(base: dict[str, object], change: tuple[str, object, str]) -> None:
    name, value, said = change
    graph, changed = small(**base), small(**{**base, name: value})
    assume(changed.parameter_count != graph.parameter_count)
    assume(name != "norm" or (said.startswith("with a `bn`")) == (base["norm"] == ""))
    assume(name != "bias" or said.startswith("a bias") or base["norm"] != "")
    found = parameter_changes(graph, changed.parameter_count)
    assert any(said in text for text in found), found


@given(BASES, st.integers(8, 40))
def test_another_size_of_the_input_is_named(base: dict[str, object], size: int) -> None:
    graph, changed = small(**base), small(**{**base, "size": size})
    for explain, count, own in (
        (parameter_changes, changed.parameter_count, graph.parameter_count),
        (macs_changes, changed.macs, graph.macs),
    ):
        if count != own and base["stride"] == 1:
            assert any(size in sizes for sizes in map(sizes_named, explain(graph, count)))


@given(BASES, st.data())
def test_every_size_that_is_named_has_the_count(base: dict[str, object], data: st.DataObject) -> None:
    """Also with padding that the size decides, ``same`` at a stride of 2."""
    graph = small(**base)
    other = small(**{**base, "size": data.draw(st.integers(8, 40))})
    for text in macs_changes(graph, other.macs):
        for size in sizes_named(text):
            assert small(**{**base, "size": size}).macs == other.macs


def sizes_named(text: str) -> range:
    """The heights in ``with an input of 3x8x8`` or ``from 3x8x8 to 3x9x9``."""
    heights = [int(each) for each in re.findall(r"\d+x(\d+)x\d+", text)] if "with an input" in text else []
    return range(heights[0], heights[-1] + 1) if heights else range(0)


def test_multiply_accumulates() -> None:
    """224x224 against 256x256 for ResNet-18, FLOPs for multiply-accumulates, biases counted, one layer more or less."""
    graph = small(classes=10, channels=3, size=10, width=4, bias="true", norm="", stride=1, hidden=8, dense_bias="true")
    first, second, dense, last = 4 * 8 * 8 * 27, 7 * 4 * 4 * 36, 112 * 8, 80
    total = first + second + dense + last
    assert graph.macs == total
    for expected, said in {
        2 * total: "with multiplications and additions counted apart, as FLOPs,",
        total + 4 * 64 + 7 * 16 + 8 + 10: "with the additions of biases counted",
        first + second: "with convolutions counted alone",
        total - second: "without counting `conv 7 3x3 stride=1 pad=same` on line 6",
        total + first: "counting `conv 4 3x3 bias=true` on line 3 twice",
    }.items():
        assert said in macs_changes(graph, expected)
    assert macs_changes(zoo("resnet18"), zoo("resnet18").macs + 1) == []


def test_a_residual_network_at_another_size() -> None:
    """The multiply-accumulates of ResNet-50 grow with the area but for the last layer, by 256/224 squared, exactly.

    Its first convolution makes 128 of 255 as well as of 256.
    """
    graph = zoo("resnet50")
    macs = (graph.macs - 2048 * 1000) * 64 // 49 + 2048 * 1000
    assert macs_changes(graph, macs) == ["with an input from 3x255x255 to 3x256x256"]


def test_a_block_more_or_less() -> None:
    """The second and third block of the first stage are alike; what many blocks cost is told of none."""
    graph = zoo("resnet50")
    block = 2 * 256 * 64 + 9 * 64 * 64 + 2 * (64 + 64 + 256)
    less = parameter_changes(graph, graph.parameter_count - block)
    assert less == [f"without counting the block `layer1.{n}`" for n in (1, 2)]
    more = parameter_changes(graph, graph.parameter_count + block)
    assert more == [f"counting the block `layer1.{n}` twice" for n in (1, 2)]


def test_nothing_is_told_of_a_number_that_nothing_gives() -> None:
    graph = zoo("vgg16")
    assert parameter_changes(graph, 100_000_003) == []
    assert parameter_changes(graph, 1) == []
    assert macs_changes(graph, 1) == []


def test_a_setting_is_named_only_if_it_says_nothing_else() -> None:
    text = "network A(n = 4) {\n    input 3\n    dense n | relu\n    dense n\n}\n"
    graph = check_text(text).require_graph()
    assert parameter_changes(graph, 16 + 5 * 7) == ["with 7 outputs of the last layer, `dense n`,"]


def test_layers_behind_the_last_must_take_its_outputs() -> None:
    """A reshape to 2x2 stands no other number of outputs."""
    text = "network A {\n    input 3\n    dense 4\n    reshape 2x2\n}\n"
    graph = check_text(text).require_graph()
    assert not any("outputs" in each for each in parameter_changes(graph, 4 * 8))
