"""Texts that cannot be read: what is wrong with them, and a tree of the rest."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import islice
from typing import Any

from ..diagnostics import Diagnostic, DiagnosticError, Diagnostics, Edit
from ..diagnostics.fixing import apply_edits
from ..source import Source, Span
from ..syntax import Unreadable, ast
from ..syntax.lexer import Token, tokenize
from ..syntax.parser import Parser, row
from ..syntax.tables import RULES
from .foreign.habits import KINDS
from .foreign.python import PythonReader
from .habits import Meant, habits
from .repair.braces import begins_item, braces
from .repair.changes import Change, edits_of, open_bracket
from .repair.costs import LEFT_OUT
from .repair.search import Repair, Search, place, shifted
from .repair.sentences import Mistake, habit_sentence, sentence, translation_sentence

__all__ = ["recover"]

Trial = Callable[[str, bool], bool]
"""Whether nothing is wrong with a text; the second argument says whether other variants that it expects figures of count."""

_CALLS = frozenset(("NAME", "CALLNAME", "INDEXED", "STRING", "BAD_QUOTED"))
_STATEMENT_END = frozenset(("NEWLINE", "PIPE", "RBRACE"))
_DEARER = 1
"""A repair is the only one if every other costs so much more."""
_FARTHEST = 200
"""A statement is looked at from its beginning if that is so near, in tokens; and the one before it."""
_STEPS = 4_000
_MOST_TRIALS = {False: 12, True: 4}
_TRIED_TEXT = 130_000  # characters that the trials of each kind read in all
_MOST_HABITS = 3
_COMPARED = 4
"""So many repairs are compared by what they leave."""


class Put(Token):
    """A token that does not stand in the text as it is meant."""

    meant = ""

    def text(self, source: Source) -> str:
        return self.meant


def recover(
    error: DiagnosticError,
    source: Source,
    diagnostics: Diagnostics,
    trial: Trial | None = None,
    *,
    explained: bool = True,
) -> ast.File:
    """The tree of a text in which a parse met this first mistake; every mistake is reported and leaves an Error node.

    If they need not be ``explained``, nobody looks for repairs.
    """
    if isinstance(error, Unreadable):
        recovery = _Recovery(error.parser, diagnostics, trial, explained)
        found = recovery.run(error)
        recovery.finish()
        if isinstance(found, ast.File):
            return found
    else:
        for item in error.diagnostics:
            diagnostics.report(item)
    return ast.File(Span(source, 0, len(source.text)), ())


class _Recovery:
    """A parse that goes on after mistakes."""

    def __init__(self, parser: Parser, diagnostics: Diagnostics, trial: Trial | None, explained: bool) -> None:
        self.parser = parser
        self.source = parser.source
        self.tokens = parser.tokens
        self.diagnostics = diagnostics
        self.trial = trial
        affordable = _TRIED_TEXT // (len(self.source.text) + 1)
        self.trials_left = {whole: min(most, affordable) for whole, most in _MOST_TRIALS.items()}
        self.search = Search(parser.source, parser.tokens, _STEPS if explained else 0)
        self.python = PythonReader(parser.source)
        self.found: dict[int, tuple[Diagnostic, bool]] = {}
        """What is wrong, by lines, and of each whether there is one plain repair of it."""
        self.made: list[Edit] = []
        """The first edits for all that was found."""
        self.mistakes = 0

    def run(self, error: DiagnosticError) -> Any:
        """The value of the whole, or None if nothing can be read."""
        going = self._balance() or self._pass(error)
        while going:
            try:
                return self.parser.run()
            except DiagnosticError as following:
                going = self._pass(following)
        return None

    def finish(self) -> None:
        """Report what was found, with what is certain of it."""
        found = self.found.values()
        proven = len(found) > 1 and any(plain for _, plain in found) and self._is_clean(())
        for each, plain in found:
            certain = tuple(fix.replace(certain=True) for fix in each.fixes)
            self.diagnostics.report(each.replace(fixes=certain) if proven and plain else each)

    # What is known of a text

    def _report(self, found: Diagnostic, *, plain: bool = False) -> None:
        """Take note of a mistake, of which a line has one; its fix is certain if ``plain``, and all leave nothing wrong."""
        edits = tuple(edit for fix in found.fixes[:1] for edit in fix.edits)
        self.made += edits
        line = found.primary.span.position[0] if found.primary else -len(self.found)
        first, was_plain = self.found.setdefault(line, (found, plain))
        if first is not found:  # its fix repairs this too
            fixes = tuple(fix.replace(edits=(*fix.edits, *edits), certain=False) for fix in first.fixes[:1] if edits)
            self.found[line] = first.replace(fixes=fixes), was_plain and plain

    def _is_clean(self, edits: Sequence[Edit], *, whole: bool = True) -> bool:
        """Whether nothing is wrong after these edits besides those that were made; False if that is not known."""
        if self.trial is None or not self.trials_left[whole]:
            return False
        self.trials_left[whole] -= 1
        return self.trial(apply_edits(self.source.text, [*self.made, *edits]), whole)

    # Mistakes

    def _balance(self) -> bool:
        """Repair braces, which a parser meets too late. If there was anything, the parse begins again."""
        found, changes = braces(self.source, self.tokens)
        mistakes = [Mistake(self.source, self.tokens[:], each.at, each.changes) for each in found]
        clean = len(found) > 0 and self._is_clean([edit for each in mistakes for edit in each.edits])
        for mistake in mistakes:
            self._report(sentence(mistake, certain=clean), plain=True)
        if changes:
            self._change(changes)
            self._rewind_to(0, 0)
        return bool(changes)

    def _pass(self, error: DiagnosticError) -> bool:
        """Report a mistake and get past it; False if nothing more can be read."""
        if isinstance(error, Unreadable) and error.parser is self.parser:
            return self.mistakes < self.diagnostics.most and self._go_on()
        for item in error.diagnostics:
            self._report(item)
        return True

    def _go_on(self) -> bool:
        """Report the mistake that the parser stumbles at, and change its tokens so that it gets past; False if it cannot."""
        parser, stop = self.parser, self.parser.index
        if self.tokens[stop].type == LEFT_OUT:
            return self._take_error()
        self.mistakes += 1
        before, token = self.tokens[stop - 1], self.tokens[stop]
        goes_on = token.type in ("ELSE", "SHORTCUT") and before.type not in ("NEWLINE", "LBRACE")
        if stop and goes_on and "\n" in self.source.text[before.end : token.start]:
            self.tokens.insert(stop, Token("NEWLINE", token.start, token.start))  # which the lexer left out for it
            return True
        self._settle()
        depth, begin = self._beginning(len(parser.values))
        meant = list(islice(habits(self.source, self.tokens, stop), _MOST_HABITS))
        if self._is_habit(stop, meant) or self._translated(begin, stop):
            self._rewind_to(depth, begin)
            return self._leave(begin, stop)
        earlier, start = self._beginning(depth - 1)
        if earlier < 0 or stop - start > _FARTHEST:
            earlier, start = depth, begin
        stack = tuple(parser.states[: earlier + 1])
        repairs = self.search.repairs(stack, start, stop) if stop - start <= _FARTHEST else []
        repair, clean, certain = self._choose(repairs, begin)
        changes = repair.changes if repair else ()
        if changes and all(change.kind == "join" for change in changes):  # nothing is wrong yet
            self._rewind_to(earlier, start)
            self.search.changes.joints.update(self.tokens[change.at + 1].start for change in changes)
            self._change(changes)
            return True
        mistake = Mistake(self.source, self.tokens[:], stop, changes, tuple(parser.states))
        offered = repair is not None and not repair.invents
        said = sentence(mistake, certain=certain, offered=offered)
        is_likely = bool(meant) and (not offered or (meant[0].why in KINDS and not clean))
        is_open = open_bracket(self.tokens, stop) is not None
        if is_likely and not is_open and place(parser.states[depth]) == "statement":
            said = habit_sentence(mistake, meant[0], certain=False)
        self._report(said, plain=self._is_plain(repairs))
        closes = all(change.kind == "join" or change.types[:1] in (("RPAR",), ("RSQB",)) for change in changes)
        if clean or (repair is not None and (closes or self.tokens[begin].type == "RBRACE")):
            self._rewind_to(earlier, start)
            self._change(changes)
            return True
        self._rewind_to(depth, begin)  # of a guess nobody knows that it was meant so
        return self._leave(begin, stop)

    def _choose(self, repairs: list[Repair], begin: int) -> tuple[Repair | None, bool, bool]:
        """The cheapest repair after which nothing is wrong, else the cheapest of the statement that begins at a token.

        And whether nothing is wrong after it, and whether no other is like it.
        """
        known = [repair for repair in repairs if not repair.invents]
        edits = {repair: edits_of(self.source, self.tokens, repair.changes) for repair in known}
        quick = [repair for repair in list(edits)[:_COMPARED] if self._is_clean(edits[repair], whole=False)]
        if quick:
            whole = self._is_clean(edits[quick[0]])
            others = [each for each in quick if each.cost <= quick[0].cost + _DEARER]
            return quick[0], whole, whole and len(others) == 1 and quick[0].keeps_words(self.tokens)
        inside = (each for each in repairs if each.changes[0].at >= begin and not each.moves_braces(self.tokens))
        return next(inside, None), False, False

    def _is_plain(self, repairs: list[Repair]) -> bool:
        """Whether the first repair takes nothing for granted, and every other one is dearer."""
        if not repairs or repairs[0].invents or not repairs[0].keeps_words(self.tokens):
            return False
        return len(repairs) == 1 or repairs[1].cost > repairs[0].cost + _DEARER

    def _is_habit(self, stop: int, meant: Sequence[Meant]) -> bool:
        """Whether nothing is wrong if a line means what others write so, which is reported."""
        found = next((each for each in meant if self._is_clean((each.edit,), whole=False)), None)
        if found is not None:
            mistake = Mistake(self.source, self.tokens[:], stop, (), tuple(self.parser.states))
            self._report(habit_sentence(mistake, found, certain=self._is_clean((found.edit,))))
        return found is not None

    def _translated(self, begin: int, stop: int) -> bool:
        """Whether the statement is one of Python that makes a layer, which is reported."""
        end = self._end_of_statement(begin, stop)
        span, tokens = Span(self.source, self.tokens[begin].start, self.tokens[end - 1].end), self.tokens[begin:end]
        is_setting = any(isinstance(value, Token) and value.type == "TRAIN" for value in self.parser.values[:3])
        if not tokens or stop - begin > _FARTHEST or is_setting:
            return False
        if tokens[0].text(self.source) == "class" and self.tokens[begin + 1].type in _CALLS:
            code = Mistake(self.source, self.tokens, begin, (Change("code", begin, 2, (), ()),))
            self._report(sentence(code, certain=False, offered=False))
            return True
        is_call = tokens[0].type in _CALLS and any(token.type == "LPAR" for token in tokens)
        made = self.python.translate(span) if is_call else None
        if made is not None:
            written, whole = made
            edit = Edit(whole, written.line) if written.whole and written.line else None
            certain = edit is not None and not written.doubts and self._is_clean((edit,))
            self._report(translation_sentence(span, written, edit, certain=certain))
        return made is not None

    # The parser's stacks and tokens

    def _settle(self) -> None:
        """Take a line end or `|` for what stands between statements, which the parser does only before the next one."""
        parser = self.parser
        action = row(parser.states[-1]).get("LET", 0)
        if action < 0 and self.tokens[parser.index - 1].type in ("NEWLINE", "PIPE"):
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
        parser.end = self.tokens[index - 1].end if index else 0

    def _change(self, changes: Sequence[Change]) -> None:
        for change in reversed(changes):
            old = self.tokens[change.at : change.at + change.size]
            start = old[0].start if old else self.tokens[change.at - 1].end if change.at else 0
            end = old[-1].end if old else start
            new = [Put(type_, start, end) for type_ in change.types]
            for token, text in zip(new, change.texts, strict=True):
                token.meant = text
            self.tokens[change.at : change.at + change.size] = new

    # What is left out

    def _leave(self, begin: int, stop: int) -> bool:
        """Put one token in place of the statement or item that begins here."""
        symbol, tokens = place(self.parser.states[-1]), self.tokens
        if not symbol:
            return False
        end = self._end_of_item(stop) if symbol == "item" else self._end_of_statement(begin, stop)
        if all(token.type == LEFT_OUT for token in tokens[begin:end]):  # what cannot be read stands after it
            if tokens[end].type == "$END":
                return self._close()
            end += 1
        tokens[begin:end] = [Token(LEFT_OUT, tokens[begin].start, tokens[end - 1].end)]
        return True

    def _close(self) -> bool:
        """Close the bodies that are open at the end of the text."""
        parser = self.parser
        if self.tokens[parser.index].type == LEFT_OUT:
            self._take_error()
        if not shifted(tuple(parser.states), "RBRACE"):
            return False
        end = self.tokens[parser.index].start
        self.tokens.insert(parser.index, Token("RBRACE", end, end))
        return True

    def _end_of_statement(self, begin: int, stop: int) -> int:
        end, depth = begin, 0
        while self.tokens[end].type != "$END" and (end < stop or depth or self.tokens[end].type not in _STATEMENT_END):
            depth += {"LBRACE": 1, "RBRACE": -1}.get(self.tokens[end].type, 0)
            end += 1
        return end

    def _end_of_item(self, stop: int) -> int:
        """The end of the line before the next item."""
        tokens = self.tokens
        while tokens[stop].type != "$END" and not (tokens[stop].type == "NEWLINE" and begins_item(tokens, stop + 1)):
            stop += 1
        return stop

    def _take_error(self) -> bool:
        """Take the token of what was left out as the statement or item that it stands for."""
        parser, token = self.parser, self.tokens[self.parser.index]
        symbol = place(parser.states[-1])
        if not symbol:
            return False
        left = tokenize(self.source, token.start, token.end)[0] if symbol == "statement" else self.tokens
        names = (each.text(self.source) for each in left if each.type in ("NAME", "CALLNAME"))
        error = ast.Error(Span(self.source, token.start, token.end), tuple(dict.fromkeys(names)))  # it may define them
        parser.push(symbol, error if symbol == "item" else ast.Statement(error.span, (), error, None), parser.index)
        parser.index += 1
        parser.end = token.end
        return True
