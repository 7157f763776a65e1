"""``-> shape``, ``expect``, and what goes on behind a broken one."""

from __future__ import annotations

import pytest

from cnndsl.api import check_source, check_text
from cnndsl.source import Source

from .built import codes, network

NETWORK = """network Test(classes = 10, width = 4) {{
    input 8x16x16
    conv width 3 | global_avgpool | flatten
    dense classes
    {}
}}
"""


def expected(lines: str, **settings: object) -> list[str]:
    return [
        item.kind.code for item in check_text(NETWORK.format(lines), settings=settings).diagnostics if item.is_error
    ]


@pytest.mark.parametrize(
    "body",
    [
        "conv 4 3 -> 4x14x14",
        "conv 4 3 -> ?x14x14",
        "conv 4 3 -> ?x?x?",
        "conv 4 3 -> (4, 16 - 2, 14)",
        "flatten -> 2048",
        "flatten -> 2_048",
        "flatten -> (8*16*16)",
        "let n = 4\nconv n 3 -> (n, 14, 14)",
        "repeat 2 { conv 4 3 } -> 4x12x12",
        "seq { conv 4 3 -> 4x14x14 } -> 4x14x14",
        "if true { conv 4 3 } -> 4x14x14",
        "relu -> 8x16x16 | tanh -> 8x16x16",
    ],
)
def test_contract_that_holds(body: str) -> None:
    assert codes(body) == []


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("conv 4 3 -> 4x15x14", ["E0303"]),
        ("conv 4 3 -> 4x14", ["E0303"]),
        ("flatten -> 2047", ["E0303"]),
        ("relu -> ?x?", ["E0303"]),
        # the value is unknown until the next contract: one mistake is one error
        ("conv 4 3 -> 4x16x16\nconv 4 3 -> 4x14x14\nconv 4 3 -> 4x12x12", ["E0303"]),
        ("conv 4 3 -> 4x16x16\nconv 4 3 -> 4x12x12", ["E0303"]),
        ("conv 4 3 -> 4x16x16\nrelu | conv 4 3 | bn -> 4x12x12 | conv 4 9 -> 4x4x4", ["E0303"]),
        ("conv 4 3 -> 4x16x16\nconv 4 3 -> 4x13x13", ["E0303"]),
        ("conv 4 3 -> 4x5x5\nconv 4 9", ["E0303"]),
        ("conv 4 3 -> 4x5x5\nconv 4 15", ["E0303"]),
        ("conv 4 3 -> 2048\ndense 10", ["E0303"]),
        ("flatten -> 8x16x16\ndense 10", ["E0303"]),
        # behind a layer that failed the shape is unknown, and a contract makes it known
        ("conv 4 99x99\ndense 10\nconv 4 3", ["E0301"]),
        ("conv 4 99x99 -> 4x8x8\nconv 4 9x9", ["E0301", "E0301"]),
        ("conv 4 99x99 -> ?x8x8\nconv 4 9x9", ["E0301"]),
        ("cnov 4 3 -> 4x8x8\nconv 4 9x9", ["E0201", "E0301"]),
        ("repeat 2 { conv 4 3 -> 4x9x9 }", ["E0303"]),
        ("relu -> 0x16x16", ["E0207"]),
        ("relu -> -1", ["E0207"]),
        ("relu -> 8.0", ["E0206"]),
        ("relu -> true", ["E0206"]),
        ('relu -> "8x16x16"', ["E0206"]),
        ("relu -> n", ["E0208"]),
        ("relu -> 9_999_999_999", ["E0905"]),
        ("relu -> (1 / 0)", ["E0212"]),
    ],
)
def test_contract_that_does_not_hold(body: str, expected: list[str]) -> None:
    assert codes(body) == expected


def test_a_broken_contract_says_how_the_shape_came_about() -> None:
    checked = check_text("network A {\n    input 1x32x32\n    conv 6 5x5 | tanh -> 6x32x32\n}")
    (mistake,) = checked.diagnostics
    assert mistake.notes == ("`conv 6 5x5`: floor((32 - 5 + 2*0)/1 + 1) = 28",)
    assert mistake.help[-1].endswith("assert `-> 6x28x28`")


@pytest.mark.parametrize(
    "lines",
    [
        # 8*4*9 + 4 in the convolution, 4*10 + 10 in the dense layer
        "expect params = 342",
        "expect params == 342",
        "expect params != 341",
        "expect params < 1k",
        "expect params <= 0.342k",
        "expect params > 341",
        "expect params >= 342",
        "expect params = 300 + 42",
        "expect params = 292 + 5 * classes",
        "expect macs = 4*14*14*8*9 + 40",
        "expect output = 10",
        "expect output = classes",
        "expect params = 347 with classes=11",
        "expect params = 1_338 with width=16 classes=10",
        "expect params = 292 + 5 * classes with classes=3",
        "expect output = 3 with classes=3",
        "expect params = 342 with width=4",
    ],
)
def test_expectation_that_holds(lines: str) -> None:
    assert expected(lines) == []


