"""Brackets are matched before parsing, so that an unclosed one is reported at its opener and nowhere else.

The parser then gets a stream in which braces balance, newlines inside ( ) and [ ] are gone, and stretches whose errors
have been reported already are known as silenced.
"""

from __future__ import annotations

from bisect import bisect_right

from ..diagnostics import Diagnostic, Diagnostics, Edit, Fix, Label
from ..diagnostics.kinds import limits, syntax
from ..record import Record
from ..source import Source, Span
from .lexer import Token, indent
from .silence import Silence

__all__ = ["MAX_NESTING", "Balanced", "balance", "begins_item", "surplus", "too_deep"]

MAX_NESTING = 64
_LONGEST_LOOK = 200
"""Tokens within which a bracket is looked for that is closed later."""
_ROUND = {"RPAR": "LPAR", "RSQB": "LSQB"}
_CLOSERS = {opener: closer for closer, opener in _ROUND.items()}
_ITEM_WORDS = frozenset(("NETWORK", "BLOCK", "TRAIN", "USE"))
_OPERATORS = frozenset(
    ("PLUS", "MINUS", "NEGATIVE", "STAR", "POWER", "SLASH", "SLASHES", "PERCENT", "COMPARISON", "AND", "OR", "NOT")
)
_LEADS_ON = _OPERATORS | {"COMMA", "LPAR", "LSQB", "EQUAL"}
_GOES_ON = _OPERATORS | {"COMMA", "RPAR", "RSQB", "LPAR", "LSQB", "NUMBER", "SIZE", "TRUE", "FALSE"}
_FOLLOWS_BODY = frozenset(("RBRACE", "ELSE", "SHORTCUT", "PIPE"))
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
        self.ends: dict[int, tuple[int, tuple[int, ...]]] = {}
        """By the brace that is never closed: the index of the token before which it ends, and those that end there with it."""
        self.joined: set[int] = set()
        """Line ends that unclosed brackets span."""
        self.last_joined: dict[int, int] = {}
        """The last of them, by the bracket."""

    def leave_open(self, braces: list[int], before: int) -> None:
        """These braces, the innermost last, are never closed: they end before the token at ``before``."""
        self.unclosed.append(braces[-1])
        self.ends[braces[-1]] = before, tuple(reversed(braces))
        self.close_before[before] = self.close_before.get(before, 0) + len(braces)


def balance(source: Source, tokens: list[Token], diagnostics: Diagnostics) -> Balanced | None:
    """Match brackets, join the lines inside ( ) and [ ], and report what has no partner; None if nested too deeply."""
    deep = too_deep(tokens)
    if deep is not None:
        message = f"brackets are nested more than {MAX_NESTING} deep"
        diagnostics.report(Diagnostic(limits.TOO_DEEP, message, Label(Span(source, deep.start, deep.end))))
        return None
    if surplus(tokens):
        from .braces_left_out import with_closers, with_openers  # only where some are

        tokens = with_closers(source, with_openers(source, tokens, diagnostics), diagnostics)
    partners = _Partners()
    _match_round(source, tokens, partners, diagnostics)
    _match_braces(source, tokens, partners)
    _join_lines(tokens, partners)
    _report(source, tokens, partners, diagnostics)
    return Balanced(_stream(source, tokens, partners), Silence(_silenced(source, tokens, partners)))


def surplus(tokens: list[Token]) -> int:
    """How many more braces are closed than opened."""
    return sum((token.type == "RBRACE") - (token.type == "LBRACE") for token in tokens)


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


class _OpenBrackets:
    """The ( and [ that are open, the innermost last, and how many there are of each."""

    def __init__(self) -> None:
        self.counts = {"LPAR": 0, "LSQB": 0}
        self._open: list[tuple[int, str]] = []

    def push(self, index: int, type_: str) -> None:
        self._open.append((index, type_))
        self.counts[type_] += 1

    @property
    def is_empty(self) -> bool:
        return not self._open

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


def _match_round(source: Source, tokens: list[Token], partners: _Partners, diagnostics: Diagnostics) -> None:
    """Match ( ) and [ ]; a brace ends them all, because none may stand inside. One may be closed by the other's closer."""
    stack = _OpenBrackets()
    for index, token in enumerate(tokens):
        if token.type in ("LPAR", "LSQB"):
            stack.push(index, token.type)
        elif token.type in ("LBRACE", "RBRACE"):
            partners.unclosed += stack.clear()
        elif token.type in _ROUND and not stack.counts[_ROUND[token.type]]:
            if not (stack.is_empty or diagnostics.is_full or _is_closed_later(tokens, index)):
                opener = tokens[stack.pop()[0]]
                tokens[index] = token._replace(type=_CLOSERS[opener.type])
                diagnostics.report(_wrong_closer(source, opener, token))
            else:
                partners.unopened.append(index)
        elif token.type in _ROUND:
            partners.unclosed += stack.close(_ROUND[token.type])
    partners.unclosed += stack.clear()


def _is_closed_later(tokens: list[Token], index: int) -> bool:
    """Whether a ( or [ of the other sort than the closer here is closed behind it on its line."""
    other = next(type_ for type_ in _ROUND if type_ != tokens[index].type)
    for later in range(index + 1, min(index + _LONGEST_LOOK, len(tokens))):
        if tokens[later].type in ("NEWLINE", "LBRACE", "RBRACE"):
            return False
        if tokens[later].type == other:
            return True
    return False


