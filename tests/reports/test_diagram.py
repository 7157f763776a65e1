"""Pictures of networks: what is drawn, that it is safe, and that it is the same each time."""

from __future__ import annotations

import re
from itertools import pairwise

import pytest

from cnndsl.ir import Graph, Node, Value
from cnndsl.ops import OPERATORS, TensorType
from cnndsl.ops.activation import Relu
from cnndsl.ops.dropout import Dropout
from cnndsl.ops.linear import Dense
from cnndsl.ops.normalization import BatchNorm
from cnndsl.ops.pooling import MaxPool
from cnndsl.reports.diagram import Look, diagram, draw_picture, render_picture
from cnndsl.reports.diagram.palette import kind_of
from cnndsl.reports.engine import render
from tests.support.networks import SPAN, Join, add_node, chain, conv, lenet5, mnist_cnn, mnist_dense, residual

from .svg import SVG, elements, outline, parse, texts


def draw(graph, **look):
    return parse(render_picture(draw_picture(graph), Look(**look), "svg"))


def layers(graph):
    """The boxes between input and output, each with the layers that are folded into it."""
    boxes = list(draw_picture(graph).boxes)[1:-1]
    return [[box.path, *(strip.path for strip in box.strips)] for box in boxes]


@pytest.mark.parametrize("build", [lenet5, mnist_cnn, mnist_dense, residual])
def test_goldens(golden, build):
    source = diagram(build()).source
    golden(f"diagram/{build.__name__}.dot", source)
    golden(f"diagram/{build.__name__}.svg", render(source, "svg"))


def test_the_same_network_gives_the_same_bytes():
    assert diagram(lenet5()).source == diagram(lenet5()).source
    source = diagram(lenet5()).source
    assert render(source, "png") == render(source, "png")


def test_boxes_have_ids_of_their_layers_and_classes_of_their_kinds():
    nodes = elements(draw(lenet5()), "node")
    classes = {id_: node.get("class") for id_, node in nodes.items()}
    assert classes == {
        "input": "node io",
        "layer-c1": "node conv",
        "layer-2": "node pool",
        "layer-c3": "node conv",
        "layer-6": "node pool",
        "layer-c5": "node conv",
        "layer-10": "node shape",
        "layer-f6": "node dense",
        "layer-output": "node dense",
        "output": "node io",
    }


def test_ids_stay_when_a_layer_comes_before():
    named = [("a", conv(4, 3)), ("b", conv(4, 3)), ("c", conv(4, 3))]
    before, after = (draw(chain("n", (4, 20, 20), layers)) for layers in (named, [("new", conv(4, 3)), *named]))
    for what in ("node", "edge"):
        old, new = set(elements(before, what)), set(elements(after, what))
        assert old - new == ({"input--layer-a"} if what == "edge" else set())
    assert set(elements(after, "edge")) >= {
        "input--layer-new",
        "layer-new--layer-a",
        "layer-a--layer-b",
        "layer-c--output",
    }


def test_edges_between_the_same_boxes_have_ids_of_their_own():
    image = Value(TensorType((4, 8, 8)))
    parts = (Value(TensorType((1, 8, 8))), Value(TensorType((3, 8, 8))))
    split = Node("split", Join(), (image,), parts, SPAN)
    join = add_node("join", Join(), *parts)
    graph = Graph("n", image, (split, join), join.output)
    ids = set(elements(draw(graph), "edge"))
    assert ids == {"input--layer-split", "layer-split--layer-join", "layer-split--layer-join--2", "layer-join--output"}


def test_a_box_says_what_its_layer_is():
    nodes = elements(draw(lenet5()), "node")
    assert texts(nodes["layer-c3"]) == ["conv 16 5x5", "c3", "stride 1", "2,416 parameters", "tanh"]
    assert texts(nodes["layer-6"]) == ["avgpool 2x2", "stride 2", "tanh"]


def test_texts_of_a_line_stand_on_one_base_line():
    texts_of = elements(draw(lenet5()), "node")["layer-c3"].iter(f"{SVG}text")
    heading, name, stride, parameters, _ = (float(text.get("y")) for text in texts_of)
    assert heading == pytest.approx(name, abs=0.3)
    assert stride == parameters


@pytest.mark.parametrize("direction", ["TB", "LR"])
def test_bold_shapes_are_as_far_from_their_lines_as_plain_ones(direction):
    edges = elements(draw(chain("n", (4, 8, 8), [conv(4, 3, padding="same"), conv(4, 3)]), direction=direction), "edge")
    far = []
    for edge in edges.values():
        (text,) = edge.iter(f"{SVG}text")
        far.append(float(text.get("y")) - outline(edge).top)
    assert far == pytest.approx([far[0]] * 3, abs=0.3)


def test_details_are_words_for_readers():
    layer = conv(4, 3, stride=(2, 1), padding=((1, 1), (0, 0)), bias=False)
    pool = MaxPool((2, 2), (2, 2), ceil_mode=True)
    svg = draw(chain("n", (3, 9, 9), [layer, pool]))
    assert {"stride 2x1, pad (1, 0), no bias", "stride 2, ceil_mode"} <= set(texts(svg))


