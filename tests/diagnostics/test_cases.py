"""The wrong specs of the pages beside this file: one mistake, one error, at the right line and in these words."""

from __future__ import annotations

import pytest

from cnndsl.diagnostics import Diagnostic

from .cases import CASES, PAGES, Case, diagnostics_of, difference, found, parse, shown, without_repeats, write

RENEW = "if it should be so: python -m tests.diagnostics.renew"


@pytest.mark.parametrize("case", CASES, ids=str)
def test_each_mistake_is_said_once_and_in_these_words(case: Case) -> None:
    assert found(case) == case.mistakes
    assert case.text in ("", shown(case)), RENEW
    assert difference(case) == case.diff, RENEW


def test_each_sentence_is_shown_once() -> None:
    assert [str(case) for case in CASES if case.text] == [str(case) for case in without_repeats(CASES)], RENEW


def test_pages_are_written_as_they_are_renewed() -> None:
    for path in PAGES:
        assert write(*parse(path)) == path.read_text(encoding="utf-8")
    assert len({str(case) for case in CASES}) == len(CASES)


def test_messages_are_in_the_style_of_the_house() -> None:
    items = {item: case for case in CASES for item in diagnostics_of(case)}
    assert [f"{case}: {text}" for item, case in items.items() for text in _out_of_style(item)] == []


def _out_of_style(item: Diagnostic) -> list[str]:
    labels = [label.text for label in (item.primary, *item.secondary) if label is not None]
    texts = (item.message, *item.notes, *item.help, *labels)
    wrong = [text for text in texts if text.endswith((".", " ")) or text[:1] != text[:1].lower()]
    return wrong + [item.message] * (len(item.message) > 160)


def test_an_error_inside_a_block_shows_the_calls_that_led_there() -> None:
    (item,) = next(diagnostics_of(case) for case in CASES if case.title == "Error inside a block")
    assert item.primary.span.text == "kernel"
    calls = [(label.text, label.span.text) for label in item.secondary if "call" in label.text]
    assert calls == [("in this call of `stem`", "stem channels 7x7"), ("in this call of `body`", "body 16")]