def _wrong_closer(source: Source, opener: Token, closer: Token) -> Diagnostic:
    begin, written = source.text[opener.start], source.text[closer.start]
    wanted = ")" if begin == "(" else "]"
    span = Span(source, closer.start, closer.end)
    return Diagnostic(
        syntax.UNMATCHED,
        f"this `{begin}` is closed by `{written}`",
        Label(span),
        (Label(Span(source, opener.start, opener.end), "opened here"),),
        help=(f"write `{wanted}`",),
        fixes=(Fix(f"write `{wanted}`", (Edit(span, wanted),), True),),
    )


def _match_braces(source: Source, tokens: list[Token], partners: _Partners) -> None:
    """Match { }. Where some are missing, indentation and the words that begin an item tell which."""
    too_many = surplus(tokens)
    some_missing = too_many < 0
    stack: list[int] = []
    for index, token in enumerate(tokens):
        if some_missing and stack and begins_item(tokens, index):
            partners.leave_open(stack, index)
            stack.clear()
        while too_many < 0 and stack and _is_behind(source, tokens, stack[-1], index):
            partners.leave_open([stack.pop()], index)
            too_many += 1
        if token.type == "LBRACE":
            stack.append(index)
        elif token.type == "RBRACE":
            if some_missing and _closes_outer(source, tokens, index, stack):
                partners.leave_open([stack.pop()], index)
            if not stack or (too_many > 0 and indent(source, token) > indent(source, tokens[stack[-1]])):
                partners.unopened.append(index)
                too_many -= 1
            else:
                stack.pop()
    if stack:
        partners.leave_open(stack, len(tokens))


def _is_behind(source: Source, tokens: list[Token], brace: int, index: int) -> bool:
    """Whether a line begins here that stands no deeper than the line of an open brace, unlike the first line of its body."""
    token = tokens[index]
    if token.type in ("NEWLINE", "RBRACE") or not _begins_line(source, token) or index == brace + 1:
        return False
    return indent(source, token) <= indent(source, tokens[brace]) and _is_indented(source, tokens, brace)


def _is_indented(source: Source, tokens: list[Token], brace: int) -> bool:
    """Whether the body behind a brace stands on its line or begins deeper."""
    first = brace + 1 + (tokens[brace + 1 : brace + 2] != [] and tokens[brace + 1].type == "NEWLINE")
    if first >= len(tokens) or not _begins_line(source, tokens[first]):
        return True
    return indent(source, tokens[first]) > indent(source, tokens[brace])


def _begins_line(source: Source, token: Token) -> bool:
    column = source.position(token.start)[1]
    return not source.text[token.start - column + 1 : token.start].strip(" \t")


def _closes_outer(source: Source, tokens: list[Token], index: int, stack: list[int]) -> bool:
    """Whether a brace that begins its line is indented less than the line of the innermost open one."""
    if len(stack) < 2 or (index and tokens[index - 1].type != "NEWLINE"):
        return False
    return indent(source, tokens[index]) < indent(source, tokens[stack[-1]])


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
        message = f"this {_NAMES[token.type]} is never closed"
        fixes = (_closing(source, tokens, *partners.ends[index]),) if index in partners.ends else ()
        help_ = tuple(fix.message for fix in fixes)
        diagnostics.report(Diagnostic(syntax.UNCLOSED, message, place, help=help_, fixes=fixes))
    for index in partners.unopened:
        token = tokens[index]
        name = _NAMES.get(token.type, "brace")
        place = Label(Span(source, token.start, token.end), "closes nothing")
        diagnostics.report(Diagnostic(syntax.UNMATCHED, f"this {name} has no opening partner", place))


def _closing(source: Source, tokens: list[Token], before: int, braces: tuple[int, ...]) -> Fix:
    """The `}` that bodies lack: before the `else` that goes on, at the end of the only line, or on lines of their own."""
    follower = tokens[before] if before < len(tokens) else None
    if follower is not None and follower.type in ("ELSE", "SHORTCUT") and len(braces) == 1:
        at = Span(source, follower.start, follower.start)
        return Fix(f"write `}}` before this `{source.text[at.start : follower.end]}`", (Edit(at, "} "),), True)
    last = tokens[before - 1 - (tokens[before - 1].type == "NEWLINE")]
    line = source.position(last.start)[0]
    if len(braces) == 1 and line == source.position(tokens[braces[0]].start)[0]:
        return Fix("write `}` at the end of this line", (Edit(Span(source, last.end, last.end), " }"),), True)
    end = source.rest_of_line(last.end)[1]
    end -= source.text.endswith("\r", last.end, end)
    lines = "".join(f"\n{_blanks(source, tokens[brace])}}}" for brace in braces)
    closers = " ".join("}" for _ in braces)
    certain = _is_indented(source, tokens, braces[0])
    return Fix(f"write `{closers}` below line {line}", (Edit(Span(source, end, end), lines),), certain)


def _blanks(source: Source, token: Token) -> str:
    """What a line is indented by."""
    begin = token.start - source.position(token.start)[1] + 1
    return source.text[begin : begin + indent(source, token)]


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
            if token.type not in _FOLLOWS_BODY:
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