@pytest.mark.parametrize(
    ("lines", "codes_"),
    [
        ("expect params = 343", ["E0304"]),
        ("expect params < 342", ["E0304"]),
        ("expect macs = 1", ["E0304"]),
        ("expect output = 11", ["E0304"]),
        ("expect output = 10x1", ["E0304"]),
        ("expect params = 342 with classes=11", ["E0304"]),
        ("expect params = 1\nexpect params < 2\nexpect macs = 3", ["E0304", "E0304"]),
        ("expect params = 342 with clases=11", ["E0214"]),
        ("expect params = 342 with classes=11 classes=11", ["E0205"]),
        ("expect params = 342 with classes=0", ["E0207"]),
        ("expect params = 342 with classes=n", ["E0206"]),
        ("expect parameters = 342", ["E0208"]),
        ("expect output < 10", ["E0206"]),
        ("expect output = 0", ["E0207"]),
        ("expect params = n", ["E0208"]),
        ("expect params = true", ["E0206"]),
        ('expect params = "342"', ["E0206"]),
        ("expect params = 1 / 0", ["E0212"]),
        ("seq { expect params = 342 }", ["E0213"]),
        ("x: expect params = 342", ["E0213"]),
    ],
)
def test_expectation_that_does_not_hold(lines: str, codes_: list[str]) -> None:
    assert expected(lines) == codes_


def test_expectations_are_held_at_their_own_settings_whatever_is_set() -> None:
    lines = "expect params = 342\nexpect params = 347 with classes=11"
    assert expected(lines, classes=3) == []
    assert expected("expect params = 1", classes=3) == ["E0304"]


def test_long_settings_that_differ_at_their_end_are_different_variants() -> None:
    text = """network A(widths = [1]) {{
    input 8x4x4
    for width in widths {{ conv width 1 bias=false }}
    expect params = {} with widths={}
    expect params = {} with widths={}
}}
"""
    first, second = [1] * 60, [1] * 59 + [2]
    checked = check_text(text.format(8 + 59, first, 8 + 58 + 2, second))
    assert checked.diagnostics == ()


def test_at_most_64_variants_are_built() -> None:
    lines = "\n".join(f"expect params = {4 * n + n + 292} with classes={n}" for n in range(11, 75))
    assert expected(lines) == []
    assert expected(lines + "\nexpect params = 1 with classes=99") == ["E0903"]


DEEP = """network A(depth = {default}) {{
    input 1x8x8
    repeat depth {{ relu }}
    conv 1 1x1
    expect params = 2
    expect params = 2 with depth=4000
    expect params = 2 with depth={depth}
}}
"""


def test_variants_have_so_many_operators_together() -> None:
    assert check_text(DEEP.format(default=20_000, depth=5_000)).found == ()
    (found,) = check_text(DEEP.format(default=20_000, depth=6_000)).found
    assert (found.kind.code, found.primary.span.position[0]) == ("E0903", 7)


def test_no_variant_with_too_many_operators_is_built_where_a_figure_is_off() -> None:
    text = DEEP.format(default=8, depth=6_000).replace("params = 2", "params = 3")
    (found,) = check_text(text).found
    assert found.kind.code == "E0304"
    assert len(found.secondary) == 1  # the other variant that was built


def test_a_variant_that_is_wrong_says_for_which_expectation() -> None:
    checked = check_text(NETWORK.format("expect params = 1 with width=0"))
    (mistake,) = checked.diagnostics
    assert mistake.kind.code == "E0207"
    assert mistake.primary.span.text == "0"
    assert [label.text for label in mistake.secondary] == ["used here"]


def test_network_without_a_contract_has_its_shape() -> None:
    assert network("relu").output.type.shape == (8, 16, 16)


@pytest.mark.parametrize("shape", [(3, 16, 16), (3, 9, 20), (1, 8, 8)])
def test_at_another_size_what_is_asserted_does_not_apply(shape: tuple[int, ...]) -> None:
    text = "network N {\n    input 3x8x8\n    conv 4 3x3 -> 4x6x6\n    flatten -> 144\n    expect macs = 3888\n}\n"
    checked = check_source(Source("n.cnn", text), input_shape=shape)
    assert checked.diagnostics == ()
    assert checked.require_graph().output.type.shape == (4 * (shape[1] - 2) * (shape[2] - 2),)


def test_an_input_of_another_rank_is_refused() -> None:
    text = "network N {\n    input 3x8x8\n    flatten\n}\n"
    (found,) = check_source(Source("n.cnn", text), input_shape=(8,)).diagnostics
    assert found.kind.code == "E0214"
