"""The words for a whole line of another tool, and for the braces of a text."""

from __future__ import annotations

from collections.abc import Sequence

from ...diagnostics import Diagnostic, Fix, Label
from ...diagnostics.kinds import syntax
from ...source import Source, Span
from ...syntax.lexer import Token
from ..foreign.records import Translation
from .braces import Braces
from .changes import Change
from .writing import edits_of

__all__ = ["braces_sentence", "translation_sentence"]


def translation_sentence(span: Span, made: Translation, *, certain: bool) -> Diagnostic:
    """The diagnostic of a statement of another tool."""
    word = made.line.rpartition(": ")[2].split()[0] if made.line else ""
    message = f"`{made.name}` is `{word}` here, and its arguments stand without parentheses"
    if not made.line:
        message = f"`{made.name}(...)` is no layer here"
    elif made.name == word:
        message = "arguments stand behind a layer without parentheses and commas"
    if made.is_setting:
        message = "a setting is a word and its value, without `=`, `:` and parentheses"
    elif not made.name:
        message = f"values are joined by `{word or 'add'}`, which takes the labels of the others"
    kind = syntax.UNEXPECTED if made.is_setting or not made.name else syntax.CALL_PARENTHESES
    help_ = (f"write `{made.line}`",) if made.line else made.reasons
    notes = (*made.notes, *made.reasons) if made.line else made.notes
    fixes = (Fix(f"write `{made.line}`", made.edits, certain),) if made.edits else ()
    return Diagnostic(kind, message, Label(span), (), notes, help_, fixes)


def braces_sentence(source: Source, tokens: Sequence[Token], found: Braces, *, certain: bool) -> Diagnostic:
    """The diagnostic of a mistake in the braces of a text."""
    edits = edits_of(source, list(tokens), found.changes)
    first = next(change for change in found.changes if change.kind in ("brace", "close"))
    old = source.text[tokens[first.at].start : tokens[first.at + first.size - 1].end] if first.size else ""
    several = len(found.changes) > len([change for change in found.changes if change.kind != "type"][:1]) + 1
    kind, place = syntax.UNEXPECTED, _span(source, tokens, first.at, first.size)
    ends = ", and `}` below the last line of the body" if several else ""
    if first.kind == "close":
        kind, place, message = syntax.UNCLOSED, _span(source, tokens, found.at, 1), "this brace is never closed"
        help_ = _where_closed(source, tokens, first)
    elif first.types == ("RBRACE",):
        message, help_ = f"a body ends with `}}`, not with `{old}`", f"write `}}` in place of `{old}`"
    elif first.size:
        behind = "a colon" if old == ":" else f"`{old}`"
        message, help_ = f"a body stands in braces, not behind {behind}", f"write `{{` in place of `{old}`{ends}"
    else:
        word = source.line(source.position(place.start)[0]).split()[0]
        message, help_ = f"`{word}` lacks the `{{` of its body", f"write `{{` at the end of this line{ends}"
    label = Label(place, "opened here" if kind is syntax.UNCLOSED else "")
    return Diagnostic(kind, message, label, help=(help_,), fixes=(Fix(help_, edits, certain),))


def _span(source: Source, tokens: Sequence[Token], at: int, size: int) -> Span:
    if size:
        return Span(source, tokens[at].start, tokens[at + size - 1].end)
    end = tokens[at - 1].end if at else 0
    return Span(source, end, end)


def _where_closed(source: Source, tokens: Sequence[Token], change: Change) -> str:
    follower = tokens[change.at]
    if follower.type in ("ARROW", "ELSE", "SHORTCUT") and change.types == ("RBRACE",):
        return f"write `}}` before this `{follower.text(source)}`"
    last = tokens[change.at - 1 - (tokens[change.at - 1].type == "NEWLINE")]
    closers = " ".join("}" for text in change.texts if text)
    return f"write `{closers}` below line {source.position(last.start)[0]}"
