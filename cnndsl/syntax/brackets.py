"""Brackets are matched before parsing, so that an unclosed one is reported at its opener and nowhere else.

The parser then gets a stream in which braces balance, newlines inside ( ) and [ ] are gone, and stretches whose errors
have been reported already are known as silenced.
"""

from __future__ import annotations

import re
from bisect import bisect_right

from ..diagnostics import Diagnostic, Diagnostics, Edit, Fix, Label
from ..diagnostics.kinds import limits, syntax
from ..record import Record
from ..source import Source, Span
from .lexer import Token
from .silence import Silence

__all__ = ["MAX_NESTING", "Balanced", "balance", "begins_item", "too_deep"]

MAX_NESTING = 64

_BLANKS = re.compile(r"[ \t]*")
_ROUND = {"RPAR": "LPAR", "RSQB": "LSQB"}
_ITEM_WORDS = frozenset(("NETWORK", "BLOCK", "TRAIN", "USE"))
_OPERATORS = frozenset(
    ("PLUS", "MINUS", "NEGATIVE", "STAR", "POWER", "SLASH", "SLASHES", "PERCENT", "COMPARISON", "AND", "OR", "NOT")
)
_LEADS_ON = _OPERATORS | {"COMMA", "LPAR", "LSQB", "EQUAL"}
_GOES_ON = _OPERATORS | {"COMMA", "RPAR", "RSQB", "LPAR", "LSQB", "NUMBER", "SIZE", "TRUE", "FALSE"}
_NAMES = {"LPAR": "parenthesis", "LSQB": "bracket", "LBRACE": "brace", "RPAR": "parenthesis", "RSQB": "bracket"}


class Balanced(Record):
    """Tokens whose brackets match, and the stretches of text in which no further error is to be reported."""

    tokens: list[Token]
    silenced: Silence


class _Partners:
    """Which brackets have no partner, by index of their token, and where closing braces have to be thought of."""

    def __init__(self) -> None:
        self.unclosed: list[int] = []
        self.unopened: list[int] = []
        self.close_before: dict[int, int] = {}
        self.joined: set[int] = set()
        """Line ends that unclosed brackets span."""
        self.last_joined: dict[int, int] = {}
        """The last of them, by the bracket."""


def balance(source: Source, tokens: list[Token], diagnostics: Diagnostics) -> Balanced | None:
    """Match brackets, join the lines inside ( ) and [ ], and report what has no partner; None if nested too deeply."""
    deep = too_deep(tokens)
    if deep is not None:
        message = f"brackets are nested more than {MAX_NESTING} deep"
        diagnostics.report(Diagnostic(limits.TOO_DEEP, message, Label(Span(source, deep.start, deep.end))))
        return None
    tokens = _with_closers(source, _with_openers(source, tokens, diagnostics), diagnostics)
    partners = _Partners()
    _match_round(tokens, partners)
    _match_braces(source, tokens, partners)
    _join_lines(tokens, partners)
    _report(source, tokens, partners, diagnostics)
    return Balanced(_stream(source, tokens, partners), Silence(_silenced(source, tokens, partners)))


def too_deep(tokens: list[Token]) -> Token | None:
    """The bracket with which the nesting passes its limit."""
    depth = 0
    for token in tokens:
        if token.type in ("LPAR", "LSQB", "LBRACE"):
            depth += 1
        elif token.type in ("RPAR", "RSQB", "RBRACE"):
            depth = max(0, depth - 1)
        if depth > MAX_NESTING:
            return token
    return None


def _surplus(tokens: list[Token]) -> int:
    """How many more braces are closed than opened."""
    return sum((token.type == "RBRACE") - (token.type == "LBRACE") for token in tokens)


def _with_openers(source: Source, tokens: list[Token], diagnostics: Diagnostics) -> list[Token]:
    """The tokens with a `{` at each line that lacks one: more are closed than opened, and the next line is indented."""
    missing = _surplus(tokens)
    if missing <= 0:
        return tokens
    kept: list[Token] = []
    depth = begin = 0
    for index, token in enumerate(tokens):
        depth += (token.type in ("LPAR", "LSQB")) - (token.type in ("RPAR", "RSQB"))
        if token.type == "NEWLINE" and missing and _lacks_opener(source, tokens, begin, index, depth):
            last = kept[-1]
            instead = last.type in ("COLON", "LPAR", "LSQB")
            brace = Token("LBRACE", last.start if instead else last.end, last.end)
            diagnostics.report(_no_opener(source, tokens[begin], brace))
            kept[len(kept) - instead :] = [brace]
            if last.type == "LPAR" and kept[-2].type == "CALLNAME":
                kept[-2] = kept[-2]._replace(type="NAME")
            missing -= 1
        kept.append(token)
        if token.type in ("NEWLINE", "LBRACE", "RBRACE"):
            depth, begin = 0, index + 1
    return kept


