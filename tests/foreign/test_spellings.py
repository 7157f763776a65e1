"""What people write who come from PyTorch, Keras, Caffe and Darknet keeps the meaning that it has there, or is left."""

from __future__ import annotations

import pytest

from cnndsl.api import check_source
from cnndsl.diagnostics.fixing import Fixed, apply_fixes
from cnndsl.source import Source

from .lines import pasted
from .spellings import REFUSED, SAME, WRITTEN_OUT

CERTAIN = [
    (line, wanted, shape)
    for table in (SAME, WRITTEN_OUT)
    for shape, lines in table.items()
    for line, wanted in lines.items()
]
LEFT = [(line, words, shape) for shape, lines in REFUSED.items() for line, words in lines.items()]


def put(line: str, shape: str) -> tuple[str, list[str]]:
    """What becomes of a line, and all that is said of what is not certain."""
    *before, last = line.split("\n    ")
    made, text = pasted(last, *before)
    if made is not None and not before:
        return "\n    ".join((*before, text)) if made.certain else line, list(made.reasons)
    result = fixed(line, shape)
    told = [text for item in result.left for text in (item.message, *item.notes, *item.help, item.primary.text)]
    return _body(result), told


def fixed(line: str, shape: str) -> Fixed:
    """A line as the body of a network, fixed."""
    text = f"network Fragment {{\n    input {shape}\n    {line}\n}}\n"
    return apply_fixes(Source("fragment.cnn", text), lambda source: check_source(source).diagnostics)


def _body(result: Fixed) -> str:
    return result.source.text.split("\n", 2)[2].removesuffix("\n}\n").strip()


@pytest.mark.parametrize(("line", "wanted", "shape"), CERTAIN, ids=[line for line, _, _ in CERTAIN])
def test_a_line_that_means_the_same_is_put_into_our_words(line: str, wanted: str, shape: str) -> None:
    assert put(line, shape)[0] == wanted


@pytest.mark.parametrize(("line", "words", "shape"), LEFT, ids=[line for line, _, _ in LEFT])
def test_a_line_that_means_something_else_is_left_with_a_reason(line: str, words: str, shape: str) -> None:
    body, told = put(line, shape)
    assert body == line
    assert any(words in text for text in told), told
