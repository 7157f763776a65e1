"""What a command says where the mistake is in no spec, as ``commands.md`` shows it."""

from __future__ import annotations

import re

import pytest

from .situations import PAGE, SITUATIONS, Situation, parse, shown, write

OPENING, ENTRIES = parse()


@pytest.mark.parametrize("situation", SITUATIONS, ids=lambda item: item.name)
def test_a_mistake_is_said_once_and_in_these_words(situation: Situation, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    monkeypatch.delenv("CNNDSL_DATA_DIR", raising=False)
    printed = shown(situation)
    said = re.findall(r"^(?:error|warning)\[(\w+)\]", printed, re.MULTILINE)
    assert [code for code in said if code.startswith(situation.code[0])] == [situation.code]
    assert printed.endswith(f"\nexit code {int(situation.code.startswith('E'))}\n")
    assert printed == ENTRIES[situation.name], "if it should be so: python -m tests.diagnostics.renew"


def test_the_page_shows_these_situations_in_this_order() -> None:
    assert list(ENTRIES) == [item.name for item in SITUATIONS]
    assert write(OPENING, ENTRIES.items()) == PAGE.read_text(encoding="utf-8")