def _lacks_opener(source: Source, tokens: list[Token], begin: int, end: int, depth: int) -> bool:
    """Whether the line from ``begin`` to before ``end`` has no body, and the next one is indented as if it had one."""
    if begin == end or end + 1 == len(tokens) or (tokens[begin].type == "LET" and depth):
        return False
    if depth > (tokens[end - 1].type in ("LPAR", "LSQB")):
        return False
    return _indent(source, tokens[end + 1]) > _indent(source, tokens[begin])


def _no_opener(source: Source, first: Token, brace: Token) -> Diagnostic:
    word = source.text[first.start : first.end]
    span = Span(source, brace.start, brace.end)
    blank = "" if source.text[brace.start - 1] in " \t" else " "
    message = (
        f"a body begins with `{{`, not with `{span.text}`" if span.text else f"`{word}` lacks the `{{` of its body"
    )
    help_ = "write `{` in its place" if span.text else "write `{` at the end of this line"
    fix = Fix("write `{`", (Edit(span, f"{blank}{{"),), True)
    return Diagnostic(syntax.UNEXPECTED, message, Label(span), help=(help_,), fixes=(fix,))


def _with_closers(source: Source, tokens: list[Token], diagnostics: Diagnostics) -> list[Token]:
    """The tokens with a `}` in place of each `)` and `]` that begins a line where only a brace is left to close."""
    missing = -_surplus(tokens)
    kept: list[Token] = []
    depth = 0
    for token in tokens:
        depth += (token.type in ("LPAR", "LSQB")) - (token.type in ("RPAR", "RSQB"))
        if depth < 0 < missing and kept and kept[-1].type == "NEWLINE":
            span = Span(source, token.start, token.end)
            message = f"a body ends with `}}`, not with `{span.text}`"
            fix = Fix("write `}`", (Edit(span, "}"),), True)
            diagnostics.report(Diagnostic(syntax.UNEXPECTED, message, Label(span), fixes=(fix,)))
            kept.append(token._replace(type="RBRACE"))
            missing -= 1
        else:
            kept.append(token)
        if token.type in ("LBRACE", "RBRACE") or depth < 0:
            depth = 0
    return kept


class _OpenBrackets:
    """The ( and [ that are open, the innermost last, and how many there are of each."""

    def __init__(self) -> None:
        self.counts = {"LPAR": 0, "LSQB": 0}
        self._open: list[tuple[int, str]] = []

    def push(self, index: int, type_: str) -> None:
        self._open.append((index, type_))
        self.counts[type_] += 1

    def pop(self) -> tuple[int, str]:
        index, type_ = self._open.pop()
        self.counts[type_] -= 1
        return index, type_

    def clear(self) -> list[int]:
        """Take all away: they are never closed."""
        return [self.pop()[0] for _ in range(len(self._open))][::-1]

    def close(self, opener: str) -> list[int]:
        """Take the innermost of this sort away; those inside it are never closed."""
        unclosed: list[int] = []
        index, type_ = self.pop()
        while type_ != opener:
            unclosed.append(index)
            index, type_ = self.pop()
        return unclosed


def _match_round(tokens: list[Token], partners: _Partners) -> None:
    """Match ( ) and [ ]; a brace ends them all, because none may stand inside."""
    stack = _OpenBrackets()
    for index, token in enumerate(tokens):
        if token.type in ("LPAR", "LSQB"):
            stack.push(index, token.type)
        elif token.type in ("LBRACE", "RBRACE"):
            partners.unclosed += stack.clear()
        elif token.type in _ROUND and not stack.counts[_ROUND[token.type]]:
            partners.unopened.append(index)
        elif token.type in _ROUND:
            partners.unclosed += stack.close(_ROUND[token.type])
    partners.unclosed += stack.clear()


def _match_braces(source: Source, tokens: list[Token], partners: _Partners) -> None:
    """Match { }. Where some are missing, indentation and the words that begin an item tell which."""
    surplus = _surplus(tokens)
    some_missing = surplus < 0
    stack: list[int] = []
    for index, token in enumerate(tokens):
        if token.type == "LBRACE":
            stack.append(index)
        elif token.type == "RBRACE":
            if some_missing and _closes_outer(source, tokens, index, stack):
                partners.unclosed.append(stack.pop())
                partners.close_before[index] = 1
            if not stack or (surplus > 0 and _indent(source, token) > _indent(source, tokens[stack[-1]])):
                partners.unopened.append(index)
                surplus -= 1
            else:
                stack.pop()
        elif some_missing and stack and begins_item(tokens, index):
            partners.unclosed.append(stack[-1])
            partners.close_before[index] = len(stack)
            stack.clear()
    if stack:
        partners.unclosed.append(stack[-1])
        partners.close_before[len(tokens)] = len(stack)


