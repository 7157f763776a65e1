"""Signs that chain layers or assert a shape elsewhere: `conv 8 3x3 |> relu`, `>>`, `=>`, `then`, `--> 8x30x30`."""

from __future__ import annotations

import re

from ..diagnostics import Diagnostic, Diagnostics, Edit, Fix, Label
from ..diagnostics.kinds import syntax
from ..source import Source, Span
from .lexer import Token

__all__ = ["take_signs"]

_ARROWS = r"-->|=>|->|==>|~>|[\u2192\u21d2\u27f6\u2794\u279c]|[\u2014\u2013\u2212]>"
_SIGN = rf"(?P<sign>\|>|\|\||{_ARROWS}|>>|>|\bthen\b|&&?|\+|/|\.(?=[ \t]))"
_LONGEST = 400
_CHAIN = re.compile(rf"{_SIGN}[ \t]*(?P<word>[A-Za-z_]\w*)")
_THEN = re.compile(r"(?P<sign>\bthen\b)[ \t]+(?P<word>[a-z_]\w*)")
_CONTRACT = re.compile(
    r"(?P<sign>-->|==>|>>|~>|[\u27f6\u2794\u279c]|[\u2014\u2013\u2212]>|(?<![\w=])(?<!- )[=>](?=[ \t]))[ \t]*(?=[\d?]+x[\d?])"
)


def take_signs(source: Source, tokens: list[Token], diagnostics: Diagnostics, is_broken: bool) -> list[Token]:
    """Report them; the tokens with `|` and `->` in their place. A `then` might be an argument, but not before a layer."""
    chains = _signs(source, tokens, _CHAIN if is_broken else _THEN)
    contracts = _signs(source, tokens, _CONTRACT) if is_broken else []
    for spans, type_, written, message in (
        (chains, "PIPE", "|", "layers on one line are chained by `|`"),
        (contracts, "ARROW", "->", "a contract on a shape is written `->`"),
    ):
        if not spans:
            continue
        edits = tuple(Edit(span, _padded(span, written)) for span in spans)
        others = tuple(Label(span, "and here") for span in spans[1:8])
        fix = Fix(f"write `{written}`", edits, True)
        help_ = (f"write `{written}` in place of `{spans[0].text}`",)
        diagnostics.report(Diagnostic(syntax.UNEXPECTED, message, Label(spans[0]), others, help=help_, fixes=(fix,)))
        tokens = _with(tokens, spans, type_)
    return tokens


def _padded(span: Span, written: str) -> str:
    """The sign with a blank before it, where none is."""
    return written if span.source.text[span.start - 1] in " \t\n" else f" {written}"


def _signs(source: Source, tokens: list[Token], pattern: re.Pattern[str]) -> list[Span]:
    """Where such a sign stands before a layer, outside of brackets, on a line that a layer begins."""
    from ..ops import OPERATORS  # only a broken text needs them

    known = OPERATORS.keys() | set(re.findall(r"^block[ \t]+(\w+)", source.text, re.MULTILINE))
    starts = {token.start for token in tokens}
    depths = _depths(tokens)
    found: list[Span] = []
    for match in pattern.finditer(source.text):
        span = Span(source, *match.span("sign"))
        if (
            span.start not in starts
            or depths.get(span.start)
            or (pattern is not _CONTRACT and match["word"] not in known)
        ):
            continue
        if _begins_with_layer(source, span.start, known):
            found.append(span)
    return found


def _depths(tokens: list[Token]) -> dict[int, int]:
    """How many ( and [ are open at each token that stands inside of some."""
    depth = 0
    depths: dict[int, int] = {}
    for token in tokens:
        depth = max(0, depth + (token.type in ("LPAR", "LSQB")) - (token.type in ("RPAR", "RSQB")))
        if token.type in ("LBRACE", "RBRACE"):
            depth = 0
        if depth:
            depths[token.start] = depth
    return depths


def _begins_with_layer(source: Source, offset: int, known: set[str]) -> bool:
    """Whether the statement before a sign is that of a layer; a sign at the begin of a line goes on with the line before."""
    before = source.text[max(offset - _LONGEST, offset - source.position(offset)[1] + 1) : offset]
    if not before.strip():
        return True
    statement = re.split(r"[|{}]>?", before)[-1]
    word = re.match(r"\s*(?:[\w\"{}+ ]+:)?\s*(\w+)", statement)
    return bool(word) and word[1] in known | {"input"} if word else False


def _with(tokens: list[Token], spans: list[Span], type_: str) -> list[Token]:
    """The tokens with one in place of those that make up a sign, and without the line end before it."""
    ends = {span.start: span.end for span in spans}
    kept: list[Token] = []
    end = -1
    for token in tokens:
        if token.start < end:
            continue
        if token.start in ends:
            end = ends[token.start]
            if type_ == "PIPE" and kept and kept[-1].type == "NEWLINE":
                kept.pop()
            kept.append(Token(type_, token.start, end))
        else:
            kept.append(token)
    return kept
