"""Text to tree by the tables that Lark computed from cnn.lark."""

from __future__ import annotations

from functools import cache
from typing import Any

from ..diagnostics import Diagnostic, DiagnosticError, Label
from ..diagnostics.kinds import limits, syntax
from ..files import too_large
from ..source import MAX_SOURCE, Source, Span
from . import ast
from .actions import ACTIONS, Builder
from .lexer import Comment, Token, tokenize
from .tables import KEPT, ROWS, RULES, STARTS

__all__ = ["MAX_NESTING", "Parser", "Unreadable", "parse", "parse_expression", "row"]

MAX_NESTING = 64
_DEEPER = frozenset(("LPAR", "LSQB", "LBRACE"))
_HIGHER = frozenset(("RPAR", "RSQB", "RBRACE"))


class Unreadable(DiagnosticError):
    """A token that the grammar does not allow where it stands.

    ``parser`` has all that was read before it. Whoever changes its tokens or its stacks can let it :meth:`~Parser.run` on.
    """

    def __init__(self, parser: Parser) -> None:
        token = parser.tokens[parser.index]
        text = parser.source.text[token.start : token.end].strip()
        opener = None if text else _open(parser.tokens)
        if opener is not None:
            place = Label(Span(parser.source, opener.start, opener.end), "opened here")
            super().__init__(Diagnostic(syntax.UNCLOSED, "this bracket is never closed", place))
            self.parser = parser
            return
        message = f"`{text[:40]}` is not allowed here" if text else "something is missing here"
        place = Label(Span(parser.source, token.start, token.end if text else token.start))
        super().__init__(Diagnostic(syntax.UNEXPECTED, message, place))
        self.parser = parser


def _open(tokens: list[Token]) -> Token | None:
    """The innermost bracket that is open at the end of some tokens."""
    opened: list[Token] = []
    for token in tokens:
        if token.type in _DEEPER:
            opened.append(token)
        elif token.type in _HIGHER and opened:
            opened.pop()
    return opened[-1] if opened else None


def parse(source: Source) -> ast.File:
    """The tree of a text.

    Raises:
        Unreadable: At the first token that the grammar does not allow.
        DiagnosticError: If the text is larger, or nested deeper, than a spec may be.
    """
    if len(source.text) > MAX_SOURCE:
        raise DiagnosticError(too_large(source))
    file: ast.File = Parser(source, *tokenize(source), STARTS["start"]).run()
    return file


def parse_expression(span: Span) -> ast.Expression:
    """The expression that a stretch of text is.

    Raises:
        Unreadable: At the first token that the grammar does not allow.
        DiagnosticError: If it is nested too deeply.
    """
    tokens, comments = tokenize(span.source, span.start, span.end)
    value: ast.Expression = Parser(span.source, tokens, comments, STARTS["expression"], span.end).run()
    return value


@cache
def row(state: int) -> dict[str, int]:
    """What a state does with each terminal (a state to go to, or ~rule to reduce by), and where each symbol leads."""
    parts = ROWS[state].split()
    return dict(zip(parts[::2], map(int, parts[1::2]), strict=True))


class Parser:
    """A parse as far as it has come: the index of the next token, and the stacks of states, values and their first tokens."""

    def __init__(
        self, source: Source, tokens: list[Token], comments: list[Comment], start: int, end: int | None = None
    ) -> None:
        end = len(source.text) if end is None else end
        self.source = source
        self.tokens = [*tokens, Token("$END", end, end)]
        self.index = 0
        self.states = [start]
        self.values: list[Any] = []
        self.starts: list[int] = []
        """For each value the index of the token that it begins with."""
        self.end = 0
        """Where the last token that was read ends."""
        self.builder = Builder(source, comments, parse_expression)
        self._require_shallow()

    def _require_shallow(self) -> None:
        depth = 0
        for token in self.tokens:
            if token.type in _DEEPER:
                depth += 1
            elif token.type in _HIGHER and depth:
                depth -= 1
            if depth > MAX_NESTING:
                message = f"brackets are nested more than {MAX_NESTING} deep"
                place = Label(Span(self.source, token.start, token.end))
                raise DiagnosticError(Diagnostic(limits.TOO_DEEP, message, place))

    def run(self) -> Any:
        """Read to the end; the value of the whole.

        Raises:
            Unreadable: At a token that the grammar does not allow. It is still the next one.
        """
        states, values, starts, builder = self.states, self.values, self.starts, self.builder
        while True:
            token = self.tokens[self.index]
            action = row(states[-1]).get(token.type)
            if action is None:
                raise Unreadable(self)
            if action >= 0:
                if token.type == "$END":
                    return self._whole()
                states.append(action)
                values.append(token)
                starts.append(self.index)
                self.end = token.end
                self.index += 1
                continue
            name, symbol, size = RULES[~action]
            start = starts[-size] if size else self.index
            begin = self.tokens[start].start
            children = _children(values[len(values) - size :])
            make = ACTIONS.get(name)
            if make is not None:
                value: Any = make(builder, Span(self.source, begin, max(begin, self.end)), children)
            else:
                value = children if name.startswith("_") else children[0]
            del states[len(states) - size :], values[len(values) - size :], starts[len(starts) - size :]
            self.push(symbol, value, start)

    def push(self, symbol: str, value: Any, start: int) -> None:
        """Take a value for a symbol of the grammar that may stand next."""
        self.states.append(row(self.states[-1])[symbol])
        self.values.append(value)
        self.starts.append(start)

    def _whole(self) -> Any:
        if self.builder.unreadable:
            raise self.builder.unreadable.pop(0)
        return self.values[-1]


def _children(values: list[Any]) -> list[Any]:
    """The children of a node: values and tokens that mean something, and the elements of what was repeated."""
    first = values[0] if values else None
    children: list[Any] = first if isinstance(first, list) else []  # a repetition grows in place, not by copies
    for value in values:
        if isinstance(value, list):
            if value is not first:
                children += value
        elif not isinstance(value, Token) or value.type in KEPT:
            children.append(value)
    return children
