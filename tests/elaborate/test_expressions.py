"""The value of every sort of expression, and what is wrong with those that have none."""

from __future__ import annotations

import math
from typing import Any

import pytest

from cnndsl.diagnostics import Diagnostics
from cnndsl.elaborate import parse_setting
from cnndsl.elaborate.evaluate import EvaluationError, evaluate
from cnndsl.source import Source
from cnndsl.syntax import ast, parse

VARIABLES: dict[str, Any] = {
    "n": 3,
    "half": 0.5,
    "yes": True,
    "name": "D",
    "size": (3, 5),
    "xs": [10, 20, 30],
    "pairs": [(1, 2), (3, 4)],
    "empty": [],
}


def expression(text: str) -> ast.Expression:
    diagnostics = Diagnostics()
    file = parse(Source("test.cnn", f"network A {{ let value = {text} }}"))
    assert not diagnostics.has_errors, diagnostics.sorted()
    action = file.networks[0].body.statements[0].action
    assert isinstance(action, ast.Let)
    assert not isinstance(action.value, ast.Match)
    return action.value


def value(text: str) -> Any:
    return evaluate(expression(text), VARIABLES)


def code(text: str) -> str:
    with pytest.raises(EvaluationError) as caught:
        value(text)
    assert caught.value.problem is not None
    return caught.value.problem.kind.code


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1 + 2 * 3", 7),
        ("7 - 2 - 1", 4),
        ("7 / 2", 3.5),
        ("6 / 3", 2.0),
        ("7 // 2", 3),
        ("-7 // 2", -4),
        ("7.5 // 2", 3.0),
        ("-7 % 3", 2),
        ("2 ** 10", 1024),
        ("2 ** 3 ** 2", 512),
        ("2 ** -1", 0.5),
        ("-2 ** 2", -4),
        ("(-2) ** 2", 4),
        ("4 ** 0.5", 2.0),
        ("- - n", 3),
        ("2k + 1", 2001),
        ("1 < 2", True),
        ("2 <= 1", False),
        ("1 == 1.0", True),
        ("1 != 2", True),
        ("true == 1", False),
        ("yes == true", True),
        ("[1] == [true]", False),
        ("[1, 2] == [1, 2]", True),
        ("[1, 2] == (1, 2)", False),
        ("(3, 5) == size", True),
        ("3x5 == size", True),
        ('name == "D"', True),
        ('name == "d"', False),
        ("name == 3", False),
        ("(a=1, b=2) == (b=2, a=1)", True),
        ("not yes or yes", True),
        ("not (yes and n > 2)", False),
        ("false and undefined", False),
        ("true or undefined", True),
        ("(n > 2 and yes) == true", True),
        ("false == (n > 2 and n < 3)", True),
        ("1 if yes else undefined", 1),
        ("undefined if n == 0 else 2 if n == 1 else 3", 3),
        ('"a" + "b"', "ab"),
        ("xs + [40]", [10, 20, 30, 40]),
        ("xs[0]", 10),
        ("xs[-1]", 30),
        ("xs[n - 2]", 20),
        ("size[1]", 5),
        ("xs[1:]", [20, 30]),
        ("xs[:2]", [10, 20]),
        ("xs[1:2]", [20]),
        ("xs[:]", [10, 20, 30]),
        ("xs[5:]", []),
        ("xs[:-1]", [10, 20]),
        ("[x // 10 for x in xs]", [1, 2, 3]),
        ("[a * b for (a, b) in pairs]", [2, 12]),
        ("[[y for y in range(x)] for x in [1, 2]]", [[0], [0, 1]]),
        ("[n for n in [1]]", [1]),
        ("[conv, relu]", ["conv", "relu"]),
        ("(top=1, bottom=n)", {"top": 1, "bottom": 3}),
        ("1x32x32", (1, 32, 32)),
        ("(n, 2*n)", (3, 6)),
        ("max(1, n, 2)", 3),
        ("max(xs)", 30),
        ("min(size)", 3),
        ("round(2.5)", 2),
        ("round(3.5)", 4),
        ("floor(-0.5)", -1),
        ("ceil(0.1)", 1),
        ("log(1)", 0.0),
        ("sqrt(16)", 4.0),
        ("abs(-3)", 3),
        ("sum(xs)", 60),
        ("sum(empty)", 0),
        ("len(xs)", 3),
        ("len(size)", 2),
        ("range(3)", [0, 1, 2]),
        ("range(1, 3)", [1, 2]),
        ("range(6, 0, -2)", [6, 4, 2]),
        ("unique([3, 1, 3])", [3, 1]),
        ("count([1, 2, 1], 1)", 2),
        ("make_divisible(33, 8)", 32),
        ("make_divisible(10.8, 8)", 16),
        ("make_divisible(3, 8)", 8),
    ],
)
def test_value(text: str, expected: Any) -> None:
    found = value(text)
    assert found == expected
    assert type(found) is type(expected)


