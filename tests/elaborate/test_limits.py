"""Every limit is an error with a code; what is just below it is fine."""

from __future__ import annotations

import pytest

from cnndsl.api import check_text

from .built import codes, network


def test_100_000_operators_and_not_one_more() -> None:
    assert len(network("repeat 500 { repeat 200 { relu } }").nodes) == 100_000
    assert codes("repeat 500 { repeat 200 { relu } }\nrelu") == ["E0903"]


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("repeat 1_000_000 { relu }", ["E0903"]),
        ("repeat 2_147_483_647 { let x = 1 }", ["E0903"]),
        ("repeat 1_000 { repeat 1_000 { repeat 1_000 { relu } } }", ["E0903"]),
        ("for i in range(10_000) { for j in range(10_000) { let x = 1 } }", ["E0906"]),
        ("let b = range(10_000)\nfor i in b { let a = sum(b) }", ["E0906"]),
        ("flatten | dense 2_147_483_647 | dense 2_147_483_647", ["E0904"]),
        ("conv 1_000_000_000 1 | flatten", ["E0905"]),
        ("conv 1 1 pad=2_147_483_647", ["E0905"]),
    ],
)
def test_limit(body: str, expected: list[str]) -> None:
    assert codes(body) == expected


def test_steps_are_those_of_the_whole_check() -> None:
    lines = "let _a = range(10_000)\n" * 20
    one = f"network A {{\n    input 8x8x8\n{lines}}}\n"
    assert check_text(one).diagnostics == ()
    many = "".join(one.replace("network A", f"network A{index}") for index in range(20))
    assert [item.kind.code for item in check_text(many).diagnostics] == ["E0906"]


def test_the_count_of_steps_begins_anew_with_each_check() -> None:
    body = "for i in range(30) { let a = range(5_000) }"
    assert [codes(body) for _ in range(4)] == [[], [], [], []]


def test_at_most_200_errors_are_kept() -> None:
    assert len(codes("dropout 2\n" * 500)) == 200
    assert len(codes("conv )\n" * 500)) == 200


def test_a_mistake_in_a_loop_is_one_error() -> None:
    assert codes("repeat 100_000 { cnov 3 }") == ["E0201"]
    assert codes("repeat 300 as i { conv 3 9x9 bais=i }\ndense 10") == ["E0202"]
    assert codes("for k in [3, 99] { conv 4 k }\nrelu") == ["E0301"]
