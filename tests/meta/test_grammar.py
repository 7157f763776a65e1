"""The generated parser is the grammar's: its tables are fresh, and Lark itself reads the same texts in the same way."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest
from lark import Lark, Token
from lark.exceptions import UnexpectedToken

from cnndsl.diagnostics import Diagnostics
from cnndsl.source import Source
from cnndsl.syntax import parse
from cnndsl.syntax.brackets import balance
from cnndsl.syntax.expectations import PLAIN
from cnndsl.syntax.generate import TABLES, generate, load_grammar
from cnndsl.syntax.lexer import tokenize
from cnndsl.syntax.tables import KEYWORDS

from ..diagnostics.goldens import SPECS

# No grammar says how long a number may be.
WRONG = [path for path in SPECS if path.stem != "E0104_number_too_long"]
SHIPPED = sorted((Path(__file__).parents[2] / "specs").glob("*.cnn"))


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


@pytest.mark.parametrize("path", [*SHIPPED, *WRONG], ids=lambda path: path.stem)
def test_lexer_and_parser_agree_with_lark(path: Path) -> None:
    source = Source("", path.read_text(encoding="utf-8"))
    tokens, _ = tokenize(source)
    # some tokens of Lark take the blank lines and comments around them; ours are cut to what they are
    theirs = [(token.type, _proper(token)) for token in lark().lex(source.text)]
    assert [(token.type, source.text[token.start : token.end].strip()) for token in tokens] == theirs
    diagnostics = Diagnostics()
    parse(source, diagnostics)
    accepted = not any(item.kind.code.startswith(("E01", "E0902")) for item in diagnostics.sorted())
    assert accepted == _accepts(source)


def _proper(token: Token) -> str:
    return {"PIPE": "|", "ELSE": "else", "SHORTCUT": "shortcut"}.get(token.type, token.strip())


def _accepts(source: Source) -> bool:
    """Whether Lark's own parser takes the tokens, lines in brackets joined."""
    diagnostics = Diagnostics()
    balanced = balance(source, tokenize(source)[0], diagnostics)
    if balanced is None or diagnostics.has_errors:
        return False
    parser = lark().parse_interactive("")
    try:
        for token in balanced.tokens:
            if token.type != "$END":
                parser.feed_token(Token(token.type, source.text[token.start : token.end]))
        parser.feed_eof()
    except UnexpectedToken:
        return False
    return True
