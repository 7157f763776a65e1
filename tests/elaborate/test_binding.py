"""Arguments: by place and by name, their sorts and ranges, and what is said of those that do not fit."""

from __future__ import annotations

import pytest

from cnndsl.api import check_text
from cnndsl.ops.convolution import Conv

from .built import codes, network, node


@pytest.mark.parametrize(
    "line",
    [
        "conv 4 3x3",
        "conv 4 3",
        "conv out_channels=4 kernel_size=3",
        "conv 4 kernel_size=3x3",
        "conv kernel_size=(3, 3) out_channels=4",
        "conv (2 + 2) (1 + 2)",
        "conv 4 3 stride=1 pad=0",
        "conv 4 3 padding=valid",
        "conv 4 3 pad=(0, 0)",
        "conv 4 3 pad=(left=0)",
        "conv 4 3 dilation=1x1 groups=1 bias=true",
    ],
)
def test_ways_to_say_the_same(line: str) -> None:
    assert node(network(line), "0").operator == node(network("conv 4 3x3"), "0").operator


def test_sides_of_the_padding() -> None:
    operator = node(network("conv 4 3 pad=(top=1, bottom=2, left=3, right=4)"), "0").operator
    assert isinstance(operator, Conv)
    assert operator.padding == ((1, 2), (3, 4))


def test_where_each_attribute_is_written() -> None:
    built = node(network("conv 4 3x3 pad=same"), "0")
    written = {name: span.text for name, span in built.attribute_spans.items()}
    assert written == {"out_channels": "4", "kernel_size": "3x3", "padding": "pad=same"}


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("conv 4", ["E0203"]),
        ("conv", ["E0203"]),
        ("conv kernel_size=3", ["E0203"]),
        ("conv 4 3 1", ["E0204"]),
        ("conv 4 3 1 1 1 1", ["E0204"]),
        ("relu 1", ["E0204"]),
        ("flatten true", ["E0204"]),
        ("conv 4 3 out_channels=5", ["E0205"]),
        ("conv 4 3 pad=1 padding=1", ["E0205"]),
        ("conv 4 3 strides=1", ["E0202"]),
        ("relu inplace=true", ["E0202"]),
        ("conv 4.5 3", ["E0206"]),
        ("conv true 3", ["E0206"]),
        ('conv "4" 3', ["E0206"]),
        ("conv [4] 3", ["E0206"]),
        ("conv 4 3x3x3", ["E0206"]),
        ("conv 4 3 bias=1", ["E0206"]),
        ('conv 4 3 pad="same"', ["E0206"]),
        ("conv 4 3 pad=(1, 2, 3)", ["E0206"]),
        ("conv 4 3 pad=(up=1)", ["E0206"]),
        ("dropout (1, 2)", ["E0206"]),
        ("conv 0 3", ["E0207"]),
        ("conv -4 3", ["E0207"]),
        ("conv 4 0x3", ["E0207"]),
        ("conv 4 3 stride=0", ["E0207"]),
        ("conv 4 3 pad=-1", ["E0207"]),
        ("conv 3_000_000_000 1", ["E0207"]),
        ("dropout 1.5", ["E0207"]),
        ("bn eps=0", ["E0207"]),
        ("conv n 3", ["E0208"]),
        ("conv 4 3 pad=sane", ["E0208"]),
        ("conv (n + 1) 3", ["E0208"]),
        ("conv 4 3 { relu }", ["E0213"]),
        ("conv 4 3x?", ["E0206"]),
        # two mistakes of two arguments are two errors
        ("conv 0 3 stride=0", ["E0207", "E0207"]),
        # but the names that a layer does not have are said together, with one edit
        ("conv 4 3 strid=1 bais=true", ["E0202"]),
    ],
)
def test_wrong_arguments(line: str, expected: list[str]) -> None:
    assert codes(line) == expected


def test_what_follows_a_wrong_layer_is_checked_where_it_can_be() -> None:
    assert codes("conv 4 3 strid=1\nconv 4 99x99\ndense 10\nconv 4 3 groups=0\nrelu 1") == ["E0202", "E0207", "E0204"]


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("cnov 4 3", "conv"),
        ("dropot", "dropout"),
        ("conv 4 3 strid=1", "stride"),
        ("conv 4 3 pad=sam", "same"),
        ("let width = 4\nconv widht 3", "width"),
        ("let a = lne([1])", "len"),
        ("flatten\nlinear 10", "dense"),
        ("relu\nexpect parms = 0", "params"),
    ],
)
def test_did_you_mean(body: str, expected: str) -> None:
    checked = check_text(f"network A {{\n    input 8x8x8\n{body}\n}}")
    (mistake,) = checked.diagnostics
    (fix,) = mistake.fixes
    assert expected in fix.edits[0].replacement
