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
from .numbers import written_number
from .stack import LEFT_OUT, Stack

__all__ = ["Change", "Changes"]

_GLUED = 4
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
        self.joints: set[int] = set()
        """Where lines begin whose line end before was taken for none."""
        self.lacking: frozenset[str] = frozenset()
        """Brackets of which there are fewer than of their partners."""

    def count_brackets(self, begin: int) -> None:
        """Find the brackets that lack partners between a token and the next brace."""
        types: list[str] = []
        for token in self.tokens[begin : begin + _LONGEST_LOOK]:
            if token.type in ("LBRACE", "RBRACE"):
                break
            types.append(token.type)
        counts = {type_: types.count(type_) for type_ in costs.PARTNERS}
        self.lacking = frozenset(type_ for type_, other in costs.PARTNERS.items() if counts[type_] < counts[other])

    def here(self, stack: Stack, at: int) -> Iterator[tuple[Change, Stack]]:
        """The changes at a place that is reached with this stack, and the stack after each."""
        piped = stack.shift("PIPE") is not None
        for change in (*self._put_in(stack, at), *self._instead(at)):
            ends = piped and change.types == ("NEWLINE",) and change.texts == ("\n",)
            types, texts = (("PIPE",), ("|",)) if ends else (change.types, change.texts)
            after: Stack | None = stack
            for type_ in types:
                after = after and after.shift(type_)
            if after is not None:
                yield change._replace(types=types, texts=texts), after

    def _put_in(self, stack: Stack, at: int) -> Iterator[Change]:
        types = row(stack.state)
        for type_ in types:
            if type_ not in costs.INSERT or (
                type_ in _MAY_BE_NAMES and ("NAME" in types or self.tokens[at].type in _MAY_BE_NAMES)
            ):
                continue
            if type_ != "NEWLINE" or "PIPE" not in types:  # of which one is enough
                at_end = type_ in ("RPAR", "RSQB", "RBRACE") and self.tokens[at].type in ("NEWLINE", "$END")
                cost = (costs.LACKING if type_ in self.lacking else costs.INSERT[type_]) - costs.AT_THE_END * at_end
                if self.tokens[at + (self.tokens[at].type == "COMMA")].start in self.joints:
                    cost = costs.AT_A_JOINT.get(type_, cost)
                yield Change("insert", at, 0, (type_,), (costs.TEXTS.get(type_, ""),), cost)

    def _instead(self, at: int) -> Iterator[Change]:
        token = self.tokens[at]
        if token.type in ("$END", LEFT_OUT):
            return
        if self._is_inside(at):
            yield Change("join", at, 1, (), (), costs.JOINED)
        yield Change(
            "delete", at, 1 + self._fills_line(at, at + 1), *self._kept_line_ends(at), self._cost_to_delete(at)
        )
        yield from self._foreign(at)
        yield from self._comment(at)
        yield from self._taken_for(at, token.type)
        yield from self._number(at)
        yield from self._grouped(at)
        yield from self._called(at)
        yield from self._hyphen(at)
        if token.type == "NAME":
            yield from self._misspelt(at)
        if token.type != "NEWLINE":
            yield from self._exchanged(at)

    def _fills_line(self, at: int, after: int) -> bool:
        """Whether a line has nothing but these tokens, so that its end goes with them."""
        return self.tokens[after].type == "NEWLINE" and (not at or self.tokens[at - 1].type in ("NEWLINE", "PIPE"))

    def _text(self, at: int) -> str:
        return self.tokens[at].text(self.source)

    def _cost_to_delete(self, at: int) -> int:
        text = self._text(at)
        beside = [self._text(other) for other in (at - 1, at + 1) if 0 <= other < len(self.tokens)]
        if text.strip() and text in beside:
            return costs.DOUBLED_WORD if text[0].isalnum() else costs.DOUBLED
        type_ = self.tokens[at].type
        if type_ == "NEWLINE" and self.tokens[at + 1].type in costs.BEGINS:
            return costs.LINE_BEFORE_STATEMENT
        return costs.LACKING + 1 if costs.PARTNERS.get(type_) in self.lacking else costs.DELETE.get(type_, 20)

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

        if self._glued(at) in costs.FOREIGN:
            for other in costs.SIGNS:
                yield Change("replace", at, 2, (other,), (costs.TEXTS[other],), costs.REPLACE)

    def _glued(self, at: int) -> str:
        """A token and the next one if nothing stands between them and both are signs; else empty."""
        one, other = self.tokens[at], self.tokens[at + 1]
        text = self.source.text[one.start : other.end]
        return text if one.end == other.start and not any(char.isalnum() for char in text) else ""

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
        """What begins like a number or a size, as one."""
        token, text = self.tokens[at], self.source.text
        if token.type not in ("NUMBER", "SIZE", "BAD_NUMBER", "NAME"):
            return
        written = written_number(text, token.start)
        if written is not None and (written.end > token.end or token.type == "BAD_NUMBER"):
            after = at + 1
            while self.tokens[after].type != "$END" and self.tokens[after].start < written.end:
                after += 1
            (meant,) = tokenize(Source("", written.meant))[0]
            yield Change("number", at, after - at, (meant.type,), (written.meant,), costs.NUMBER)
        if token.type == "BAD_NUMBER":
            yield Change("unknown", at, 1, ("NUMBER",), ("0",), costs.UNKNOWN)
            digits = self._text(at)[:-1]
            for other in costs.SIGNS if digits.isdigit() and self._text(at)[-1] == "." else ():
                yield Change("number", at, 1, ("NUMBER", other), (digits, costs.TEXTS[other]), costs.REPLACE)

    def _grouped(self, at: int) -> Iterator[Change]:
        """Arithmetic that begins here, in parentheses."""
        end = self._operand(at)
        last = end
        while last > at and self.tokens[last].type in costs.ARITHMETIC and self._operand(last + 1) > last + 1:
            last = self._operand(last + 1)
        if last > end:
            inside = self.tokens[at:last]
            types = ("LPAR", *(token.type for token in inside), "RPAR")
            yield Change("group", at, last - at, types, ("(", *map(self._text, range(at, last)), ")"), costs.GROUPED)

    def _operand(self, at: int) -> int:
        """The end of the value that begins at a token; the token itself if none does."""
        type_ = self.tokens[at].type
        if type_ == "NEGATIVE":
            return at + 2
        if type_ in ("NAME", "NUMBER", "SIZE"):
            return at + 1
        begin = at + (type_ in ("CALLNAME", "INDEXED"))
        closer = self._closer(begin) if self.tokens[begin].type in ("LPAR", "LSQB") else None
        return at if closer is None else closer + 1

    def _closer(self, opener: int) -> int | None:
        """The bracket that closes one."""
        depth = 0
        for at in range(opener, min(len(self.tokens), opener + _LONGEST_LOOK)):
            depth += (self.tokens[at].type in ("LPAR", "LSQB")) - (self.tokens[at].type in ("RPAR", "RSQB"))
            if self.tokens[at].type in ("LBRACE", "RBRACE"):
                return None
            if not depth:
                return at
        return None

    def _hyphen(self, at: int) -> Iterator[Change]:
        """A name with a hyphen in it."""
        tokens = self.tokens[at : at + 3]
        types = [token.type for token in tokens]
        if types in (["NAME", "MINUS", "NAME"], ["NAME", "MINUS", "NUMBER"]) and tokens[2].start == tokens[0].end + 1:
            yield Change("hyphen", at, 3, ("NAME",), (f"{self._text(at)}_{self._text(at + 2)}",), costs.HYPHEN)

    def _called(self, at: int) -> Iterator[Change]:
        """A call as a statement: its arguments without parentheses and commas."""
        closer = self._closer(at + 1) if self.tokens[at].type == "CALLNAME" else None
        if closer is None:
            return
        depth, kept = 0, [at]
        for inside in range(at + 2, closer):
            depth += (self.tokens[inside].type in ("LPAR", "LSQB")) - (self.tokens[inside].type in ("RPAR", "RSQB"))
            if depth or self.tokens[inside].type != "COMMA":
                kept.append(inside)
        types = ("NAME", *(self.tokens[place].type for place in kept[1:]))
        yield Change("call", at, closer + 1 - at, types, tuple(map(self._text, kept)), costs.CALLED)

    def _foreign(self, at: int) -> Iterator[Change]:
        """A word or sign of another language; one that goes on with a statement takes the line end before it away."""
        begin = at + (self.tokens[at].type == "NEWLINE")
        for size in range(1, min(_GLUED, len(self.tokens) - 1 - begin) + 1):
            last = self.tokens[begin + size - 1]
            types = costs.FOREIGN.get(self.source.text[self.tokens[begin].start : last.end])
            if types is not None and (begin == at or types[:1] in (("ELSE",), ("PIPE",), ("SHORTCUT",))):
                texts = tuple(costs.TEXTS[type_] for type_ in types)
                yield Change("foreign", at, begin - at + size, types, texts, costs.FOREIGN_COST)

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
            after += self._fills_line(at, after)
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
