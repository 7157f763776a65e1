"""What a picture holds: which blocks are open, what folds, what is a skip, what things cost."""

from __future__ import annotations

import pytest

import cnndsl
from cnndsl.diagnostics import DiagnosticError
from cnndsl.reading import zoo_entries
from cnndsl.reports.diagram import draw_picture
from cnndsl.reports.diagram.model import Cluster

BLOCKS = """\
block unit(channels) { conv channels 3x3 padding=same | bn | relu }
block pair { unit 4 | tanh | unit 8 | conv 4 1x1 }
block lone { pair }
"""


@pytest.fixture
def network(tmp_path):
    """The graph of a network with this body, on 4x8x8."""

    def build(body: str):
        spec = tmp_path / "network.cnn"
        spec.write_text(f"{BLOCKS}network N {{\n    input 4x8x8\n    {body}\n}}\n")
        return cnndsl.load(str(spec)).graph

    return build


def sketch(children) -> list:
    """The picture in brackets: boxes by what they are, clusters as lists."""
    found = []
    for child in children:
        times = [f"x{child.count}"] if child.count > 1 else []
        if isinstance(child, Cluster):
            found.append([" ".join([child.title or child.name, *times]), *sketch(child.children)])
        else:
            found.append(" ".join([child.heading, *(f"+{strip.heading}" for strip in child.strips), *times]))
    return found


def drawn(graph, **options) -> list:
    return sketch(draw_picture(graph, **options).children)[1:-1]


def test_blocks_open_by_depth(network):
    graph = network("pair | pair | flatten")
    assert drawn(graph, depth=1) == ["pair x2", "flatten"]
    opened = ["pair x2", "conv 4 3x3 +bn +relu +tanh", "conv 8 3x3 +bn +relu", "conv 4 1x1"]
    assert drawn(graph, depth=2) == [opened, "flatten"]


def test_a_block_of_one_box_is_that_box_under_the_name_of_the_block(network):
    picture = draw_picture(network("first: unit 4 | flatten"), depth=1)
    box = list(picture.boxes)[1]
    assert (box.heading, box.name, box.path) == ("conv 4 3x3", "first", "first")


def test_a_block_of_one_shut_block_is_shut_itself(network):
    assert drawn(network("seq { seq { pair } | tanh }"), depth=2) == ["pair", "tanh"]


def test_expand_opens_what_is_around_too(network):
    graph = network("s: seq { pair | tanh | pair } | t: seq { pair | pair | tanh }")
    (one, other) = drawn(graph, depth=1)
    assert (one, other) == ("s", "t")
    (opened, shut) = drawn(graph, depth=1, expand=["s.0"])
    assert opened[1][0] == "pair"
    assert opened[2:] == ["tanh", "pair"]
    assert shut == "t"


def test_a_block_is_named_as_it_is_drawn(network):
    graph = network("s: seq { t1: seq { pair | tanh | pair } | flatten }")
    (shut, flatten) = drawn(graph, depth=1, expand=["s"], collapse=["t1"])
    assert (shut, flatten) == ("t1", "flatten")
    assert drawn(graph, depth=1, expand=["t1"]) == drawn(graph, depth=1, expand=["s.t1"])


def test_any_of_equal_blocks_names_them_all(network):
    graph = network("pair | pair | pair")
    assert drawn(graph, depth=1, expand=["2"]) == drawn(graph, depth=2)
    assert drawn(graph, depth=2, collapse=["1"]) == drawn(graph, depth=1)


def test_a_path_is_more_exact_than_a_name(network):
    graph = network("a: pair | tanh | b: pair")
    (first, *_, last) = drawn(graph, expand=["a"], collapse=["pair"])
    assert first[0] == "pair"
    assert last == "pair"
    assert drawn(graph, expand=["pair"], collapse=["pair"]) == ["pair", "tanh", "pair"]


@pytest.mark.parametrize("option", ["expand", "collapse"])
@pytest.mark.parametrize(
    ("name", "help_"),
    [("pari", "did you mean `pair`?"), ("x", "its blocks are `a`, `pair`, `a.0`, `unit`, `a.2` and 3 more")],
)
def test_an_unknown_block_is_a_mistake(network, option, name, help_):
    graph = network("a: pair | tanh | pair | flatten")
    with pytest.raises(DiagnosticError) as caught:
        draw_picture(graph, **{option: [name]})
    (diagnostic,) = caught.value.diagnostics
    assert diagnostic.kind.code == "E0011"
    assert diagnostic.message == f"no block is called `{name}`"
    assert diagnostic.help == (help_,)


