"""Blocks: their parameters, what they see, and the names of what is in them."""

from __future__ import annotations

import pytest

from .built import codes, layers, network, node, shape

UNIT = "block unit(channels, stride = 1, kernel = 2*stride + 1) { conv channels kernel stride=stride pad=same | relu }"


def attributes(graph, path: str, *names: str) -> tuple:
    operator = node(graph, path).operator
    return tuple(getattr(operator, name) for name in names)


def test_a_block_is_a_scope_called_by_its_position() -> None:
    graph = network("conv 8 3x3\nunit 16\nunit 16\nrelu", blocks=UNIT)
    assert layers(graph) == ["0 conv", "1.0 conv", "1.1 relu", "2.0 conv", "2.1 relu", "3 relu"]


def test_a_label_names_the_call() -> None:
    graph = network("unit 16\nstem: unit 16\nunit 16", blocks=UNIT)
    assert layers(graph) == ["0.0 conv", "0.1 relu", "stem.0 conv", "stem.1 relu", "2.0 conv", "2.1 relu"]


@pytest.mark.parametrize(
    ("call", "expected"),
    [
        ("unit 16", (16, (1, 1), (3, 3))),
        ("unit 16 kernel=5", (16, (1, 1), (5, 5))),
        ("unit kernel=1 channels=4", (4, (1, 1), (1, 1))),
        ("unit 16 1 7", (16, (1, 1), (7, 7))),
    ],
)
def test_arguments_by_place_by_name_and_by_default(call, expected) -> None:
    graph = network(f"a: {call}", blocks=UNIT)
    assert attributes(graph, "a.0", "out_channels", "stride", "kernel_size") == expected


def test_a_default_may_use_the_parameters_before_it() -> None:
    blocks = "block unit(channels, inner = channels // 4) { conv inner 1x1 | conv channels 1x1 }"
    graph = network("unit 64", blocks=blocks)
    assert [item.output.type.shape[0] for item in graph.nodes] == [16, 64]


def test_in_channels_is_what_enters_the_block_all_through_its_body() -> None:
    blocks = "block twice() { conv (2*in_channels) 1x1 | conv (2*in_channels) 1x1 }".replace("()", "")
    graph = network("twice\ntwice\nconv in_channels 1x1", blocks=blocks)
    assert [item.output.type.shape[0] for item in graph.nodes] == [16, 16, 32, 32, 32]


def test_a_parameter_may_hold_a_layer_a_block_or_a_value() -> None:
    blocks = """
        block unit(channels, act = relu) { conv channels 1x1 | act }
        block stage(piece, channels) { piece channels act=tanh | piece channels }
        block join(skip) { concat skip }
    """
    graph = network("first: conv 8 1x1\nstage unit 4\njoin first", blocks=blocks)
    assert layers(graph) == [
        "first conv",
        *("1.0.0 conv", "1.0.1 tanh", "1.1.0 conv", "1.1.1 relu"),
        "2 concat",
    ]
    assert shape(graph) == "12x16x16"


def test_layers_and_blocks_may_stand_in_lists() -> None:
    body = "for (layer, n) in [(conv, 4), (wide, 4)] { layer n 1x1 }\nlet last = [relu, tanh]\nfor act in last { act }"
    graph = network(body, blocks="block wide(channels, kernel) { conv (2*channels) kernel }")
    assert layers(graph) == ["0 conv", "1.0 conv", "2 relu", "3 tanh"]
    assert codes("for act in [relu, tahn] { act }") == ["E0208"]


def test_a_word_of_an_attribute_is_given_as_a_text() -> None:
    blocks = 'block unit(mode = "same") { conv 8 3x3 pad=mode }'
    graph = network('unit\nunit "valid"', blocks=blocks)
    assert [str(item.output.type) for item in graph.nodes] == ["8x16x16", "8x14x14"]


def test_a_block_sees_neither_variables_nor_values_of_its_caller() -> None:
    assert codes("let n = 3\nunit", blocks="block unit { conv n 1x1 }") == ["E0208"]
    assert codes("first: conv 8 1x1\nunit", blocks="block unit { concat first }") == ["E0208"]


