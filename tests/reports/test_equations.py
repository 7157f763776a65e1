"""Every equation that a table, a message, a page or the documentation prints is true: its left side is evaluated."""

from __future__ import annotations

import ast
import math
import operator
import re
from collections.abc import Iterator
from itertools import takewhile
from pathlib import Path

import pytest

import cnndsl
from cnndsl.analysis.receptive_field import receptive_fields, window_formulas
from cnndsl.api import check_text
from cnndsl.diagnostics.text import render
from cnndsl.ir import Graph
from cnndsl.reading import zoo_entries
from cnndsl.reports.summary import render_summary
from tests.support.samples import JOINED_SAMPLES, MISUSES, SAMPLES, check_use

_NUMBER = r"\d+(?:,\d{3})*(?:\.\d+)?"
_EQUALS = re.compile(rf" = (-?{_NUMBER})(?!\w)(?!\s*[-+*/x(])")
_WORDS = re.compile(rf"floor|ceil|{_NUMBER}|[-+*/^() ]|.")
_OF_EQUATIONS = re.compile(rf"floor|ceil|{_NUMBER}|[-+*/^() ]")
_OPERATORS = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.FloorDiv: operator.floordiv,
    ast.Pow: operator.pow,
}
_FUNCTIONS = {"floor": math.floor, "ceil": math.ceil}


def equations(text: str) -> Iterator[tuple[str, str]]:
    """The two sides of everything of the form ``2*(3 + 4) = 14``, where the left side computes something."""
    for line in text.splitlines():
        for found in _EQUALS.finditer(line):
            words = [word[0] for word in _WORDS.finditer(line[: found.start()])]
            left = "".join([*takewhile(_OF_EQUATIONS.fullmatch, reversed(words))][::-1]).strip()
            if re.search(r"\d *[-+*/^]|\(", left) and left.count("(") == left.count(")"):
                yield re.split(r" {2,}", left.lstrip(" )+-*/"))[-1], found[1]


def value(text: str) -> float:
    return _value(ast.parse(re.sub(r"(?<=\d),(?=\d{3})", "", text).replace("^", "**"), mode="eval").body)


def _value(node: ast.expr) -> float:
    if isinstance(node, ast.BinOp):
        return _OPERATORS[type(node.op)](_value(node.left), _value(node.right))
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        return -_value(node.operand)
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
        return _FUNCTIONS[node.func.id](*map(_value, node.args))
    assert isinstance(node, ast.Constant), ast.dump(node)
    return node.value


def false_equations(text: str) -> list[str]:
    return [f"{left} = {right}" for left, right in equations(text) if value(left) != value(right)]


def formulas(graph: Graph) -> Iterator[str]:
    fields = receptive_fields(graph)
    for node in graph.nodes:
        yield from node.operator.formulas(*node.input_types)
        window = node.operator.window()
        yield from window_formulas(fields[node.input], window) if window is not None else ()


def test_the_reader_of_equations_finds_them() -> None:
    text = (
        "output floor((32 - 5 + 2*0)/1 + 1) = 28, parameters 6*5*5 + 6 = 156, height: 2 + (3 - 1)*4 = 10, n = 3, 9 = 9"
    )
    assert [right for _, right in equations(text)] == ["28", "156", "10"]
    assert false_equations("ceil((5 - 3 + 2*1)/3 + 1) = 2") == ["ceil((5 - 3 + 2*1)/3 + 1) = 2"]


@pytest.mark.parametrize("size", range(1, 30))
def test_windows_with_ceil_mode(size: int) -> None:
    for kernel in (1, 2, 3, 5):
        for stride in (1, 2, 3, 4):
            for padding in range(kernel // 2 + 1):
                line = f"maxpool {kernel} stride={stride} pad={padding} ceil_mode=true"
                text = f"network N {{\n    input 1x{size}x{size}\n    {line}\n}}\n"
                checked = check_text(text)
                if not checked.has_errors:
                    found = [item for formula in formulas(checked.require_graph()) for item in equations(formula)]
                    assert found
                    assert all(value(left) == value(right) for left, right in found), (line, size, found)


@pytest.mark.parametrize("name", list(zoo_entries()))
def test_tables_of_the_zoo(name: str) -> None:
    text = render_summary(cnndsl.load(f"zoo:{name}").graph, explain=True)
    assert len(list(equations(text))) >= 5
    assert false_equations(text) == []


def test_samples_and_misuses_of_operators() -> None:
    texts = [
        render_summary(check_use(sample).require_graph(), explain=True) for _, sample in (*SAMPLES, *JOINED_SAMPLES)
    ]
    texts += [render(item) for _, misuse in MISUSES for item in check_use(misuse).diagnostics]
    assert [wrong for text in texts for wrong in false_equations(text)] == []


ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize(
    "path",
    [
        *ROOT.glob("docs/**/*.md"),
        *ROOT.glob("tests/diagnostics/*.md"),
        *ROOT.glob("cnndsl/diagnostics/pages/*.md"),
        ROOT / "README.md",
    ],
    ids=lambda path: path.name,
)
def test_pages(path: Path) -> None:
    assert false_equations(path.read_text(encoding="utf-8")) == []
