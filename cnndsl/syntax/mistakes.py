"""A token that cannot stand where it stands, and what is said of it: what slips are told from."""

from __future__ import annotations

from ..diagnostics import Diagnostic, DiagnosticKind, Edit, Fix, Label
from ..diagnostics.kinds import syntax
from ..record import Record
from ..source import Source, Span
from .lexer import Token

__all__ = ["BEGINS_ARGUMENT", "LITERALS", "WITH_BODIES", "WORDS", "Mistake", "Place"]

WORDS = frozenset(("NAME", "BLOCK", "NETWORK", "TRAIN", "USE", "FROM", "WITH"))
LITERALS = frozenset(("NUMBER", "SIZE", "STRING", "TRUE", "FALSE", "LPAR", "LSQB", "CALLNAME", "INDEXED"))
BEGINS_ARGUMENT = WORDS | {"NUMBER", "SIZE", "STRING", "LBRACE"}
WITH_BODIES = frozenset(("concat", "branch", "add", "mul", "seq", "head"))
"""Words that are written as layers are and may have a body in braces."""


class Mistake(Record):
    """A diagnostic, and how reading goes on: with other tokens in place of the wrong ones, or behind the statement."""

    diagnostic: Diagnostic
    retry: list[Token] | None = None
    replaced: int = 1
    silences_line: bool = False
    spoils: bool = False
    """Whether the statement before it is wrong too, because what was to belong to it stands here."""
    defines: tuple[str, ...] = ()
    """Names of which no more is to be said, because what is wrong would have defined them."""


class Place:
    """A token that cannot stand where it stands, and what could."""

    def __init__(self, source: Source, tokens: list[Token], index: int, expected: set[str]) -> None:
        self.source = source
        self.tokens = tokens
        self.index = index
        self.expected = expected
        self.token = tokens[index]

    def text(self, token: Token) -> str:
        return self.source.text[token.start : token.end]

    def span(self, token: Token) -> Span:
        return Span(self.source, token.start, token.end)

    def follows(self, *types: str) -> bool:
        """Whether the next token is one of these."""
        return self.index + 1 < len(self.tokens) and self.tokens[self.index + 1].type in types

    def previous(self, *types: str) -> bool:
        """Whether the token before is one of these."""
        return self.index > 0 and self.tokens[self.index - 1].type in types

    def between(self, index: int) -> str:
        """What stands between a token and the one before it."""
        return self.source.text[self.tokens[index - 1].end : self.tokens[index].start]

    @property
    def in_arguments(self) -> bool:
        """Whether an argument or the end of the statement may stand here."""
        return {"ARROW", "NUMBER", "NEWLINE"} <= self.expected

    @property
    def at_top(self) -> bool:
        """Whether a network or another item could begin here."""
        return "TRAIN" in self.expected and not self.expected & {"NAME", "LBRACE"}

    @property
    def at_statement(self) -> bool:
        """Whether a statement could begin here."""
        return "LET" in self.expected

    @property
    def beginning(self) -> int:
        """The index of the first token of the statement, behind its labels."""
        start = self.index
        while start and self.tokens[start - 1].type not in ("NEWLINE", "PIPE", "LBRACE", "COLON"):
            start -= 1
        return start

    @property
    def in_brackets(self) -> bool:
        """Whether ( or [ is open in this statement."""
        types = [token.type for token in self.tokens[self.beginning : self.index]]
        return sum(type_ in ("LPAR", "LSQB") for type_ in types) > sum(type_ in ("RPAR", "RSQB") for type_ in types)

    def inside(self, word: str) -> bool:
        """Whether the innermost braces are those of a match, or of training, by the token that begins them."""
        index, depth = self.index - 1, 0
        while index >= 0 and (depth or self.tokens[index].type != "LBRACE"):
            depth += {"RBRACE": 1, "LBRACE": -1}.get(self.tokens[index].type, 0)
            index -= 1
        while index >= 0 and self.tokens[index].type not in ("NEWLINE", word):
            index -= 1
        return index >= 0 and self.tokens[index].type == word

    def mistake(
        self,
        message: str,
        *help_: str,
        kind: DiagnosticKind = syntax.UNEXPECTED,
        at: Span | None = None,
        label: str = "",
        fix: tuple[str, str] | None = None,
        retry: list[Token] | None = None,
        replaced: int = 1,
        silences_line: bool = False,
    ) -> Mistake:
        """A mistake here, or ``at`` another span; ``fix`` is what the edit does and the text that it writes there."""
        span = at or self.span(self.token)
        fixes = (Fix(fix[0], (Edit(span, fix[1]),), True),) if fix else ()
        return Mistake(
            Diagnostic(kind, message, Label(span, label), help=help_, fixes=fixes), retry, replaced, silences_line
        )
