"""The tokens of a call written as elsewhere, ``name(a, key=b)``: where its brackets end, and what its arguments are."""

from __future__ import annotations

from collections.abc import Iterator

from ..explain.foreign import Argument
from ..source import Source, Span
from .lexer import Token
from .tables import KEYWORDS

__all__ = ["CLOSERS", "OPENERS", "CallTokens"]

OPENERS = {"LPAR": "RPAR", "LSQB": "RSQB"}
CLOSERS = frozenset(OPENERS.values())

_QUOTED = frozenset(("STRING", "BAD_QUOTED"))
_SAYABLE = frozenset(
    (
        "NUMBER",
        "SIZE",
        "NAME",
        "LPAR",
        "RPAR",
        "PLUS",
        "MINUS",
        "NEGATIVE",
        "STAR",
        "SLASH",
        "SLASHES",
        "PERCENT",
        "POWER",
    )
)
_WORDS = {"True": "true", "False": "false", "None": ""}


class CallTokens:
    """The tokens of a text, before anything is parsed."""

    def __init__(self, source: Source, tokens: list[Token]) -> None:
        self.source = source
        self.tokens = tokens

    def text(self, index: int) -> str:
        return self.source.text[self.tokens[index].start : self.tokens[index].end]

    def span(self, first: int, last: int) -> Span:
        """The stretch from one token through another."""
        return Span(self.source, self.tokens[first].start, self.tokens[last].end)

    def close(self, index: int) -> int | None:
        """The index of the partner of the bracket at ``index``."""
        depth = 0
        for place in range(index, len(self.tokens)):
            type_ = self.tokens[place].type
            depth += (type_ in OPENERS) - (type_ in CLOSERS)
            if not depth:
                return place
            if type_ in ("LBRACE", "RBRACE"):
                return None
        return None

    def type_at(self, index: int) -> str:
        return self.tokens[index].type if index < len(self.tokens) else "$END"

    def is_closed(self, index: int) -> bool:
        """Whether the parentheses of the call at ``index`` have an end."""
        return self.close(index + 1) is not None

    def items(self, begin: int, end: int) -> Iterator[list[int]]:
        """The tokens between brackets, by their indices, without line ends and parted by commas."""
        item: list[int] = []
        depth = 0
        for index in range(begin + 1, end):
            type_ = self.tokens[index].type
            depth += (type_ in OPENERS) - (type_ in CLOSERS)
            if type_ == "COMMA" and not depth:
                yield from [item] if item else []
                item = []
            elif type_ != "NEWLINE":
                item.append(index)
        yield from [item] if item else []

    def argument(self, item: list[int]) -> Argument:
        name = ""
        if len(item) > 2 and self.type_at(item[1]) == "EQUAL":
            name, item = self.text(item[0]), item[2:]
        types = [self.type_at(index) for index in item]
        text = self.span(item[0], item[-1]).text
        if types[0] in OPENERS and self.close(item[0]) == item[-1] and set(types[1:-1]) <= {"NUMBER", "COMMA"}:
            return Argument(name, text, tuple(self.text(index) for index in item if self.type_at(index) == "NUMBER"))
        if len(item) == 1 and types[0] in _QUOTED:
            return Argument(name, text[1:-1], quoted=True)
        if len(item) == 1 and "." in text and types[0] == "NAME":
            return Argument(name, text, clear=False)
        if len(item) == 1:
            return Argument(name, _WORDS.get(text, text), clear=types[0] in _SAYABLE | {"TRUE", "FALSE"})
        if types in (["NEGATIVE", "NUMBER"], ["MINUS", "NUMBER"]):
            return Argument(name, text)
        dotted = any(type_ == "NAME" and "." in self.text(index) for type_, index in zip(types, item, strict=True))
        whole = types[0] == "LPAR" and self.close(item[0]) == item[-1]
        return Argument(name, text if whole else f"({text})", clear=set(types) <= _SAYABLE and not dotted)

    def plain_argument(self, item: list[int]) -> str | None:
        """An argument as it stands behind a layer: in parentheses if it is more than a word."""
        name = ""
        if self.type_at(item[0]) in ("NAME", *KEYWORDS.values()) and len(item) > 2 and self.type_at(item[1]) == "EQUAL":
            name, item = f"{self.text(item[0])}=", item[2:]
        if not item:
            return None
        text = self.span(item[0], item[-1]).text
        if "\n" in text:
            return None
        single = len(item) == 1 or (self.type_at(item[0]) in OPENERS and self.close(item[0]) == item[-1])
        negative = len(item) == 2 and self.type_at(item[0]) == "NEGATIVE"
        called = self.type_at(item[0]) in ("CALLNAME", "INDEXED") and self.close(item[0] + 1) == item[-1]
        return name + (text if single or negative or called else f"({text})")
