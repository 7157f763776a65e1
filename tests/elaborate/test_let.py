"""Variables: what ``let``, ``for`` and ``match`` bind, how far it is seen, and one error for one mistake about them."""

from __future__ import annotations

import pytest

from .built import codes, layers, network, shape


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("let n = 4\nconv n 3", "4x14x14"),
        ("let n = 4\nlet n = n + 1\nconv n 3", "5x14x14"),
        ("let (n, k) = (4, 5)\nconv n k", "4x12x12"),
        ("let (n, k) = [4, 5]\nconv n k", "4x12x12"),
        ("let kernel = 3x5\nconv 4 kernel", "4x14x12"),
        ("let n = match 2 {\n1: 10\n2: 20\n}\nconv n 1", "20x16x16"),
        ('let (n, k) = match "b" {\n"a": (1, 1)\n"b": (2, 3)\n}\nconv n k', "2x14x14"),
        ("let n = match [1, 2] {\n[1]: 3\n[1, 2]: 4\n}\nconv n 1", "4x16x16"),
        ("let n = match true {\n1: 3\ntrue: 4\n}\nconv n 1", "4x16x16"),
        ("let act = relu\nact", "8x16x16"),
        ("for n in [4, 6] { conv n 3 }", "6x12x12"),
        ("for (n, k) in [(4, 3), (6, 1)] as i { conv (n + i) k }", "7x14x14"),
        ("repeat 3 as i { conv (i + 1) 1 }", "3x16x16"),
        ("let n = 4\nseq { let n = 5 }\nconv n 1", "4x16x16"),
        ("let n = 4\nrepeat 2 { let n = n + 1 }\nconv n 1", "4x16x16"),
        ("let n = 4\nif true { let n = 5 | conv n 1 }\nconv n 1", "4x16x16"),
        ("conv (2 * in_channels) 1\nconv in_channels 1", "16x16x16"),
        ("conv 4 1\nseq { conv (in_channels + 1) 1 | conv (in_channels + 1) 1 }", "6x16x16"),
        ("repeat 2 { conv (2 * in_channels) 1 }", "32x16x16"),
        ("conv 4 1\nlet n = in_channels\nconv 2 1 | conv n 1", "4x16x16"),
        ("conv 4 1\nif in_channels == 4 { conv 5 1 }", "5x16x16"),
        (
            "a: conv 4 1\nconcat {\nbranch { conv 2 1 | conv in_channels 1 }\nbranch { conv in_channels 1 }\n}",
            "6x16x16",
        ),
        ("conv 4 1\na, b: split 2\nlet n = in_channels\nfrom a\nconv n 1", "4x16x16"),
        ("let in_channels = 3\nconv in_channels 1", "3x16x16"),
    ],
)
def test_shape_that_variables_lead_to(body: str, expected: str) -> None:
    assert shape(network(body)) == expected


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("let n = m", ["E0208"]),
        ("let n = m\nconv n 3\nconv (n + 1) 3", ["E0208"]),
        ("let (n, k) = 4\nconv n k", ["E0206"]),
        ("let (n, k) = (1, 2, 3)\nconv n k", ["E0206"]),
        ("let n = 1 / 0\nlet k = n + 1\nrepeat k { relu }", ["E0212"]),
        ("let n = match 3 {\n1: 10\n}\nconv n 3", ["E0212"]),
        ("let n = match 1 {\n1: 10\n1: 20\n}", ["E0209"]),
        ("let n = match m {\n1: 10\n}", ["E0208"]),
        ("for n in 3 { relu }", ["E0206"]),
        ("for (a, b) in [1] { relu }", ["E0206"]),
        ("repeat -1 { relu }", ["E0206"]),
        ("repeat 1.5 { relu }", ["E0206"]),
        ("repeat true { relu }", ["E0206"]),
        ("repeat [1] { relu }", ["E0206"]),
        ("if 1 { relu }", ["E0206"]),
        ("if n > 1 { relu } else { tanh }", ["E0208"]),
        ("for i in range(2) { conv k 3 }", ["E0208"]),
        ("repeat 3 { let n = 1 }\nconv n 3", ["E0208"]),
        ("let n = 3\nn", ["E0201"]),
        ("x: let n = 3", ["E0213"]),
        ("let n = 3 -> 8x16x16", ["E0213"]),
    ],
)
def test_wrong_variables(body: str, expected: list[str]) -> None:
    assert codes(body) == expected


def test_conditions_choose_layers() -> None:
    body = 'if depth > 30 { relu } else if depth > 20 { tanh } else { sigmoid }\nif name == "D" { bn }'
    for depth, name, expected in (
        (34, "D", ["0 relu", "1 bn"]),
        (21, "A", ["0 tanh"]),
        (1, "D", ["0 sigmoid", "1 bn"]),
    ):
        graph = network(body, parameters='depth = 18, name = "A"', depth=depth, name=name)
        assert layers(graph) == expected
