"""Each mistake is told once, where it was made."""

from __future__ import annotations

import pytest

from cnndsl.api import check_text
from cnndsl.diagnostics import Diagnostic

UNIT = "block unit(channels, act = relu) {\n    conv channels 3x3 pad=1\n    act\n}\n"


def told(text: str) -> list[tuple[str, int]]:
    return [(item.kind.code, item.primary.span.position[0]) for item in check_text(text).diagnostics if item.primary]


def only(text: str) -> Diagnostic:
    (item,) = check_text(text).diagnostics
    return item


@pytest.mark.parametrize(("body", "expected"), [
    ("repeat 3 { conv 0 3x3 }", [("E0207", 7)]),
    ("unit 0 | unit 0", [("E0207", 7), ("E0207", 7)]),
    ("repeat 2 { unit 0 }", [("E0207", 7)]),
    ('unit "8"', [("E0206", 7)]),
    ("unit relu 8", [("E0206", 7)]),
    ('let c = "8"\n    conv c 3x3', [("E0206", 7)]),
    ("let c = 0\n    conv c 3x3", [("E0207", 8)]),
    ("for c in [8, 0] { conv c 3x3 pad=1 }", [("E0207", 7)]),
    ("repeat 2 { conf 8 3x3 }", [("E0201", 7)]),
    ("zebra 3 | zebra 3", [("E0201", 7)]),
    ("conv zebra 3x3 | conv (2 * zebra) 3x3", [("E0208", 7)]),
    ("a: relu\n    a: tanh\n    from ab", [("E0209", 8)]),
])  # fmt: skip
def test_a_mistake_is_told_once_where_it_was_made(body: str, expected: list[tuple[str, int]]) -> None:
    text = f"{UNIT}network Wrong {{\n    input 3x32x32\n    {body}\n}}\n"
    assert told(text) == expected


def test_a_value_is_followed_to_where_it_was_written() -> None:
    text = "network Wrong(depth = 50.0) {\n    input 3x32x32\n    let blocks = depth\n    repeat blocks { relu }\n}\n"
    item = only(text)
    assert item.message == "`depth` cannot be 50.0"
    assert item.fixes[0].edits[0].replacement == "50"


def test_a_value_is_followed_through_the_calls_of_blocks() -> None:
    outer = "block outer(width) {\n    unit width\n}\n"
    item = only(f'{UNIT}{outer}network Wrong {{\n    input 3x32x32\n    outer "8"\n}}\n')
    assert item.primary is not None
    assert item.primary.span.text == '"8"'
    assert item.primary.span.position[0] == 10


def test_the_calls_that_led_to_a_mistake_are_shown() -> None:
    item = only("block unit(c) {\n    conv c 0x3\n}\nnetwork Wrong {\n    input 3x8x8\n    unit 8\n}\n")
    assert [label.text for label in item.secondary] == ["in this call of `unit`"]


def test_std_is_never_at_fault() -> None:
    item = only("use conv_bn_act from std\nnetwork Wrong {\n    input 10\n    conv_bn_act 8 3\n}\n")
    assert item.primary is not None
    assert item.primary.span.source.name == "<text>"
    assert item.fixes == ()


def test_what_a_line_may_define_that_cannot_be_read_is_not_missing() -> None:
    assert told("network Wrong {\n    input 3x8x8\n    let c = = 8\n    conv c 3x3\n}\n") == [("E0101", 3)]


def test_two_hundred_mistakes_are_enough() -> None:
    lines = "\n".join(f"    conv name{index} 3x3" for index in range(300))
    assert len(check_text(f"network Wrong {{\n    input 3x8x8\n{lines}\n}}\n").diagnostics) <= 200
