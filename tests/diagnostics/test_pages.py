"""Every kind of mistake has a page, and what the page shows is so: the failing example fails, and the other works."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from cnndsl.analysis.codes import all_kinds, explanation
from cnndsl.api import check_source
from cnndsl.diagnostics.catalogue import PAGES, all_errors
from cnndsl.source import Source

KINDS = all_kinds()
TEXTS = {code: explanation(code) for code in KINDS}
_FENCE = re.compile(r"^```(\w+) ?(\S*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def blocks(code: str, language: str, mark: str = "") -> list[str]:
    """The fenced blocks of a page in a language, with a mark behind it."""
    return [text for word, found, text in _FENCE.findall(TEXTS.get(code, "")) if (word, found) == (language, mark)]


SHOWN = [code for code in KINDS if blocks(code, "cnn", "failing")]
TOLD = [code for code in KINDS if code not in SHOWN]


def test_there_is_a_page_for_each_error_and_no_other() -> None:
    assert {path.stem for path in Path(PAGES).iterdir()} == set(all_errors())


@pytest.mark.parametrize("code", KINDS)
def test_a_page_opens_with_its_kind_and_keeps_to_a_screen(code: str) -> None:
    lines = TEXTS[code].split("\n")
    assert lines[0] == f"# {code}: {KINDS[code].summary}"
    assert len(lines) <= 60
    assert max(map(len, lines)) <= 180


@pytest.mark.parametrize("code", SHOWN)
def test_the_examples(code: str, tmp_path, monkeypatch) -> None:
    monkeypatch.chdir(tmp_path)
    for word, mark, text in _FENCE.findall(TEXTS[code]):
        if word == "cnn" and mark.startswith("file="):
            Path(mark.removeprefix("file=")).write_text(text, encoding="utf-8")
    for text in blocks(code, "cnn", "failing"):
        assert [item.kind.code for item in _check(text)] == [code]
    fixed = blocks(code, "cnn")
    assert fixed, "after the failing example comes one that works"
    for text in fixed:
        assert _check(text) == ()


@pytest.mark.parametrize("code", TOLD)
def test_a_page_without_a_spec_shows_the_command_and_its_message(code: str) -> None:
    (console,) = blocks(code, "console")
    assert console.startswith("$ cnndsl ")
    assert f"\n{'error' if code.startswith('E') else 'warning'}[{code}]: " in console


def _check(text: str):
    return check_source(Source("example.cnn", text, "example.cnn")).diagnostics
