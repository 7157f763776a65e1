"""The single changes that a repair is made of: what a slip of one hand, or a habit of another language, may have left.

And what they are as edits of the text: where what is put in goes, and which blanks go with what is taken away.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from ...diagnostics import Edit
from ...diagnostics.suggest import distance
from ...source import Source, Span
from ...syntax.lexer import Token, tokenize
from ...syntax.parser import row
from ...syntax.tables import KEYWORDS
from ..foreign.habits import SIMILAR, WORDS
from . import costs
from .costs import COSTS, LEFT_OUT, TEXTS

__all__ = ["Change", "Changes", "bracket_depth", "edits_of", "indentation", "open_bracket"]

_GLUED = 4
"""The longest sign of another language has so many tokens of ours."""
_LONGEST_LOOK = 200
_WELL_FORMED = re.compile(r"([0-9]+|\?)(x([0-9]+|\?))+|[0-9][0-9_]*(\.[0-9]+)?([eE][+-]?[0-9]+)?[kMGT]?")
_SHARE = re.compile(r"([0-9]{1,2}(?:\.[0-9]+)?)[ ]?%(?![\w(])")
_SIZE = re.compile(r"(?:[0-9]+|\?)(?:[ \t]*[xX×*][ \t]*(?:[0-9]+|\?))+(?![\w.])")
_THOUSANDS = re.compile(r"[1-9][0-9]{0,2}(?:,[0-9]{3}|[ ][0-9]{3})+(?![\w.,])")
_RUN = re.compile(r"[0-9?][\w?]*(?:\.[\w]+)*(?:(?<=[eE])[+-]\w+)?\.?")
_LETTERS = str.maketrans("XOolI", "x0011")
_MAY_BE_NAMES = frozenset(("BLOCK", "NETWORK", "TRAIN", "USE", "FROM", "WITH"))


class Change(NamedTuple):
    """Tokens of these types and texts in place of ``size`` tokens from index ``at`` on."""

    kind: str
    at: int
    size: int
    types: tuple[str, ...]
    texts: tuple[str, ...]
    cost: int = 0


class Changes:
    """The changes that can be made to the tokens of a text."""

    def __init__(self, source: Source, tokens: list[Token]) -> None:
        self.source = source
        self.tokens = tokens
        self.joints: set[int] = set()
        """Where lines begin whose line end before was taken for none."""
        self.lacking: set[str] = set()
        """The closing brackets of which there are too few."""
        self._of_tokens: dict[int, tuple[Change, ...]] = {}

    def begin(self, begin: int) -> None:
        """Forget the tokens as they were, and count the brackets between one of them and the next brace."""
        self._of_tokens.clear()
        types = [token.type for token in self.tokens[begin : begin + _LONGEST_LOOK]]
        end = next((at for at, type_ in enumerate(types) if type_ in ("LBRACE", "RBRACE")), len(types))
        pairs = (("RPAR", "LPAR"), ("RSQB", "LSQB"))
        self.lacking = {one for one, other in pairs if types[:end].count(one) < types[:end].count(other)}

    def here(self, state: int, at: int) -> tuple[Change, ...]:
        """The changes at a place that is reached with this state."""
        if at not in self._of_tokens:
            self._of_tokens[at] = tuple(self._instead(at))
        return (*self._put_in(state, at), *self._of_tokens[at])

    def _put_in(self, state: int, at: int) -> Iterator[Change]:
        types, following = row(state), self.tokens[at].type
        joint = self.tokens[at + (following == "COMMA")].start in self.joints
        named = "NAME" in types or following in _MAY_BE_NAMES
        for type_ in filter(costs.INSERT.__contains__, types):
            if (named and type_ in _MAY_BE_NAMES) or (
                type_ == "NEWLINE" and "PIPE" in types
            ):  # one of the two is enough
                continue
            at_end = type_ in ("RPAR", "RSQB", "RBRACE") and following in ("NEWLINE", "$END")
            cost = COSTS["lacking"] if type_ in self.lacking else costs.INSERT[type_]
            cost += COSTS["end of a line"] * at_end
            if joint and type_ in ("RPAR", "RSQB", "COMMA"):
                cost = COSTS["comma at a joint" if type_ == "COMMA" else "joint"]
            yield Change("insert", at, 0, (type_,), (TEXTS.get(type_, ""),), cost)

    def _instead(self, at: int) -> Iterator[Change]:
        type_ = self.tokens[at].type
        if type_ in ("$END", LEFT_OUT):
            return
        yield Change("delete", at, 1 + self._fills_line(at, at + 1), (), (), self._cost_to_delete(at))
        if type_ == "NEWLINE" and self._is_inside(at):
            yield Change("join", at, 1, (), ())
        yield from self._foreign(at)
        yield from self._taken_for(at, type_)
        if type_ in ("NUMBER", "SIZE", "BAD_NUMBER"):
            yield from self._number(at)
        elif type_ == "NAME":
            yield from self._misspelt(at)

    def _is_inside(self, at: int) -> bool:
        """Whether a line that ends here leads on to the next one inside ( ) or [ ], which are never closed."""
        leads = self.tokens[at - 1].type in costs.LEADS_ON or self.tokens[at + 1].type in costs.GOES_ON
        return leads and open_bracket(self.tokens, at) is not None

    def _fills_line(self, at: int, after: int) -> bool:
        """Whether a line has nothing but these tokens, so that its end goes with them."""
        return self.tokens[after].type == "NEWLINE" and (not at or self.tokens[at - 1].type in ("NEWLINE", "PIPE"))

    def _text(self, at: int) -> str:
        return self.tokens[at].text(self.source)

    def _cost_to_delete(self, at: int) -> int:
        text, type_ = self._text(at), self.tokens[at].type
        beside = [self._text(other) for other in (at - 1, at + 1) if 0 <= other < len(self.tokens)]
        if text.strip() and text in beside:
            return COSTS["doubled word" if text[0].isalnum() else "doubled sign"]
        return costs.DELETE.get(type_, 20)

    def _taken_for(self, at: int, type_: str) -> Iterator[Change]:
        """Another terminal in place of this one."""
        others = SIMILAR.get(type_, {})
        if type_ in costs.SIGNS or type_ in (costs.UNCLOSED, costs.UNOPENED, "BAD_CHARACTER"):
            others = {**dict.fromkeys(costs.SIGNS, COSTS["replace"]), **others}
        for other, cost in others.items():
            if other != type_:
                yield Change("replace", at, 1, (other,), (TEXTS.get(other, self._text(at)),), cost)

    def _number(self, at: int) -> Iterator[Change]:
        """What begins like a number or a size, as one."""
        token = self.tokens[at]
        end, meant = _written_number(self.source.text, token.start) or (0, "")
        if end > token.end or (end and token.type == "BAD_NUMBER"):
            type_ = tokenize(Source("", meant))[0][0].type
            yield Change("number", at, self._until(at, end) - at, (type_,), (meant,), COSTS["number"])

    def _until(self, at: int, end: int) -> int:
        """The first token from one on that begins at a place or after it."""
        while self.tokens[at].type != "$END" and self.tokens[at].start < end:
            at += 1
        return at

    def _foreign(self, at: int) -> Iterator[Change]:
        """A word or sign of another language; one that goes on with a statement takes the line end before it away."""
        begin = at + (self.tokens[at].type == "NEWLINE")
        for size in range(1, min(_GLUED, len(self.tokens) - 1 - begin) + 1):
            types = WORDS.get(self.source.text[self.tokens[begin].start : self.tokens[begin + size - 1].end])
            if types is not None and (begin == at or types[0] == "ELSE"):
                texts = tuple(TEXTS[type_] for type_ in types)
                yield Change("foreign", at, begin - at + size, types, texts, COSTS["foreign"])

    def _misspelt(self, at: int) -> Iterator[Change]:
        """A word of the language with a letter or two that are wrong."""
        text = self._text(at).lower()
        allowed = 1 if len(text) < 6 else 2
        for word, type_ in KEYWORDS.items() if len(text) > 1 else ():
            letters = distance(text, word, allowed) if abs(len(word) - len(text)) <= allowed else allowed + 1
            if letters <= allowed:
                cost = COSTS["misspelt"] + COSTS["second letter"] * (letters - 1)
                yield Change("misspelt", at, 1, (type_,), (word,), cost)


def open_bracket(tokens: list[Token], end: int) -> int | None:
    """The innermost ( or [ that is open before a token."""
    depth = 0
    for at in range(end - 1, max(-1, end - _LONGEST_LOOK), -1):
        depth += bracket_depth(tokens[at])
        if depth > 0 or tokens[at].type in ("LBRACE", "RBRACE"):
            return at if depth > 0 else None
    return None


def bracket_depth(token: Token) -> int:
    """How much deeper what follows a token is in ( ) and [ ]."""
    return (token.type in ("LPAR", "LSQB")) - (token.type in ("RPAR", "RSQB"))


def _written_number(text: str, start: int) -> tuple[int, str] | None:
    """Where a number or size ends that is written in another form, and it in ours: a share, with blanks, wrong letters."""
    share, size, thousands, run = (form.match(text, start) for form in (_SHARE, _SIZE, _THOUSANDS, _RUN))
    if share:
        return share.end(), f"{float(share[1]) / 100:g}"
    if thousands:
        return thousands.end(), re.sub("[, ]", "_", thousands[0])
    if size and not _WELL_FORMED.fullmatch(size[0]):
        return size.end(), "x".join(re.findall(r"[0-9]+|\?", size[0]))
    if run and any(char.isdigit() for char in run[0]):
        readings = (run[0].translate(_LETTERS), run[0].rstrip("xfL."), run[0].replace("m", "M").replace("K", "k"))
        meant = next((each for each in readings if each != run[0] and _WELL_FORMED.fullmatch(each)), "")
        return (run.end(), meant) if meant else None
    return None


def edits_of(source: Source, tokens: list[Token], changes: Iterable[Change]) -> tuple[Edit, ...]:
    """What changes of tokens do to the text, in order; those at one place are one edit."""
    edits: list[Edit] = []
    for change in changes:
        if change.kind == "join":  # a line end counts as none as soon as its bracket is closed
            continue
        edit = (_written if change.size else _closed if change.kind == "close" else _inserted)(source, tokens, change)
        if edits and edits[-1].span == edit.span and not change.size:
            edit = edit.replace(replacement=edits.pop().replacement + edit.replacement)
        edits.append(edit)
    return tuple(edits)


def _inserted(source: Source, tokens: list[Token], change: Change) -> Edit:
    at, (text, *_) = change.at, change.texts
    before, after = tokens[at - 1].end if at else 0, tokens[at].start
    if text in ("(", "["):
        return Edit(Span(source, after, after), text)
    if text in (",", ":", ")", "]"):
        return Edit(Span(source, before, before), text)
    if text == "\n":
        return Edit(Span(source, before, after), text + indentation(source, before))
    return Edit(Span(source, before, before), f" {text} " if before == after else f" {text}")


def indentation(source: Source, offset: int) -> str:
    """The blanks that begin the line of a place."""
    line = source.text[source.text.rfind("\n", 0, offset) + 1 : offset]
    return line[: len(line) - len(line.lstrip(" \t"))]


def _closed(source: Source, tokens: list[Token], change: Change) -> Edit:
    """The end of a body: before what goes on after it, or on a line of its own."""
    following = tokens[change.at]
    if following.type in ("ARROW", "ELSE", "SHORTCUT"):
        return Edit(Span(source, following.start, following.start), "} ")
    last = tokens[change.at - 1 - (tokens[change.at - 1].type == "NEWLINE")]
    end = source.rest_of_line(last.end)[1]
    end -= source.text.endswith("\r", last.end, end)
    return Edit(Span(source, end, end), f"\n{change.texts[0]}")


def _written(source: Source, tokens: list[Token], change: Change) -> Edit:
    first, last = tokens[change.at], tokens[change.at + change.size - 1]
    span = Span(source, first.start, last.end)
    texts = [text for text in change.texts if text]
    if first.type == "NEWLINE":
        return Edit(Span(source, tokens[change.at + 1].start, last.end) if texts else span, " ".join(texts) or " ")
    if change.types == ("NAME",) and first.type in ("CALLNAME", "INDEXED"):
        return Edit(Span(source, span.end, span.end), " ")
    if change.types == ("CALLNAME",):
        return Edit(Span(source, span.end, tokens[change.at + 1].start), "")
    written = {"|": " |", "\n": "\n" + indentation(source, span.start)}
    return Edit(span, " ".join(written.get(text, text) for text in texts)) if texts else _without(source, span)


def _without(source: Source, span: Span) -> Edit:
    """Nothing in place of a stretch, and one blank where two would meet."""
    text, start, end = source.text, span.start, span.end
    before, after = text[start - 1 : start], text[end : end + 1]
    if after == " " and before in (" ", "\n", ""):
        end += 1
    elif before == " " and after in ("\n", ""):
        start -= 1
    glued = (before.isalnum() or before == "_") and (after.isalnum() or after == "_")
    return Edit(Span(source, start, end), " " if glued else "")
