"""Text to tree, by the tables that Lark computed, with recovery at the end of a statement.

A parse never fails: what cannot be read becomes an :class:`~cnndsl.syntax.ast.Error` node and one diagnostic, and reading
goes on with the next statement, so that one run reports every mistake.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from functools import cache, partial
from itertools import islice
from typing import TYPE_CHECKING, Any

from ..diagnostics import Diagnostic, Diagnostics, Label
from ..diagnostics.kinds import limits, syntax
from ..source import Source, Span
from . import ast
from .actions import ACTIONS, Builder
from .bad_tokens import MAX_NUMBER, explain_bad_token
from .brackets import Balanced, balance, begins_item
from .habits import Elsewhere, begins_as_elsewhere, take_habits
from .halves import without_beginning
from .lexer import Comment, Token, tokenize
from .silence import Silence
from .tables import KEPT, ROWS, RULES

if TYPE_CHECKING:
    from .mistakes import Mistake

__all__ = ["MAX_SOURCE", "MAX_WRITTEN", "parse", "parse_expression", "too_large"]

MAX_SOURCE = 256 * 1024
MAX_WRITTEN = 16 * 1024
"""The longest text in which the habits of people are looked for: some looks cost the square of a text's length."""

_MOST_RETRIES = 8
_STATEMENT_END = frozenset(("NEWLINE", "PIPE", "RBRACE", "$END"))
_MERGE = "<<<<<<<"
_NAMES = r"[A-Za-z_]\w*(?:[ \t]*,[ \t]*[A-Za-z_]\w*)*"
_USES = re.compile(r"(?:use|from|import|include)\b([^\n#]*[A-Za-z_][^\n#]*)")
_DEFINES = re.compile(
    rf"(?:let|var|const|val|block|def|func|function|fn)\s+(\([^)\n]*\)|{_NAMES})|({_NAMES})[ \t]*[-+*]?[=:]"
)

_NAMED_BEHIND = re.compile(r"[^\n|{}#]*[ \t]as[ \t]+([A-Za-z_]\w*)")


def parse(source: Source, diagnostics: Diagnostics) -> ast.File:
    """The tree of a text; mistakes are reported and leave Error nodes."""
    nothing = ast.File(Span(source, 0, len(source.text)), ())
    if len(source.text) > MAX_SOURCE:
        diagnostics.report(too_large(source))
        return nothing
    tokens, comments = tokenize(source)
    found = Diagnostics()
    file = _parse(source, list(tokens), found)
    is_broken = any(item.kind.code.startswith("E01") for item in found.sorted())
    if len(source.text) <= MAX_WRITTEN and (is_broken or begins_as_elsewhere(source.text)):
        from .elsewhere import take_elsewhere  # with its tables, which most texts do not need

        found = Diagnostics()
        file = _parse(source, tokens, found, partial(take_elsewhere, is_broken=is_broken))
    for item in found.sorted():
        diagnostics.report(item)
    return nothing if file is None else _with_docs(file, source, comments)


def _parse(
    source: Source, tokens: list[Token], diagnostics: Diagnostics, elsewhere: Elsewhere | None = None
) -> ast.File | None:
    """The tree; ``elsewhere`` looks for what other languages have."""
    builder = Builder(lambda start, end: Span(source, start, end))
    if _MERGE in source.text:
        from .pasted import without_merge_marks  # with the slips, which a text without mistakes does not need

        tokens = without_merge_marks(source, tokens, diagnostics)
    tokens, cut = without_beginning(source, tokens, diagnostics)
    tokens, foreign = take_habits(source, tokens, diagnostics, elsewhere)
    kept = _report_bad_tokens(source, tokens, builder, diagnostics, foreign)
    balanced = balance(source, kept, diagnostics)
    if balanced is None:
        return None
    for start, end in (*_reported(source, builder), *foreign):
        balanced.silenced.add(start, end)
    file = _Parser(source, balanced, builder, diagnostics).run()
    return file.replace(items=(*cut, *file.items))


