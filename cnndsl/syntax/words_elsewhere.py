"""Words that other languages put where none stands here: `case` before each case of a `match`, types of parameters."""

from __future__ import annotations

from collections.abc import Iterator

from ..diagnostics import Diagnostic, Diagnostics, Edit, Fix, Label
from ..diagnostics.kinds import syntax
from ..source import Source, Span
from .lexer import Token

__all__ = ["take_words"]


def take_words(source: Source, tokens: list[Token], diagnostics: Diagnostics) -> list[Token]:
    """Report them, those of one sort as one mistake; the tokens without them."""
    for find, message in ((_cases, "a case of a `match` is written as in `18: 64`"),):
        found = list(find(source, tokens))
        if not found:
            continue
        spans = [Span(source, tokens[first].start, _end(source, tokens, first, last)) for first, last in found]
        shown = spans[0].text.strip()
        fix = Fix("remove it" if len(found) == 1 else "remove them", tuple(Edit(span, "") for span in spans), True)
        others = tuple(Label(span, "and here") for span in spans[1:8])
        label = Label(spans[0].replace(end=tokens[found[0][1]].end))
        diagnostics.report(
            Diagnostic(syntax.UNEXPECTED, message, label, others, help=(f"remove `{shown}`",), fixes=(fix,))
        )
        gone = {index for first, last in found for index in range(first, last + 1)}
        tokens = [token for index, token in enumerate(tokens) if index not in gone]
    return tokens


def _end(source: Source, tokens: list[Token], first: int, last: int) -> int:
    """Where a word to be removed ends: with the blank behind it, if it stands before what is left."""
    return tokens[last].end if tokens[first].type == "COLON" else tokens[last + 1].start


def _cases(source: Source, tokens: list[Token]) -> Iterator[tuple[int, int]]:
    braces: list[bool] = []
    is_match = False
    for index, token in enumerate(tokens[:-1]):
        if token.type == "LBRACE":
            braces.append(is_match)
        elif token.type == "RBRACE":
            del braces[-1:]
        is_match = token.type == "MATCH" or (is_match and token.type not in ("LBRACE", "RBRACE", "NEWLINE"))
        begins = index > 0 and tokens[index - 1].type == "NEWLINE" and tokens[index + 1].type != "COLON"
        if braces[-1:] == [True] and begins and source.text[token.start : token.end] in ("case", "when"):
            yield index, index
