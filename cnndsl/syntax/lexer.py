"""Text to tokens. Lexing never fails: what is no token becomes a BAD_ token, which no rule of the grammar takes."""

from __future__ import annotations

import re
from typing import NamedTuple

from ..source import Source
from .tables import KEYWORDS, PATTERN

__all__ = ["Comment", "Token", "tokenize"]

_PATTERN = re.compile(PATTERN)
_OPENERS = frozenset(("LPAR", "LSQB"))
_CLOSERS = frozenset(("RPAR", "RSQB"))
_GOES_ON = frozenset(("PIPE", "ELSE", "SHORTCUT"))
_BRACES = frozenset(("LBRACE", "RBRACE"))


class Token(NamedTuple):
    """A terminal of the grammar and where it stands."""

    type: str
    start: int
    end: int

    def text(self, source: Source) -> str:
        """What is written there."""
        return source.text[self.start : self.end]


class Comment(NamedTuple):
    """A comment with its ``#``, without the end of its line."""

    start: int
    text: str


def tokenize(source: Source, first: int = 0, last: int | None = None) -> tuple[list[Token], list[Comment]]:
    """All tokens of a text or a stretch of it that mean something, and all its comments."""
    text = source.text
    tokens: list[Token] = []
    comments: list[Comment] = []
    for match in _PATTERN.finditer(text, first, len(text) if last is None else last):
        type_ = match.lastgroup or ""
        start, end = match.span()
        if type_ == "IGNORED":
            if text[start] == "#":
                comments.append(Comment(start, match[0].rstrip("\r")))
        else:
            tokens.append(Token(KEYWORDS.get(match[0], type_) if type_ == "NAME" else type_, start, end))
    return _significant(tokens), comments


def _significant(tokens: list[Token]) -> list[Token]:
    """The tokens without the line ends that end nothing: next to a ``|``, before ``else`` and ``shortcut``, inside ( ) and [ ].

    A bracket that is not closed before the next brace keeps its line ends.
    """
    kept: list[Token] = []
    opened: list[int] = []
    for token in tokens:
        type_ = token.type
        if type_ == "NEWLINE":
            if kept and kept[-1].type in ("NEWLINE", "PIPE"):
                continue
        elif type_ in _GOES_ON:
            if kept and kept[-1].type == "NEWLINE":
                kept.pop()
        elif type_ in _OPENERS:
            opened.append(len(kept))
        elif type_ in _BRACES:
            opened.clear()
        elif type_ in _CLOSERS and opened:
            begin = opened.pop()
            if not opened:  # once for all that it encloses
                kept[begin:] = [inner for inner in kept[begin:] if inner.type != "NEWLINE"]
        kept.append(token)
    return kept
