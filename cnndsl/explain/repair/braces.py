"""Braces that are missing, too many or written otherwise, found where lines and indentation do not agree with them.

A parser meets such a mistake far below it, so that no repair of tokens finds it. This looks at a whole text whose braces do
not balance: it closes bodies where their lines end, and opens those that have none; of the others it says which brace has no
partner, and the search for repairs finds out what to do there.
"""

from __future__ import annotations

from typing import NamedTuple

from ...source import Source
from ...syntax.lexer import Token
from . import costs
from .changes import Change

__all__ = ["Body", "balanced", "begins_item"]

_CLOSING_WORDS = frozenset(("end", "endif", "endfor", "endwhile", "done", "fi"))
_ITEMS = frozenset(("NETWORK", "BLOCK", "TRAIN", "USE"))
_BETWEEN = frozenset(("LET", "USE", "EXPECT"))
"""Statements without a body."""


class Body(NamedTuple):
    """A change of braces, and the indices of the braces that it closes, the innermost first."""

    change: Change
    openers: tuple[int, ...] = ()


def balanced(source: Source, tokens: list[Token]) -> list[Body]:
    """The changes after which braces balance, in order of their places; none if they do."""
    return _Balancing(source, tokens).bodies()


def begins_item(tokens: list[Token], index: int) -> bool:
    """Whether a network, block, train or use begins with this token."""
    if tokens[index].type not in _ITEMS or (index and tokens[index - 1].type not in ("NEWLINE", "RBRACE")):
        return False
    return tokens[index + 1].type in ("NAME", "CALLNAME", "LBRACE")


