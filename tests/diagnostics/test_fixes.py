"""Certain fixes, made to every wrong spec that is at hand: the end is reached, stays, and nothing gets worse on the way."""

from __future__ import annotations

from pathlib import Path

from cnndsl.api import check_source
from cnndsl.diagnostics import Diagnostic, Edit, Fix, Label
from cnndsl.diagnostics.fixing import apply_edits, apply_fixes
from cnndsl.diagnostics.kinds import names, syntax
from cnndsl.source import Source, Span
from tests.docs.fences import fences

from .cases import CASES, NAME, Case, check, diagnostics_of, fixed

LANGUAGE = sorted((Path(__file__).parents[1] / "language").glob("*.md"))


def _examples() -> list[Case]:
    """The examples of the pages of the language as cases."""
    examples = []
    for page in LANGUAGE:
        for fence in fences(str(page)):
            shape = fence.option("in")
            spec = f"network Fragment {{\n    input {shape}\n{fence.text}}}\n" if shape else fence.text
            examples.append(Case(page.stem, f"line {fence.line}", "", (), spec, (), "", ""))
    return examples


ALL = (*CASES, *_examples())


def test_fixing_ends_and_a_second_run_changes_nothing() -> None:
    assert [str(case) for case in ALL if not _ends(case)] == []


def _ends(case: Case) -> bool:
    once = fixed(case)
    again = fixed(case.replace(spec=once.source.text))
    untouched = once.source.text == case.spec
    return not once.gave_up and untouched == (not once.repairs) and again.repairs == ()


def test_each_certain_fix_removes_its_mistake_and_makes_none_above_it() -> None:
    fixes = [
        (case, item, fix)
        for case in ALL
        for item in diagnostics_of(case)
        for fix in item.fixes
        if fix.certain and all(edit.span.source.name == NAME for edit in fix.edits)
    ]
    assert len(fixes) > 30
    assert [f"{case}: {fix.message}" for case, item, fix in fixes if not _is_better(case, item, fix)] == []


def _is_better(case: Case, item: Diagnostic, fix: Fix) -> bool:
    """Whether the mistake is gone after a fix, and whether what stands before the first edit is no worse."""
    before, after = diagnostics_of(case), check(case, apply_edits(case.spec, fix.edits))
    first = min(edit.span.start for edit in fix.edits)
    above = {_place(other) for other in after if other.is_error and 0 <= _place(other)[2] < first}
    return _count(after, item) < _count(before, item) and above <= set(map(_place, before))


def _place(item: Diagnostic) -> tuple[str, str, int]:
    return (item.kind.code, item.message, item.primary.span.start if item.primary else -1)


def _count(items: tuple[Diagnostic, ...], item: Diagnostic) -> int:
    return sum((other.kind, other.message) == (item.kind, item.message) for other in items)


def test_many_are_fixed_to_a_clean_text() -> None:
    clean = [case for case in ALL if fixed(case).repairs and not any(left.is_error for left in fixed(case).left)]
    assert len(clean) > 40


def _diagnostic(
    source: Source, start: int, end: int, replacement: str, *, certain: bool = True, kind=names.WRONG_VALUE
):
    span = Span(source, start, end)
    return Diagnostic(kind, "wrong", Label(span), fixes=(Fix("write it", (Edit(span, replacement),), certain),))


def test_what_is_not_certain_is_left() -> None:
    source = Source("a", "one two")
    result = apply_fixes(source, lambda source: (_diagnostic(source, 0, 3, "1", certain=False),))
    assert (result.source.text, result.repairs, len(result.left)) == ("one two", (), 1)


def test_edits_of_one_pass_never_overlap() -> None:
    def check(source: Source) -> tuple[Diagnostic, ...]:
        if source.text != "one two":
            return ()
        return (_diagnostic(source, 0, 5, "ONE T"), _diagnostic(source, 4, 7, "TWO"))

    assert apply_fixes(Source("a", "one two"), check).source.text == "ONE Two"


def test_fixes_in_another_file_are_not_made() -> None:
    other = Source("used", "one")
    assert apply_fixes(Source("a", "two"), lambda source: (_diagnostic(other, 0, 3, "1"),)).source.text == "two"


def test_a_fix_that_breaks_the_text_is_not_made() -> None:
    def check(source: Source) -> tuple[Diagnostic, ...]:
        if source.text == "fine":
            return (_diagnostic(source, 0, 4, "("),)
        return (_diagnostic(source, 0, 1, "[", kind=syntax.UNCLOSED),)

    result = apply_fixes(Source("a", "fine"), check)
    assert result.gave_up
    assert (result.source.text, result.repairs) == ("fine", ())


def test_fixes_that_undo_each_other_come_to_an_end() -> None:
    other = {"a": "b", "b": "a"}
    result = apply_fixes(Source("a", "a"), lambda source: (_diagnostic(source, 0, 1, other[source.text]),))
    assert result.gave_up


def test_every_shipped_spec_is_left_as_it_is() -> None:
    for path in sorted((Path(__file__).parents[2] / "specs").glob("*.cnn")):
        text = path.read_text(encoding="utf-8")
        source = Source(str(path), text, str(path))
        assert apply_fixes(source, lambda source: check_source(source).diagnostics).source.text == text
