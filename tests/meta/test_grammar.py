"""The generated parser is the grammar's: its tables are fresh, and Lark itself cuts texts into the same words."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest
from lark import Lark

from cnndsl.source import Source
from cnndsl.syntax.generate import TABLES, generate, load_grammar
from cnndsl.syntax.lexer import tokenize
from cnndsl.syntax.tables import KEYWORDS
from cnndsl.syntax.terminals import PLAIN

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
        assert_same_tokens(case.spec)


def assert_same_tokens(text: str) -> None:
    # the grammar does not say which line ends end nothing
    source = Source("", text)
    ours = [(token.type, token.text(source)) for token in tokenize(source)[0] if token.type != "NEWLINE"]
    assert ours == [(token.type, str(token)) for token in lark().lex(text) if token.type != "NEWLINE"]
