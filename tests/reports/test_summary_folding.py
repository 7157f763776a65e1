"""Deep networks in few lines: what folds, what the lines add up to, and what stays apart."""

from __future__ import annotations

import json

import pytest

import cnndsl
from cnndsl.analysis.cost import network_cost
from cnndsl.cli.main import main
from cnndsl.reports.figures import line_figures
from cnndsl.reports.lines import every_layer, fits, lines, nesting
from cnndsl.reports.outline import outline
from cnndsl.reports.summary import render_summary
from cnndsl.reports.summary_json import summary_to_json

NETWORKS = ("resnet18", "resnet50", "resnet152", "vgg16", "vgg19_bn", "googlenet", "googlenet_aux")

BLOCKS = """\
block unit(channels, kernel = 3x3) { conv channels kernel padding=same | relu }
block pair { unit 4 | unit 4 }
"""


@pytest.fixture
def network(tmp_path):
    """The graph of a network with this body, on 4x8x8."""

    def build(body: str):
        spec = tmp_path / "network.cnn"
        spec.write_text(f"{BLOCKS}network N {{\n    input 4x8x8\n    {body}\n}}\n")
        return cnndsl.load(str(spec)).graph

    return build


def names(graph, depth: int = 9, **options: bool) -> list[str]:
    return [
        line.name + (f" x{line.count}" if line.count > 1 else "") for line in lines(outline(graph, **options), depth)
    ]


@pytest.mark.parametrize("name", ["resnet152", "vgg16", "vgg19_bn", "googlenet_aux"])
def test_tables_of_the_zoo(golden, capsys, name):
    assert main(["summary", f"zoo:{name}"]) == 0
    golden(f"summary/{name}.txt", capsys.readouterr().out)


@pytest.mark.parametrize("arguments", [["--depth", "3"], ["--full"], ["--depth", "9", "--explain"]])
def test_other_depths(golden, capsys, arguments):
    assert main(["summary", "zoo:resnet50", *arguments]) == 0
    golden(f"summary/resnet50{''.join(arguments)}.txt", capsys.readouterr().out)


@pytest.mark.parametrize("name", NETWORKS)
@pytest.mark.parametrize("explain", [False, True])
def test_every_table_fits_a_terminal(name, explain):
    graph = cnndsl.load(f"zoo:{name}").graph
    for options in ({}, {"depth": 1}, {"depth": 3}, {"full": True}):
        text = render_summary(graph, explain=explain, **options)
        assert max(map(len, text.splitlines())) <= 120
        assert text.isascii()


def test_resnet152_takes_at_most_60_lines():
    graph = cnndsl.load("zoo:resnet152").graph
    assert len(render_summary(graph).splitlines()) <= 60
    assert len(render_summary(graph, full=True).splitlines()) > 515


@pytest.mark.parametrize("name", NETWORKS)
def test_the_lines_add_up_to_the_totals_at_every_depth(name):
    graph = cnndsl.load(f"zoo:{name}").graph
    cost = network_cost(graph)
    for folds in (outline(graph), outline(graph, sequences=True)):
        shown = [tuple(lines(folds, depth)) for depth in range(1, nesting(folds) + 1)]
        for rows in (*shown, tuple(every_layer(folds))):
            figures = [line_figures(line, cost) for line in rows if not line.is_heading]
            counted = [each for each in figures if each.needed_for == "output"]
            assert sum(each.parameters for each in figures) == cost.parameters
            assert sum(each.macs for each in counted) == cost.macs == graph.macs
            assert sum(each.activation_bytes for each in counted) == cost.activation_bytes
            assert figures[-1].output == graph.output.type


@pytest.mark.parametrize("name", NETWORKS)
def test_full_lists_every_layer_in_order(name):
    graph = cnndsl.load(f"zoo:{name}").graph
    for sequences in (False, True):
        found = [line.name for line in every_layer(outline(graph, sequences=sequences))]
        assert found == [node.path for node in graph.nodes]


def test_deeper_tables_are_longer():
    folds = outline(cnndsl.load("zoo:resnet50").graph)
    lengths = [len(tuple(lines(folds, depth))) for depth in range(1, nesting(folds) + 1)]
    assert lengths == sorted(set(lengths))
    assert fits(folds, 2, lengths[1])
    assert not fits(folds, 2, lengths[1] - 1)


def test_equal_blocks_fold_whatever_they_are_called(network):
    assert names(network("a: unit 4 | b: unit 4 | c: unit 4"), depth=1) == ["a - c x3"]
    assert names(network("a1: unit 4 | a2: unit 4 | a3: unit 4"), depth=1) == ["a1-3 x3"]
    assert names(network("repeat 12 { unit 4 }"), depth=1) == ["0-11 x12"]


@pytest.mark.parametrize(
    "body",
    [
        pytest.param("unit 4 | unit 4 1x1", id="another operator"),
        pytest.param("unit 8 | unit 8", id="another shape"),
        pytest.param("a: unit 4 | unit 4 | add a", id="a value used later"),
        pytest.param("concat {\n branch { unit 4 }\n branch { unit 4 }\n }", id="branches side by side"),
        pytest.param("unit 4 | relu | unit 4", id="something between"),
    ],
)
def test_what_does_not_fold(network, body):
    assert not any(" x" in name for name in names(network(body), depth=1))


