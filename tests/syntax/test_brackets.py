"""Brackets: an unclosed one is reported where it opens, and a text that is cut anywhere says so and nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest

from .trees import SPECS, TEXTS, codes, parse_text, read

# Every prefix of all specs would take minutes; these hold every construct.
CUT = [*TEXTS, *(path for path in SPECS if path.stem == "lenet5")]
# What a cut can do to the word that it goes through, such as the `->` of a contract.
CUT_WORD = {"E0101", "E0104", "E0105", "E0106", "E0108"}


def places(text: str) -> list[tuple[str, int, int]]:
    return [(item.kind.code, *item.primary.span.position) for item in parse_text(text)[1] if item.primary]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("network A {\n    relu\n", [("E0102", 1, 11)]),
        ("network A {\n    seq {\n        relu\n}\n", [("E0102", 2, 9)]),
        ("network A {\n    seq {\n        relu\n\nnetwork B {\n    relu\n}\n", [("E0102", 2, 9)]),
        ("network A {\n    conv (3 3x3\n    relu\n}\n", [("E0102", 2, 10)]),
        ("network A {\n    let a = max(1, [2, 3\n    relu\n}\n", [("E0102", 2, 16)]),
        ("network A {\n    let a = max(1, [2, 3)\n    relu\n}\n", [("E0102", 2, 20)]),
        ("network A {\n    let a = max(\n        1,\n        b,\n        2\n    relu\n}\n", [("E0102", 2, 16)]),
        ("network A {\n    let a = [1,\n        2] + [\n        3\n    relu\n}\n", [("E0102", 3, 14)]),
        ("network A(a = [1, 2) {\n    relu\n}\n", [("E0102", 1, 15)]),
        ("network A(a = 1 {\n    relu\n}\n", [("E0102", 1, 10)]),
        ("network A {\n    relu\n}\n}\n", [("E0103", 4, 1)]),
        ("network A {\n    conv 3) 3x3\n    relu\n}\n", [("E0103", 2, 11)]),
        ("network A {\n    let a = 1]\n    relu\n}\n", [("E0103", 2, 14)]),
        ("}\n", [("E0103", 1, 1)]),
        ("network A { seq { relu }", [("E0102", 1, 11)]),
        ("network A { seq { relu ", [("E0102", 1, 17)]),
    ],
)
def test_a_bracket_without_partner_is_the_only_error(text: str, expected: list[tuple[str, int, int]]) -> None:
    assert places(text) == expected


@pytest.mark.parametrize("path", CUT, ids=lambda path: path.stem)
def test_text_cut_somewhere(path: Path) -> None:
    hold_where_cut(read(path), every=5)


@pytest.mark.soak
@pytest.mark.parametrize("path", CUT, ids=lambda path: path.stem)
def test_text_cut_anywhere(path: Path) -> None:
    hold_where_cut(read(path), every=1)


def hold_where_cut(text: str, every: int) -> None:
    whole = parse_text(text)[0]
    for end in range(0, len(text), every):
        file, mistakes = parse_text(text[:end])
        finished = [item for item in whole.items if item.span.end <= end]
        assert list(file.items[: len(finished)]) == finished
        opened = [item for item in mistakes if item.kind.code == "E0102"]
        others = [item for item in mistakes if item.kind.code != "E0102"]
        assert len({item.primary.span.text for item in opened if item.primary}) <= 3
        assert sum(item.primary.span.text == "{" for item in opened if item.primary) <= 1
        assert len(others) <= 1
        for item in others:
            assert item.kind.code in CUT_WORD
            assert item.primary is not None
            assert "\n" not in text[item.primary.span.end : end].strip(), "an error lies in what is cut"


@pytest.mark.parametrize("path", CUT, ids=lambda path: path.stem)
def test_any_closing_bracket_removed_is_one_unclosed_bracket(path: Path) -> None:
    text = read(path)
    code = "\n".join(line.split("#")[0].ljust(len(line)) for line in text.split("\n"))
    quoted = {index for index in range(len(code)) if code[:index].count('"', code.rfind("\n", 0, index) + 1) % 2}
    for index, character in enumerate(code):
        if character in "}])" and index not in quoted:
            found = codes(text[:index] + text[index + 1 :])
            assert "E0102" in found, text[index - 40 : index + 1]
            assert len(found) <= 2, (found, text[index - 40 : index + 40])
