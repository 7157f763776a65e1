"""Texts broken into lines: as few as there is room for, and none torn apart."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from cnndsl.reports.metrics import evened, text_width, wrap

WORDS = st.lists(st.text("abcimw", min_size=1, max_size=12), min_size=1, max_size=12)


@given(WORDS, st.floats(90, 400))
def test_evened_lines_are_no_more_and_no_longer(words: list[str], width: float) -> None:
    text = " ".join(words)
    widest = max(text_width(word, 10) for word in words)
    plain = wrap(text, width, 10)
    lines = evened(lambda room: wrap(text, room, 10), widest, width)
    assert " ".join(lines) == " ".join(plain) == text
    assert len(lines) == len(plain)
    longest = max(text_width(line, 10) for line in lines)
    assert longest <= max(text_width(line, 10) for line in plain)
    assert len(wrap(text, longest - 2, 10)) > len(lines) or longest <= widest + 2


def test_a_title_leaves_no_word_behind() -> None:
    title = "AlexNet, Krizhevsky et al. 2012, figure 2: in two columns as published, or in one"
    assert wrap(title, 520, 15, bold=True)[-1] == "in one"
    widest = max(text_width(word, 15, bold=True) for word in title.split())
    assert evened(lambda room: wrap(title, room, 15, bold=True), widest, 520) == [
        "AlexNet, Krizhevsky et al. 2012, figure 2:",
        "in two columns as published, or in one",
    ]