def parse_expression(span: Span, diagnostics: Diagnostics) -> ast.Expression | None:
    """The expression that a stretch of text is, or None and an error."""
    source = span.source
    tokens, _ = tokenize(source, span.start, span.end)
    builder = Builder(lambda start, end: Span(source, start, end))
    found = len(diagnostics)
    kept = _report_bad_tokens(source, tokens, builder, diagnostics)
    if not kept and len(diagnostics) == found:
        diagnostics.report(Diagnostic(syntax.UNEXPECTED, "expected a value", Label(span)))
        return None
    balanced = balance(source, kept, diagnostics)
    if balanced is None:
        return None
    around = ("NETWORK", "NAME", "LBRACE", "LET", "NAME", "EQUAL"), ("RBRACE", "$END")
    before, after = (
        [Token(type_, at, at) for type_ in types] for types, at in zip(around, (span.start, span.end), strict=True)
    )
    for start, end in _reported(source, builder):
        balanced.silenced.add(start, end)
    whole = balanced.replace(tokens=[*before, *balanced.tokens[:-1], *after])
    file = _Parser(source, whole, builder, diagnostics).run()
    actions = [statement.action for statement in file.networks[0].body.statements] if file.networks else []
    if len(diagnostics) > found:
        return None
    if len(actions) == 1 and isinstance(actions[0], ast.Let) and not isinstance(actions[0].value, ast.Match):
        return actions[0].value
    diagnostics.report(Diagnostic(syntax.UNEXPECTED, "expected one value", Label(span)))
    return None


def _reported(source: Source, builder: Builder) -> list[tuple[int, int]]:
    """Where no more is to be said, because of numbers, strings and characters that are not well formed."""
    lines = [source.rest_of_line(offset) for offset in builder.dropped[: Diagnostics.MOST]]
    return [*islice(builder.bad.items(), Diagnostics.MOST), *lines]


def too_large(source: Source) -> Diagnostic:
    """The complaint that a text is larger than it may be."""
    message = f"`{source.name}` is larger than a spec may be, {MAX_SOURCE // 1024} KiB"
    help_ = "give what repeats as a block or with `repeat`, or divide the file with `use`"
    return Diagnostic(limits.SOURCE_TOO_LARGE, message, help=(help_,))


def _report_bad_tokens(
    source: Source,
    tokens: list[Token],
    builder: Builder,
    diagnostics: Diagnostics,
    reported: Iterable[tuple[int, int]] = (),
) -> list[Token]:
    """Report what is no token, once, and put in its place what it was meant to be; silently where all is ``reported``."""
    kept: list[Token] = []
    said = Silence(reported)
    silent_until = told = -1
    for token in tokens:
        text = source.text[token.start : token.end]
        too_long = token.type in ("NUMBER", "SIZE") and len(text) > MAX_NUMBER
        if token.start < told:
            continue  # a part of what the last bad token was meant to be
        if not (too_long or token.type.startswith("BAD_")):
            kept.append(token)
            continue
        if token.start not in said and not diagnostics.is_full:
            explained = explain_bad_token(source, token)
            place = explained.primary.span if explained.primary else Span(source, token.start, token.end)
            if token.start > silent_until or any(fix.certain for fix in explained.fixes):
                diagnostics.report(explained)
                told = place.end
            while kept and kept[-1].start >= place.start:
                kept.pop()  # a part of it too, as the minus of an arrow is
            if token.type == "BAD_CHARACTER" and place.text[:1].isalnum():
                kept.append(Token("NAME", place.start, place.end))
        if token.type == "BAD_CHARACTER":
            builder.dropped.append(token.start)
            silent_until = source.rest_of_line(token.start)[1]
            continue
        builder.bad[token.start] = token.end
        kept.append(token._replace(type="STRING" if token.type in ("BAD_STRING", "BAD_QUOTED") else "NUMBER"))
    return kept


@cache
def _row(state: int) -> dict[str, int]:
    parts = ROWS[state].split()
    return dict(zip(parts[::2], map(int, parts[1::2]), strict=True))


def _children(values: list[Any]) -> list[Any]:
    """The children of a node: values and tokens that mean something, and the elements of what was repeated."""
    first = values[0]
    children: list[Any] = first if isinstance(first, list) else []  # a repetition grows in place, not by copies
    for value in values:
        if isinstance(value, list):
            if value is not first:
                children += value
        elif value.__class__ is not Token or value.type in KEPT:
            children.append(value)
    return children


