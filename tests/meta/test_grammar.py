"""The generated parser is the grammar's: its tables are fresh, and Lark itself cuts texts into the same words."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest
from lark import Lark, Token

from cnndsl.source import Source
from cnndsl.syntax.expectations import PLAIN
from cnndsl.syntax.generate import TABLES, generate, load_grammar
from cnndsl.syntax.lexer import tokenize
from cnndsl.syntax.tables import KEYWORDS

from ..diagnostics.cases import CASES
from ..syntax.trees import SPECS


@cache
def lark() -> Lark:
    return load_grammar()


def test_the_tables_are_what_the_grammar_gives() -> None:
    assert Path(TABLES).read_text(encoding="utf-8") == generate()


def test_every_terminal_has_plain_words() -> None:
    terminals = {terminal.name for terminal in lark().terminals} - set(lark().ignore_tokens)
    assert terminals - set(PLAIN) == set()
    assert set(PLAIN) - terminals == {"$END"}
    assert set(KEYWORDS.values()) <= terminals


@pytest.mark.parametrize("path", SPECS, ids=lambda path: path.stem)
def test_lexer_agrees_with_lark_on_specs(path: Path) -> None:
    assert_same_tokens(path.read_text(encoding="utf-8"))


def test_lexer_agrees_with_lark_on_wrong_specs() -> None:
    for case in CASES:
        if case.title != "Number too long":  # no grammar says how long a number may be
            assert_same_tokens(case.spec)


def assert_same_tokens(text: str) -> None:
    tokens, _ = tokenize(Source("", text))
    # some tokens of Lark take the blank lines and comments around them; ours are cut to what they are
    theirs = [(token.type, _proper(token)) for token in lark().lex(text)]
    assert [(token.type, text[token.start : token.end].strip()) for token in tokens] == theirs


def _proper(token: Token) -> str:
    return {"PIPE": "|", "ELSE": "else", "SHORTCUT": "shortcut"}.get(token.type, token.strip())
