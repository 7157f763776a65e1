"""The single changes that a repair is made of: what a slip of one hand, or a habit of another language, may have left."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from ...diagnostics.suggest import distance
from ...source import Source
from ...syntax.lexer import Token, tokenize
from ...syntax.parser import row
from ...syntax.tables import KEYWORDS
from . import costs
from .numbers import number_meant
from .stack import LEFT_OUT, Stack

__all__ = ["Change", "Changes"]

_GLUED = 3
"""The longest sign of another language has so many tokens of ours."""
_LONGEST_LOOK = 200
_MAY_BE_NAMES = frozenset(("BLOCK", "NETWORK", "TRAIN", "USE", "FROM", "WITH"))


class Change(NamedTuple):
    """Tokens of these types and texts in place of ``size`` tokens from index ``at`` on."""

    kind: str
    at: int
    size: int
    types: tuple[str, ...]
    texts: tuple[str, ...]
    cost: int


class Changes:
    """The changes that can be made to the tokens of a text."""

    def __init__(self, source: Source, tokens: list[Token]) -> None:
        self.source = source
        self.tokens = tokens

    def here(self, stack: Stack, at: int) -> Iterator[tuple[Change, Stack]]:
        """The changes at a place that is reached with this stack, and the stack after each."""
        for change in (*self._put_in(stack, at), *self._instead(at)):
            after: Stack | None = stack
            for type_ in change.types:
                after = after and after.shift(type_)
            if after is not None:
                yield change, after

    def _put_in(self, stack: Stack, at: int) -> Iterator[Change]:
        types = row(stack.state)
        for type_ in types:
            if type_ not in costs.INSERT or (
                type_ in _MAY_BE_NAMES and ("NAME" in types or self.tokens[at].type in _MAY_BE_NAMES)
            ):
                continue
            if type_ != "NEWLINE" or "PIPE" not in types:
                at_end = type_ == "RBRACE" and self.tokens[at].type in ("NEWLINE", "$END")
                cost = costs.INSERT[type_] - costs.AT_THE_END * at_end
                yield Change("insert", at, 0, (type_,), (costs.TEXTS.get(type_, ""),), cost)

    def _instead(self, at: int) -> Iterator[Change]:
        token = self.tokens[at]
        if token.type in ("$END", LEFT_OUT):
            return
        if self._is_inside(at):
            yield Change("join", at, 1, (), (), costs.JOINED)
        yield Change("delete", at, 1, *self._kept_line_ends(at), self._cost_to_delete(at))
        yield from self._foreign(at)
        yield from self._comment(at)
        yield from self._taken_for(at, token.type)
        if token.type == "BAD_NUMBER":
            yield from self._number(at)
        if token.type == "NAME":
            yield from self._misspelt(at)
        if token.type != "NEWLINE":
            yield from self._exchanged(at)

    def _text(self, at: int) -> str:
        return self.tokens[at].text(self.source)

    def _cost_to_delete(self, at: int) -> int:
        text = self._text(at)
        beside = [self._text(other) for other in (at - 1, at + 1) if 0 <= other < len(self.tokens)]
        if text.strip() and text in beside:
            return costs.DOUBLED_WORD if text[0].isalnum() else costs.DOUBLED
        return costs.DELETE.get(self.tokens[at].type, 20)

    def _is_inside(self, at: int) -> bool:
        """Whether a line ends here inside ( ) or [ ], which are never closed."""
        if self.tokens[at].type != "NEWLINE" or not (
            self.tokens[at - 1].type in costs.LEADS_ON or self.tokens[at + 1].type in costs.GOES_ON
        ):
            return False
        depth = 0
        for token in reversed(self.tokens[max(0, at - _LONGEST_LOOK) : at]):
            depth += (token.type in ("LPAR", "LSQB")) - (token.type in ("RPAR", "RSQB"))
            if depth > 0 or token.type in ("LBRACE", "RBRACE"):
                return depth > 0
        return False

    def _taken_for(self, at: int, type_: str) -> Iterator[Change]:
        """Another terminal in place of this one."""
        for other, cost in costs.SIMILAR.get(type_, {}).items():
            yield Change("replace", at, 1, (other,), (costs.TEXTS.get(other, self._text(at)),), cost)
        if type_ in costs.BRACES:
            yield Change("keep", at, 1, (costs.BRACES[type_],), (self._text(at),), 0)
        if type_ in costs.SIGNS or type_ in costs.BRACES or type_ == "BAD_CHARACTER":
            for other in costs.SIGNS:
                if other != type_ and other not in costs.SIMILAR.get(type_, {}):
                    yield Change("replace", at, 1, *self._kept_line_ends(at, other), costs.REPLACE)

    def _kept_line_ends(self, at: int, *types: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Types and texts in place of a token, with the line ends that counted as none because it was a `|`."""
        texts = tuple(costs.TEXTS[type_] for type_ in types)
        if self.tokens[at].type != "PIPE" or "PIPE" in types:
            return types, texts
        text, token = self.source.text, self.tokens[at]
        before = at > 0 and "\n" in text[self.tokens[at - 1].end : token.start]
        after = "\n" in text[token.end : self.tokens[at + 1].start]
        if not types:
            before, after = before or after, False
        return ("NEWLINE",) * before + types + ("NEWLINE",) * after, ("",) * before + texts + ("",) * after

    def _number(self, at: int) -> Iterator[Change]:
        """What begins like a number, as one."""
        text = self._text(at)
        meant = number_meant(text)
        if meant:
            (token,) = tokenize(Source("", meant))[0]
            yield Change("number", at, 1, (token.type,), (meant,), costs.NUMBER)
        elif text[-1] == "." and text[:-1].isdigit():
            for other in costs.SIGNS:
                yield Change("number", at, 1, ("NUMBER", other), (text[:-1], costs.TEXTS[other]), costs.REPLACE)
        yield Change("unknown", at, 1, ("NUMBER",), ("0",), costs.UNKNOWN)

    def _foreign(self, at: int) -> Iterator[Change]:
        """A word or sign of another language."""
        for size in range(1, _GLUED + 1):
            last = self.tokens[min(at + size, len(self.tokens)) - 1]
            types = costs.FOREIGN.get(self.source.text[self.tokens[at].start : last.end])
            if types:
                yield Change(
                    "foreign", at, size, types, tuple(costs.TEXTS[type_] for type_ in types), costs.FOREIGN_COST
                )

    def _comment(self, at: int) -> Iterator[Change]:
        """From here to its end a comment as other languages write it."""
        start, text = self.tokens[at].start, self.source.text
        for begin, end in costs.COMMENTS.items():
            if not text.startswith(begin, start):
                continue
            stop = text.find(end, start + len(begin))
            stop = (len(text) if stop < 0 else stop) + len(end.strip())
            after = at
            while self.tokens[after].type != "$END" and self.tokens[after].start < stop:
                after += 1
            yield Change("comment", at, after - at, (), (), costs.COMMENT)

    def _misspelt(self, at: int) -> Iterator[Change]:
        """A word of the language with a letter or two that are wrong."""
        text = self._text(at).lower()
        allowed = 1 if len(text) < 6 else 2
        for word, type_ in KEYWORDS.items() if len(text) > 1 else ():
            if abs(len(word) - len(text)) <= allowed:
                letters = distance(text, word, allowed)
                if letters <= allowed:
                    yield Change("misspelt", at, 1, (type_,), (word,), costs.MISSPELT + 4 * (letters - 1))

    def _exchanged(self, at: int) -> Iterator[Change]:
        """Two neighbours the other way round."""
        one, other = self.tokens[at], self.tokens[at + 1]
        if other.type in ("$END", "NEWLINE", LEFT_OUT) or one.type == other.type:
            return
        texts = self._text(at + 1), self._text(at)
        text = self.source.text
        snippet = texts[0] + text[one.end : other.start] + texts[1] + text[other.end : other.end + 1]
        found = Source("", snippet)
        tokens = tokenize(found)[0][:2]
        if tuple(token.text(found) for token in tokens) == texts:
            yield Change("exchange", at, 2, tuple(token.type for token in tokens), texts, costs.EXCHANGE)
