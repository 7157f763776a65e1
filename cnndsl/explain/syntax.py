"""Texts that cannot be read: what is wrong with them, and a tree of the rest."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from ..diagnostics import DiagnosticError, Diagnostics, Edit
from ..diagnostics.mending import apply_edits
from ..source import Source, Span
from ..syntax import Unreadable, ast
from ..syntax.lexer import Token
from ..syntax.parser import Parser
from .repair.braces import balanced, begins_item
from .repair.changes import Change
from .repair.costs import DOUBLED
from .repair.guesses import names_in, without_guesses
from .repair.search import Repair, Search
from .repair.sentences import Mistake, body_sentence, sentence
from .repair.stack import LEFT_OUT, Stack, place
from .repair.writing import edits_of

__all__ = ["recover"]

_STATEMENT_END = frozenset(("NEWLINE", "PIPE", "RBRACE", "$END"))
_LEADS_ON = frozenset(
    ("EQUAL", "ARROW", "COLON", "COMPARISON", "AND", "OR", "NOT", "IN", "AS", "FROM", "WITH", "WHEN", "IF", "ELSE")
)
"""After these something stands: one that is too many may as well lack what follows it."""
_STEPS = 20_000
_MOST_TRIALS = 8

Trial = Callable[[str], bool]
"""Whether nothing is wrong with a text."""


class Meant(Token):
    """A token that does not stand in the text as it is meant."""

    meant: str

    @classmethod
    def at(cls, type_: str, start: int, end: int, text: str) -> Meant:
        """A token with a text of its own."""
        token = cls(type_, start, end)
        token.meant = text
        return token

    def text(self, source: Source) -> str:
        return self.meant


def recover(error: DiagnosticError, source: Source, diagnostics: Diagnostics, trial: Trial | None = None) -> ast.File:
    """The tree of a text in which a parse met this first mistake; every mistake is reported and leaves an Error node."""
    if isinstance(error, Unreadable):
        recovery = _Recovery(error.parser, diagnostics, trial)
        found = recovery.run(error)
        if isinstance(found, ast.File):
            return without_guesses(found, recovery.guesses)
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
        self.names: dict[int, tuple[str, ...]] = {}
        """What would have been defined where something was left out."""
        self.edits: list[Edit] = []
        """What the repairs so far do to the text."""
        self.guesses: list[int] = []
        """Where something was repaired of which nobody knows that it was meant so."""

    def run(self, error: DiagnosticError) -> Any:
        """The tree."""
        going = self._balance() or self._pass(error)
        while going:
            try:
                return self.parser.run()
            except DiagnosticError as following:
                going = self._pass(following)
        return None

    def _pass(self, error: DiagnosticError) -> bool:
        """Report a mistake and get past it; False if nothing more can be read."""
        if isinstance(error, Unreadable) and error.parser is self.parser:
            return self._go_on()
        for item in error.diagnostics:
            self.diagnostics.report(item)
        return True

    def _balance(self) -> bool:
        """Repair braces where lines and indentation tell how, and begin again; whether there was anything to repair."""
        parser = self.parser
        bodies = balanced(self.source, parser.tokens)
        if not bodies:
            return False
        for body in bodies:
            if body.change.kind != "mark":
                found = body_sentence(self.source, parser.tokens, body)
                self.diagnostics.report(found)
                self.edits += [edit for fix in found.fixes for edit in fix.edits]
        self._change([body.change for body in bodies])
        self._rewind_to(0, 0)
        return True

    def _go_on(self) -> bool:
        """Report the mistake that the parser stumbles at, and change its tokens so that it gets past; False if it cannot."""
        parser = self.parser
        if parser.tokens[parser.index].type == LEFT_OUT:
            return self._take_error()
        stop = parser.index
        depth, begin = self._beginning()
        repairs = []
        if not self.diagnostics.is_full:
            repairs = self.search.repairs(Stack.of(parser.states[: depth + 1]), begin, stop)
        repair, clean, certain = self._choose(repairs)
        if repair is None or not repair.is_silent:
            mistake = Mistake(self.source, parser.tokens, stop, Stack.of(parser.states), repair)
            found = sentence(mistake, certain=certain)
            self.diagnostics.report(found)
            self.edits += [edit for fix in found.fixes for edit in fix.edits]
        self._rewind_to(depth, begin)
        if repair is None:
            return self._leave(begin, stop)
        places = self._change(repair.changes)
        if not (clean or repair.is_silent):
            self.guesses += places
        return True

    def _beginning(self) -> tuple[int, int]:
        """Where the statement or item began: the depth of the stacks, and the index of its first token."""
        parser = self.parser
        depth = len(parser.values)
        while depth and not place(parser.states[depth]):
            depth -= 1
        return depth, parser.starts[depth] if depth < len(parser.values) else parser.index

    def _rewind_to(self, depth: int, index: int) -> None:
        parser = self.parser
        del parser.states[depth + 1 :], parser.values[depth:], parser.starts[depth:]
        parser.index = index
        parser.end = parser.tokens[index - 1].end if index else 0

    def _choose(self, repairs: list[Repair]) -> tuple[Repair | None, bool, bool]:
        """The cheapest repair after which nothing is wrong, else the cheapest; whether so, and whether no other is like it."""
        if self.trial is None:
            return (repairs[0] if repairs else None), False, False
        clean = []
        for repair in repairs:
            if repair.invents or self.trials <= 0:
                continue
            self.trials -= 1
            edits = edits_of(self.source, self.parser.tokens, repair.changes)
            if self.trial(apply_edits(self.source.text, [*self.edits, *edits])):
                clean.append(repair)
        if clean:
            return clean[0], True, len(clean) == 1 and self._is_plain(clean[0])
        return (repairs[0] if repairs else None), False, False

    def _is_plain(self, repair: Repair) -> bool:
        """Whether nothing can be missing in place of what a repair takes away."""
        tokens = self.parser.tokens
        deleted = [change.at for change in repair.changes if change.kind == "delete" and change.cost > DOUBLED]
        missing = [
            at for at in deleted if tokens[at].type == "PIPE" and tokens[at + 1].type not in ("SHORTCUT", "ELSE")
        ]
        return not (missing or any(tokens[at].type in _LEADS_ON for at in deleted))

    def _change(self, changes: Sequence[Change]) -> list[int]:
        """Make changes of tokens; the places of those that change anything."""
        places = []
        tokens = self.parser.tokens
        for change in reversed(changes):
            old = tokens[change.at : change.at + change.size]
            start = old[0].start if old else tokens[change.at - 1].end if change.at else 0
            end = old[-1].end if old else start
            new = [Meant.at(type_, start, end, text) for type_, text in zip(change.types, change.texts, strict=True)]
            tokens[change.at : change.at + change.size] = new
            places.append(start)
        return places

    def _leave(self, begin: int, stop: int) -> bool:
        """Put one token in place of the statement or item that begins here."""
        tokens = self.parser.tokens
        if not place(self.parser.states[-1]):
            return False
        end = (
            self._end_of_item(stop) if place(self.parser.states[-1]) == "item" else self._end_of_statement(begin, stop)
        )
        if all(token.type == LEFT_OUT for token in tokens[begin:end]):  # what cannot be read stands after it
            if tokens[end].type == "$END":
                return self._close()
            end += 1
        self.names[tokens[begin].start] = names_in(
            self.source, tokens[begin:end], item=place(self.parser.states[-1]) == "item"
        )
        tokens[begin:end] = [Token(LEFT_OUT, tokens[begin].start, tokens[end - 1].end)]
        return True

    def _end_of_statement(self, begin: int, stop: int) -> int:
        tokens = self.parser.tokens
        end, depth = begin, 0
        while tokens[end].type != "$END" and (end < stop or depth or tokens[end].type not in _STATEMENT_END):
            depth += {"LBRACE": 1, "RBRACE": -1}.get(tokens[end].type, 0)
            end += 1
        return end

    def _end_of_item(self, stop: int) -> int:
        """The end of the line before the next item."""
        tokens = self.parser.tokens
        while tokens[stop].type != "$END" and not (tokens[stop].type == "NEWLINE" and begins_item(tokens, stop + 1)):
            stop += 1
        return stop

    def _close(self) -> bool:
        """Close the bodies that are open at the end of the text."""
        parser = self.parser
        if parser.tokens[parser.index].type == LEFT_OUT:
            self._take_error()
        if not Stack.of(parser.states).shift("RBRACE"):
            return False
        end = parser.tokens[parser.index].start
        parser.tokens.insert(parser.index, Token("RBRACE", end, end))
        return True

    def _take_error(self) -> bool:
        """Take the token of what was left out as the statement or item that it stands for."""
        parser = self.parser
        token = parser.tokens[parser.index]
        symbol = place(parser.states[-1])
        if not symbol:
            return False
        span = Span(parser.source, token.start, token.end)
        error = ast.Error(span, self.names.get(token.start, ()))
        parser.push(symbol, error if symbol == "item" else ast.Statement(span, (), error, None), parser.index)
        parser.index += 1
        parser.end = token.end
        return True
