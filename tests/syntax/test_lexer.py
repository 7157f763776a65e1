"""Text to tokens: every character is in exactly one token or blank, and what is no token becomes a BAD_ one."""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cnndsl.source import Source
from cnndsl.syntax.lexer import tokenize

from .texts import random_text


def tokens_of(text: str) -> list[tuple[str, str]]:
    return [(token.type, text[token.start : token.end]) for token in tokenize(Source("test", text))[0]]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("conv 64 3x3", ["NAME", "NUMBER", "SIZE"]),
        ("n-1", ["NAME", "MINUS", "NUMBER"]),
        ("n -1", ["NAME", "NEGATIVE", "NUMBER"]),
        ("n - 1", ["NAME", "MINUS", "NUMBER"]),
        ("(n)-1", ["LPAR", "NAME", "RPAR", "MINUS", "NUMBER"]),
        ("xs[0]-1", ["INDEXED", "LSQB", "NUMBER", "RSQB", "MINUS", "NUMBER"]),
        ("f(x) f (x)", ["CALLNAME", "LPAR", "NAME", "RPAR", "NAME", "LPAR", "NAME", "RPAR"]),
        ("if(x)", ["IF", "LPAR", "NAME", "RPAR"]),
        ("in[x]", ["IN", "LSQB", "NAME", "RSQB"]),
        ("iffy(x)", ["CALLNAME", "LPAR", "NAME", "RPAR"]),
        ("layers.0.conv", ["NAME"]),
        ("-> a->b", ["ARROW", "NAME", "ARROW", "NAME"]),
        ("a**b*c//d/e", ["NAME", "POWER", "NAME", "STAR", "NAME", "SLASHES", "NAME", "SLASH", "NAME"]),
        ("== = <= <", ["COMPARISON", "EQUAL", "COMPARISON", "COMPARISON"]),
        ("a\n# b\n\n| c", ["NAME", "PIPE", "NAME"]),
        ("} # b\n\n  else {", ["RBRACE", "ELSE", "LBRACE"]),
        ("}\nshortcut none", ["RBRACE", "SHORTCUT", "NAME"]),
        ("}\nshortcuts", ["RBRACE", "NEWLINE", "NAME"]),
        ("a # b\n\n# c\nd", ["NAME", "NEWLINE", "NAME"]),
        ("a # b", ["NAME"]),
        ('"a # b" c', ["STRING", "NAME"]),
        ("1_000 .5 1e-4 2.5M 3k", ["NUMBER"] * 5),
        ("?x7 3x?x? 1x2", ["SIZE"] * 3),
        ("let network train use from with block", ["LET", "NETWORK", "TRAIN", "USE", "FROM", "WITH", "BLOCK"]),
    ],
)
def test_tokens(text: str, expected: list[str]) -> None:
    assert [type_ for type_, _ in tokens_of(text)] == expected


@pytest.mark.parametrize("text", ["3x3x", "3X3", "5.", "1.2.3", "3m", "12abc", "0x1F", "1__e", "?x", "3x?y"])
def test_a_number_that_touches_letters_is_one_bad_token(text: str) -> None:
    assert tokens_of(f"a {text} b") == [("NAME", "a"), ("BAD_NUMBER", text), ("NAME", "b")]


@pytest.mark.parametrize("character", ["@", "é", "\0", "٣", "¾", "\u2028", "\U0001f600", "'", ";", "&", "~", "\x1b"])
def test_a_character_without_meaning_is_a_bad_token(character: str) -> None:
    assert tokens_of(f"a{character}b") == [("NAME", "a"), ("BAD_CHARACTER", character), ("NAME", "b")]


def test_a_string_that_does_not_end_stops_at_the_line() -> None:
    assert tokens_of('a "b c\nd') == [("NAME", "a"), ("BAD_STRING", '"b c'), ("NEWLINE", "\n"), ("NAME", "d")]


def test_comments_are_collected_with_their_places() -> None:
    text = "# one\na # two\r\n  # three\n| b\n# four"
    comments = tokenize(Source("test", text))[1]
    assert [comment.text for comment in comments] == ["# one", "# two", "# three", "# four"]
    assert all(text.startswith(comment.text, comment.start) for comment in comments)


def assert_covers(text: str) -> None:
    """Tokens and comments are in order and apart, and between them are blanks and line ends only."""
    text = text.removeprefix("\ufeff")
    tokens, comments = tokenize(Source("test", text))
    stretches = sorted([(token.start, token.end) for token in tokens if token.type != "NEWLINE"])
    stretches = sorted(stretches + [(comment.start, comment.start + len(comment.text)) for comment in comments])
    end = 0
    for start, stop in stretches:
        assert end <= start <= stop
        assert not text[end:start].strip(" \t\r\n\f")
        end = stop
    assert not text[end:].strip(" \t\r\n\f")


@settings(max_examples=300, derandomize=True)
@given(st.text(st.sampled_from('ab1x?."#|\n\r\t (){}[]-+*/=<>:,é\0elsehortcu'), max_size=40))
def test_no_character_is_lost_in_any_text(text: str) -> None:
    assert_covers(text)


@pytest.mark.parametrize("seed", range(20))
def test_no_character_is_lost_in_a_good_text(seed: int) -> None:
    assert_covers(random_text(Random(seed)))
