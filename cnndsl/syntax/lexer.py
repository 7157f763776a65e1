"""Text to tokens. Lexing never fails: what is no token becomes a BAD_ token, and the parser says so once."""

from __future__ import annotations

import re
from typing import NamedTuple

from ..source import Source
from .tables import KEYWORDS, PATTERN

__all__ = ["Comment", "Token", "indent", "tokenize"]

_PATTERN = re.compile(PATTERN)
_BLANKS = re.compile(r"[ \t]*")
_COMMENT = re.compile(r"#[^\n]*")
# These begin with the line ends and comments before them; the token proper is what is left without those.
_SWALLOWING = frozenset(("PIPE", "ELSE", "SHORTCUT"))
_PROPER = re.compile(r"(?:[ \t]*(?:#[^\n]*)?\r?\n)*+[ \t]*(\||else|shortcut)")


class Token(NamedTuple):
    """A terminal of the grammar and where it stands."""

    type: str
    start: int
    end: int


class Comment(NamedTuple):
    """A comment with its ``#``, without the end of its line."""

    start: int
    text: str


def tokenize(source: Source, first: int = 0, last: int | None = None) -> tuple[list[Token], list[Comment]]:
    """All tokens of a text or a stretch of it, blanks left out, and all its comments."""
    text = source.text
    tokens: list[Token] = []
    comments: list[Comment] = []
    for match in _PATTERN.finditer(text, first, len(text) if last is None else last):
        type_ = match.lastgroup or ""
        start, end = match.span()
        if type_ == "NAME":
            tokens.append(Token(KEYWORDS.get(match[0], "NAME"), start, end))
        elif type_ == "IGNORED":
            if text[start] == "#":
                comments.append(Comment(start, match[0].rstrip("\r")))
        elif type_ == "NEWLINE" or type_ in _SWALLOWING:
            comments += (Comment(start + found.start(), found[0].rstrip("\r")) for found in _COMMENT.finditer(match[0]))
            if type_ != "NEWLINE":
                proper = _PROPER.match(text, start)
                assert proper is not None
                start, end = proper.span(1)
            tokens.append(Token(type_, start, end))
        else:
            tokens.append(Token(type_, start, end))
    return tokens, comments


def indent(source: Source, token: Token) -> int:
    """How many blanks begin the line of a token."""
    begin = token.start - source.position(token.start)[1] + 1
    blanks = _BLANKS.match(source.text, begin)
    return blanks.end() - begin if blanks else 0
