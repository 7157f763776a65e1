"""Braces that are missing or too many, found where the indentation of lines does not agree with them.

A parser meets such a mistake far below it, so that no repair of tokens finds it. This looks at a whole text: it opens the
bodies that have no brace and closes them where their lines end. Of others it says which brace has no partner; the search for
repairs finds out what to do there.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import NamedTuple

from ...source import Source
from ...syntax.lexer import Token
from ..foreign.habits import WORDS
from .changes import Change, bracket_depth, indentation
from .costs import BRACES, SIGNS, TEXTS, UNCLOSED, UNOPENED

__all__ = ["Braces", "begins_item", "braces"]

_ITEMS = frozenset(("NETWORK", "BLOCK", "TRAIN", "USE"))
_HEADERS = frozenset(("NETWORK", "BLOCK", "TRAIN", "IF", "ELSE", "FOR", "REPEAT", "RESIDUAL"))
_WITHOUT_BODY = frozenset(("LET", "USE", "EXPECT", "RBRACE"))
_GO_ON = frozenset(("ARROW", "ELSE", "SHORTCUT", "PIPE", "RBRACE", "$END"))
"""Before these a body may end without a line end."""


class Braces(NamedTuple):
    """Changes for one mistake. ``at`` is the token that is to blame: a brace that is never closed, or where one is missing."""

    at: int
    changes: list[Change]


class _Line(NamedTuple):
    """The indices of a line's first and last token, and its indentation."""

    begin: int
    end: int
    blanks: str


def braces(source: Source, tokens: list[Token]) -> tuple[list[Braces], list[Change]]:
    """The mistakes in the braces of a text with their changes, and all changes in order."""
    found = _Balancing(source, tokens)
    lines = [*_lines(source, tokens), _Line(len(tokens) - 1, len(tokens) - 1, "")]
    code: str | None = None  # the indentation of a class of Python, whose lines have no braces
    for line, following in pairwise(lines):
        code = None if code is not None and line.blanks <= code else code
        if tokens[line.begin].text(source) == "class":
            code = line.blanks
        if code is None:
            found.read(line, following)
    return list(found.groups.values()), found.changes


def begins_item(tokens: list[Token], index: int) -> bool:
    """Whether a network, block, train or use begins with this token."""
    if tokens[index].type not in _ITEMS or (index and tokens[index - 1].type not in ("NEWLINE", "RBRACE")):
        return False
    return tokens[index + 1].type in ("NAME", "CALLNAME", "LBRACE")


def _lines(source: Source, tokens: list[Token]) -> Iterator[_Line]:
    begin, text = 0, source.text
    for at, (token, following) in enumerate(pairwise(tokens)):
        if token.type == "NEWLINE":
            begin = at + 1
        elif following.type in ("NEWLINE", "$END") or text.find("\n", token.start, following.start) >= 0:
            yield _Line(begin, at, indentation(source, tokens[begin].start))
            begin = at + 1


