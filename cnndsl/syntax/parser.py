"""Text to tree, by the tables that Lark computed, with recovery at the end of a statement.

A parse never fails: what cannot be read becomes an :class:`~cnndsl.syntax.ast.Error` node and one diagnostic, and reading
goes on with the next statement, so that one run reports every mistake.
"""

from __future__ import annotations

from functools import cache
from typing import Any

from ..diagnostics import Diagnostic, Diagnostics, Label
from ..diagnostics.kinds import limits, syntax
from ..source import Source, Span
from . import ast
from .actions import ACTIONS, Builder
from .brackets import Balanced, balance
from .expectations import Mistake, explain
from .lexer import Comment, Token, tokenize
from .tables import KEPT, ROWS, RULES

__all__ = ["MAX_SOURCE", "parse", "parse_expression", "too_large"]

MAX_SOURCE = 256 * 1024

_MAX_NUMBER = 64
_ITEM_END = frozenset(("NEWLINE", "$END"))
_STATEMENT_END = frozenset(("NEWLINE", "PIPE", "RBRACE", "$END"))


def parse(source: Source, diagnostics: Diagnostics) -> ast.File:
    """The tree of a text; mistakes are reported and leave Error nodes."""
    nothing = ast.File(Span(source, 0, len(source.text)), ())
    if len(source.text) > MAX_SOURCE:
        diagnostics.report(too_large(source))
        return nothing
    tokens, comments = tokenize(source)
    builder = Builder(lambda start, end: Span(source, start, end))
    kept = _report_bad_tokens(source, tokens, builder, diagnostics)
    balanced = balance(source, kept, diagnostics)
    if balanced is None:
        return nothing
    balanced.silenced.extend(source.rest_of_line(offset) for offset in sorted(builder.dropped)[: Diagnostics.MOST])
    file = _Parser(source, balanced, builder, diagnostics).run()
    return _with_docs(file, source, comments)


def parse_expression(span: Span, diagnostics: Diagnostics) -> ast.Expression | None:
    """The expression that a stretch of text is, or None and an error."""
    source = span.source
    tokens, _ = tokenize(source, span.start, span.end)
    builder = Builder(lambda start, end: Span(source, start, end))
    found = len(diagnostics)
    kept = _report_bad_tokens(source, tokens, builder, diagnostics)
    around = ("NETWORK", "NAME", "LBRACE", "LET", "NAME", "EQUAL"), ("RBRACE", "$END")
    before, after = ([Token(type_, at, at) for type_ in types] for types, at in zip(around, (span.start, span.end), strict=True))
    balanced = Balanced([*before, *kept, *after], [])
    file = _Parser(source, balanced, builder, diagnostics).run()
    statements = file.networks[0].body.statements if file.networks else ()
    if len(diagnostics) > found or len(statements) != 1 or not isinstance(statements[0].action, ast.Let):
        return None
    value = statements[0].action.value
    return None if isinstance(value, ast.Match) else value


def too_large(source: Source) -> Diagnostic:
    message = f"the text has more than {MAX_SOURCE // 1024} KiB"
    return Diagnostic(limits.SOURCE_TOO_LARGE, message, Label(Span(source, 0, 0)))


def _report_bad_tokens(source: Source, tokens: list[Token], builder: Builder, diagnostics: Diagnostics) -> list[Token]:
    """Report what is no token, once, and put in its place what it was meant to be."""
    kept: list[Token] = []
    for token in tokens:
        text = source.text[token.start : token.end]
        too_long = token.type in ("NUMBER", "SIZE") and len(text) > _MAX_NUMBER
        if not (too_long or token.type.startswith("BAD_")):
            kept.append(token)
            continue
        _report_bad_token(source, token, text, diagnostics)
        if token.type == "BAD_CHARACTER":
            builder.dropped.add(token.start)
            continue
        builder.bad.add(token.start)
        kept.append(token._replace(type="STRING" if token.type == "BAD_STRING" else "NUMBER"))
    return kept


