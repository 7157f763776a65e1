"""One broken line is one error, and the rest of the tree is what it was."""

from __future__ import annotations

from pathlib import Path

import pytest

from cnndsl.syntax import ast

from .trees import SPECS, codes, parse_text, read, walk

BROKEN = (
    "conv 64, 3x3",
    "conv(64, 3)",
    "conv 64 3X3",
    "let = 3",
    "let x 3",
    "conv 64 3x3 stride=",
    "relu ->",
    "repeat 3",
    "5 relu",
    "conv n-1",
    "= 3",
    ": relu",
    "@ relu",
    'conv "64',
    "expect params",
    "if { relu }",
    "else { relu }",
    "shortcut projection",
    "relu relu: relu",
    "for x of [1] { relu }",
)


def plain_lines(text: str) -> list[int]:
    """The lines that are whole statements of a body: no brace in them, no bracket open over a line, no line that goes on."""
    lines = [line.split("#")[0].rstrip() for line in text.split("\n")]
    plain, depth = [], 0
    for index, line in enumerate(lines):
        opened = depth
        depth += sum(line.count(bracket) for bracket in "([") - sum(line.count(bracket) for bracket in ")]")
        following = next((other.strip() for other in lines[index + 1 :] if other.strip()), "")
        goes_on = line.strip().startswith(("|", "else", "shortcut")) or following.startswith(("|", "else", "shortcut"))
        closed = next((other for other in reversed(lines[:index]) if other), "").endswith("}")  # where `else` may stand
        if (
            opened == depth == 0
            and not closed
            and line.startswith((" ", "\t"))
            and not set(line) & set("{}")
            and not goes_on
        ):
            plain.append(index)
    return plain


def leaves(file: ast.File, line: int) -> list[tuple[int, ast.Statement]]:
    """Statements without bodies, and the line of each, except those of one line."""
    found = []
    for node in walk(file):
        if isinstance(node, ast.Statement) and not any(isinstance(part, ast.Body) for part in walk(node)):
            number = node.span.position[0]
            found += [(number, node)] if number != line else []
    return found


@pytest.mark.parametrize("path", SPECS, ids=lambda path: path.stem)
def test_a_line_broken_is_one_error(path: Path) -> None:
    """Each way of breaking a line on three lines or more of each spec, another three for each."""
    hold(path, every=4)


@pytest.mark.soak
@pytest.mark.parametrize("path", SPECS, ids=lambda path: path.stem)
def test_a_line_broken_in_any_way_is_one_error(path: Path) -> None:
    hold(path, every=1)


def hold(path: Path, every: int) -> None:
    lines = read(path).split("\n")
    whole = parse_text("\n".join(lines))[0]
    cases = {node.span.position[0] - 1 for node in walk(whole) if isinstance(node, ast.Case)}
    plain = [index for index in plain_lines(read(path)) if index not in cases]
    for number, index in enumerate(plain[:: max(1, len(plain) // 12)]):
        for broken in BROKEN[number % every :: every]:
            file, mistakes = parse_text("\n".join([*lines[:index], f"    {broken}", *lines[index + 1 :]]))
            assert len(mistakes) == 1, (index, broken, mistakes)
            assert mistakes[0].primary is not None
            assert mistakes[0].primary.span.position[0] == index + 1
            assert leaves(file, index + 1) == leaves(whole, index + 1)
            assert len(file.items) == len(whole.items)


@pytest.mark.parametrize(
    "broken",
    ["network { }", "netwrk A { }", "network A() B { }", "block 3 { }", "train { } }", "use a, from std", "conv 3 3x3"],
)
def test_a_broken_item_leaves_the_others_whole(broken: str) -> None:
    before = "block a { relu }\n\nnetwork N {\n    input 1x8x8\n    relu\n}\n"
    after = "\ntrain {\n    data digits\n}\n"
    whole = parse_text(before + after)[0]
    file, mistakes = parse_text(f"{before}{broken}\n{after}")
    assert len(mistakes) == 1
    kept = [item for item in file.items if item in whole.items]
    assert kept == list(whole.items)


def test_a_broken_case_is_one_error_and_costs_its_match() -> None:
    text = "network A {\n    let a = match 1 {\n        1: 2\n        2: let\n        3: 4\n    }\n    relu\n}\n"
    file, mistakes = parse_text(text)
    assert [item.primary.span.position[0] for item in mistakes if item.primary] == [4]
    first, second = file.networks[0].body.statements
    assert first.action == ast.Error(first.span, ("a",))
    assert isinstance(second.action, ast.Call)


def test_several_mistakes_are_all_reported_in_order() -> None:
    text = "network A {\n    input 1x8x8\n    conv 3, 3x3\n    relu\n    let = 2\n    conv 3X3\n}\ntran { }\n"
    assert codes(text) == ["E0107", "E0101", "E0104", "E0101"]
