"""Names of layers are those of their parameters in torch: labels, else positions in the scope."""

from __future__ import annotations

import pytest

from .built import codes, layers, network


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("relu | tanh | relu", ["0 relu", "1 tanh", "2 relu"]),
        ("a: relu | tanh | b: relu", ["a relu", "1 tanh", "b relu"]),
        ("relu\na: tanh\nrelu", ["0 relu", "a tanh", "2 relu"]),
        ("repeat 2 { relu | tanh }\nbn", ["0 relu", "1 tanh", "2 relu", "3 tanh", "4 bn"]),
        ("a: repeat 2 { relu | tanh }\nbn", ["a.0 relu", "a.1 tanh", "a.2 relu", "a.3 tanh", "1 bn"]),
        ("a: repeat 2 { repeat 2 { relu } }", ["a.0 relu", "a.1 relu", "a.2 relu", "a.3 relu"]),
        ('a: repeat 2 as i { "b{i}": relu }', ["a.b0 relu", "a.b1 relu"]),
        ('repeat 2 as i { "b{i + 1}": repeat 2 { relu } }', ["b1.0 relu", "b1.1 relu", "b2.0 relu", "b2.1 relu"]),
        ("seq { relu | tanh }\nbn", ["0.0 relu", "0.1 tanh", "1 bn"]),
        ("a: seq { relu | b: seq { tanh } }\nbn", ["a.0 relu", "a.b.0 tanh", "1 bn"]),
        ("a: seq { b: relu }\nc: seq { b: relu }", ["a.b relu", "c.b relu"]),
        ("for x in [1, 2] { relu }\nbn", ["0 relu", "1 relu", "2 bn"]),
        ("a: for x in [1, 2] { relu }\nbn", ["a.0 relu", "a.1 relu", "1 bn"]),
        ("if true { relu }\nif false { tanh }\nbn", ["0 relu", "1 bn"]),
        ("a: if true { relu } else { tanh }\nbn", ["a.0 relu", "1 bn"]),
        ("let n = 1\nexpect params = 0\nrelu -> 8x16x16\ntanh", ["0 relu", "1 tanh"]),
        ('"for": relu | "a-b_2": tanh | "0x": relu', ["for relu", "a-b_2 tanh", "0x relu"]),
        ("network: relu | train: tanh", ["network relu", "train tanh"]),
        ('let s = "left"\n"{s}{1 + 1}": relu', ["left2 relu"]),
    ],
)
def test_paths(body: str, expected: list[str]) -> None:
    assert layers(network(body)) == expected


def test_naming_a_layer_renames_no_other() -> None:
    plain = layers(network("conv 4 3 | bn | relu\nconv 4 3 | bn | relu"))
    named = layers(network("conv1: conv 4 3 | bn | relu\nconv 4 3 | bn2: bn | relu"))
    assert [path for path, other in zip(named, plain, strict=True) if path != other] == ["conv1 conv", "bn2 bn"]


def test_names_of_parameters_are_path_and_leaf() -> None:
    graph = network("features: seq { conv 4 3 | bn | relu }\nglobal_avgpool | flatten\nfc: dense 10 bias=false")
    assert list(graph.parameters) == [
        *("features.0.weight", "features.0.bias", "features.1.weight", "features.1.bias"),
        "fc.weight",
    ]
    assert list(graph.buffers) == [
        f"features.1.{leaf}" for leaf in ("running_mean", "running_var", "num_batches_tracked")
    ]


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("a: relu | a: tanh", ["E0209"]),
        ("repeat 2 { a: relu }", ["E0209"]),
        ("a: seq { relu }\na: relu", ["E0209"]),
        ('repeat 3 as i { "a{i % 2}": relu }', ["E0209"]),
        ("a, b: relu", ["E0213"]),
        ('"a b": relu', ["E0206"]),
        ('"a.b": relu', ["E0206"]),
        ("a.b: relu", ["E0206"]),
        ('"é": relu', ["E0206"]),
        ('"": relu', ["E0206"]),
        ('"a{n}": relu', ["E0208"]),
        ('"a{1 / 0}": relu', ["E0212"]),
        ('"a{}": relu', ["E0206"]),
        ('"a{": relu', ["E0206"]),
        ('"a{1 2}": relu', ["E0101"]),
        ('"a{1 | relu}": relu', ["E0101"]),
        ('"a{(1}": relu', ["E0102"]),
        ('"a{true}": relu', ["E0206"]),
        ('"a{[1]}": relu', ["E0206"]),
    ],
)
def test_wrong_labels(body: str, expected: list[str]) -> None:
    assert codes(body) == expected
