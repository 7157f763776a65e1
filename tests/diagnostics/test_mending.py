"""Certain fixes, made to every wrong spec that is at hand: the end is reached, stays, and nothing gets worse on the way."""

from __future__ import annotations

from pathlib import Path

import pytest

from cnndsl.api import check_source
from cnndsl.diagnostics import Diagnostic, Edit, Fix, Label
from cnndsl.diagnostics.kinds import names, syntax
from cnndsl.diagnostics.mending import Mended, apply_edits, mend
from cnndsl.source import Source, Span
from tests.docs.fences import fences

from .goldens import FOLDER, SPECS

PAGES = sorted((FOLDER.parent / "language").glob("*.md"))


def _texts() -> list[tuple[str, str]]:
    texts = [(path.name, path.read_text(encoding="utf-8")) for path in (*SPECS, *(FOLDER / "constructs").glob("*.cnn"))]
    for page in PAGES:
        for fence in fences(str(page)):
            shape = fence.option("in")
            whole = f"network Fragment {{\n    input {shape}\n{fence.text}}}\n" if shape else fence.text
            texts.append((f"{page.stem} line {fence.line}", whole))
    return texts


TEXTS = _texts()


@pytest.fixture(autouse=True)
def _in_the_folder(monkeypatch):
    monkeypatch.chdir(FOLDER)


def _check(source: Source) -> tuple[Diagnostic, ...]:
    return check_source(source).diagnostics


def _mend(name: str, text: str) -> Mended:
    return mend(Source(name, text, name), _check)


@pytest.mark.parametrize(("name", "text"), TEXTS, ids=[name for name, _ in TEXTS])
def test_mending_ends_and_a_second_run_changes_nothing(name: str, text: str) -> None:
    once = _mend(name, text)
    assert not once.gave_up
    assert (once.source.text == text) == (not once.repairs)
    again = _mend(name, once.source.text)
    assert again.source.text == once.source.text
    assert again.repairs == ()


@pytest.mark.parametrize(("name", "text"), TEXTS, ids=[name for name, _ in TEXTS])
def test_each_certain_fix_removes_its_mistake_and_makes_none_above_it(name: str, text: str) -> None:
    source = Source(name, text, name)
    before = _check(source)
    for item in before:
        for fix in item.fixes:
            if fix.certain and all(edit.span.source is source for edit in fix.edits):
                after = _check(Source(name, apply_edits(text, fix.edits), name))
                _assert_better(before, after, item, fix)


def _assert_better(before: tuple[Diagnostic, ...], after: tuple[Diagnostic, ...], item: Diagnostic, fix: Fix) -> None:
    first = min(edit.span.start for edit in fix.edits)
    assert _place(item) not in [_place(other) for other in after], fix.message
    known = {_place(other) for other in before}
    above = [_place(other) for other in after if other.is_error and 0 <= _place(other)[2] < first]
    assert set(above) <= known


def _place(item: Diagnostic) -> tuple[str, str, int]:
    return (item.kind.code, item.message, item.primary.span.start if item.primary else -1)


def test_many_were_mended_to_a_clean_text() -> None:
    mended = [_mend(name, text) for name, text in TEXTS]
    clean = [item for item in mended if item.repairs and not any(left.is_error for left in item.left)]
    assert len(clean) > 40


def _diagnostic(
    source: Source, start: int, end: int, replacement: str, *, certain: bool = True, kind=names.WRONG_VALUE
):
    span = Span(source, start, end)
    return Diagnostic(kind, "wrong", Label(span), fixes=(Fix("write it", (Edit(span, replacement),), certain),))


def test_what_is_not_certain_is_left() -> None:
    source = Source("a", "one two")
    result = mend(source, lambda source: (_diagnostic(source, 0, 3, "1", certain=False),))
    assert (result.source.text, result.repairs, len(result.left)) == ("one two", (), 1)


def test_edits_of_one_pass_never_overlap() -> None:
    def check(source: Source) -> tuple[Diagnostic, ...]:
        if source.text != "one two":
            return ()
        return (_diagnostic(source, 0, 5, "ONE T"), _diagnostic(source, 4, 7, "TWO"))

    assert mend(Source("a", "one two"), check).source.text == "ONE Two"


def test_fixes_in_another_file_are_not_made() -> None:
    other = Source("used", "one")
    assert mend(Source("a", "two"), lambda source: (_diagnostic(other, 0, 3, "1"),)).source.text == "two"


def test_a_fix_that_breaks_the_text_is_not_made() -> None:
    def check(source: Source) -> tuple[Diagnostic, ...]:
        if source.text == "fine":
            return (_diagnostic(source, 0, 4, "("),)
        return (_diagnostic(source, 0, 1, "[", kind=syntax.UNCLOSED),)

    result = mend(Source("a", "fine"), check)
    assert result.gave_up
    assert (result.source.text, result.repairs) == ("fine", ())


def test_fixes_that_undo_each_other_come_to_an_end() -> None:
    other = {"a": "b", "b": "a"}
    result = mend(Source("a", "a"), lambda source: (_diagnostic(source, 0, 1, other[source.text]),))
    assert result.gave_up


def test_every_shipped_spec_is_left_as_it_is() -> None:
    for path in sorted((Path(__file__).parents[2] / "specs").glob("*.cnn")):
        text = path.read_text(encoding="utf-8")
        assert mend(Source(str(path), text, str(path)), _check).source.text == text
