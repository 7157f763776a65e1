"""Branches that part and meet: joins, named values, splits."""

from __future__ import annotations

import pytest

from .built import codes, layers, network, node, shape


def test_branches_begin_with_the_value_that_enters() -> None:
    graph = network(
        "first: relu\nconcat {\nbranch { conv 4 1x1 }\nbranch { identity }\nbranch { maxpool 3x3 stride=1 pad=1 }\n}"
    )
    assert layers(graph) == ["first relu", "1 conv", "2 identity", "3 maxpool", "concat"]
    assert all(item.input is node(graph, "first").output for item in graph.nodes[1:4])
    assert graph.nodes[-1].inputs == tuple(item.output for item in graph.nodes[1:4])
    assert shape(graph) == "20x16x16"


def test_labels_of_joins_and_branches_are_scopes() -> None:
    graph = network("mixed: concat {\nbranch { conv 4 1x1 }\nright: branch { conv 2 1x1 | relu }\n}")
    assert layers(graph) == ["mixed.0 conv", "mixed.right.0 conv", "mixed.right.1 relu", "mixed concat"]


def test_loops_and_choices_make_branches() -> None:
    graph = network("""
        concat {
            for n in [1, 2, 3] { branch { conv n 1x1 } }
            repeat 2 as i { let n = 4 + i
                            branch { conv n 1x1 } }
            if false { branch { relu } } else { branch { tanh } }
        }
    """)
    assert [value.type.shape[0] for value in graph.nodes[-1].inputs] == [1, 2, 3, 4, 5, 8]


def test_an_empty_branch_is_the_value_itself() -> None:
    graph = network("add {\nbranch { conv 8 1x1 }\nbranch { }\n}")
    assert graph.nodes[-1].inputs[1] is graph.input


@pytest.mark.parametrize(("join", "expected"), [("concat", "16x16x16"), ("add", "8x16x16"), ("mul", "8x16x16")])
def test_the_current_value_comes_first_and_then_the_named(join, expected) -> None:
    graph = network(f"a: relu\nb: tanh\n{join} a")
    assert graph.nodes[-1].inputs == (node(graph, "b").output, node(graph, "a").output)
    assert shape(graph) == expected


def test_many_named_values_join() -> None:
    graph = network("a: conv 1 1x1\nb: conv 2 1x1\nc: conv 3 1x1\nconcat a b")
    assert [value.type.shape[0] for value in graph.nodes[-1].inputs] == [3, 1, 2]


def test_concat_along_another_axis() -> None:
    assert shape(network("a: relu\nmaxpool 2x1\nconcat a axis=1")) == "8x24x16"
    assert shape(network("a: relu\nconcat axis=2 {\nbranch { relu }\nbranch { maxpool 1x2 }\n}")) == "8x16x24"


def test_mul_spreads_extents_of_one() -> None:
    graph = network("mul {\nbranch { identity }\nbranch { global_avgpool | conv 8 1x1 | sigmoid }\n}")
    assert shape(graph) == "8x16x16"


def test_from_goes_on_from_a_named_value() -> None:
    graph = network("a: conv 4 1x1\nconv 5 1x1\nfrom a\nrelu")
    assert layers(graph) == ["a conv", "1 conv", "2 relu"]
    assert node(graph, "2").input is node(graph, "a").output


def test_values_of_outer_scopes_can_be_used_and_those_of_inner_ones_cannot() -> None:
    graph = network("a: relu\ninner: seq { b: tanh | concat a }\nadd inner")
    assert layers(graph) == ["a relu", "inner.b tanh", "inner.1 concat".replace("inner.1 ", "inner "), "add"]
    assert codes("inner: seq { b: tanh }\nfrom b") == ["E0208"]


def test_a_later_value_takes_the_name_in_its_scope() -> None:
    assert codes("a: relu\na: tanh") == ["E0209"]
    graph = network("a: relu\ninner: seq { a: tanh | add a }")
    assert graph.nodes[-1].inputs == (node(graph, "inner.a").output,) * 2


def test_split_gives_named_parts_and_no_current_value() -> None:
    graph = network("left, right: split 2\nfrom right\nconv 4 3x3 pad=1\nconcat left")
    split = graph.nodes[0]
    assert [str(value.type) for value in split.outputs] == ["4x16x16"] * 2
    assert graph.nodes[1].input is split.outputs[1]
    assert graph.nodes[-1].inputs == (graph.nodes[1].output, split.outputs[0])


def test_a_split_does_not_count() -> None:
    assert layers(network("relu\na, b: split 2\nfrom a\nconv 4 1x1"))[2:] == ["1 conv"]


def test_branches_of_a_join_take_parts() -> None:
    graph = network("a, b: split 2\nconcat {\nbranch { from a }\nbranch { from b | relu }\n}")
    assert graph.nodes[-1].inputs[0] is graph.nodes[0].outputs[0]
    assert shape(graph) == "8x16x16"


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ("a, b: split 2\nrelu", "E0213"),
        ("a, b: split 2 -> 4x16x16\nfrom a", "E0213"),
        ("a, b: split 3\nfrom a", "E0310"),
        ("a, b: split 4\nfrom a", "E0206"),
        ("split 2\nrelu", "E0206"),
        ("a, b: split 2\nconcat {\nbranch { from a }\nbranch { relu }\n}", "E0213"),
        ("concat {\nbranch { relu }\nrelu\n}", "E0213"),
        ("concat {\nrelu\ntanh\n}", "E0213"),
        ("concat {\nbranch { relu }\n}", "E0206"),
        ("add {\nbranch { conv 4 1x1 }\nbranch { relu }\n}", "E0308"),
        ("concat {\nbranch { conv 4 3x3 }\nbranch { relu }\n}", "E0309"),
        ("branch { relu }", "E0213"),
    ],
)
def test_each_misuse_is_one_error(body, code) -> None:
    assert codes(body) == [code]