def test_a_skip_is_an_edge_of_its_own():
    picture = draw_picture(residual())
    ids = [box.id for box in picture.boxes]
    edges = [(edge.source, edge.target) for edge in picture.edges]
    (skip,) = (edge for edge in picture.edges if edge.is_skip)
    assert sorted(edges) == sorted([*pairwise(ids), (skip.source, skip.target)])
    assert (skip.source, skip.target) == (ids[1], ids[4])
    (group,) = elements(draw(residual()), "skip").values()
    assert group.find(f"{SVG}path").get("stroke-dasharray")


def test_edges_carry_the_shapes():
    edges = elements(draw(mnist_cnn()), "edge").values()
    shapes = [text for edge in edges for text in texts(edge) if text]
    assert shapes == [
        "1x28x28", "32x26x26", "32x13x13", "64x11x11", "64x5x5", "64x3x3", "576", "64", "10",
    ]  # fmt: skip


def test_only_shapes_that_changed_are_bold():
    source = diagram(chain("n", (4, 8, 8), [conv(4, 3, padding="same"), conv(4, 3)])).source
    labels = re.findall(r"->.*label=<<(B|FONT)>([0-9x]+)<", source)
    assert labels == [("FONT", "4x8x8"), ("FONT", "4x8x8"), ("B", "4x6x6")]


def test_the_title_is_the_documentation_and_the_totals():
    found = texts(draw(lenet5()))
    assert "LeNet-5, LeCun et al. 1998, figure 2" in found
    assert "LeNet5 classes=10 | 61,706 parameters" in found
    assert "416,520 multiply-accumulates" in found


def test_normalisation_activation_and_dropout_share_the_box_of_their_layer():
    graph = chain("n", (3, 8, 8), [BatchNorm(), conv(4, 3), BatchNorm(), Relu(), Dropout(), MaxPool((2, 2))])
    assert layers(graph) == [["0"], ["1", "2", "3", "4"], ["5"]]
    assert list(draw_picture(graph).boxes)[2].cost.parameters == 4 * 3 * 9 + 4 + 8


def test_what_another_layer_reads_too_is_not_folded_away():
    image = Value(TensorType((3, 8, 8)))
    first = add_node("first", conv(3, 3, padding="same"), image)
    act = add_node("act", Relu(), first.output)
    second = add_node("second", conv(3, 3), first.output)
    graph = Graph("n", image, (first, act, second), act.output)
    assert layers(graph) == [["first"], ["act"], ["second"]]
    assert len(elements(draw(graph), "edge")) == 4


def test_an_activation_of_one_of_several_outputs_has_its_own_box():
    image = Value(TensorType((4, 8, 8)))
    parts = (Value(TensorType((2, 8, 8))), Value(TensorType((2, 8, 8))))
    split = Node("split", Join(), (image,), parts, SPAN)
    act = add_node("act", Relu(), parts[0])
    join = add_node("join", Join(), act.output, parts[1])
    graph = Graph("n", image, (split, act, join), join.output)
    assert layers(graph) == [["split"], ["act"], ["join"]]


HOSTILE = [
    "<script>alert(1)</script>",
    "\"'><img src=x onerror=alert(1)>",
    "back\\slash \\N \\G \\l \\",
    "&lt;&amp;&#60;",
    "]]> --> <!--",
    "tab\tnull\x00escape\x1b\ufffe\ud800",
    "\u202eright to left",
    "<",
    "<<TABLE>>",
    "名前 × é 😀",
]


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_names_stay_text(text):
    graph = chain(text, (3, 8, 8), [(text, conv(4, 3)), (text, Dropout())], doc=text, settings={"s": text})
    svg = draw(graph)
    tags = {element.tag.removeprefix(SVG) for element in svg.iter()}
    assert tags <= {"svg", "g", "title", "polygon", "polyline", "path", "text"}
    assert not any(name.startswith("on") for element in svg.iter() for name in element.attrib)
    if text.isprintable():
        assert " ".join(text.split()) in texts(svg)


def test_ids_are_unique_and_plain_whatever_the_names():
    ids = list(
        elements(
            draw(
                chain("n", (3,), [(text, Dense(9 - size)) for size, text in enumerate(["a b", "a b", "é", "<x>", ""])])
            ),
            "node",
        )
    )
    assert ids == ["input", "layer-a_20b", "layer-a_20b-2", "layer-_e9", "layer-_3cx_3e", "layer-", "output"]


def test_a_network_without_layers_is_drawn():
    svg = draw(chain("n", (3, 8, 8), []))
    assert list(elements(svg, "node")) == ["input", "output"]


def test_every_operator_has_the_kind_of_its_family():
    kinds = {name: kind_of(operator) for name, operator in OPERATORS.items()}
    assert {name for name, kind in kinds.items() if kind == "shape"} == {
        "flatten",
        "identity",
        "split",
        "reshape",
        "permute",
        "channel_shuffle",
        "pixel_shuffle",
        "pad",
        "crop",
        "shortcut_pad",
        "upsample",
    }
    assert kinds["conv"] == "conv"
    assert kinds["global_avgpool"] == "pool"
    assert kinds["dense"] == "dense"
    assert kinds["conv1d"] == "conv"
    assert kinds["prelu"] == "activation"
    assert kinds["bn"] == "norm"
    assert kinds["elu"] == "activation"
