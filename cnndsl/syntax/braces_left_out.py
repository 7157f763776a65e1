"""Braces that were left out, or written otherwise: found where more are closed than opened, or fewer, by the indentation."""

from __future__ import annotations

from ..diagnostics import Diagnostic, Diagnostics, Edit, Fix, Label
from ..diagnostics.kinds import syntax
from ..source import Source, Span
from .brackets import surplus
from .lexer import Token, indent

__all__ = ["CLOSING_WORDS", "with_closers", "with_openers"]

CLOSING_WORDS = frozenset(("end", "endif", "endfor", "endwhile", "endfunction", "done", "fi", "esac"))
"""What ends a body in languages without braces."""


def with_openers(source: Source, tokens: list[Token], diagnostics: Diagnostics) -> list[Token]:
    """The tokens with a `{` at each line that lacks one: more are closed than opened, and the next line is indented."""
    missing = surplus(tokens)
    if missing <= 0:
        return tokens
    kept: list[Token] = []
    depth = begin = 0
    for index, token in enumerate(tokens):
        depth += (token.type in ("LPAR", "LSQB")) - (token.type in ("RPAR", "RSQB"))
        if token.type == "NEWLINE" and missing and _lacks_opener(source, tokens, begin, index, depth):
            last = kept[-1]
            instead = last.type in ("COLON", "LPAR", "LSQB")
            brace = Token("LBRACE", last.start if instead else last.end, last.end)
            diagnostics.report(_no_opener(source, tokens[begin], brace))
            kept[len(kept) - instead :] = [brace]
            if last.type == "LPAR" and kept[-2].type == "CALLNAME":
                kept[-2] = kept[-2]._replace(type="NAME")
            missing -= 1
        kept.append(token)
        if token.type in ("NEWLINE", "LBRACE", "RBRACE"):
            depth, begin = 0, index + 1
    return kept


def _lacks_opener(source: Source, tokens: list[Token], begin: int, end: int, depth: int) -> bool:
    """Whether the line from ``begin`` to before ``end`` has no body, and the next one is indented as if it had one."""
    if begin == end or end + 1 == len(tokens) or (tokens[begin].type == "LET" and depth):
        return False
    if depth > (tokens[end - 1].type in ("LPAR", "LSQB")):
        return False
    return indent(source, tokens[end + 1]) > indent(source, tokens[begin])


def _no_opener(source: Source, first: Token, brace: Token) -> Diagnostic:
    word = source.text[first.start : first.end]
    span = Span(source, brace.start, brace.end)
    blank = "" if source.text[brace.start - 1] in " \t" else " "
    message = (
        f"a body begins with `{{`, not with `{span.text}`" if span.text else f"`{word}` lacks the `{{` of its body"
    )
    help_ = "write `{` in its place" if span.text else "write `{` at the end of this line"
    fix = Fix("write `{`", (Edit(span, f"{blank}{{"),), True)
    return Diagnostic(syntax.UNEXPECTED, message, Label(span), help=(help_,), fixes=(fix,))


def with_closers(source: Source, tokens: list[Token], diagnostics: Diagnostics) -> list[Token]:
    """The tokens with a `}` in place of each `)`, `]` and `end` that begins a line where only a brace is left to close."""
    missing = -surplus(tokens)
    kept: list[Token] = []
    depth = 0
    for index, token in enumerate(tokens):
        depth += (token.type in ("LPAR", "LSQB")) - (token.type in ("RPAR", "RSQB"))
        word = source.text[token.start : token.end] if token.type == "NAME" and missing > 0 else ""
        ends = depth < 0 or (word in CLOSING_WORDS and _is_alone(tokens, index))
        if ends and missing > 0 and kept and kept[-1].type == "NEWLINE":
            span = Span(source, token.start, token.end)
            message = f"a body ends with `}}`, not with `{span.text}`"
            fix = Fix("write `}`", (Edit(span, "}"),), True)
            diagnostics.report(Diagnostic(syntax.UNEXPECTED, message, Label(span), fixes=(fix,)))
            kept.append(token._replace(type="RBRACE"))
            missing -= 1
        else:
            kept.append(token)
        if token.type in ("LBRACE", "RBRACE") or depth < 0:
            depth = 0
    return kept


def _is_alone(tokens: list[Token], index: int) -> bool:
    """Whether nothing follows on the line."""
    return index + 1 == len(tokens) or tokens[index + 1].type in ("NEWLINE", "RBRACE", "ELSE", "SHORTCUT")
