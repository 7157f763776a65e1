"""A file that begins in the middle of a network or block, as text does that was copied in part."""

from __future__ import annotations

import re

from ..diagnostics import Diagnostic, Diagnostics, Edit, Fix, Label
from ..diagnostics.kinds import syntax
from ..source import Source, Span
from . import ast
from .brackets import begins_item
from .lexer import Token

__all__ = ["without_beginning"]

_STATEMENTS = frozenset(("LET", "IF", "REPEAT", "FOR", "RESIDUAL", "EXPECT"))
_STRUCTURES = ("input", "from", "seq", "split", "branch", "head")


def without_beginning(
    source: Source, tokens: list[Token], diagnostics: Diagnostics
) -> tuple[list[Token], tuple[ast.Error, ...]]:
    """The tokens behind statements whose header is missing, which is reported; in their place an error.

    What was cut off may have defined or used any block, so that no name is unknown in the rest.
    """
    first = next((index for index, token in enumerate(tokens) if token.type != "NEWLINE"), None)
    if first is None or not _may_begin_statement(tokens[first]):
        return tokens, ()
    end = _last_unopened(tokens)
    if end is None or not _begins_statement(source, tokens, first):
        return tokens, ()
    diagnostics.report(_no_header(source, tokens[first]))
    names = tuple(dict.fromkeys(re.findall(r"[A-Za-z_]\w*", source.text)))
    return tokens[end + 1 :], (ast.Error(Span(source, tokens[first].start, tokens[end].end), names),)


def _may_begin_statement(token: Token) -> bool:
    return token.type in _STATEMENTS or token.type in ("NAME", "STRING")


def _begins_statement(source: Source, tokens: list[Token], index: int) -> bool:
    """Whether what begins here is a statement, and no item in the words of another language."""
    from ..ops import OPERATORS  # only a file that begins with none of our items needs them

    token, behind = tokens[index], tokens[index + 1].type
    word = source.text[token.start : token.end]
    return token.type in _STATEMENTS or behind == "COLON" or word in OPERATORS or word in _STRUCTURES


def _last_unopened(tokens: list[Token]) -> int | None:
    """The last closing brace before the first item that nothing has opened."""
    depth, last = 0, None
    for index, token in enumerate(tokens):
        if not depth and begins_item(tokens, index):
            break
        depth += (token.type == "LBRACE") - (token.type == "RBRACE")
        if depth < 0:
            depth, last = 0, index
    return last


def _no_header(source: Source, first: Token) -> Diagnostic:
    place = Span(source, first.start, first.end)
    message = "the file begins in the middle: what these statements belong to is missing"
    if place.text != "input":
        help_ = "begin the file with the `network Name {` or `block name(...) {` that stood above"
        return Diagnostic(syntax.UNEXPECTED, message, Label(place), help=(help_,))
    start = first.start - source.position(first.start)[1] + 1
    fix = Fix("write `network Name {` above", (Edit(Span(source, start, start), "network Name {\n"),))
    return Diagnostic(syntax.UNEXPECTED, message, Label(place), help=("write `network Name {` above",), fixes=(fix,))