def test_logarithm_is_natural() -> None:
    assert value("log(10)") == math.log(10)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("undefined", "E0208"),
        ("undefined + 1", "E0208"),
        ("undefined[0]", "E0208"),
        ("undefined(1)", "E0208"),
        ("1 / 0", "E0212"),
        ("1 // 0", "E0212"),
        ("1.5 % 0.0", "E0212"),
        ("0 ** -1", "E0212"),
        ("(-8) ** 0.5", "E0212"),
        ("sqrt(-1)", "E0212"),
        ("log(0)", "E0212"),
        ("log(8, 2)", "E0212"),
        ("round(1.55, 1)", "E0212"),
        ("max(empty)", "E0212"),
        ("max()", "E0212"),
        ('max("abc")', "E0212"),
        ("max(true, 2)", "E0212"),
        ("abs(true)", "E0212"),
        ("sum(3)", "E0212"),
        ("sum([xs])", "E0212"),
        ("sum(xs, 1)", "E0212"),
        ("len(3)", "E0212"),
        ("range(1.5)", "E0212"),
        ("range(1, 2, 0)", "E0212"),
        ("unique([[1]])", "E0212"),
        ("make_divisible(8, 0)", "E0212"),
        ("1e308 * 10", "E0212"),
        ("9e999", "E0212"),
        ("9_999_999_999_999_999_999", "E0905"),
        ("2 ** 63", "E0905"),
        ("2 ** 1000000", "E0905"),
        ("4_611_686_018_427_387_904 * 2", "E0905"),
        ("range(10_001)", "E0905"),
        ("range(10_000) + [1]", "E0905"),
        ("[range(5_000), range(5_000), range(5_000)]", "E0905"),
        ("[[i for i in range(200)] for j in range(200)]", "E0905"),
        ("1 + true", "E0206"),
        ("-yes", "E0206"),
        ("not 1", "E0206"),
        ("1 and true", "E0206"),
        ("true and 1", "E0206"),
        ("1 < true", "E0206"),
        ('"a" < "b"', "E0206"),
        ('"a" + 1', "E0206"),
        ("[1] + (2, 3)", "E0206"),
        ("[1] * 2", "E0206"),
        ("1 if 1 else 2", "E0206"),
        ("xs[1.0]", "E0206"),
        ("xs[true]", "E0206"),
        ("xs[half:]", "E0206"),
        ("n[0]", "E0206"),
        ("name[0]", "E0206"),
        ("xs[3]", "E0207"),
        ("xs[-4]", "E0207"),
        ("empty[0]", "E0207"),
        ("[x for x in 3]", "E0206"),
        ("[a for (a, b) in xs]", "E0206"),
        ("[a for (a, b, c) in pairs]", "E0206"),
        ("3x?", "E0206"),
    ],
)
def test_wrong_expression(text: str, expected: str) -> None:
    assert code(text) == expected


def test_long_sums_and_conditions_are_no_deep_ones() -> None:
    assert value("1" + " + 1" * 20_000) == 20_001
    assert value("false" + " or false" * 20_000 + " or true") is True


@pytest.mark.parametrize("text", ["- " * 10_000 + "1", "2 ** " * 10_000 + "1", "1 if false else " * 10_000 + "1"])
def test_deep_expressions_are_refused(text: str) -> None:
    assert code(text) == "E0902"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("10", 10),
        ("-1", -1),
        ("1e-3", 0.001),
        ("true", True),
        ("3x3", (3, 3)),
        ('"D"', "D"),
        ("[1, 2]", [1, 2]),
        ("(1 + 2)", 3),
    ],
)
def test_setting(text: str, expected: Any) -> None:
    diagnostics = Diagnostics()
    assert parse_setting(text, diagnostics) == expected
    assert diagnostics.sorted() == ()


@pytest.mark.parametrize(
    "text", ["", "1 2", "[1", "1)", "1, b = 2", "1 / 0", "len([1 for i in range(10000)", "@", "\n", "a = 1"]
)
def test_wrong_setting(text: str) -> None:
    diagnostics = Diagnostics()
    parse_setting(text, diagnostics)
    assert diagnostics.has_errors
