"""What every shipped spec owes its reader: clean, laid out, short, listed, and trained as its paper says or a word why not."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from cnndsl.api import check_source
from cnndsl.formatting import format_source
from cnndsl.reading import zoo_entries
from cnndsl.source import Source
from cnndsl.syntax import ast, parse

ROOT = Path(__file__).parents[2]
SPECS = sorted((ROOT / "specs").glob("*.cnn"))
STD = ROOT / "cnndsl" / "std.cnn"
LONGEST = 120

each = pytest.mark.parametrize("path", [*SPECS, STD], ids=lambda path: path.stem)


def source(path: Path) -> Source:
    """The text without its place: a copy elsewhere, as ``cnndsl new`` makes, finds no other spec beside it."""
    return Source(path.name, path.read_text(encoding="utf-8"))


@each
def test_it_is_clean(path: Path) -> None:
    assert check_source(source(path)).diagnostics == ()


@each
def test_it_is_laid_out(path: Path) -> None:
    assert format_source(source(path)) == path.read_text(encoding="utf-8")


@pytest.mark.parametrize("path", SPECS, ids=lambda path: path.stem)
def test_it_fits_on_two_screens_and_says_how_it_is_trained(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert text.count("\n") <= LONGEST
    assert max(map(len, text.split("\n"))) <= 128
    assert re.search(r"^train \{", text, re.MULTILINE) or "## There is no `train`: " in text


def test_no_block_stands_twice() -> None:
    found: dict[str, str] = {}
    for path in (*SPECS, STD):
        for item in parse(source(path)).items:
            if not isinstance(item, ast.Definition) or item.keyword != "block":
                continue
            body = re.sub(r"\s+", " ", item.body.span.text)
            assert body not in found, f"`{item.name.text}` of {path.name} is {found[body]}"
            found[body] = f"`{item.name.text}` of {path.name}"
    assert len(found) >= 20


def test_the_zoo_lists_every_spec() -> None:
    entries = zoo_entries()
    assert len(entries) >= 45
    assert {entry.file for entry in entries.values()} == {path.name for path in SPECS}


@each
def test_what_is_defined_is_described(path: Path) -> None:
    undescribed = [item.name.text for item in parse(source(path)).items if not getattr(item, "doc", "-")]
    assert undescribed == []
