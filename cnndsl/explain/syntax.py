"""Texts that cannot be read: what is wrong with them, and a tree of the rest."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ..diagnostics import Diagnostic, DiagnosticError, Diagnostics
from ..source import Source, Span
from ..syntax import Unreadable, ast
from ..syntax.lexer import Token
from ..syntax.parser import Parser, row
from ..syntax.tables import RULES
from .foreign.python import PythonReader
from .repair.braces import begins_item, braces
from .repair.changes import Change
from .repair.guesses import names_in, without_guesses
from .repair.pasted import pasted
from .repair.search import Repair, Search
from .repair.sentences import Mistake, sentence
from .repair.stack import LEFT_OUT, Stack, place
from .repair.wholes import braces_sentence, translation_sentence
from .repair.writing import edits_of
from .trials import Trial, Trials

__all__ = ["recover"]

_CALLS = frozenset(("NAME", "CALLNAME", "INDEXED", "STRING", "BAD_QUOTED"))
_STATEMENT_END = frozenset(("NEWLINE", "PIPE", "RBRACE", "$END"))
_DEARER = 1
_FARTHEST = 200
"""The statement before is looked at too if it is so near, in tokens."""
_STEPS = 20_000
_COMPARED = 2
"""So many repairs after which nothing seems wrong are compared."""


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
        recovery.finish()
        if isinstance(found, ast.File):
            return without_guesses(found, recovery.guesses, recovery.words)
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
        self.trials = Trials(parser.source, trial)
        self.search = Search(parser.source, parser.tokens, _STEPS)
        self.python = PythonReader(parser.source)
        self.names: dict[int, tuple[str, ...]] = {}
        """What would have been defined where something was left out."""
        self.lines: dict[int, int] = {}
        """Of each line with a mistake, which one is told."""
        self.found: list[tuple[Diagnostic, bool]] = []
        """What is wrong, and of each whether there is one plain repair of it."""
        self.guesses: list[int] = []
        """Where something was repaired of which nobody knows that it was meant so."""
        self.mistakes = 0

    @property
    def words(self) -> tuple[str, ...]:
        """All names of the text."""
        tokens = self.parser.tokens
        return tuple(dict.fromkeys(token.text(self.source) for token in tokens if token.type in ("NAME", "CALLNAME")))

    def run(self, error: DiagnosticError) -> Any:
        """The value of the whole, or None if nothing can be read."""
        going = self._look_at_the_whole() or self._pass(error)
        while going:
            try:
                return self.parser.run()
            except DiagnosticError as following:
                going = self._pass(following)
        return None

    def _report(self, found: Diagnostic, *, plain: bool = False) -> None:
        """Take note of a mistake; its fix is certain if it is ``plain`` and all together leave nothing wrong."""
        self.trials.made += [edit for fix in found.fixes[:1] for edit in fix.edits]
        line = found.primary.span.position[0] if found.primary else 0
        if line in self.lines:  # one mistake of a line is told at a time
            self._add(self.lines[line], found, plain=plain)
            return
        self.lines[line] = len(self.found)
        self.found.append((found, plain))

    def _add(self, place: int, found: Diagnostic, *, plain: bool) -> None:
        """Let the fix of a mistake repair another one of its line too."""
        first, was_plain = self.found[place]
        edits = tuple(edit for item in (first, found) for fix in item.fixes[:1] for edit in fix.edits)
        fixes = tuple(fix.replace(edits=edits, certain=False) for fix in first.fixes[:1] if found.fixes)
        self.found[place] = first.replace(fixes=fixes), was_plain and plain

    def finish(self) -> None:
        """Report what was found, with what is certain of it."""
        plain = [each for _, each in self.found]
        proven = len(plain) > 1 and any(plain) and self.trials.is_clean(())
        for found, each in self.found:
            certain = tuple(fix.replace(certain=True) for fix in found.fixes)
            self.diagnostics.report(found.replace(fixes=certain) if proven and each else found)
        if proven:
            self.guesses = []

    def _look_at_the_whole(self) -> bool:
        """Repair what a parser meets too late: the marks of a merge, and braces. If there was any, the parse begins again."""
        changed = False
        for found, dropped in pasted(self.source, self.parser.tokens):
            self._report(found)
            self._change(dropped)
            changed = True
        mistakes, marks = braces(self.source, self.parser.tokens)
        changes = sorted((*marks, *(change for each in mistakes for change in each.changes)), key=_order)
        edits = edits_of(self.source, self.parser.tokens, [change for each in mistakes for change in each.changes])
        certain = bool(mistakes) and not marks and self.trials.is_clean(edits)
        for each in mistakes:
            self._report(braces_sentence(self.source, self.parser.tokens, each, certain=certain), plain=True)
            if not certain:
                self.guesses += [
                    self.parser.tokens[change.at].start for change in each.changes if change.kind == "foreign"
                ]
        self._change(changes)
        if changes or changed:
            self._rewind_to(0, 0)
        return bool(changes or changed)

    def _pass(self, error: DiagnosticError) -> bool:
        """Report a mistake and get past it; False if nothing more can be read."""
        if isinstance(error, Unreadable) and error.parser is self.parser:
            return self.mistakes < self.diagnostics.most and self._go_on()
        self.found += [(item, False) for item in error.diagnostics]
        return True

    def _go_on(self) -> bool:
        """Report the mistake that the parser stumbles at, and change its tokens so that it gets past; False if it cannot."""
        parser = self.parser
        if parser.tokens[parser.index].type == LEFT_OUT:
            return self._take_error()
        self.mistakes += 1
        stop = parser.index
        if self._begins_line(stop):  # the lexer took the line for one that goes on
            start = parser.tokens[stop].start
            parser.tokens.insert(stop, Token("NEWLINE", start, start))
            return True
        self._settle()
        depth, begin = self._beginning(len(parser.values))
        if self._translated(begin, stop):
            self._rewind_to(depth, begin)
            return self._leave(begin, stop)
        earlier, start = self._beginning(depth - 1)
        if earlier < 0 or stop - start > _FARTHEST:
            earlier, start = depth, begin
        repairs = self.search.repairs(Stack.of(parser.states[: earlier + 1]), start, stop)
        repair, clean, certain = self._choose(repairs, begin)
        if repair is None or not repair.is_silent:
            mistake = Mistake(
                self.source, parser.tokens, stop, Stack.of(parser.states), repair, in_train=self._in_train
            )
            self._report(sentence(mistake, certain=certain), plain=self._is_plain(repairs))
        if repair is None:
            self._rewind_to(depth, begin)
            return self._leave(begin, stop)
        self._rewind_to(earlier, start)
        joined = [change.at + 1 for change in repair.changes if change.kind == "join"]
        self.search.changes.joints.update(parser.tokens[at].start for at in joined)
        places = self._change(repair.changes)
        if not (clean or repair.is_silent):
            self.guesses += places
        return True

    def _begins_line(self, at: int) -> bool:
        """Whether an `else` or `shortcut` begins a line, and nothing that it could go on with stands before."""
        before, token = self.parser.tokens[at - 1], self.parser.tokens[at]
        if not at or token.type not in ("ELSE", "SHORTCUT") or before.type in ("NEWLINE", "LBRACE"):
            return False
        return "\n" in self.source.text[before.end : token.start]

    def _translated(self, begin: int, stop: int) -> bool:
        """Whether the statement is one of Python that makes a layer, which is reported."""
        tokens = self.parser.tokens
        end = self._end_of_statement(begin, stop)
        span, is_call = Span(self.source, tokens[begin].start, tokens[end - 1].end), tokens[begin].type in _CALLS
        if self._in_train:
            made = self.python.setting(span)
        else:
            is_call = is_call and any(token.type in ("LPAR", "PLUS") for token in tokens[begin:end])
            made = self.python.translate(span) if is_call else None
        if made is None:
            return False
        certain = made.certain and self.trials.is_clean(made.edits)
        self._report(translation_sentence(span, made, certain=certain))
        return True

    @property
    def _in_train(self) -> bool:
        """Whether settings are being read, and no layers."""
        return any(isinstance(value, Token) and value.type == "TRAIN" for value in self.parser.values[:3])

    def _settle(self) -> None:
        """Take a line end or `|` for what stands between statements, which the parser does only before the next one."""
        parser = self.parser
        action = row(parser.states[-1]).get("LET", 0)
        if action < 0 and parser.tokens[parser.index - 1].type in ("NEWLINE", "PIPE"):
            _, symbol, size = RULES[~action]
            start = parser.starts[-size]
            self._rewind_to(len(parser.values) - size, parser.index)
            parser.push(symbol, [], start)

    def _beginning(self, depth: int) -> tuple[int, int]:
        """Where the last statement or item began at this depth of the stacks or above: the depth, and its first token."""
        parser = self.parser
        while depth > 0 and not place(parser.states[depth]):
            depth -= 1
        return depth, parser.starts[depth] if 0 <= depth < len(parser.values) else parser.index

    def _rewind_to(self, depth: int, index: int) -> None:
        parser = self.parser
        del parser.states[depth + 1 :], parser.values[depth:], parser.starts[depth:]
        parser.index = index
        parser.end = parser.tokens[index - 1].end if index else 0

    def _choose(self, repairs: list[Repair], begin: int) -> tuple[Repair | None, bool, bool]:
        """The cheapest repair after which nothing is wrong, else the cheapest of the statement that begins at a token.

        And whether nothing is wrong after it, and whether no other is like it.
        """

        def clean(tried: Sequence[Repair], *, whole: bool) -> list[Repair]:
            edits = {repair: edits_of(self.source, self.parser.tokens, repair.changes) for repair in tried}
            return [repair for repair in tried if self.trials.is_clean(edits[repair], whole=whole)]

        quick = clean([repair for repair in repairs if not repair.invents], whole=False)
        found = clean(quick[:_COMPARED], whole=True)
        if found:
            return found[0], True, len(found) == 1 and found[0].is_whole(self.parser.tokens)
        tokens = self.parser.tokens
        inside = (repair for repair in repairs if repair.changes[0].at >= begin and not repair.moves_braces(tokens))
        return next(inside, None), False, False

    def _is_plain(self, repairs: list[Repair]) -> bool:
        """Whether the first repair takes nothing for granted, and every other one is dearer."""
        if not repairs or repairs[0].invents or not repairs[0].is_whole(self.parser.tokens):
            return False
        return len(repairs) == 1 or repairs[1].cost > repairs[0].cost + _DEARER

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
        symbol = place(self.parser.states[-1])
        if not symbol:
            return False
        end = self._end_of_item(stop) if symbol == "item" else self._end_of_statement(begin, stop)
        if all(token.type == LEFT_OUT for token in tokens[begin:end]):  # what cannot be read stands after it
            if tokens[end].type == "$END":
                return self._close()
            end += 1
        self.names[tokens[begin].start] = self._names(begin, end, symbol)
        tokens[begin:end] = [Token(LEFT_OUT, tokens[begin].start, tokens[end - 1].end)]
        return True

    def _names(self, begin: int, end: int, symbol: str) -> tuple[str, ...]:
        """What would have been defined by tokens that are left out; what begins no item of ours may define or use any name."""
        tokens = self.parser.tokens[begin:end]
        if symbol == "item" and tokens[0].type not in ("NETWORK", "BLOCK", "TRAIN"):
            return self.words
        return names_in(self.source, tokens, item=symbol == "item")

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


def _order(change: Change) -> tuple[int, int]:
    return change.at, change.size
