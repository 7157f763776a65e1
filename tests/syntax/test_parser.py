"""Trees: every construct of the grammar, the spans of nodes, documentation, line ends."""

from __future__ import annotations

from pathlib import Path
from random import Random

import pytest

from cnndsl.syntax import ast

from .texts import random_text
from .trees import SPECS, TEXTS, children, codes, parse_text, read, walk

NODES = {item for item in vars(ast).values() if isinstance(item, type) and issubclass(item, ast.Syntax)}


@pytest.mark.parametrize("path", SPECS, ids=lambda path: path.stem)
def test_spec_is_read_without_errors(path: Path) -> None:
    file, mistakes = parse_text(read(path))
    assert mistakes == ()
    assert not any(isinstance(node, ast.Error) for node in walk(file))


def test_texts_use_every_construct() -> None:
    used = {type(node) for path in TEXTS for node in walk(parse_text(read(path))[0])}
    assert NODES - used == {ast.Syntax, ast.Error}


def assert_spans(node: ast.Syntax) -> None:
    """A node lies in its parent, begins and ends with something, and its parts that are written in order are apart."""
    for child in children(node):
        assert node.span.start <= child.span.start <= child.span.end <= node.span.end, (node, child)
        assert_spans(child)


@pytest.mark.parametrize("path", SPECS, ids=lambda path: path.stem)
def test_spans_nest_and_have_no_blanks_around_them(path: Path) -> None:
    file = parse_text(read(path))[0]
    assert_spans(file)
    for node in walk(file):
        if not isinstance(node, ast.File):
            assert node.span.text == node.span.text.strip()
            assert node.span.text


@pytest.mark.parametrize(
    ("type_", "expected"),
    [
        (ast.Name, "conv"),
        (ast.Argument, "16"),
        (ast.Call, "conv 16 3x3 pad=same"),
        (ast.Contract, "16x32x32"),
        (ast.Binary, "n + 1"),
        (ast.Negative, "-2"),
        (ast.Function, "max(1, 2)"),
        (ast.Slice, "xs[1:]"),
        (ast.Conditional, "2 if a else 1"),
        (ast.Statement, "stem: conv 16 3x3 pad=same -> 16x32x32"),
        (ast.Expect, "expect params = 1 with a=2"),
        (ast.Body, "{ relu }"),
    ],
)
def test_span_of_a_node_is_its_text(type_: type[ast.Syntax], expected: str) -> None:
    text = """network A {
        stem: conv 16 3x3 pad=same -> 16x32x32
        conv (n + 1) -2 (max(1, 2)) (xs[1:]) (2 if a else 1)
        seq { relu }
        expect params = 1 with a=2
    }"""
    nodes = [node for node in walk(parse_text(text)[0]) if type(node) is type_]
    assert expected in [node.span.text for node in nodes]


def test_documentation_is_the_comments_right_above() -> None:
    text = "## far\n\n## first\n##second \nnetwork A { }\n# plain\n## of b\nblock b { }\n\nblock c { } ## here\nblock d { }"
    docs = {item.name.text: item.doc for item in parse_text(text)[0].items if isinstance(item, ast.Definition)}
    assert docs == {"A": "first\nsecond", "b": "of b", "c": "", "d": ""}


@pytest.mark.parametrize("path", SPECS, ids=lambda path: path.stem)
def test_line_ends_and_a_byte_order_mark_make_no_difference(path: Path) -> None:
    text = read(path).replace("\r\n", "\n")
    file = parse_text(text)[0]
    windows, mistakes = parse_text("\ufeff" + text.replace("\n", "\r\n"))
    assert mistakes == ()
    assert windows == file


@pytest.mark.parametrize("seed", range(40))
def test_random_text_is_read_without_errors(seed: int) -> None:
    file, mistakes = parse_text(random_text(Random(seed)))
    assert mistakes == ()
    assert_spans(file)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2 ** 3 ** 2", "(2 ** (3 ** 2))"),
        ("-2 ** 2", "(- (2 ** 2))"),
        ("2 ** -1", "(2 ** (- 1))"),
        ("1 - 2 - 3", "((1 - 2) - 3)"),
        ("1 -2", "(1 - 2)"),
        ("1 + 2 * 3 // 4", "(1 + ((2 * 3) // 4))"),
        ("not a and b or c", "(((not a) and b) or c)"),
        ("not a == b", "(not (a == b))"),
        ("a + 1 < b and c", "(((a + 1) < b) and c)"),
        ("1 if a else 2 if b else 3", "(1 if a else (2 if b else 3))"),
        ("1 + 2 if a or b else 3", "((1 + 2) if (a or b) else 3)"),
    ],
)
def test_precedence(text: str, expected: str) -> None:
    statement = parse_text(f"network A {{ let x = {text} }}")[0].networks[0].body.statements[0]
    assert isinstance(statement.action, ast.Let)
    assert shown(statement.action.value) == expected


def shown(node: object) -> str:
    """An expression with all its parentheses."""
    match node:
        case ast.Binary():
            return f"({shown(node.left)} {node.operator} {shown(node.right)})"
        case ast.Unary():
            return f"({node.operator} {shown(node.operand)})"
        case ast.Conditional():
            return f"({shown(node.value)} if {shown(node.condition)} else {shown(node.otherwise)})"
    assert isinstance(node, ast.Syntax)
    return node.span.text


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("0", 0),
        ("1_000", 1000),
        ("2k", 2000),
        ("2.5M", 2_500_000),
        ("1T", 10**12),
        (".5", 0.5),
        ("1e-4", 1e-4),
        ("1e3", 1000.0),
    ],
)
def test_numbers(text: str, value: float) -> None:
    statement = parse_text(f"network A {{ let x = {text} }}")[0].networks[0].body.statements[0]
    assert isinstance(statement.action, ast.Let)
    assert isinstance(statement.action.value, ast.Number)
    assert statement.action.value.value == value
    assert type(statement.action.value.value) is type(value)


def test_sixty_four_brackets_may_nest_and_not_one_more() -> None:
    deep = "network A { " + "seq { " * 63 + "}" * 64
    assert codes(deep) == []
    assert codes(deep.replace("network A {", "network A { seq {", 1) + "}") == ["E0902"]
    assert codes("network A { let a = " + "(" * 63 + "1" + ")" * 63 + " }") == []
    assert codes("network A { let a = " + "(" * 64 + "1" + ")" * 64 + " }") == ["E0902"]


def test_a_text_over_the_limit_is_refused() -> None:
    assert codes("#" * (256 * 1024)) == []
    assert codes("#" * (256 * 1024 + 1)) == ["E0901"]