def _report_bad_token(source: Source, token: Token, text: str, diagnostics: Diagnostics) -> None:
    kind, message, help_text = {
        "BAD_STRING": (syntax.UNCLOSED_STRING, "this string does not end on its line", 'add a `"` at its end'),
        "BAD_CHARACTER": (syntax.BAD_CHARACTER, f"the character {text!r} has no meaning here", ""),
    }.get(token.type, (syntax.BAD_NUMBER, "", ""))
    if kind is syntax.BAD_NUMBER:
        message, help_text = _explain_number(text)
    place = Label(Span(source, token.start, token.end))
    diagnostics.report(Diagnostic(kind, message, place, help=(help_text,) if help_text else ()))


def _explain_number(text: str) -> tuple[str, str]:
    if len(text) > _MAX_NUMBER:
        return f"this number has more than {_MAX_NUMBER} characters", ""
    if "X" in text:
        return f"`{text}` is not a size", f"write a small x: `{text.lower()}`"
    if "x" in text:
        return f"`{text}` is not a size", "a size is whole numbers with x between them, such as 6x28x28"
    if text.endswith("."):
        return f"`{text}` is not a number", f"write `{text[:-1]}` or `{text}0`"
    return f"`{text}` is not a number", "numbers look like 3, 0.01, 1e-4 or 2M; a name cannot begin with a digit"


@cache
def _row(state: int) -> dict[str, int]:
    parts = ROWS[state].split()
    return dict(zip(parts[::2], map(int, parts[1::2]), strict=True))


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
        children: list[Any] = []
        start = self.starts[-size] if size else token.start
        if size:
            for part in self.values[-size:]:
                self._collect(part, children)
            del self.states[-size:], self.values[-size:], self.starts[-size:]
        action = ACTIONS.get(name)
        value: Any = children
        if action is not None:
            value = action(self.builder, Span(self.source, start, max(start, self.end)), children)
        elif not name.startswith("_"):
            (value,) = children
        self._push(symbol, value, start)

    @staticmethod
    def _collect(value: Any, children: list[Any]) -> None:
        if isinstance(value, list):
            children.extend(value)
        elif not isinstance(value, Token) or value.type in KEPT:
            children.append(value)

    def _push(self, symbol: str, value: Any, start: int) -> None:
        self.states.append(_row(self.states[-1])[symbol])
        self.values.append(value)
        self.starts.append(start)

    def _recover(self, index: int) -> int:
        """Report the mistake at a token and mend the stacks; the index of the token to go on with."""
        mistake = explain(self.source, self.tokens, index, self._expected())
        self._report(mistake)
        if mistake.retry is not None:
            self.tokens[index : index + 1] = mistake.retry
            return index
        if self.tokens[index].type == "LBRACE" and self._accepts("NAME", "LBRACE"):
            brace = self.tokens[index]
            self.builder.bad.add(brace.start)
            self.tokens.insert(index, Token("NAME", brace.start, brace.start))
            return index
        return self._skip(index)

    def _report(self, mistake: Mistake) -> None:
        place = mistake.diagnostic.primary
        assert place is not None
        if not self.balanced.silences(place.span.start):
            self.diagnostics.report(mistake.diagnostic)
        if mistake.silences_line:
            self.balanced.silenced.append(self.source.rest_of_line(place.span.start))

    def _skip(self, index: int) -> int:
        """Leave the broken statement: put an error in its place and go to its end."""
        depth = 0
        start = self.tokens[index].start
        while not self._place():
            self.states.pop()
            start = self.starts.pop()
            value = self.values.pop()
            depth += isinstance(value, Token) and value.type == "LBRACE"
        symbol = self._place()
        ends = _ITEM_END if symbol == "item" else _STATEMENT_END
        while depth or self.tokens[index].type not in ends:
            if self.tokens[index].type == "$END":
                break
            depth += {"LBRACE": 1, "RBRACE": -1}.get(self.tokens[index].type, 0)
            index += 1
        error = ast.Error(Span(self.source, start, max(start, self.tokens[index].start)))
        value = error if symbol == "item" else ast.Statement(error.span, (), error, None)
        self._push(symbol, value, start)
        self.end = error.span.end
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
    """The file with the ``##`` comments right above each network and block as their documentation."""
    by_line = {source.position(comment.start)[0]: comment.text for comment in comments if comment.text.startswith("##")}
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
