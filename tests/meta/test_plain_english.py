"""Words that a reader whose second language is English stumbled over, and what we write in their place.

The glossary holds for the documentation, for specs and examples, for help, for every text that the program prints, and for
public names. Docstrings of operators, settings and lints are pages of the documentation. Notes of decisions stay as they
were written.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import cnndsl
from cnndsl.cli.main import COMMANDS, make_parser
from cnndsl.diagnostics.suggest import with_article

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "cnndsl"
GLOSSARY = {
    r"\bbehind\b": "after",
    r"\b(?:shut|shuts|shutting)\b": "collapse, collapsed",
    r"\bmend(?:s|ed|ing)?\b": "fix",
    r"\bextents?\b": "size, or dimension",
    r"(?<!in )(?<!decimal )\bplaces?\b": "position",
    r"\b(?:stands?|stood)\b(?! for\b)": "is, is written",
    r"(?<!there )\b(?:is|are|was|were|be) no\b(?! (?:longer|more)\b)": "is not a",
    r"\b1 if any\b": "exit code 1 if",
    r"\b(?:do not|not) take it\b": "do not use it, remove it",
    r"\bto its word\b": "check",
    r"\bone reading\b|\bother reading\b": "certain",
    r"\bso deep\b": "to N levels",
    r"\b[Aa] [`']?(?:8|11|18)(?!\d)": "an",
}
NAMES = re.compile(r"behind|mend(?!ation)|(?:^|_)shut|extent(?!ion)", re.IGNORECASE)


def pages() -> list[Path]:
    found = [ROOT / "README.md", ROOT / "CHANGELOG.md", *(ROOT / "docs").rglob("*.md"), *PACKAGE.rglob("pages/*.md")]
    found += [PACKAGE / "std.cnn", *(ROOT / "specs").glob("*.cnn"), *(ROOT / "examples").glob("*.*")]
    return [path for path in found if path.parent.name != "decisions" or path.name == "README.md"]


def modules() -> list[Path]:
    return [path for path in sorted(PACKAGE.rglob("*.py")) if path.name != "tables.py"]


def against_the_glossary(text: str) -> list[str]:
    return [
        f"line {number}: write {instead!r}: {line.strip()}"
        for number, line in enumerate(text.splitlines(), 1)
        for wrong, instead in GLOSSARY.items()
        if re.search(wrong, line, re.IGNORECASE)
    ]


def texts(tree: ast.Module) -> Iterator[str]:
    """The strings of a module that may be printed: whatever has a blank in it and is not a docstring."""
    documented = (ast.Module, ast.ClassDef, ast.FunctionDef)
    docstrings = {
        statement.value
        for node in ast.walk(tree)
        if isinstance(node, documented)
        for statement in node.body
        if isinstance(statement, ast.Expr)
    }
    for node in ast.walk(tree):
        if (
            isinstance(node, ast.Constant)
            and isinstance(node.value, str)
            and " " in node.value
            and node not in docstrings
        ):
            yield node.value


@pytest.mark.parametrize("path", pages(), ids=lambda path: path.relative_to(ROOT).as_posix())
def test_pages(path: Path) -> None:
    assert against_the_glossary(path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize("command", COMMANDS)
def test_help(command: str) -> None:
    assert against_the_glossary(" ".join(make_parser(command).format_help().split())) == []


@pytest.mark.parametrize("path", modules(), ids=lambda path: path.relative_to(PACKAGE).as_posix())
def test_what_is_printed(path: Path) -> None:
    found = list(texts(ast.parse(path.read_text(encoding="utf-8"))))
    assert [wrong for text in found for wrong in against_the_glossary(text)] == []


def test_names() -> None:
    public = [name for item in map(cnndsl.__getattribute__, cnndsl.__all__) for name in dir(item)]
    exported = [
        element.value
        for path in modules()
        for node in ast.parse(path.read_text(encoding="utf-8")).body
        if isinstance(node, ast.Assign)
        and ast.unparse(node.targets[0]) == "__all__"
        and isinstance(node.value, ast.List)
        for element in node.value.elts
        if isinstance(element, ast.Constant)
    ]
    files = [path.stem for path in modules()]
    assert [name for name in (*public, *exported, *files) if NAMES.search(name)] == []


def test_the_glossary_finds_what_it_names() -> None:
    wrong = "one behind the other; shut; mended; an extent; each place; it stands; there is none, and it is no layer"
    assert len(against_the_glossary(wrong)) == 7
    assert against_the_glossary("there is no layer; it stands for; in place of; two decimal places; no longer") == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("11x11", "an"),
        ("8", "an"),
        ("18x18", "an"),
        ("80", "an"),
        ("3x3", "a"),
        ("112x112", "a"),
        ("1x1", "a"),
        ("int", "an"),
    ],
)
def test_articles(text: str, expected: str) -> None:
    assert with_article(text) == f"{expected} {text}"
