"""Receptive fields against the lectures' statements, published figures, and the recursion worked by hand."""

from __future__ import annotations

import pytest

from cnndsl.analysis.receptive_field import ReceptiveField, receptive_fields, window_formulas
from cnndsl.api import check_text
from cnndsl.ir import Graph, Value
from cnndsl.ops import TensorType
from cnndsl.ops.activation import Relu
from cnndsl.ops.convolution import Conv
from cnndsl.ops.linear import Dense, Flatten
from cnndsl.ops.pooling import GlobalAvgPool, MaxPool
from tests.analysis.test_patch import true_patches
from tests.support.networks import Join, add_node, chain, conv, lenet5, mnist_dense


def last_field(graph: Graph) -> ReceptiveField:
    return receptive_fields(graph)[graph.output]


def same(out_channels: int, kernel_size: int, **attributes: object) -> Conv:
    return conv(out_channels, kernel_size, padding="same", **attributes)


@pytest.mark.parametrize(("count", "seen"), [(1, 3), (2, 5), (3, 7)])
def test_stacked_3x3_see_what_the_lectures_say(count, seen):
    assert last_field(chain("n", (3, 32, 32), [same(8, 3)] * count)) == ReceptiveField((seen, seen), (1, 1))


def test_strides_spread_what_follows():
    graph = chain("n", (1, 64, 64), [conv(4, 3, stride=(2, 2)), conv(4, 3, stride=(2, 1)), conv(4, 3)])
    # height: 1, +2*1 = 3, +2*2 = 7, +2*4 = 15; width: 1, 3, 7, +2*2 = 11
    assert last_field(graph) == ReceptiveField((15, 11), (4, 2))


def test_dilation_widens_the_kernel():
    assert last_field(chain("n", (1, 64, 64), [conv(4, 3, dilation=(4, 2))])).size == (9, 5)


def test_vgg16_sees_212_before_its_dense_layers():
    """Araujo et al. 2019, table 1: VGG-16 has a receptive field of 212 and an effective stride of 32."""
    layers = []
    for count, channels in ((2, 64), (2, 128), (3, 256), (3, 512), (3, 512)):
        layers += [same(channels, 3)] * count + [MaxPool((2, 2))]
    assert last_field(chain("vgg16", (3, 224, 224), layers)) == ReceptiveField((212, 212), (32, 32))


def test_alexnet_sees_195_before_its_dense_layers():
    """Araujo et al. 2019, table 1: AlexNet (v2) has a receptive field of 195 and an effective stride of 32."""
    pool = MaxPool((3, 3), (2, 2))
    layers = [conv(64, 11, stride=(4, 4)), pool, same(192, 5), pool, same(384, 3), same(384, 3), same(256, 3), pool]
    assert last_field(chain("alexnet", (3, 224, 224), layers)) == ReceptiveField((195, 195), (32, 32))


def test_lenet5_sees_its_whole_image_at_c5():
    graph = lenet5()
    fields = {node.path: fields_of for node in graph.nodes for fields_of in [receptive_fields(graph)[node.output]]}
    assert [str(fields[path]) for path in ("c1", "2", "c3", "6", "c5")] == ["5x5", "6x6", "14x14", "16x16", "all"]
    assert fields["f6"] == ReceptiveField((32, 32), None, everything=True)


@pytest.mark.parametrize("layer", [GlobalAvgPool(), Flatten()])
def test_what_sees_everything_keeps_seeing_it(layer):
    graph = chain("n", (2, 6, 9), [GlobalAvgPool(), conv(4, 1), layer])
    assert last_field(graph) == ReceptiveField((6, 9), None, everything=True)


def test_a_vector_has_one_axis():
    graph = mnist_dense()
    fields = receptive_fields(graph)
    assert fields[graph.input] == ReceptiveField((1,), (1,))
    assert fields[graph.output] == ReceptiveField((784,), None, everything=True)
    assert str(fields[graph.output]) == "all"


