"""Texts that cannot be read: what is wrong with them, and a tree of the rest."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable
from typing import Any

from ..diagnostics import Diagnostic, DiagnosticError, Diagnostics, Fix, Label
from ..diagnostics.kinds import syntax
from ..diagnostics.mending import apply_edits
from ..source import Source, Span
from ..syntax import Unreadable, ast
from ..syntax.lexer import Token
from ..syntax.parser import Parser, row
from .repair.search import LEFT_OUT, Repair, Search, Stack
from .repair.writing import text_edit

__all__ = ["recover"]

_STATEMENT_END = frozenset(("NEWLINE", "PIPE", "RBRACE", "$END"))
_STEPS = 20_000
_MOST_TRIALS = 8

Trial = Callable[[str], bool]
"""Whether nothing is wrong with a text."""


class Meant(Token):
    """A token that does not stand in the text as it is meant."""

    meant: str

    def text(self, source: Source) -> str:
        return self.meant


def _meant(type_: str, start: int, end: int, text: str) -> Meant:
    token = Meant(type_, start, end)
    token.meant = text
    return token


def recover(error: DiagnosticError, source: Source, diagnostics: Diagnostics, trial: Trial | None = None) -> ast.File:
    """The tree of a text in which a parse met this first mistake; every mistake is reported and leaves an Error node."""
    if isinstance(error, Unreadable):
        found = _Recovery(error.parser, diagnostics, trial).run(error)
        if isinstance(found, ast.File):
            return found
    else:
        for item in error.diagnostics:
            diagnostics.report(item)
    return ast.File(Span(source, 0, len(source.text)), ())


class _Recovery:
    """A parse that goes on after mistakes."""

    def __init__(self, parser: Parser, diagnostics: Diagnostics, trial: Trial | None) -> None:
        self.parser = parser
        self.source = parser.source
        self.diagnostics = diagnostics
        self.trial = trial
        self.trials = _MOST_TRIALS
        self.search = Search(parser.source, parser.tokens, _STEPS)
        self.spoilt: list[int] = []
        self.edits: list[Any] = []

    def run(self, error: DiagnosticError) -> Any:
        while True:
            if isinstance(error, Unreadable) and error.parser is self.parser:
                if not self._go_on():
                    return None
            else:
                for item in error.diagnostics:
                    self.diagnostics.report(item)
            try:
                return self.parser.run()
            except DiagnosticError as following:
                error = following

    def _go_on(self) -> bool:
        parser = self.parser
        if parser.tokens[parser.index].type == LEFT_OUT:
            return self._take_error()
        stop = parser.index
        depth, begin = self._rewind()
        repairs = []
        if not self.diagnostics.is_full:
            repairs = self.search.repairs(Stack.of(parser.states[: depth + 1]), begin, stop)
        repair, certain = self._choose(repairs)
        self._report(stop, repair, certain)
        del parser.states[depth + 1 :], parser.values[depth:], parser.starts[depth:]
        parser.index = begin
        parser.end = parser.tokens[begin - 1].end if begin else 0
        if repair is None:
            return self._leave(begin, stop)
        self._apply(repair)
        return True

    def _choose(self, repairs: list[Repair]) -> tuple[Repair | None, bool]:
        if not repairs:
            return None, False
        if self.trial is None:
            return repairs[0], False
        clean = []
        for repair in repairs:
            if repair.invents or self.trials <= 0:
                continue
            self.trials -= 1
            edits = [text_edit(self.source, self.parser.tokens, edit) for edit in repair.edits]
            if self.trial(apply_edits(self.source.text, [*self.edits, *edits])):
                clean.append(repair)
        if clean:
            return clean[0], len(clean) == 1
        return repairs[0], False

    def _report(self, stop: int, repair: Repair | None, certain: bool) -> None:
        token = self.parser.tokens[stop]
        if repair is not None:
            token = self.parser.tokens[repair.edits[0].at]
        text = token.text(self.source).strip()
        message = f"`{text[:40]}` cannot stand here" if text else "something is missing here"
        place = Label(Span(self.source, token.start, token.end if text else token.start))
        fixes: tuple[Fix, ...] = ()
        if repair is not None and not repair.invents:
            edits = tuple(text_edit(self.source, self.parser.tokens, edit) for edit in repair.edits)
            self.edits += edits
            fixes = (Fix(" ".join(f"{e.kind} {e.types} {e.texts}" for e in repair.edits), edits, certain),)
        self.diagnostics.report(Diagnostic(syntax.UNEXPECTED, message, place, fixes=fixes))

    def _rewind(self) -> tuple[int, int]:
        """Down to where a statement or item began: the depth of the stacks there, and the index of its first token."""
        parser = self.parser
        depth = len(parser.values)
        while depth and not _place(parser.states[depth]):
            depth -= 1
        return depth, parser.starts[depth] if depth < len(parser.values) else parser.index

    def _apply(self, repair: Repair) -> None:
        tokens = self.parser.tokens
        for edit in reversed(repair.edits):
            old = tokens[edit.at : edit.at + edit.size]
            start = old[0].start if old else tokens[edit.at - 1].end if edit.at else 0
            end = old[-1].end if old else start
            new = [_meant(type_, start, end, text) for type_, text in zip(edit.types, edit.texts, strict=True)]
            tokens[edit.at : edit.at + edit.size] = new
            self.spoilt.append(start)

    def _leave(self, begin: int, stop: int) -> bool:
        """Put one token in place of the statement or item that begins here."""
        tokens = self.parser.tokens
        symbol = _place(self.parser.states[-1])
        if not symbol:
            return False
        end, depth = begin, 0
        while tokens[end].type != "$END" and (end < stop or depth or tokens[end].type not in _STATEMENT_END):
            depth += {"LBRACE": 1, "RBRACE": -1}.get(tokens[end].type, 0)
            end += 1
        if all(token.type == LEFT_OUT for token in tokens[begin:end]):  # what cannot be read stands after it
            if tokens[end].type == "$END":
                return self._close()
            end += 1
        start = tokens[begin].start
        tokens[begin:end] = [Token(LEFT_OUT, start, tokens[end - 1].end)]
        return True

    def _close(self) -> bool:
        """Close the bodies that are open at the end of the text."""
        parser = self.parser
        if parser.tokens[parser.index].type == LEFT_OUT:
            self._take_error()
        stack = Stack.of(parser.states)
        if not stack.shift("RBRACE"):
            return False
        end = parser.tokens[parser.index].start
        parser.tokens.insert(parser.index, Token("RBRACE", end, end))
        return True

    def _take_error(self) -> bool:
        parser = self.parser
        token = parser.tokens[parser.index]
        span = Span(parser.source, token.start, token.end)
        symbol = _place(parser.states[-1])
        if not symbol:
            return False
        error = ast.Error(span)
        parser.push(symbol, error if symbol == "item" else ast.Statement(span, (), error, None), parser.index)
        parser.index += 1
        parser.end = token.end
        return True


def _place(state: int) -> str:
    """What may begin in a state, an item or a statement; empty if neither."""
    return next((symbol for symbol in ("statement", "item") if symbol in row(state)), "")