def _closes_outer(source: Source, tokens: list[Token], index: int, stack: list[int]) -> bool:
    """Whether a brace that begins its line is indented less than the line of the innermost open one."""
    if len(stack) < 2 or (index and tokens[index - 1].type != "NEWLINE"):
        return False
    return _indent(source, tokens[index]) < _indent(source, tokens[stack[-1]])


def _indent(source: Source, token: Token) -> int:
    begin = token.start - source.position(token.start)[1] + 1
    blanks = _BLANKS.match(source.text, begin)
    return blanks.end() - begin if blanks else 0


def begins_item(tokens: list[Token], index: int) -> bool:
    """Whether a network, block, train or use begins with this token."""
    if index >= len(tokens) or tokens[index].type not in _ITEM_WORDS or tokens[index - 1].type != "NEWLINE":
        return False
    following = tokens[index + 1].type if index + 1 < len(tokens) else "$END"
    return following in ("NAME", "CALLNAME") or (tokens[index].type == "TRAIN" and following == "LBRACE")


def _join_lines(tokens: list[Token], partners: _Partners) -> None:
    """Find the lines that still belong to an unclosed ( or [: those that no statement begins or that a comma leads to."""
    stops = [index for index, token in enumerate(tokens) if token.type in ("NEWLINE", "LBRACE", "RBRACE")]
    last = _last_joined(tokens, stops)
    for index in partners.unclosed:
        first = bisect_right(stops, index)
        if tokens[index].type == "LBRACE" or first == len(stops) or last[first] is None:
            continue
        partners.last_joined[index] = stops[last[first] or 0]
        for place in range(first, (last[first] or 0) + 1):
            if stops[place] in partners.joined:
                break  # the rest was joined for a bracket before
            partners.joined.add(stops[place])


def _last_joined(tokens: list[Token], stops: list[int]) -> list[int | None]:
    """For each line end or brace: the last of the line ends from there on that all lead to the next line, or None."""
    last: list[int | None] = [None] * len(stops)
    for place in range(len(stops) - 1, -1, -1):
        stop = stops[place]
        if tokens[stop].type != "NEWLINE" or stop + 1 >= len(tokens):
            continue
        if tokens[stop - 1].type in _LEADS_ON or tokens[stop + 1].type in _GOES_ON:
            following = last[place + 1] if place + 1 < len(stops) else None
            last[place] = place if following is None else following
    return last


def _report(source: Source, tokens: list[Token], partners: _Partners, diagnostics: Diagnostics) -> None:
    for index in partners.unclosed:
        token = tokens[index]
        place = Label(Span(source, token.start, token.end), "opened here")
        diagnostics.report(Diagnostic(syntax.UNCLOSED, f"this {_NAMES[token.type]} is never closed", place))
    for index in partners.unopened:
        token = tokens[index]
        name = _NAMES.get(token.type, "brace")
        place = Label(Span(source, token.start, token.end), "closes nothing")
        diagnostics.report(Diagnostic(syntax.UNMATCHED, f"this {name} has no opening partner", place))


def _silenced(source: Source, tokens: list[Token], partners: _Partners) -> list[tuple[int, int]]:
    """The line of a lonely bracket, and the places where braces were thought of."""
    stretches: list[tuple[int, int]] = []
    unopened = set(partners.unopened)
    for index in sorted((*partners.unclosed, *partners.unopened)):
        start = tokens[index].start
        if stretches and start <= stretches[-1][1]:
            continue
        # the opener that a closing one lacks was lost earlier in the line
        begin = source.text.rfind("\n", 0, start) + 1 if index in unopened else start
        last = partners.last_joined.get(index)
        stretches.append((begin, source.rest_of_line(start if last is None else tokens[last].end)[1]))
    ends = [tokens[index].start if index < len(tokens) else len(source.text) for index in partners.close_before]
    return stretches + [(end, end) for end in ends]


def _stream(source: Source, tokens: list[Token], partners: _Partners) -> list[Token]:
    dropped = {*partners.unopened, *(index for index in partners.unclosed if tokens[index].type != "LBRACE")}
    dropped |= partners.joined
    stream: list[Token] = []
    joined = 0
    for index, token in enumerate(tokens):
        if index in partners.close_before:
            stream += _virtual_braces(token.start, partners.close_before[index])
            if token.type != "RBRACE":
                stream.append(Token("NEWLINE", token.start, token.start))
        if index in dropped or (token.type == "NEWLINE" and joined):
            continue
        joined += (token.type in ("LPAR", "LSQB")) - (token.type in ("RPAR", "RSQB"))
        stream.append(token)
    end = len(source.text)
    stream += _virtual_braces(end, partners.close_before.get(len(tokens), 0))
    return [*stream, Token("$END", end, end)]


def _virtual_braces(offset: int, count: int) -> list[Token]:
    return [Token("RBRACE", offset, offset)] * count