class _Balancing:
    """The braces of a text while they are matched, line by line."""

    def __init__(self, source: Source, tokens: list[Token]) -> None:
        self.source = source
        self.tokens = tokens
        self.types = [token.type for token in tokens]
        self.surplus = self.types.count("RBRACE") - self.types.count("LBRACE")
        """How many more are closed than opened, as far as is not yet repaired."""
        self.stack: list[tuple[int, str]] = []
        """Of each open brace the place, and the indentation of its line."""
        self.flat: set[int] = set()
        """Open braces whose bodies are not indented, so that no indentation ends them."""
        self.groups: dict[object, Braces] = {}
        self.changes: list[Change] = []
        self.opened: set[int] = set()
        """Where braces are put in; all these are one mistake, and so are bodies that end at one place."""

    def read(self, line: _Line, following: _Line) -> None:
        """Match the braces of a line, and repair what is wrong with them."""
        if self.surplus < 0 and self._looks_like_closer(line):
            size = line.end + 1 - line.begin
            self._report(line, line.begin, Change("brace", line.begin, size, ("RBRACE",), ("}",)), 1)
            self.types[line.begin : line.end + 1] = ["RBRACE", *[""] * (size - 1)]
        depth, leading = len(self.stack), True
        for at in range(line.begin, line.end + 1):
            if self.types[at] == "LBRACE":
                self.stack.append((at, line.blanks))
            elif self.types[at] == "RBRACE":
                depth = self._match(at, line, depth, leading)
            leading = leading and self.types[at] == "RBRACE"
        after = self.types[following.begin]
        ends = after == "$END" or (after == "RBRACE" and following.blanks == line.blanks)
        if self.types[line.end] == "LBRACE" and following.blanks <= line.blanks:
            self.flat.add(line.end)
            ends = True
        while self.surplus < 0 and len(self.stack) > depth and not (ends or following.blanks > line.blanks):
            self._mark(self.stack.pop()[0], UNCLOSED, 1)
        if self._lacks_opener(line, following):
            self._open(line)
        while self.surplus < 0 and self.stack and self._is_outside(following):
            self._close(*self.stack.pop(), following)

    def _looks_like_closer(self, line: _Line) -> bool:
        """Whether a line holds nothing but a sign in place of a closing brace."""
        types = self.types[line.begin : line.end + 1]
        begins = line.begin == 0 or self.types[line.begin - 1] == "NEWLINE"
        return begins and len(types) <= 2 and all(each in SIGNS.keys() - BRACES or each[:4] == "BAD_" for each in types)

    def _match(self, at: int, line: _Line, depth: int, leading: bool) -> int:
        """How many are open that the line did not open, after a brace that closes; it is ``leading`` after such ones alone."""
        odd = bool(self.stack) and (line.blanks > self.stack[-1][1] if leading else len(self.stack) <= depth)
        if self.stack and not (self.surplus > 0 and odd):
            self.stack.pop()
        else:
            self._mark(at, UNOPENED, -1)
        return min(depth, len(self.stack))

    def _mark(self, at: int, type_: str, gained: int) -> None:
        self.changes.append(Change("mark", at, 1, (type_,), (self.tokens[at].text(self.source),)))
        self.surplus += gained

    def _report(self, key: object, at: int, change: Change, gained: int) -> None:
        """Take note of a change; those with the same key are one mistake."""
        self.groups.setdefault(key, Braces(at, [])).changes.append(change)
        self.changes.append(change)
        self.surplus += gained

    def _lacks_opener(self, line: _Line, following: _Line) -> bool:
        """Whether a line has no body, and the next one is indented as if it had one."""
        types = self.types[line.begin : line.end + 1]
        goes_on = self.types[line.end + 1] != "NEWLINE" or self.types[following.begin] in ("$END", "RBRACE", "LBRACE")
        if goes_on or following.blanks <= line.blanks or "LBRACE" in types:
            return False
        depth = sum(map(bracket_depth, self.tokens[line.begin : line.end + 1]))
        foreign = WORDS.get(self.tokens[line.begin].text(self.source), ("",))[-1]
        inside = not self.stack or line.blanks > self.stack[-1][1]
        is_header = inside and not _HEADERS.isdisjoint((types[0], foreign))
        is_left = self.surplus > 0 and types[0] not in _WITHOUT_BODY
        return depth <= (types[-1] == "LPAR" and self.surplus > 0) and (is_header or is_left)

    def _open(self, line: _Line) -> None:
        """Put a brace at the end of a line, or in place of the sign that ends it."""
        end, type_ = line.end, self.types[line.end]
        self.opened.add(end)
        self.stack.append((end, line.blanks))
        foreign = WORDS.get(self.tokens[line.begin].text(self.source), ())
        if foreign:
            texts = tuple(TEXTS[each] for each in foreign)
            self._report("opened", end, Change("foreign", line.begin, 1, foreign, texts), 0)
        if type_ == "COLON" or (self.surplus > 0 and type_ in SIGNS.keys() - {"RPAR", "RSQB"}):
            name = self.tokens[end - 1].text(self.source)
            called = type_ == "LPAR" and self.types[end - 1] == "CALLNAME"
            types, texts = (("NAME",) * called + ("LBRACE",), (name,) * called + ("{",))
            self._report("opened", end, Change("brace", end - called, 1 + called, types, texts), -1)
        else:
            self._report("opened", end, Change("open", end + 1, 0, ("LBRACE",), ("{",)), -1)

    def _is_outside(self, line: _Line) -> bool:
        """Whether a line does not belong to the innermost open body, nor ends it."""
        opener, blanks = self.stack[-1]
        begins = self.types[line.begin] == "$END" or begins_item(self.tokens, line.begin)
        if begins or opener in self.flat:
            return begins
        if self.types[line.begin] == "RBRACE" or self._looks_like_closer(line):
            return len(self.stack) > 1 and line.blanks < blanks
        return line.blanks <= blanks

    def _close(self, opener: int, blanks: str, following: _Line) -> None:
        """End a body before a line, with the indentation of its header."""
        ends = () if self.types[following.begin] in _GO_ON else ("NEWLINE",)
        change = Change("close", following.begin, 0, ("RBRACE", *ends), (blanks + "}", *("",) * len(ends)))
        key = "opened" if opener in self.opened else change.at
        self._report(key, opener, change, 1)
