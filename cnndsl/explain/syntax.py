"""Texts that cannot be read: what is wrong with them, and a tree of the rest."""

from __future__ import annotations

from typing import Any

from ..diagnostics import DiagnosticError, Diagnostics
from ..source import Source, Span
from ..syntax import Unreadable, ast
from ..syntax.parser import Parser, row

__all__ = ["recover"]

_STATEMENT_END = frozenset(("NEWLINE", "PIPE", "RBRACE", "$END"))


def recover(error: DiagnosticError, source: Source, diagnostics: Diagnostics) -> ast.File:
    """The tree of a text in which a parse met this first mistake; every mistake is reported and leaves an Error node."""
    if isinstance(error, Unreadable):
        file: ast.File = _recover(error, diagnostics)
        return file
    for item in error.diagnostics:
        diagnostics.report(item)
    return ast.File(Span(source, 0, len(source.text)), ())


def _recover(problem: Unreadable, diagnostics: Diagnostics) -> Any:
    parser = problem.parser
    last = -1
    while True:
        for item in problem.diagnostics:
            diagnostics.report(item)
        if parser.index == last and parser.tokens[last].type != "$END":
            parser.index += 1
        stuck, last = parser.index == last, parser.index
        if problem.parser is parser and (stuck or not _leave(parser)):
            return ast.File(Span(parser.source, 0, len(parser.source.text)), ())
        try:
            return parser.run()
        except Unreadable as following:
            problem = following


def _leave(parser: Parser) -> bool:
    """Put an error in the place of the statement or item that is being read, and go to its end."""
    depth = 0
    start = parser.tokens[parser.index].start
    while len(parser.states) > 1 and not _place(parser):
        parser.states.pop()
        start = parser.starts.pop()
        depth += getattr(parser.values.pop(), "type", "") == "LBRACE"
    symbol = _place(parser)
    if not symbol:
        return False
    while depth or parser.tokens[parser.index].type not in _STATEMENT_END:
        if parser.tokens[parser.index].type == "$END":
            break
        depth += {"LBRACE": 1, "RBRACE": -1}.get(parser.tokens[parser.index].type, 0)
        parser.index += 1
    span = Span(parser.source, start, max(start, parser.tokens[parser.index].start))
    error = ast.Error(span)
    parser.push(symbol, error if symbol == "item" else ast.Statement(span, (), error, None), start)
    return True


def _place(parser: Parser) -> str:
    """What may stand next on the stack, an item or a statement; empty if neither."""
    return next((symbol for symbol in ("statement", "item") if symbol in row(parser.states[-1])), "")
