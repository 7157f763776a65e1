"""Changes of tokens as edits of the text: where what is put in goes, and which blanks go with what is taken away."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from ...diagnostics import Edit
from ...source import Source, Span
from ...syntax.lexer import Token
from .changes import Change

__all__ = ["edits_of", "indentation"]

_CLOSE_TO_THE_LEFT = frozenset((",", ":", ")", "]"))
_CLOSE_TO_THE_RIGHT = frozenset(("(", "["))
_ALONE = frozenset(("LET", "EXPECT", "RPAR"))
"""After these and a name an `=` has blanks around it."""


def edits_of(source: Source, tokens: list[Token], changes: Iterable[Change]) -> tuple[Edit, ...]:
    """What changes of tokens do to the text, in order; those at one place are one edit."""
    edits: list[Edit] = []
    for change in changes:
        if change.kind == "join":  # a line end counts as none as soon as its bracket is closed
            continue
        edit = _instead(source, tokens, change) if change.size else _put_in(source, tokens, change)
        if edits and edits[-1].span == edit.span and not change.size:
            edit = edit.replace(replacement=edits.pop().replacement + edit.replacement)
        edits.append(edit)
    return tuple(edits)


def indentation(source: Source, offset: int) -> str:
    """The blanks that begin the line of a place."""
    line = source.line(source.position(offset)[0])
    return line[: len(line) - len(line.lstrip(" \t"))]


def _put_in(source: Source, tokens: list[Token], change: Change) -> Edit:
    at, (text, *_) = change.at, change.texts
    before, after = tokens[at - 1].end if at else 0, tokens[at].start
    if change.kind == "close":
        return _close(source, tokens, change)
    if text in _CLOSE_TO_THE_RIGHT:
        return Edit(Span(source, after, after), text)
    if text in _CLOSE_TO_THE_LEFT:
        return Edit(Span(source, before, before), text)
    if text == "\n":
        return Edit(Span(source, before, after), text + indentation(source, before))
    if text == "=" and after == before + 1 and not (at > 1 and tokens[at - 2].type in _ALONE):
        return Edit(Span(source, before, after), text)
    return Edit(Span(source, before, before), f" {text} " if before == after else f" {text}")


def _close(source: Source, tokens: list[Token], change: Change) -> Edit:
    """The ends of bodies: before what goes on after one, or on lines of their own."""
    follower = tokens[change.at]
    if follower.type in ("ARROW", "ELSE", "SHORTCUT") and change.types == ("RBRACE",):
        return Edit(Span(source, follower.start, follower.start), "} ")
    last = tokens[change.at - 1 - (tokens[change.at - 1].type == "NEWLINE")]
    end = source.rest_of_line(last.end)[1]
    end -= source.text.endswith("\r", last.end, end)
    return Edit(Span(source, end, end), "".join(f"\n{text}" for text in change.texts if text))


def _instead(source: Source, tokens: list[Token], change: Change) -> Edit:
    first, last = tokens[change.at], tokens[change.at + change.size - 1]
    span = Span(source, first.start, last.end)
    texts = [text for text in change.texts if text]
    if change.kind in _AS_A_WHOLE:
        return Edit(span, _AS_A_WHOLE[change.kind](source, tokens, change))
    if change.kind == "foreign" and first.type == "NEWLINE":
        return Edit(Span(source, tokens[change.at + 1].start, last.end), " ".join(texts))
    if not texts:
        return _without(source, span) if first.type != "NEWLINE" else Edit(span, " ")
    if texts == ["\n"]:
        return Edit(span, "\n" + indentation(source, span.start))
    if change.types == ("NAME",) and first.type in ("CALLNAME", "INDEXED"):
        return Edit(Span(source, span.end, span.end), " ")
    if change.types == ("CALLNAME",):
        return Edit(Span(source, span.end, tokens[change.at + 1].start), "")
    return Edit(span, " ".join(texts))


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


def _without_commas(source: Source, tokens: list[Token], change: Change) -> str:
    """A call without its parentheses and the commas between its arguments."""
    name, opener, *inside, closer = tokens[change.at : change.at + change.size]
    pieces, begin, depth = [name.text(source)], opener.end, 0
    for token in (*inside, closer):
        depth += (token.type in ("LPAR", "LSQB")) - (token.type in ("RPAR", "RSQB"))
        if token is closer or (token.type == "COMMA" and not depth):
            pieces.append(source.text[begin : token.start].strip())
            begin = token.end
    return " ".join(filter(None, pieces))


def _comment(source: Source, tokens: list[Token], change: Change) -> str:
    """A comment of another language as ours, each line with its `#`."""
    start, last = tokens[change.at].start, tokens[change.at + change.size - 1]
    text = source.text[start : last.end]
    blanks = text[len(text.rstrip()) :] if last.type == "NEWLINE" else ""
    lines = [line.strip(" \t\r/*-<>!\"'") for line in text.split("\n")]
    return f"\n{indentation(source, start)}".join(f"# {line}" for line in lines if line) + blanks


def _grouped(source: Source, tokens: list[Token], change: Change) -> str:
    return f"({source.text[tokens[change.at].start : tokens[change.at + change.size - 1].end]})"


def _exchanged(source: Source, tokens: list[Token], change: Change) -> str:
    one, other = tokens[change.at : change.at + change.size]
    return source.text[one.end : other.start].join(change.texts)


_AS_A_WHOLE: dict[str, Callable[[Source, list[Token], Change], str]] = {
    "call": _without_commas,
    "comment": _comment,
    "exchange": _exchanged,
    "group": _grouped,
}
"""How changes are written that keep some of the text between their tokens."""
