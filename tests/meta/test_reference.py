"""The pages of docs/reference are what the code says today, and what they show is so."""

from __future__ import annotations

import re
import runpy
from functools import cache
from pathlib import Path

import pytest

from cnndsl.analysis.codes import all_kinds
from cnndsl.api import check_text
from cnndsl.cli.main import COMMANDS
from cnndsl.elaborate.functions import FUNCTIONS
from cnndsl.ops import OPERATORS
from cnndsl.reports.reference import std_blocks

DOCS = Path(__file__).parents[2] / "docs"
PAGES = (
    "blocks.md",
    "command-line.md",
    "diagnostics.md",
    "functions.md",
    "grammar.md",
    "operators.md",
    "python.md",
    "settings.md",
    "warnings.md",
)


@cache
def made() -> dict[str, str]:
    return runpy.run_path(str(DOCS / "generate.py"))["pages"]()


def test_there_are_these_pages() -> None:
    assert (
        tuple(sorted(made()))
        == PAGES
        == tuple(sorted(path.name for path in (DOCS / "reference").iterdir() if path.name != "README.md"))
    )


@pytest.mark.parametrize("page", PAGES)
def test_a_page_is_fresh(page: str) -> None:
    written = (DOCS / "reference" / page).read_text(encoding="utf-8")
    assert written == made()[page], "run `python docs/generate.py`"


@pytest.mark.parametrize("page", PAGES)
def test_links_lead_somewhere(page: str) -> None:
    for link in re.findall(r"\]\(([^)]+)\)", made()[page]):
        target, _, place = link.partition("#")
        assert (DOCS / "reference" / target).exists(), link
        if place:
            titles = re.findall(r"^#+ (.+)$", made()[target or page], re.MULTILINE)
            assert place in map(_anchor, titles), link


def test_nothing_is_left_out() -> None:
    assert all(f"\n### {name}\n" in made()["operators.md"] for name in OPERATORS)
    assert all(f"\n## {name}\n" in made()["blocks.md"] for name in std_blocks())
    assert all(f"\n| `{name}` |" in made()["functions.md"] for name in FUNCTIONS)
    assert all(f"\n| [{code}](" in made()["diagnostics.md"] for code in all_kinds())
    assert all(f"\n## cnndsl {name}\n" in made()["command-line.md"] for name in COMMANDS)


def test_the_examples_of_the_grammar_follow_it() -> None:
    examples = re.findall(r"^```cnn\n(.*?)^```$", made()["grammar.md"], re.MULTILINE | re.DOTALL)
    files, *others = (example.replace("...", "relu") for example in examples)
    for text in (files, *(f"network Example {{\n{_statement(other)}}}\n" for other in others)):
        assert [item for item in check_text(text).diagnostics if item.kind.code.startswith("E01")] == []


def _statement(text: str) -> str:
    return f"let x = {text}" if text.startswith("[") else text


def _anchor(title: str) -> str:
    return re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-")
