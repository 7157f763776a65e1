"""Changes of tokens as edits of the text: where what is put in goes, and which blanks go with what is taken away."""

from __future__ import annotations

from collections.abc import Iterable

from ...diagnostics import Edit
from ...source import Source, Span
from ...syntax.lexer import Token
from ..foreign.habits import COMMENTS
from .changes import Change

__all__ = ["edits_of"]


def edits_of(source: Source, tokens: list[Token], changes: Iterable[Change]) -> tuple[Edit, ...]:
    """What changes of tokens do to the text, in order; those at one place are one edit."""
    edits: list[Edit] = []
    for change in changes:
        if change.kind == "join":  # a line end counts as none as soon as its bracket is closed
            continue
        edit = (_instead if change.size else _close if change.kind == "close" else _put_in)(source, tokens, change)
        if edits and edits[-1].span == edit.span and not change.size:
            edit = edit.replace(replacement=edits.pop().replacement + edit.replacement)
        edits.append(edit)
    return tuple(edits)


def _put_in(source: Source, tokens: list[Token], change: Change) -> Edit:
    at, (text, *_) = change.at, change.texts
    before, after = tokens[at - 1].end if at else 0, tokens[at].start
    if text in ("(", "["):
        return Edit(Span(source, after, after), text)
    if text in (",", ":", ")", "]"):
        return Edit(Span(source, before, before), text)
    if text == "\n":
        return Edit(Span(source, before, after), text + _indentation(source, before))
    return Edit(Span(source, before, before), f" {text} " if before == after else f" {text}")


def _indentation(source: Source, offset: int) -> str:
    """The blanks that begin the line of a place."""
    line = source.line(source.position(offset)[0])
    return line[: len(line) - len(line.lstrip(" \t"))]


def _close(source: Source, tokens: list[Token], change: Change) -> Edit:
    """The end of a body: before what goes on after it, or on a line of its own."""
    following = tokens[change.at]
    if following.type in ("ARROW", "ELSE", "SHORTCUT"):
        return Edit(Span(source, following.start, following.start), "} ")
    last = tokens[change.at - 1 - (tokens[change.at - 1].type == "NEWLINE")]
    end = source.rest_of_line(last.end)[1]
    end -= source.text.endswith("\r", last.end, end)
    return Edit(Span(source, end, end), f"\n{change.texts[0]}")


def _instead(source: Source, tokens: list[Token], change: Change) -> Edit:
    first, last = tokens[change.at], tokens[change.at + change.size - 1]
    span = Span(source, first.start, last.end)
    texts = [text for text in change.texts if text]
    if change.kind == "comment":
        mark = next(mark for mark in COMMENTS if source.text.startswith(mark, span.start))
        return Edit(Span(source, span.start, span.start + len(mark)), "#")
    if first.type == "NEWLINE":
        return Edit(Span(source, tokens[change.at + 1].start, last.end) if texts else span, " ".join(texts) or " ")
    if change.types == ("NAME",) and first.type in ("CALLNAME", "INDEXED"):
        return Edit(Span(source, span.end, span.end), " ")
    if change.types == ("CALLNAME",):
        return Edit(Span(source, span.end, tokens[change.at + 1].start), "")
    written = {"|": " |", "\n": "\n" + _indentation(source, span.start)}
    return Edit(span, " ".join(written.get(text, text) for text in texts)) if texts else _without(source, span)


def _without(source: Source, span: Span) -> Edit:
    """Nothing in place of a stretch, and one blank where two would meet."""
    text, start, end = source.text, span.start, span.end
    before, after = text[start - 1 : start], text[end : end + 1]
    if after == " " and before in (" ", "\n", ""):
        end += 1
    elif before == " " and after in ("\n", ""):
        start -= 1
    glued = (before.isalnum() or before == "_") and (after.isalnum() or after == "_")
    return Edit(Span(source, start, end), " " if glued else "")
