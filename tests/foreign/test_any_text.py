"""Whatever stands between words of other frameworks, reading and fixing it comes to an end, quickly and without a crash."""

from __future__ import annotations

from random import Random
from time import process_time

import pytest

from cnndsl.api import check_source
from cnndsl.diagnostics.fixing import apply_fixes
from cnndsl.source import MAX_SOURCE, Source

from .spellings import REFUSED, SAME, WRITTEN_OUT

LINES = [
    *(line for table in (SAME, WRITTEN_OUT, REFUSED) for lines in table.values() for line in lines),
    *("x = x + y", "return x", "let n = 3", "residual {", "}", "if n > 2 {"),
]
PIECES = (
    "(",
    ")",
    "[",
    "]",
    "{",
    "}",
    ",",
    ";",
    "'",
    '"',
    "//",
    "/*",
    "*/",
    "=",
    "|",
    "\n",
    " ",
    "nn.Sequential(",
    "x",
)


def _fixed(text: str):
    return apply_fixes(Source("any.cnn", text), lambda source: check_source(source).diagnostics)


@pytest.mark.parametrize("seed", range(8))
def test_lines_with_pieces_lost_and_found(seed: int) -> None:
    random = Random(seed)
    for _ in range(40):
        characters = list("\n".join(random.choice(LINES) for _ in range(random.randint(1, 6))))
        for _ in range(random.randint(0, 5)):
            place = random.randrange(len(characters))
            characters[place] = random.choice(PIECES) if random.random() < 0.7 else ""
        text = f"network Any {{\n    input 3x64x64\n    {''.join(characters)}\n}}\n"
        once = _fixed(text)
        assert _fixed(once.source.text).source.text == once.source.text


HOSTILE = {
    "open calls": "nn.Conv2d(\n",
    "calls": "x = nn.Conv2d(3, 64, 3)(x)\n",
    "calls that nobody knows": "x = foo(3)\n",
    "comments": "relu 1 // words and words\n",
    "comments without an end": "relu /* \n",
    "nested sequences": "nn.Sequential(",
    "nested functions": "F.relu(",
    "items": "nn.ReLU(),\n",
}


@pytest.mark.parametrize("piece", HOSTILE.values(), ids=HOSTILE)
@pytest.mark.parametrize("around", [("", ""), ("nn.Sequential(\n", ")")], ids=["alone", "in a sequence"])
def test_many_of_them_take_no_longer_than_many_layers(piece: str, around: tuple[str, str]) -> None:
    many = piece * (MAX_SOURCE // len(piece) - 10)
    text = f"network Any {{\n    input 3x64x64\n{around[0]}{many}{around[1]}\n}}\n"
    began = process_time()
    check_source(Source("many.cnn", text))
    assert process_time() - began < 20