def test_where_branches_meet_the_widest_counts():
    image = Value(TensorType((4, 32, 32)))
    narrow = add_node("narrow", same(4, 1), image)
    tall = add_node("tall", Conv(4, (7, 1), padding="same"), image)
    wide = add_node("wide", Conv(4, (3, 5), padding="same"), image)
    join = add_node("join", Join(), narrow.output, tall.output, wide.output)
    after = add_node("after", same(4, 3), join.output)
    graph = Graph("n", image, (narrow, tall, wide, join, after), after.output)
    assert receptive_fields(graph)[join.output] == ReceptiveField((7, 5), (1, 1))
    assert last_field(graph) == ReceptiveField((9, 7), (1, 1))


def test_a_branch_that_sees_everything_makes_the_sum_see_it():
    image = Value(TensorType((4, 8, 8)))
    straight = add_node("straight", Relu(), image)
    pooled = add_node("pooled", GlobalAvgPool(), image)
    join = add_node("join", Join(), straight.output, pooled.output)
    graph = Graph("n", image, (straight, pooled, join), join.output)
    assert last_field(graph).everything


def test_a_skip_keeps_the_field_of_the_longer_way():
    image = Value(TensorType((4, 8, 8)))
    first = add_node("first", same(4, 3), image)
    join = add_node("join", Join(), first.output, image)
    graph = Graph("n", image, (first, join), join.output)
    assert last_field(graph) == ReceptiveField((3, 3), (1, 1))


def test_formulas_are_the_recursion_with_its_numbers():
    before = ReceptiveField((6, 6), (2, 2), carriers=(1, 2))
    assert window_formulas(before, conv(1, 5).window()) == ("6 + (5 - 1)*2 = 14",)
    assert window_formulas(before, Conv(1, (1, 3)).window()) == (
        "height: 6 + (1 - 1)*2 = 6",
        "width: 6 + (3 - 1)*2 = 10",
    )
    everything = ReceptiveField((6, 6), None, everything=True)
    assert window_formulas(everything, conv(1, 5).window()) == ()


def test_dense_behind_flatten_sees_everything():
    assert last_field(chain("n", (1, 8, 8), [conv(2, 3), Flatten(), Dense(3)])).everything


ENLARGING = {
    "upsample 2 | conv 1 3x3": ((2, 2), (0.5, 0.5)),
    "upsample 2 | conv 1 2x5": ((2, 3), (0.5, 0.5)),
    "conv 1 3x3 | upsample 2 mode=bilinear | conv 1 3x3": ((5, 5), (0.5, 0.5)),
    "conv 1 3x3 stride=2 | conv_transpose 1 2x2 stride=2": ((3, 3), (1, 1)),
    "conv_transpose 1 4x4 stride=2 pad=1 | conv_transpose 1 4x4 stride=2 pad=1": ((3, 3), (0.25, 0.25)),
    "maxpool 2x2 | conv 1 3x3 pad=1 | upsample 2 | conv 1 3x3 pad=1": ((8, 8), (1, 1)),
    "conv 1 3x3 dilation=2 | upsample 3x1 | conv 1 3x3 stride=(3, 2)": ((5, 7), (1, 2)),
    "adaptive_avgpool 8x16": ((3, 2), (3, 1.5)),
}


@pytest.mark.parametrize("layers", ENLARGING)
def test_enlarging_divides_the_jump(layers):
    """The size is that of the largest patch, found by moving one number of the input; 24 places leave an inside."""
    graph = check_text(f"network N {{\n    input 1x24x24\n    {layers}\n}}\n").require_graph()
    size, jump = ENLARGING[layers]
    assert last_field(graph) == ReceptiveField(size, jump)
    patches = [ends for ends in true_patches(graph).values() if ends]
    assert tuple(max(last - first + 1 for first, last in axis) for axis in zip(*patches, strict=True)) == size


def test_no_formula_where_outputs_take_turns():
    assert window_formulas(ReceptiveField((3, 3), (0.5, 0.5), carriers=(1, 2)), conv(1, 3).window()) == ()
