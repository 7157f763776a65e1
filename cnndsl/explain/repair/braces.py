"""Braces that are missing, too many or written otherwise, found where lines and indentation do not agree with them.

A parser meets such a mistake far below it, so that no repair of tokens finds it. This looks at a whole text: it closes bodies
where their lines end, and opens those that have no brace; of the others it says which brace has no partner, and the search
for repairs finds out what to do there.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from ...source import Source
from ...syntax.lexer import Token
from . import costs
from .changes import Change

__all__ = ["Braces", "begins_item", "braces"]

_CLOSING_WORDS = frozenset(("end", "endif", "endfor", "endwhile", "done", "fi"))
_OPENING_WORDS = frozenset(("begin", "then", "do"))
_ITEMS = frozenset(("NETWORK", "BLOCK", "TRAIN", "USE"))
_HEADERS = frozenset(("NETWORK", "BLOCK", "TRAIN", "IF", "ELSE", "FOR", "REPEAT", "RESIDUAL"))
_WITHOUT_BODY = frozenset(("LET", "USE", "EXPECT"))
_GO_ON = frozenset(("ARROW", "ELSE", "SHORTCUT", "PIPE", "RBRACE", "$END"))
"""Before these a body may end without a line end."""


class Braces(NamedTuple):
    """Changes for one mistake. ``at`` is the token that is to blame: a brace that is never closed, or where one is missing."""

    at: int
    changes: tuple[Change, ...]


def braces(source: Source, tokens: list[Token]) -> tuple[list[Braces], list[Change]]:
    """The mistakes in the braces of a text with their changes, and the marks of braces without a partner."""
    return _Balancing(source, tokens).found()


def begins_item(tokens: list[Token], index: int) -> bool:
    """Whether a network, block, train or use begins with this token."""
    if (
        index + 1 >= len(tokens)
        or tokens[index].type not in _ITEMS
        or (index and tokens[index - 1].type not in ("NEWLINE", "RBRACE"))
    ):
        return False
    return tokens[index + 1].type in ("NAME", "CALLNAME", "LBRACE")


class _Balancing:
    """The braces of a text while they are matched."""

    def __init__(self, source: Source, tokens: list[Token]) -> None:
        self.source = source
        self.tokens = tokens
        self.types = [token.type for token in tokens]
        """The types of the tokens as far as they are repaired."""
        self.lines = [source.position(token.start)[0] for token in tokens]
        self.surplus = self.types.count("RBRACE") - self.types.count("LBRACE")
        """How many more are closed than opened, as far as is not yet repaired."""
        self.bodies: list[Change] = []
        """Changes of headers that have a colon or nothing in place of a brace, and of what ends their bodies."""
        self.others: list[Braces] = []
        self.marks: list[Change] = []
        self.opened: dict[int, bool] = {}
        """Before which tokens a brace is put in, and whether it is that of a header."""

    def found(self) -> tuple[list[Braces], list[Change]]:
        self._open_headers()
        if self.surplus:
            self._without_partner_in_line()
            self._written_otherwise()
            self._match()
        if self.bodies:
            changes = tuple(sorted(self.bodies, key=_place))
            self.others.append(Braces(changes[0].at, changes))
        return sorted(self.others, key=lambda found: found.at), self.marks

    # What lines look like

    def _indent(self, at: int) -> int:
        line = self.source.line(self.lines[at])
        return len(line) - len(line.lstrip(" \t"))

    def _begins_line(self, at: int) -> bool:
        return not at or self.lines[at - 1] < self.lines[at] or self.tokens[at - 1].type == "NEWLINE"

    def _ends_line(self, at: int) -> bool:
        return self.tokens[at + 1].type in ("NEWLINE", "$END") or self.lines[at + 1] > self.lines[at]

    def _ends_of_lines(self) -> Iterator[tuple[int, int, int]]:
        """For each line its first and last token, and how many ( and [ are open after it."""
        begin = depth = 0
        for at, token in enumerate(self.tokens[:-1]):
            if self._begins_line(at) and token.type != "NEWLINE":
                begin = at
            depth += (token.type in ("LPAR", "LSQB")) - (token.type in ("RPAR", "RSQB"))
            if token.type in ("LBRACE", "RBRACE"):
                depth = 0
            if token.type != "NEWLINE" and self._ends_line(at):
                yield begin, at, depth
                depth = max(depth, 0)

    def _lacks_opener(self, begin: int, end: int) -> bool:
        """Whether a line has no body, and the next one is indented as if it had one."""
        following = end + 1 + (self.tokens[end + 1].type == "NEWLINE")
        if self.tokens[following].type in ("$END", "RBRACE", "LBRACE") or "LBRACE" in self.types[begin : end + 1]:
            return False
        return self._indent(following) > self._indent(end)

    # Headers without a brace

    def _open_headers(self) -> None:
        around: list[int] = []
        for begin, end, depth in list(self._ends_of_lines()):
            inside = not around or self._indent(begin) > around[-1]
            for type_ in self.types[begin : end + 1]:
                if type_ == "LBRACE":
                    around.append(self._indent(begin))
                elif type_ == "RBRACE" and around:
                    around.pop()
            if not inside or depth > 0 or self.types[end + 1] != "NEWLINE" or not self._lacks_opener(begin, end):
                continue
            word = self.tokens[begin].text(self.source)
            foreign = (costs.FOREIGN.get(word) or ("",))[-1] if self.types[begin] == "NAME" else ""
            if self.types[begin] not in _HEADERS and foreign not in _HEADERS:
                continue
            if foreign:
                self.bodies += _of_another_language(self.tokens, begin, word)
                self.types[begin] = costs.FOREIGN[word][0]
            instead = self.types[end] == "COLON" or self.tokens[end].text(self.source) in _OPENING_WORDS
            self._open(end, instead=instead, header=True)

    def _open(self, end: int, *, instead: bool, header: bool) -> None:
        """Put a brace at the end of a line, or in place of its last token."""
        changes: tuple[Change, ...] = (Change("brace", end, 1, ("LBRACE",), ("{",), 0),)
        if not instead:
            changes = (Change("brace", end + 1, 0, ("LBRACE",), ("{",), 0),)
            self.opened[end + 1] = header
        elif self.types[end] == "LPAR" and self.types[end - 1] == "CALLNAME":
            changes = (Change("type", end - 1, 1, ("NAME",), (self.tokens[end - 1].text(self.source),), 0), *changes)
        self.surplus -= 1 + (instead and self.types[end] == "RBRACE")
        if instead:
            self.types[end] = "LBRACE"
            self.opened[end] = header
        if header:
            self.bodies += changes
        else:
            self.others.append(Braces(end, changes))

    # Lines that open more than they close, and not at their end, or close more than they open, and not at their beginning

    def _without_partner_in_line(self) -> None:
        opened: list[int] = []
        leading, depth = True, 0
        for at, token in enumerate(self.tokens):
            if self._begins_line(at):
                self._leave_open(opened, at)
                opened, leading, depth = [], True, 0
            depth += (token.type in ("LPAR", "LSQB")) - (token.type in ("RPAR", "RSQB"))
            if token.type == "LBRACE" and depth > 0 and self.surplus < 0:
                self._mark(at)
            elif token.type == "LBRACE":
                opened.append(at)
            elif token.type == "RBRACE" and opened:
                opened.pop()
            elif token.type == "RBRACE" and not leading and self.surplus > 0:
                self._mark(at)
            leading = leading and token.type == "RBRACE"  # of the last line nobody knows how it goes on

    def _leave_open(self, opened: list[int], following: int) -> None:
        """Mark the braces of a line that are not closed, unless the next line may be of their body or the end of it."""
        for at in opened if self.types[following] != "$END" else ():
            deeper = self._indent(following) - self._indent(at)
            goes_on = deeper > 0 or (deeper == 0 and self.types[following] == "RBRACE")
            if self.surplus < 0 and not (self._ends_line(at) or goes_on):
                self._mark(at)

    def _mark(self, at: int) -> None:
        opens = self.types[at] == "LBRACE"
        self.surplus += 1 if opens else -1
        self.types[at] = costs.UNCLOSED if opens else costs.UNOPENED
        self.marks.append(Change("mark", at, 1, (self.types[at],), (self.tokens[at].text(self.source),), 0))

    # Other signs in place of braces, and lines without one

    def _written_otherwise(self) -> None:
        for begin, end, depth in list(self._ends_of_lines()):
            if self.surplus > 0 and self._may_open(begin, end, depth) and self._lacks_opener(begin, end):
                matched = self.types[end] in ("RPAR", "RSQB") and depth >= 0
                sign = self.types[end] in costs.SIGNS or self.types[end] == "BAD_CHARACTER"
                self._open(end, instead=sign and not matched, header=False)
            elif self.surplus < 0 and (depth < 0 or not {"RPAR", "RSQB"} & {*self.types[begin : end + 1]}):
                self._close_instead(begin, end)

    def _may_open(self, begin: int, end: int, depth: int) -> bool:
        if self.types[begin] in _WITHOUT_BODY and "MATCH" not in self.types[begin:end]:
            return False
        if begin == end and self.types[end] == "RBRACE":
            return False
        return depth <= (self.types[end] in ("LPAR", "LSQB"))

    def _close_instead(self, begin: int, end: int) -> None:
        """Where a line holds nothing but a sign or a word that stands for a closing brace, put one in its place."""
        size = end + 1 - begin
        types = self.types[begin : end + 1]
        word = size == 1 and types == ["NAME"] and self.tokens[begin].text(self.source) in _CLOSING_WORDS
        signs = size <= 2 and all(type_ in costs.SIGNS or type_.startswith("BAD_") for type_ in types)
        if (word or signs) and "RBRACE" not in types and ("LBRACE" not in types or self.surplus < -1):
            change = Change("brace", begin, size, ("RBRACE",), ("}",), 0)
            self.surplus += 1 + ("LBRACE" in types)
            self.types[begin : end + 1] = ["RBRACE", *[""] * (size - 1)]
            if self.bodies:
                self.bodies.append(change)
            else:
                self.others.append(Braces(begin, (change,)))

    # Where bodies end

    def _match(self) -> None:
        stack: list[int] = []
        missing = self.surplus < 0
        for at, type_ in enumerate(self.types):
            if at in self.opened and type_ != "LBRACE":
                stack.append(at - 1)
            if type_ == "$END" or (missing and stack and begins_item(self.tokens, at)):
                self._close(stack[::-1], at)
                stack = []
            while self.surplus < 0 and stack and self._is_outside(stack[-1], at):
                self._close([stack.pop()], at)
            if type_ == "LBRACE":
                stack.append(at)
            elif type_ == "RBRACE":
                self._pop(stack, at, missing)

    def _pop(self, stack: list[int], at: int, missing: bool) -> None:
        if missing and len(stack) > 1 and self._begins_line(at) and self._indent(at) < self._indent(stack[-1]):
            self._close([stack.pop()], at)
        if not stack or (self.surplus > 0 and self._indent(at) > self._indent(stack[-1])):
            self._mark(at)
        else:
            stack.pop()

    def _is_outside(self, opener: int, at: int) -> bool:
        """Whether a line begins here that is indented no deeper than that of an open brace, unlike the body of that."""
        if self.types[at] in ("NEWLINE", "RBRACE") or not self._begins_line(at) or at == opener + 1:
            return False
        if self.types[at] == "ARROW":  # no line begins so but after a closing brace
            return True
        first = opener + 1 + (self.types[opener + 1] == "NEWLINE")
        inside = not self._begins_line(first) or self._indent(first) > self._indent(opener)
        return inside and self._indent(at) <= self._indent(opener)

    def _close(self, openers: list[int], at: int) -> None:
        """End these bodies before a token, each with the indentation of its header."""
        if not openers:
            return
        self.surplus += len(openers)
        ends = () if self.types[at] in _GO_ON else ("NEWLINE",)
        texts = tuple(self.source.line(self.lines[opener])[: self._indent(opener)] + "}" for opener in openers)
        change = Change("close", at, 0, ("RBRACE",) * len(openers) + ends, texts + ("",) * len(ends), 0)
        if all(self.opened.get(opener) or self.opened.get(opener + 1) for opener in openers):
            self.bodies.append(change)
        else:
            self.others.append(Braces(openers[0], (change,)))


def _place(change: Change) -> tuple[int, int]:
    return change.at, change.size


def _of_another_language(tokens: list[Token], begin: int, word: str) -> Iterator[Change]:
    """The first words of a header as ours; a class names what it is made of, and a network does not."""
    types = costs.FOREIGN[word]
    yield Change("foreign", begin, 1, types, tuple(costs.TEXTS[type_] for type_ in types), 0)
    closer = next((at for at in range(begin, len(tokens)) if tokens[at].type in ("RPAR", "NEWLINE", "$END")), begin)
    if word == "class" and tokens[closer].type == "RPAR":
        yield Change("delete", begin + 2, closer - begin - 1, (), (), 0)
