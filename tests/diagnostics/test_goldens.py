"""One mistake, one error, at the right line and in these words: a wrong spec and the rendered text for each."""

from __future__ import annotations

from pathlib import Path

import pytest

from cnndsl.diagnostics import Diagnostic
from cnndsl.diagnostics.text import render

from ..support.fixing import apply_fix
from .goldens import FOLDER, SPECS, check, expected, found


@pytest.fixture(autouse=True)
def _in_the_folder(monkeypatch):
    monkeypatch.chdir(FOLDER)


@pytest.mark.parametrize("path", SPECS, ids=lambda path: path.stem)
def test_each_mistake_is_said_once_and_in_these_words(path: Path, golden) -> None:
    diagnostics = check(path).diagnostics
    assert expected(path), "the first line says what is wrong, as in `# E0301 on line 5`"
    assert found(diagnostics) == expected(path)
    for item in diagnostics:
        _assert_house_style(item)
    text = "\n".join(render(item) for item in diagnostics)
    golden(str(path.with_suffix(".txt")), text.replace("used\\", "used/"))


def test_a_certain_fix_mends_its_mistake() -> None:
    fixes = [
        (path, item, fix) for path in SPECS for item in check(path).diagnostics for fix in item.fixes if fix.certain
    ]
    assert len(fixes) > 30
    for path, item, fix in fixes:
        before = check(path).diagnostics
        after = check(path, apply_fix(path.read_text(encoding="utf-8"), fix)).diagnostics
        assert len(_same(after, item)) < len(_same(before, item)), path.stem


def _assert_house_style(item: Diagnostic) -> None:
    labels = [label.text for label in (item.primary, *item.secondary) if label is not None]
    for text in (item.message, *item.notes, *item.help, *labels):
        assert not text.endswith((".", " ")), text
        assert text[:1] == text[:1].lower(), text
    assert len(item.message) <= 160


def _same(diagnostics: tuple[Diagnostic, ...], item: Diagnostic) -> list[Diagnostic]:
    return [other for other in diagnostics if (other.kind, other.message) == (item.kind, item.message)]