def test_what_let_defines_ends_with_its_braces() -> None:
    graph = network("let n = 4\nrepeat 2 { let n = 2*n\nconv n 1x1 }\nconv n 1x1")
    assert [item.output.type.shape[0] for item in graph.nodes] == [8, 8, 4]


def test_repeat_for_and_if_add_nothing_to_names() -> None:
    body = "repeat 2 { conv 8 1x1 | relu }\nif false { tanh } else { bn }\nfor n in [4, 2] { conv n 1x1 }\nrelu"
    operators = ["conv", "relu", "conv", "relu", "bn", "conv", "conv", "relu"]
    assert layers(network(body)) == [f"{place} {name}" for place, name in enumerate(operators)]


def test_a_label_makes_braces_a_scope_and_names_its_value() -> None:
    graph = network("a: repeat 2 { conv 8 1x1 }\nb: if true { bn }\nc: for n in [8] { relu }\nadd a b")
    assert layers(graph) == ["a.0 conv", "a.1 conv", "b.0 bn", "c.0 relu", "add"]


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ('repeat 2 as i { "conv{i + 1}": conv 8 1x1 }', ["conv1 conv", "conv2 conv"]),
        ('for w in ["a", "b"] { "stage-{w}": bn }', ["stage-a bn", "stage-b bn"]),
        ('repeat 2 as i { "{i}": conv 8 1x1 | relu }', None),
        ('"repeat": relu', ["repeat relu"]),
    ],
)
def test_labels_with_holes(body, expected) -> None:
    if expected is None:
        assert codes(body) == ["E0209"]  # the second would be called 1, as the first relu is
    else:
        assert layers(network(body)) == expected


def test_settings_choose_and_count() -> None:
    body = "let (kernel, n) = match size {\n1: (1x1, 2)\n2: (3x3, 3)\n}\nrepeat n { conv 8 kernel pad=same }"
    assert len(network(body, parameters="size = 1").nodes) == 2
    bigger = network(body, parameters="size = 1", size=2)
    assert [item.operator.kernel_size for item in bigger.nodes] == [(3, 3)] * 3


def test_a_block_may_go_through_another_that_it_is_given() -> None:
    blocks = (
        "block wrap(piece, n) { residual { piece n } }\nblock inner(n) { wrap conv1 n }\nblock conv1(n) { conv n 1x1 }"
    )
    assert layers(network("wrap inner 8", blocks=blocks)) == ["0.0.0.0.0 conv", "0.0.0 add", "0 add"]


def test_a_block_given_to_itself_ends_in_an_error() -> None:
    assert codes("loop loop", blocks="block loop(piece) { relu | piece piece }") == ["E0902"]


def test_a_mistake_in_a_block_is_told_once_however_often_it_is_called() -> None:
    blocks = "block unit(n) { conv n 3x3 padd=1 }"
    assert codes("unit 4\nunit 4\nrepeat 3 { unit 8 }", blocks=blocks) == ["E0202"]


def test_one_head_a_side_output_with_its_weight() -> None:
    graph = network(
        "conv 4 3x3\naux: head weight=0.3 { global_avgpool | flatten | dense 10 }\nhead weight=1 { bn }\nrelu"
    )
    assert [head.weight for head in graph.heads] == [0.3, 1.0]
    assert [str(head.value.type) for head in graph.heads] == ["10", "4x14x14"]
    assert layers(graph) == ["0 conv", "aux.0 global_avgpool", "aux.1 flatten", "aux.2 dense", "2 bn", "3 relu"]
    assert node(graph, "3").input is node(graph, "0").output


@pytest.mark.parametrize("n", [2, 60])
def test_blocks_that_double_are_counted_before_they_are_expanded(n) -> None:
    chain = "\n".join(f"block b{i} {{ b{i - 1} | b{i - 1} }}" for i in range(1, n))
    expected = [] if n == 2 else ["E0903"]
    assert codes(f"b{n - 1}", blocks=f"block b0 {{ relu }}\n{chain}") == expected
    assert codes(f"b{n - 1}\nrelu", blocks=f"block b0 {{ }}\n{chain}") == expected