class _Balancing:
    """The braces of a text while they are matched."""

    def __init__(self, source: Source, tokens: list[Token]) -> None:
        self.source = source
        self.tokens = tokens
        self.lines = [source.position(token.start)[0] for token in tokens]
        self.found: list[Body] = []
        self.types = [token.type for token in tokens]
        """The types of the tokens as far as they are repaired."""
        self.surplus = sum((token.type == "RBRACE") - (token.type == "LBRACE") for token in tokens)
        """How many more are closed than opened, as far as is not yet repaired."""

    def bodies(self) -> list[Body]:
        if self.surplus:
            self._without_partner_in_line()
            self._written_otherwise()
            self._match()
        return sorted(self.found, key=lambda body: (body.change.at, body.change.size))

    def _indent(self, at: int) -> int:
        line = self.source.line(self.lines[at])
        return len(line) - len(line.lstrip(" \t"))

    def _begins_line(self, at: int) -> bool:
        return not at or self.lines[at - 1] < self.lines[at] or self.tokens[at - 1].type == "NEWLINE"

    def _ends_line(self, at: int) -> bool:
        return self.tokens[at + 1].type in ("NEWLINE", "$END") or self.lines[at + 1] > self.lines[at]

    def _replace(self, kind: str, at: int, type_: str, text: str = "") -> None:
        self.types[at] = type_
        self.found.append(
            Body(Change(kind, at, 1, (type_,), (text or self.tokens[at].text(self.source),), costs.REPLACE))
        )

    # Lines that open more than they close, and not at their end, or close more than they open, and not at their beginning

    def _without_partner_in_line(self) -> None:
        opened: list[int] = []
        leading, depth = True, 0
        for at, token in enumerate(self.tokens):
            if self._begins_line(at):
                self._leave_open(opened)
                opened, leading, depth = [], True, 0
            depth += (token.type in ("LPAR", "LSQB")) - (token.type in ("RPAR", "RSQB"))
            if token.type == "LBRACE" and depth > 0 and self.surplus < 0:
                self._replace("mark", at, costs.UNCLOSED)
                self.surplus += 1
            elif token.type == "LBRACE":
                opened.append(at)
            elif token.type == "RBRACE":
                if opened:
                    opened.pop()
                elif not leading and self.surplus > 0:
                    self._replace("mark", at, costs.UNOPENED)
                    self.surplus -= 1
            leading = leading and token.type == "RBRACE"
        self._leave_open(opened)

    def _leave_open(self, opened: list[int]) -> None:
        for at in opened:
            if self.surplus < 0 and not self._ends_line(at):
                self._replace("mark", at, costs.UNCLOSED)
                self.surplus += 1

    # Other signs in place of braces, and headers without one

    def _written_otherwise(self) -> None:
        depth = 0
        for at in range(len(self.tokens) - 1):
            type_ = self.tokens[at].type
            depth = (
                0
                if type_ in ("LBRACE", "RBRACE")
                else depth + (type_ in ("LPAR", "LSQB")) - (type_ in ("RPAR", "RSQB"))
            )
            if self.surplus > 0 and self._lacks_opener(at, depth):
                self._open(at, matched=type_ in ("RPAR", "RSQB") and depth >= 0)
                depth = 0
            elif self.surplus < 0 and self._begins_line(at):
                self._close_instead(at)

    def _lacks_opener(self, at: int, depth: int) -> bool:
        """Whether a line ends here without a body, and the next one is indented as if it had one."""
        following = at + 1 + (self.tokens[at + 1].type == "NEWLINE")
        if (
            not self._ends_line(at)
            or self.tokens[following].type in ("$END", "RBRACE")
            or self.tokens[at].type == "NEWLINE"
        ):
            return False
        begin = at
        while begin and not self._begins_line(begin):
            begin -= 1
        if depth > (self.tokens[at].type in ("LPAR", "LSQB")) or self.tokens[begin].type in _BETWEEN:
            return False
        if begin == at and self.tokens[at].type == "RBRACE":
            return False
        whole = self.tokens[begin : at + 1]
        return self._indent(following) > self._indent(at) and all(token.type != "LBRACE" for token in whole)

    def _open(self, at: int, *, matched: bool) -> None:
        token = self.tokens[at]
        if token.type == "BAD_CHARACTER" or (token.type in costs.SIGNS and not matched):
            self._replace("brace", at, "LBRACE", "{")
            self.surplus -= 1 + (token.type == "RBRACE")
            if token.type == "LPAR" and self.tokens[at - 1].type == "CALLNAME":
                self._replace("type", at - 1, "NAME")
        else:
            self.found.append(Body(Change("brace", at + 1, 0, ("LBRACE",), ("{",), costs.REPLACE)))
            self.surplus -= 1

    def _close_instead(self, at: int) -> None:
        """Where a line holds nothing but a sign or a word that stands for a closing brace, put one in its place."""
        size = 1 if self._ends_line(at) else 2
        if not self._ends_line(at + size - 1):
            return
        signs = [token.type in costs.SIGNS or token.type.startswith("BAD_") for token in self.tokens[at : at + size]]
        word = size == 1 and self.types[at] == "NAME" and self.tokens[at].text(self.source) in _CLOSING_WORDS
        types = self.types[at : at + size]
        if (word or all(signs)) and "RBRACE" not in types and ("LBRACE" not in types or self.surplus < -1):
            self.found.append(Body(Change("brace", at, size, ("RBRACE",), ("}",), costs.REPLACE)))
            self.surplus += 1 + ("LBRACE" in types)
            self.types[at : at + size] = ["RBRACE", *[""] * (size - 1)]

    # Where bodies end

    def _match(self) -> None:
        stack: list[int] = []
        missing = self.surplus < 0
        opened = {body.change.at for body in self.found if body.change.size == 0}
        for at, type_ in enumerate(self.types):
            if at in opened:
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
            self._replace("mark", at, costs.UNOPENED)
            self.surplus -= 1
        else:
            stack.pop()

    def _is_outside(self, opener: int, at: int) -> bool:
        """Whether a line begins here that is indented no deeper than that of an open brace, unlike the body of that."""
        if self.tokens[at].type in ("NEWLINE", "RBRACE") or not self._begins_line(at) or at == opener + 1:
            return False
        if self.tokens[at].type == "ARROW":  # no line begins so but after a closing brace
            return True
        first = opener + 1 + (self.tokens[opener + 1].type == "NEWLINE")
        inside = not self._begins_line(first) or self._indent(first) > self._indent(opener)
        return inside and self._indent(at) <= self._indent(opener)

    def _close(self, openers: list[int], at: int) -> None:
        """End these bodies before a token."""
        if not openers:
            return
        self.surplus += len(openers)
        follows = ("ARROW", "ELSE", "SHORTCUT", "PIPE", "RBRACE", "$END")
        types = ("RBRACE",) * len(openers) + (() if self.types[at] in follows else ("NEWLINE",))
        texts = tuple("}" if type_ == "RBRACE" else "" for type_ in types)
        self.found.append(Body(Change("close", at, 0, types, texts, costs.REPLACE), tuple(openers)))
