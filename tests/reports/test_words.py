"""How operators and sizes are written."""

from __future__ import annotations

import pytest

from cnndsl.ir import Value
from cnndsl.ops import TensorType
from cnndsl.ops.activation import LeakyRelu, Softmax
from cnndsl.ops.convolution import Conv
from cnndsl.ops.dropout import Dropout
from cnndsl.ops.linear import Dense
from cnndsl.ops.normalization import BatchNorm
from cnndsl.ops.pooling import AvgPool, GlobalAvgPool, MaxPool
from cnndsl.reports.words import format_bytes, format_settings, operator_text, title
from tests.support.networks import add_node, chain
from tests.support.samples import SAMPLES, check_use


@pytest.mark.parametrize(
    ("operator", "text"),
    [
        (Conv(6, (5, 5)), "conv 6 5x5"),
        (Conv(8, (3, 1), stride=(2, 2), padding=((1, 1), (1, 1)), bias=False), "conv 8 3x1 stride=2 pad=1 bias=false"),
        (Conv(8, (3, 3), stride=(2, 1), padding=((1, 1), (0, 0))), "conv 8 3x3 stride=2x1 pad=(1, 0)"),
        (Conv(8, (3, 3), padding="same", dilation=(2, 2), groups=4), "conv 8 3x3 pad=2 dilation=2 groups=4"),
        (Conv(8, (2, 2), padding="same"), "conv 8 2x2 pad=(top=0, bottom=1, left=0, right=1)"),
        (MaxPool((2, 2)), "maxpool 2x2"),
        (MaxPool((2, 2), (2, 2)), "maxpool 2x2"),
        (MaxPool((3, 3), (2, 2), ceil_mode=True), "maxpool 3x3 stride=2 ceil_mode=true"),
        (AvgPool((3, 3), (1, 1), count_include_pad=False), "avgpool 3x3 stride=1 count_include_pad=false"),
        (GlobalAvgPool(), "global_avgpool"),
        (BatchNorm(), "bn"),
        (BatchNorm(eps=1e-3), "bn eps=0.001"),
        (Dropout(), "dropout 0.5"),
        (LeakyRelu(0.2), "leaky_relu 0.2"),
        (Softmax(axis=1), "softmax axis=1"),
    ],
)
def test_an_operator_is_written_as_in_a_spec_without_what_goes_without_saying(operator, text):
    assert operator_text(add_node("0", operator, Value(TensorType((8, 9, 9))))) == text


def test_dense():
    assert operator_text(add_node("0", Dense(10, bias=False), Value(TensorType((8,))))) == "dense 10 bias=false"


@pytest.mark.parametrize("sample", [sample for _, sample in SAMPLES], ids=lambda sample: sample.text)
def test_what_is_written_means_the_same_when_read(sample):
    (node,) = check_use(sample).require_graph().nodes
    again = check_use(sample.replace(text=operator_text(node))).require_graph().nodes[0]
    assert again.operator == node.operator


@pytest.mark.parametrize(
    ("count", "text"),
    [(0, "0 B"), (1023, "1023 B"), (1024, "1.00 KiB"), (4 * 46_038_242, "175.62 MiB"), (5 * 2**40, "5.00 TiB")],
)
def test_bytes(count, text):
    assert format_bytes(count) == text


def test_the_title_is_the_first_line_of_the_documentation():
    assert title(chain("Net", (3,), [], doc="\n  A net.\nAnd more.")) == "A net."
    assert title(chain("Net", (3,), [])) == "Net"


def test_control_characters_do_not_reach_the_terminal():
    graph = chain("Net", (3,), [], doc="a\x1b[31mb", settings={"mode": "\x1b]0;x\x07", "depth": 18})
    assert title(graph) == "a\\x1b[31mb"
    assert format_settings(graph) == 'mode="\\x1b]0;x\\x07" depth=18'
