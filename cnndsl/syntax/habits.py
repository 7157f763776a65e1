"""Habits from other languages that are recognised before anything is parsed: statements written as calls, and comments that
do not begin with ``#``. Each is said once, and nothing else is said of the stretch that it fills.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from ..diagnostics import Diagnostic, Diagnostics, Edit, Fix, Label
from ..diagnostics.kinds import syntax
from ..source import Source, Span
from .brackets import too_deep
from .lexer import Token

if TYPE_CHECKING:
    from .calls import ForeignCall

__all__ = ["Elsewhere", "begins_as_elsewhere", "take_habits"]

_TELLING = frozenset(("CALLNAME", "SLASH", "SLASHES"))
_BEGINS = frozenset(("NEWLINE", "PIPE", "LBRACE", "RBRACE"))
_STATEMENTS_ELSEWHERE = re.compile(
    r"(?:^|[{|}])[ \t]*(?:const|var|val|auto|int|float|double|local|static|final|my|set|def|dim|while|until"
    r"|switch|select|case|unless"
    r"|loop|times|foreach|class|fn|func|function|assert)\b(?![ \t]*[:=][^=])|\bthen\b[ \t]+[a-z]",
    re.MULTILINE,
)
"""Words that begin statements elsewhere, and might here too, if a block is called so."""
Elsewhere = Callable[[Source, list[Token], Diagnostics], tuple[list[Token], list[tuple[int, int]]]]
_Words = Callable[[], Counter[str]]
_WORD = re.compile(r"\w+")
_COMPUTES = frozenset(("LET", "IF", "REPEAT", "FOR", "EXPECT"))
_STRUCTURE = _TELLING | _BEGINS | _COMPUTES | {"LPAR", "LSQB", "RPAR", "RSQB", "MATCH"}


def begins_as_elsewhere(text: str) -> bool:
    """Whether a statement seems to begin with a word of another language."""
    return _STATEMENTS_ELSEWHERE.search(text) is not None


def take_habits(
    source: Source, tokens: list[Token], diagnostics: Diagnostics, elsewhere: Elsewhere | None = None
) -> tuple[list[Token], list[tuple[int, int]]]:
    """Report them; the tokens without foreign comments, and the stretches of foreign calls, about which all is said.

    ``elsewhere`` takes what other languages have in place of our statements, where it is looked for.
    """
    said: list[tuple[int, int]] = []
    if elsewhere is not None and too_deep(tokens) is None:
        tokens, said = elsewhere(source, tokens, diagnostics)
    places = list(_telling(tokens))
    if not places or too_deep(tokens) is not None:  # of brackets too deep, nothing else is said
        return tokens, said
    divisions = {place.at: place for place in places if place.token.type != "CALLNAME"}
    kept = _without_comments(source, tokens, divisions, diagnostics) if divisions else tokens
    if len(kept) < len(tokens):
        places = list(_telling(kept))
    calls = [place.at for place in places if _is_statement(kept, place)]
    return kept, said + (_report_calls(source, kept, calls, diagnostics) if calls else [])


class _Telling(NamedTuple):
    """A token that may be a habit, and what is around it."""

    at: int
    token: Token
    in_layers: bool
    """Whether it stands in braces, and not in those of ``train { }``, whose settings are no layers."""
    in_brackets: bool
    in_expression: bool
    """Whether its statement, or the ``match`` around it, computes something: arithmetic and calls are at home there."""


def _telling(tokens: list[Token]) -> Iterator[_Telling]:
    braces: list[str] = []
    brackets = 0
    computes = is_match = False
    for index, token in enumerate(tokens):
        type_ = token.type
        if type_ not in _STRUCTURE:
            continue
        if type_ in ("LBRACE", "RBRACE"):
            if type_ == "LBRACE":
                is_training = "TRAIN" in [before.type for before in tokens[max(0, index - 2) : index]]
                braces.append("match" if is_match else "train" if is_training else "layers")
            else:
                del braces[-1:]
            brackets, computes, is_match = 0, False, False
        elif type_ in ("NEWLINE", "PIPE") and not brackets:
            computes = is_match = False
        elif type_ in ("LPAR", "LSQB"):
            brackets += 1
        elif type_ in ("RPAR", "RSQB"):
            brackets = max(0, brackets - 1)
        elif type_ in _TELLING:
            around = braces[-1] if braces else "train"
            yield _Telling(index, token, around != "train", brackets > 0, computes or around == "match")
        else:
            computes |= type_ in _COMPUTES
            is_match |= type_ == "MATCH"


# Calls


def _report_calls(
    source: Source, tokens: list[Token], calls: list[int], diagnostics: Diagnostics
) -> list[tuple[int, int]]:
    from .calls import CallReader  # with its tables, which a text without such calls does not need

    stretches: list[tuple[int, int]] = []
    reader = CallReader(source, tokens)
    past = 0
    for index in calls:
        if index < past or diagnostics.is_full:
            continue
        call = reader.read(index)
        if call is not None:
            diagnostics.report(_call(source, tokens, call))
            stretches.append((tokens[call.first].start, tokens[call.last].end))
            past = call.last
        elif not reader.is_closed(index):
            stretches.append(source.rest_of_line(tokens[index].start))  # the bracket is what is wrong
    return stretches


def _is_statement(tokens: list[Token], place: _Telling) -> bool:
    """Whether a call begins a statement, behind its label or as ``name = ...``."""
    index = place.at
    if place.token.type != "CALLNAME" or place.in_brackets or place.in_expression or not place.in_layers:
        return False
    before = tokens[index - 1].type
    if before in ("EQUAL", "COLON") and index > 2:
        named = tokens[index - 2].type in ("NAME", "STRING", "BLOCK", "TRAIN", "NETWORK", "USE", "FROM", "WITH")
        return named and tokens[index - 3].type in _BEGINS
    return before in _BEGINS


def _call(source: Source, tokens: list[Token], call: ForeignCall) -> Diagnostic:
    span = Span(source, tokens[call.first].start, tokens[call.last].end)
    if "\n" in span.text:
        span = Span(source, tokens[call.first].start, source.rest_of_line(span.start)[1])
    message = "arguments stand behind a layer without parentheses and commas"
    if not call.text and call.word == call.name:
        message = f"`{call.name}(...)` is no layer here"
    elif call.word != call.name:
        message = f"`{call.name}` is `{call.word}` here, and its arguments stand without parentheses"
    help_ = (f"write `{call.text}`",) if call.text else call.notes or ("a layer is written as in `conv 64 3x3`",)
    notes = call.notes if call.text else ()
    fixes = (Fix(f"write `{call.text}`", call.edits, call.clear),) if call.edits else ()
    return Diagnostic(syntax.CALL_PARENTHESES, message, Label(span), notes=notes, help=help_, fixes=fixes)


# Comments


def _without_comments(
    source: Source, tokens: list[Token], places: Mapping[int, _Telling], diagnostics: Diagnostics
) -> list[Token]:
    words = cache(lambda: Counter(_WORD.findall(source.text)))
    kept: list[Token] = []
    slashes: list[Span] = []
    end = -1
    for index, token in enumerate(tokens):
        if token.start < end:
            continue
        if end >= 0 and token.type == "NEWLINE" and kept and kept[-1].type == "NEWLINE":
            continue  # a line that holds a comment only is no line
        end = _comment_end(source, tokens, places[index], words) if index in places else -1
        if end < 0:
            kept.append(token)
        elif token.type == "SLASHES":
            slashes.append(Span(source, token.start, token.end))
        elif not diagnostics.is_full:
            diagnostics.report(_comment(source, token.start, end))
    if slashes:
        diagnostics.report(_slashes(slashes[: Diagnostics.MOST]))
    return kept


def _comment_end(source: Source, tokens: list[Token], place: _Telling, words: _Words) -> int:
    """Where the comment ends that begins with this token; negative if none does."""
    start = place.token.start
    if place.token.type == "SLASHES" and _is_comment(source, tokens, place, words):
        return source.rest_of_line(start)[1]
    if place.token.type == "SLASH" and source.text.startswith("/*", start):
        end = source.text.find("*/", start + 2)
        return source.rest_of_line(start)[1] if end < 0 else end + 2  # the braces behind it are still there
    return -1


def _is_comment(source: Source, tokens: list[Token], place: _Telling, words: _Words) -> bool:
    """Whether ``//`` begins a comment: where nothing is divided, or where what follows are words and no number.

    Among arguments one word might divide; it does not if it stands nowhere else, and so has no value.
    """
    index = place.at
    if place.in_brackets:
        return False
    behind = [token for token in tokens[index + 1 : index + 3] if token.type == "NAME"]
    if place.in_expression:
        return len(behind) == 2  # names behind each other are no expression
    before = tokens[index - 1].type if index else "NEWLINE"
    if before in _BEGINS or before not in ("NUMBER", "NAME", "RPAR", "RSQB"):
        return True
    if before == "NAME" and tokens[index - 2].type in _BEGINS | {"COLON"}:
        return True  # a layer without arguments
    if not behind or tokens[index + 1].type != "NAME":
        return False
    return any(words()[source.text[word.start : word.end]] == 1 for word in behind)


def _slashes(spans: list[Span]) -> Diagnostic:
    """All comments of C in a text are one mistake."""
    fix = Fix("write `#`", tuple(Edit(span, "#") for span in spans), True)
    others = tuple(Label(span, "and here") for span in spans[1:8])
    return Diagnostic(
        syntax.UNEXPECTED, "a comment begins with `#`, not with `//`", Label(spans[0]), others, fixes=(fix,)
    )


def _comment(source: Source, start: int, end: int) -> Diagnostic:
    text = source.text[start:end]
    span = Span(source, start, start + 2)
    message = "a comment begins with `#` and ends with its line"
    if not text.endswith("*/") or len(text) < 4:
        return Diagnostic(syntax.UNEXPECTED, message, Label(span), help=("begin each of its lines with `#`",))
    rest = source.text[end : source.rest_of_line(end)[1]]
    alone = not rest.strip() or rest.lstrip().startswith("#")
    fixes = (Fix("write `#`", _line_comments(source, start, end), True),) if alone else ()
    help_ = () if alone else ("put it on a line of its own, or at the end of the line",)
    return Diagnostic(syntax.UNEXPECTED, message, Label(span), help=help_, fixes=fixes)


def _line_comments(source: Source, start: int, end: int) -> tuple[Edit, ...]:
    """``#`` before each line of a comment, in place of the stars that people draw; its end goes."""
    edits = [Edit(Span(source, start, start + 2), "#")]
    offset = source.text.find("\n", start, end)
    while offset >= 0:
        begin = offset + 1
        while source.text[begin] in " \t":
            begin += 1
        star = source.text[begin] == "*" and begin < end - 2
        if begin < end - 2:
            edits.append(Edit(Span(source, begin, begin + star), "#" if star else "# "))
        offset = source.text.find("\n", offset + 1, end)
    edits.append(Edit(Span(source, len(source.text[: end - 2].rstrip(" \t")), end), ""))
    return tuple(edits)
