"""Habits from other languages that are recognised before anything is parsed: statements written as calls, and comments that
do not begin with ``#``. Each is said once, and nothing else is said of the stretch that it fills.
"""

from __future__ import annotations

from ..diagnostics import Diagnostic, Diagnostics, Edit, Fix, Label
from ..diagnostics.kinds import syntax
from ..source import Source, Span
from .calls import CallReader, ForeignCall
from .lexer import Token

__all__ = ["take_habits"]

_TELLING = frozenset(("CALLNAME", "SLASH", "SLASHES"))
_BEGINS = frozenset(("NEWLINE", "PIPE", "LBRACE", "RBRACE"))
_OPERANDS = frozenset(("NUMBER", "NAME", "RPAR", "RSQB"))


def take_habits(
    source: Source, tokens: list[Token], diagnostics: Diagnostics
) -> tuple[list[Token], list[tuple[int, int]]]:
    """Report them; the tokens without foreign comments, and the stretches of foreign calls, about which all is said."""
    if not any(token.type in _TELLING for token in tokens):
        return tokens, []
    tokens = _without_comments(source, tokens, diagnostics)
    return tokens, _report_calls(source, tokens, diagnostics)


# Calls


def _report_calls(source: Source, tokens: list[Token], diagnostics: Diagnostics) -> list[tuple[int, int]]:
    stretches: list[tuple[int, int]] = []
    reader: CallReader | None = None
    past = 0
    for index in _statement_calls(source, tokens):
        if index < past or diagnostics.is_full:
            continue
        reader = reader or CallReader(source, tokens)
        call = reader.read(index)
        if call is not None:
            diagnostics.report(_call(source, tokens, call))
            stretches.append((tokens[call.first].start, tokens[call.last].end))
            past = call.last
    return stretches


def _statement_calls(source: Source, tokens: list[Token]) -> list[int]:
    """The calls that begin a statement or are assigned by one: inside braces, but neither in brackets nor in a ``match``."""
    found: list[int] = []
    braces: list[bool] = []
    round_ = 0
    in_match = False
    for index, token in enumerate(tokens):
        match token.type:
            case "LBRACE":
                braces.append(in_match)
                round_, in_match = 0, False
            case "RBRACE":
                del braces[-1:]
                round_ = 0
            case "LPAR" | "LSQB":
                round_ += 1
            case "RPAR" | "RSQB":
                round_ = max(0, round_ - 1)
            case "NEWLINE":
                in_match = False
            case "MATCH":
                in_match = True
            case "CALLNAME" if braces and not braces[-1] and not round_ and _begins_statement(tokens, index):
                found.append(index)
    return found


def _begins_statement(tokens: list[Token], index: int) -> bool:
    """Whether a statement begins here, behind its label or as ``name = ...``."""
    before = tokens[index - 1].type
    if before in ("EQUAL", "COLON") and index > 2:
        named = tokens[index - 2].type in ("NAME", "STRING", "BLOCK", "TRAIN", "NETWORK", "USE", "FROM", "WITH")
        return named and tokens[index - 3].type in _BEGINS
    return before in _BEGINS


def _call(source: Source, tokens: list[Token], call: ForeignCall) -> Diagnostic:
    span = Span(source, tokens[call.first].start, tokens[call.last].end)
    if "\n" in span.text:
        span = Span(source, tokens[call.first].start, source.rest_of_line(span.start)[1])
    same = call.word == call.name
    message = "arguments stand behind a layer without parentheses and commas"
    if not same:
        message = f"`{call.name}` is `{call.word}` here, and its arguments stand without parentheses"
    help_ = (f"write `{call.text}`",) if call.text else ("a layer and its arguments are written as in `conv 64 3x3`",)
    fixes = (Fix(f"write `{call.text}`", call.edits, call.clear),) if call.edits else ()
    return Diagnostic(syntax.CALL_PARENTHESES, message, Label(span), notes=call.notes, help=help_, fixes=fixes)


# Comments


def _without_comments(source: Source, tokens: list[Token], diagnostics: Diagnostics) -> list[Token]:
    kept: list[Token] = []
    end = -1
    for index, token in enumerate(tokens):
        if token.start < end:
            continue
        if end >= 0 and token.type == "NEWLINE" and kept and kept[-1].type == "NEWLINE":
            continue  # a line that holds a comment only is no line
        end = _comment_end(source, tokens, index, kept)
        if end < 0:
            kept.append(token)
        elif not diagnostics.is_full:
            diagnostics.report(_comment(source, token.start, end))
    return kept


def _comment_end(source: Source, tokens: list[Token], index: int, kept: list[Token]) -> int:
    """Where the comment ends that begins with this token; negative if none does."""
    token = tokens[index]
    if token.type == "SLASHES" and _is_comment(source, tokens, index, kept):
        return source.rest_of_line(token.start)[1]
    if token.type == "SLASH" and source.text.startswith("/*", token.start):
        end = source.text.find("*/", token.start + 2)
        return len(source.text) if end < 0 else end + 2
    return -1


def _is_comment(source: Source, tokens: list[Token], index: int, kept: list[Token]) -> bool:
    """Whether ``//`` begins a comment: nothing before it can be divided, or nothing behind it can divide.

    A word that stands nowhere else in the text is no number.
    """
    before = kept[-1].type if kept else "NEWLINE"
    if before not in _OPERANDS:
        return before not in ("STAR", "EQUAL", "LPAR", "COMMA")
    if before == "NAME" and (len(kept) == 1 or kept[-2].type in _BEGINS | {"COLON"}):
        return True  # a layer without arguments
    behind = tokens[index + 1 : index + 2]
    if not behind or behind[0].type != "NAME":
        return bool(behind) and behind[0].type not in ("NUMBER", "LPAR", "CALLNAME", "INDEXED", "MINUS", "NEGATIVE")
    word = source.text[behind[0].start : behind[0].end]
    return source.text.count(word) == 1


def _comment(source: Source, start: int, end: int) -> Diagnostic:
    text = source.text[start:end]
    span = Span(source, start, start + 2)
    if text.startswith("//"):
        fix = Fix("write `#`", (Edit(span, "#"),), True)
        return Diagnostic(syntax.UNEXPECTED, "a comment begins with `#`, not with `//`", Label(span), fixes=(fix,))
    message = "a comment begins with `#` and ends with its line"
    if not text.endswith("*/") or len(text) < 4:
        return Diagnostic(syntax.UNEXPECTED, message, Label(span), help=("begin each of its lines with `#`",))
    rest = source.text[end : source.rest_of_line(end)[1]]
    alone = not rest.strip() or rest.lstrip().startswith("#")
    fixes = (Fix("write `#`", _line_comments(source, start, end), True),) if alone else ()
    help_ = () if alone else ("put it on a line of its own, or at the end of the line",)
    return Diagnostic(syntax.UNEXPECTED, message, Label(span), help=help_, fixes=fixes)


def _line_comments(source: Source, start: int, end: int) -> tuple[Edit, ...]:
    """``#`` before each line of a comment, in place of the stars that people draw; its end goes."""
    edits = [Edit(Span(source, start, start + 2), "#")]
    offset = source.text.find("\n", start, end)
    while offset >= 0:
        begin = offset + 1
        while source.text[begin] in " \t":
            begin += 1
        star = source.text[begin] == "*" and begin < end - 2
        if begin < end - 2:
            edits.append(Edit(Span(source, begin, begin + star), "#" if star else "# "))
        offset = source.text.find("\n", offset + 1, end)
    edits.append(Edit(Span(source, end - 2, end), ""))
    return tuple(edits)