class _Parser:
    """The stacks of one parse."""

    def __init__(self, source: Source, balanced: Balanced, builder: Builder, diagnostics: Diagnostics) -> None:
        self.source = source
        self.tokens = balanced.tokens
        self.balanced = balanced
        self.builder = builder
        self.diagnostics = diagnostics
        self.states = [0]
        self.values: list[Any] = []
        self.starts: list[int] = []
        self.end = 0
        self.retried: Counter[int] = Counter()
        """How often reading went on at a place with other tokens: what mends one mistake may bring about another."""
        self.defined: tuple[str, ...] = ()
        """What the next statement in error would have defined, beside what its text shows."""

    def run(self) -> ast.File:
        index = 0
        while True:
            token = self.tokens[index]
            action = _row(self.states[-1]).get(token.type)
            if action is None:
                index = self._recover(index)
                if self.states == [0] and index == len(self.tokens):
                    return self._whole()
            elif action < 0:
                self._reduce(~action, token)
            elif token.type == "$END":
                return self._whole()
            else:
                self._shift(action, token)
                index += 1

    def _whole(self) -> ast.File:
        return next(value for value in self.values if isinstance(value, ast.File))

    def _shift(self, state: int, token: Token) -> None:
        self.states.append(state)
        self.values.append(token)
        self.starts.append(token.start)
        self.end = token.end

    def _reduce(self, rule: int, token: Token) -> None:
        name, symbol, size = RULES[rule]
        if size == 1 and name not in ACTIONS and name[0] != "_":
            # a sum that is only a product, and so on down to the atom: the value stays what it is
            if isinstance(self.values[-1], list):
                (self.values[-1],) = self.values[-1]
            self.states[-1] = _row(self.states[-2])[symbol]
            return
        children: list[Any] = []
        start = self.starts[-size] if size else token.start
        if size:
            children = _children(self.values[-size:])
            del self.states[-size:], self.values[-size:], self.starts[-size:]
        action = ACTIONS.get(name)
        value: Any = children
        if action is not None:
            value = action(self.builder, Span(self.source, start, max(start, self.end)), children)
        elif not name.startswith("_"):
            (value,) = children
        self._push(symbol, value, start)

    def _push(self, symbol: str, value: Any, start: int) -> None:
        self.states.append(_row(self.states[-1])[symbol])
        self.values.append(value)
        self.starts.append(start)

    def _recover(self, index: int) -> int:
        """Report the mistake at a token and mend the stacks; the index of the token to go on with."""
        if self.tokens[index].type == "$END" and self._accepts("RBRACE"):
            self.tokens.insert(index, Token("RBRACE", self.end, self.end))  # a mistake that was reported swallowed it
            return index
        token = self.tokens[index]
        if self.diagnostics.is_full or token.start in self.balanced.silenced:
            return index + 1 if token.type == "COMMA" else self._skip(index)
        from .expectations import explain  # with all slips, which only a text with mistakes needs

        mistake = explain(self.source, self.tokens, index, self._expected())
        self._report(mistake)
        self.defined += mistake.defines
        self.retried[token.start] += 1
        if mistake.retry is not None and self.retried[token.start] <= _MOST_RETRIES:
            self.tokens[index : index + mistake.replaced] = mistake.retry
            return index
        if token.type == "LBRACE" and self._accepts("NAME", "LBRACE"):
            self.tokens.insert(index, Token("NAME", token.start, token.start))
            return index
        return self._skip(index)

    def _report(self, mistake: Mistake) -> None:
        place = mistake.diagnostic.primary
        assert place is not None
        if place.span.start not in self.balanced.silenced:
            self.diagnostics.report(mistake.diagnostic)
        if mistake.silences_line:
            self.balanced.silenced.add(*self.source.rest_of_line(place.span.start))
        if mistake.spoils:
            self._spoil()

    def _spoil(self) -> None:
        """Put an error in the place of the last statement."""
        for index in range(len(self.values) - 1, -1, -1):
            held = self.values[index] if isinstance(self.values[index], list) else self.values
            last = -1 if held is not self.values else index
            if held and isinstance(held[last], ast.Statement):
                held[last] = self._error(held[last].span)
                return

    def _skip(self, index: int) -> int:
        """Leave the broken statement: put an error in its place and go to its end."""
        if self._finish(index):
            in_body = isinstance(self.values[-1], ast.Statement)
            return self._end_of_statement(index, 0) if in_body else self._end_of_item(index)
        depth = 0
        start = self.tokens[index].start
        while not self._place():
            self.states.pop()
            start = self.starts.pop()
            value = self.values.pop()
            depth += isinstance(value, Token) and value.type == "LBRACE"
        symbol = self._place()
        index = self._end_of_statement(index, depth) if symbol == "statement" else self._end_of_item(index)
        span = Span(self.source, start, max(start, self.tokens[index].start))
        self._push(symbol, self._error(span) if symbol == "statement" else self._error(span).action, start)
        self.end = span.end
        return index

    def _error(self, span: Span) -> ast.Statement:
        """A statement that could not be read, with the names that it would have defined."""
        text = self.source.text
        match = next(filter(None, (form.match(text, span.start) for form in (_DEFINES, _USES, _NAMED_BEHIND))), None)
        names = tuple(re.findall(r"[A-Za-z_]\w*", next(filter(None, match.groups())))) if match else ()
        names, self.defined = (*names, *self.defined), ()
        return ast.Statement(span, (), ast.Error(span, names), None)

    def _finish(self, index: int) -> bool:
        """Reduce what is complete: to where a statement may begin, or to one that could end here, which is broken."""
        fresh = self._accepts("LET")
        lookahead = Token("LET" if fresh else "NEWLINE", self.tokens[index].start, self.tokens[index].start)
        if not self._accepts(lookahead.type):
            return False
        while not (self._place() if fresh else self._whole_statement()):
            action = _row(self.states[-1])[lookahead.type]
            if action >= 0:
                return False
            self._reduce(~action, lookahead)
        below = "\n" in self.source.text[self.end : self.tokens[index].start]  # a lonely `else` on a line of its own
        if not fresh and isinstance(self.values[-1], ast.Statement) and not below:
            self.values[-1] = self._error(self.values[-1].span)
        return not fresh

    def _whole_statement(self) -> bool:
        return bool(self.values) and isinstance(self.values[-1], ast.Statement | ast.Definition | ast.Train | ast.Use)

    def _end_of_statement(self, index: int, depth: int) -> int:
        """The index of the token that ends the statement; ``depth`` braces of it are open."""
        while depth or self.tokens[index].type not in _STATEMENT_END:
            if self.tokens[index].type == "$END":
                break
            depth += {"LBRACE": 1, "RBRACE": -1}.get(self.tokens[index].type, 0)
            index += 1
        return index

    def _end_of_item(self, index: int) -> int:
        """The index of the end of the line before the next item."""
        while self.tokens[index].type != "$END":
            if self.tokens[index].type == "NEWLINE" and begins_item(self.tokens, index + 1):
                break
            index += 1
        return index

    def _place(self) -> str:
        """What may stand next on the stack, an item or a statement; empty if neither."""
        row = _row(self.states[-1])
        return next((symbol for symbol in ("statement", "item") if symbol in row), "")

    def _expected(self) -> set[str]:
        return {type_ for type_ in _row(self.states[-1]) if type_.isupper() or type_ == "$END" if self._accepts(type_)}

    def _accepts(self, *types: str) -> bool:
        """Whether these tokens could come next: the automaton runs on a copy of its states."""
        states = list(self.states)
        for type_ in types:
            action = _row(states[-1]).get(type_)
            while action is not None and action < 0:
                _, symbol, size = RULES[~action]
                del states[len(states) - size :]
                states.append(_row(states[-1])[symbol])
                action = _row(states[-1]).get(type_)
            if action is None:
                return False
            states.append(action)
        return True


def _with_docs(file: ast.File, source: Source, comments: list[Comment]) -> ast.File:
    """The file with the ``##`` comments right above each network and block, on their own lines, as documentation."""
    by_line: dict[int, str] = {}
    for comment in comments:
        line, column = source.position(comment.start)
        if comment.text.startswith("##") and not source.line(line)[: column - 1].strip():
            by_line[line] = comment.text
    if not by_line:
        return file
    return file.replace(items=tuple(_with_doc(item, by_line) for item in file.items))


def _with_doc(item: Any, by_line: dict[int, str]) -> Any:
    if not isinstance(item, ast.Definition):
        return item
    line = item.span.position[0] - 1
    texts: list[str] = []
    while line in by_line:
        texts.append(by_line[line].lstrip("#").strip())
        line -= 1
    return item.replace(doc="\n".join(reversed(texts)))
