"""Our parser and Lark's own accept the same texts: those of the grammar, and those with a word changed."""

from __future__ import annotations

from functools import cache
from random import Random

import pytest
from lark import Lark, Token
from lark.exceptions import UnexpectedToken

from cnndsl.source import Source
from cnndsl.syntax.generate import load_grammar
from cnndsl.syntax.lexer import tokenize
from tests.fuzz.grammar import GrammarWriter

from .texts import random_text
from .trees import SPECS, parse_text, read


@cache
def lark() -> Lark:
    return load_grammar()


def lark_accepts(text: str) -> bool:
    """Whether Lark's parser takes our tokens."""
    parser = lark().parse_interactive("", start="start")
    try:
        for token in tokenize(Source("", text))[0]:
            parser.feed_token(Token(token.type, text[token.start : token.end]))
        parser.feed_eof()
    except UnexpectedToken:
        return False
    return True


def assert_agree(text: str) -> bool:
    accepted = lark_accepts(text)
    assert accepted is not any(item.kind.code[:3] == "E01" for item in parse_text(text)[1]), text
    return accepted


def test_specs_are_accepted_by_both() -> None:
    assert [path.stem for path in SPECS if not assert_agree(read(path))] == []


@pytest.mark.parametrize("seed", range(8))
def test_texts_of_the_grammar_are_accepted_by_both(seed: int) -> None:
    writer = GrammarWriter(Random(seed), depth=30)
    for _ in range(60):
        assert assert_agree(writer.text())


@pytest.mark.parametrize("seed", range(8))
def test_both_agree_on_texts_with_words_changed(seed: int) -> None:
    random = Random(seed)
    accepted = 0
    for _ in range(60):
        words = random_text(random, 2).removeprefix("\ufeff").split(" ")
        for _ in range(random.choice((1, 2))):
            place, other = random.randrange(len(words)), random.randrange(len(words))
            words[place] = random.choice((words[other], "", words[place] + " " + words[other]))
        accepted += assert_agree(" ".join(words))
    assert 0 < accepted < 60, "some are good and some are not"