def test_inner_wiring_counts(network):
    past = "residual { conv 4 3x3 pad=1 | conv 4 3x3 pad=1 } shortcut identity"
    from_the_middle = "conv 4 3x3 pad=1 | residual { conv 4 3x3 pad=1 } shortcut identity"
    assert names(network(f"seq {{ {past} }} | seq {{ {past} }}"), depth=1) == ["0-1 x2"]
    assert names(network(f"seq {{ {past} }} | seq {{ {from_the_middle} }}"), depth=1) == ["0", "1"]


def test_copies_may_share_an_input(network):
    body = "a: relu | b: seq { unit 4 | add a } | c: seq { unit 4 | add a } | d: seq { unit 4 | add a }"
    assert names(network(body), depth=1) == ["a", "b", "c - d x2"]  # b enters with the value that it adds


def test_names_go_on_below_a_heading_and_through_braces(network):
    assert names(network("pair | s: seq { pair | relu }")) == [
        "0",
        "0-1 x2",
        "0 x2",
        "1 x2",
        "s.0",
        "0-1 x2",
        "0 x2",
        "1 x2",
        "s.1",
    ]


def test_folds_within_folds_multiply(network):
    rows = tuple(lines(outline(network("repeat 5 { pair }")), 9))
    assert [line.count for line in rows] == [5, 10, 10, 10]
    assert [line.indent for line in rows] == [0, 1, 2, 2]


def test_sequences_fold_where_asked(network):
    graph = network("conv 8 1x1 | repeat 30 { conv 8 3x3 pad=1 | relu } | flatten")
    assert names(graph, sequences=True) == ["0", "1-59 x30", "2-60 x30", "61"]
    assert names(graph) == [node.path for node in graph.nodes]


def test_a_sequence_ends_where_its_repetition_does(network):
    graph = network("repeat 4 { conv 8 3x3 pad=1 | bn | relu } | maxpool 2x2")  # the first convolution has other inputs
    assert names(graph, sequences=True) == ["0", "1", "2", "3-9 x3", "4-10 x3", "5-11 x3", "12"]


def test_the_field_is_that_of_the_last_copy(network):
    last = tuple(lines(outline(network("repeat 3 { unit 4 }")), 9))[-1]
    cost = network_cost(network("repeat 3 { unit 4 }"))
    assert line_figures(last, cost).receptive_field.size == (7, 7)
    assert line_figures(last, cost).activation_bytes == 3 * 4 * 4 * 8 * 8


def test_explanations_say_how_often(network):
    text = render_summary(network("repeat 3 { unit 4 }"), explain=True)
    assert "4*4*3*3 + 4 = 148, x3 = 444" in text
    assert "5 + (3 - 1)*1 = 7" in text


def test_what_only_a_head_needs_is_marked_and_left_out_of_the_totals(network):
    plain = network("conv 4 3x3 pad=1 | flatten | dense 2")
    headed = network("conv 4 3x3 pad=1 | head weight=0.3 { side: seq { flatten | dense 2 } } | flatten | dense 2")
    assert headed.macs == plain.macs == 4 * 8 * 8 * 4 * 3 * 3 + 2 * 256
    assert headed.parameter_count == plain.parameter_count + 2 * 256 + 2
    assert network_cost(headed).activation_bytes == network_cost(plain).activation_bytes
    assert network_cost(headed).training_activation_bytes == network_cost(plain).training_activation_bytes + 2 * 4 * 2
    text = render_summary(headed, depth=1)
    (row,) = (line for line in text.splitlines() if line.startswith("side"))
    assert row.split() == ["side", "2", "layers", "head", "2", "514", "43.7", "(512)", "(0.01)", "all"]
    assert "runs in training only" in text


def test_what_nothing_needs_is_marked(network):
    text = render_summary(network("a: relu | lost: conv 4 1x1 | from a | tanh"))
    (row,) = (line for line in text.splitlines() if line.startswith("lost"))
    assert "unused" in row
    assert "(1,024)" in row


def test_json_has_every_layer_and_its_blocks():
    data = summary_to_json(cnndsl.load("zoo:resnet152").graph)
    assert len(data["layers"]) == 515
    by_name = {layer["name"]: layer for layer in data["layers"]}
    assert by_name["layer3.7.conv2"]["block"] == ["layer3", "layer3.7"]
    assert by_name["layer1.0.downsample.1"]["block"] == ["layer1", "layer1.0", "layer1.0.downsample"]
    assert by_name["conv1"]["block"] == []


def test_json_says_what_only_a_head_needs():
    layers = summary_to_json(cnndsl.load("zoo:googlenet_aux").graph)["layers"]
    assert {layer["name"].split(".")[0] for layer in layers if layer["needed_for"] == "training"} == {"aux1", "aux2"}


@pytest.mark.parametrize("depth", ["0", "-1", "two", "1.5"])
def test_a_depth_is_a_whole_number(capsys, depth):
    assert main(["summary", "zoo:lenet5", "--depth", depth]) == 2
    assert "expected a whole number of at least 1" in capsys.readouterr().err


def test_depth_and_full_exclude_each_other(capsys):
    assert main(["summary", "zoo:lenet5", "--depth", "1", "--full"]) == 2


def test_json_ignores_depth(capsys):
    assert main(["summary", "zoo:resnet18", "--depth", "1", "--format", "json"]) == 0
    assert len(json.loads(capsys.readouterr().out)["layers"]) == 69


def test_long_chains_fold_in_time_proportional_to_their_length(network):
    text = render_summary(network("repeat 100 { repeat 50 { conv 4 3x3 pad=1 | relu } }"))
    assert "x5000" in text
    assert len(text.splitlines()) < 20
