"""Repairs as edits of the text: where what is put in goes, and which blanks go with what is taken away."""

from __future__ import annotations

from ...diagnostics import Edit as TextEdit
from ...source import Source, Span
from ...syntax.lexer import Token
from .search import Edit

__all__ = ["text_edit"]

_CLOSE_TO_THE_LEFT = frozenset((",", ":", ")", "]"))
_CLOSE_TO_THE_RIGHT = frozenset(("(", "["))


def text_edit(source: Source, tokens: list[Token], edit: Edit) -> TextEdit:
    """What an edit of tokens does to the text."""
    if edit.size:
        return _in_place(source, tokens, edit)
    before = tokens[edit.at - 1].end if edit.at else 0
    after = tokens[edit.at].start
    text = edit.texts[0]
    if text == "\n":
        return TextEdit(Span(source, before, after), "\n" + _indentation(source, before))
    gap = source.text[before:after]
    if gap.strip() or "\n" in gap:  # a comment or the end of a line
        return TextEdit(Span(source, before, before), text if text in _CLOSE_TO_THE_LEFT else f" {text}")
    if text in _CLOSE_TO_THE_LEFT:
        return TextEdit(Span(source, before, before), text)
    if text in _CLOSE_TO_THE_RIGHT:
        return TextEdit(Span(source, after, after), text)
    if text == "=" and tokens[edit.at - 1].type == "NAME" and not _begins_let(tokens, edit.at):
        return TextEdit(Span(source, before, after), text)
    return TextEdit(Span(source, before, after), f" {text} ")


def _begins_let(tokens: list[Token], at: int) -> bool:
    return at > 1 and tokens[at - 2].type in ("LET", "EXPECT", "RPAR")


def _in_place(source: Source, tokens: list[Token], edit: Edit) -> TextEdit:
    """What stands in place of tokens."""
    first, last = tokens[edit.at], tokens[edit.at + edit.size - 1]
    start, end = first.start, last.end
    text = source.text
    if edit.kind == "exchange":
        between = text[first.end : last.start]
        return TextEdit(Span(source, start, end), between.join(edit.texts))
    if edit.texts:
        written = " ".join(edit.texts)
        if edit.texts == ("\n",):
            written = "\n" + _indentation(source, start)
        if edit.types == ("NAME",) and first.type in ("CALLNAME", "INDEXED"):
            written += " "
        if edit.types == ("CALLNAME",):
            end = tokens[edit.at + 1].start
        return TextEdit(Span(source, start, end), written)
    if first.type == "NEWLINE":
        return TextEdit(Span(source, start, end), " ")
    if text[end : end + 1] == " " and text[start - 1 : start] in (" ", "\n", ""):
        end += 1
    elif text[end : end + 1] in ("\n", "") and text[start - 1 : start] == " ":
        start -= 1
    elif text[start - 1 : start].isalnum() and text[end : end + 1].isalnum():
        return TextEdit(Span(source, start, end), " ")
    return TextEdit(Span(source, start, end), "")


def _indentation(source: Source, offset: int) -> str:
    line = source.line(source.position(offset)[0])
    return line[: len(line) - len(line.lstrip(" \t"))]