def test_sequences_fold_where_there_are_too_many_boxes(network):
    few = network("repeat 4 { conv 4 3x3 pad=1 | relu | maxpool 1x1 }")
    many = network("repeat 30 { conv 4 3x3 pad=1 | relu | maxpool 1x1 }")
    assert len(drawn(few)) == 8
    assert drawn(many) == [[" x30", "conv 4 3x3 +relu", "maxpool 1x1"]]


def test_layers_of_a_folded_sequence_that_share_a_box_are_one(network):
    assert drawn(network("conv 4 1x1 | repeat 50 { conv 4 3x3 pad=1 | bn | relu }")) == [
        "conv 4 1x1",
        "conv 4 3x3 +bn +relu x50",
    ]


def test_an_identity_is_a_line(network):
    picture = draw_picture(network("add {\n branch { identity }\n branch { conv 4 1x1 }\n }"))
    assert [box.heading for box in picture.boxes] == ["input", "conv 4 1x1", "add", "output"]
    (skip,) = (edge for edge in picture.edges if edge.is_skip)
    assert (skip.source, skip.target) == ("input", list(picture.boxes)[2].id)


def test_a_projection_is_a_branch_and_no_skip(network):
    picture = draw_picture(network("residual { conv 8 3x3 pad=1 | relu | conv 8 1x1 } shortcut { conv 8 1x1 }"))
    assert not any(edge.is_skip for edge in picture.edges)


def test_costs_add_up_whatever_is_open():
    for name in ("resnet50", "googlenet_aux", "densenet121"):
        graph = cnndsl.load(f"zoo:{name}").graph
        for depth in (1, 2, 99):
            picture = draw_picture(graph, depth=depth)
            boxes = list(picture.boxes)
            assert (
                sum(box.repeats * box.cost.parameters for box in boxes)
                == graph.parameter_count
                == picture.cost.parameters
            )
            assert sum(box.repeats * box.cost.macs for box in boxes) == graph.macs == picture.cost.macs
            assert sum(box.repeats * box.cost.memory for box in boxes) == picture.cost.memory


@pytest.mark.parametrize(
    ("name", "most"), [("resnet50", 40), ("googlenet", 30), ("resnet152", 40), ("densenet201", 40)]
)
def test_the_default_has_few_boxes(name, most):
    picture = draw_picture(cnndsl.load(f"zoo:{name}").graph)
    assert len(list(picture.boxes)) <= most
    assert picture.depth < picture.deepest


@pytest.mark.parametrize("name", zoo_entries())
def test_every_edge_joins_boxes_and_every_box_is_joined(name):
    picture = draw_picture(cnndsl.load(f"zoo:{name}").graph, depth=99)
    ids = [box.id for box in picture.boxes]
    assert len(set(ids)) == len(ids)
    order = {id_: number for number, id_ in enumerate(ids)}
    assert all(order[edge.source] < order[edge.target] for edge in picture.edges)
    assert {edge.target for edge in picture.edges} == set(ids) - {"input"}
    assert {edge.source for edge in picture.edges} >= {id_ for id_ in ids if id_ != "output" and "head" not in id_}


def test_a_head_stands_behind_what_it_reads():
    picture = draw_picture(cnndsl.load("zoo:googlenet_aux").graph)
    heads = [box for box in picture.boxes if box.id.startswith("head-")]
    assert [box.details for box in heads] == [("in training only", "loss x 0.3")] * 2
    before = [edge.source for edge in picture.edges if edge.target.startswith("head-")]
    assert before == ["block-aux1", "block-aux2"]


def test_boxes_know_their_formulas_and_places():
    box = next(box for box in draw_picture(cnndsl.load("zoo:lenet5").graph).boxes if box.name == "c3")
    assert any("floor((14 - 5 + 2*0)/1 + 1) = 10" in formula for formula in box.formulas)
    assert box.span is not None
    assert box.span.source.line(box.span.position[0]).strip().startswith("c3: conv 16 5x5")
