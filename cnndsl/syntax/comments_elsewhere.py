"""Comments, bullets and line ends as other languages write them, each sort one mistake however often it stands in a text."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from itertools import islice

from ..diagnostics import Diagnostic, Diagnostics, Edit, Fix, Label
from ..diagnostics.kinds import syntax
from ..record import Record
from ..source import Source, Span
from .lexer import Token

__all__ = ["take_comments"]

_BLOCKS = re.compile(r'"""(?:.*?)"""|\'\'\'(?:.*?)\'\'\'|<!--(?:.*?)-->|\(\*(?:.*?)\*\)|\{-(?:.*?)-\}', re.DOTALL)
_LONGEST = 400
_CLOSERS = {'"': '"""', "'": "'''", "<": "-->", "(": "*)", "{": "-}"}
_LINES = re.compile(
    r"^[ \t]*(?P<sign>--+|%+|;+|!+(?!=)|\*(?=[ \t]+[A-Za-z]+[ \t]+[a-z]+[ \t]+[a-z]+)|REM\b|rem\b)(?P<text>[^\n]*)",
    re.MULTILINE,
)
_BEHIND = re.compile(r"[ \t](?P<sign>--|%|;)[ \t]+(?P<text>[A-Za-z0-9][^\n#]*)")
_BULLETS = re.compile(r"^[ \t]*(?P<sign>(?:[-*\u2022\u2023\u25e6\u00b7]|\d+[.):])[ \t]+)(?=[A-Za-z_])", re.MULTILINE)
_ENDS = re.compile(r"(?<!\));(?=[ \t]*(?:#[^\n]*)?\r?(?:\n|\Z))")
_GOES_ON = re.compile(r"(?P<sign>[ \t]?\\[ \t]*\r?\n[ \t]*)")
_ARGUMENTS_BELOW = re.compile(r"(?<=[\w)\]\"])(?P<sign>[ \t]*\r?\n[ \t]+)(?=[A-Za-z_]\w*=[^=\s]|\d+x\d+\b|\d+[ \t\n])")


class _Found(Record):
    """A stretch of the text that is to go, from its first character on: its edits, and what stands in its place."""

    span: Span
    end: int
    edits: tuple[Edit, ...]


def take_comments(source: Source, tokens: list[Token], diagnostics: Diagnostics) -> list[Token]:
    """Report them; the tokens without what stands in comments, and without bullets."""
    for find, say in (
        (_blocks, _say_comment),
        (_lines, _say_comment),
        (_bullets, _say_bullet),
        (_semicolons, _say_semicolons),
        (_continued, _say_continued),
    ):
        starts = {token.start for token in tokens}
        found = [
            item for item in islice(find(source), Diagnostics.MOST) if item.span.start in starts or find is _continued
        ]
        if found:
            tokens = _without(tokens, found)
            edits = tuple(edit for item in found for edit in item.edits)
            diagnostics.report(
                say(found, Fix("write it so everywhere" if len(found) > 1 else "write it so", edits, True))
            )
    return tokens


def _without(tokens: list[Token], found: list[_Found]) -> list[Token]:
    kept: list[Token] = []
    places = iter(sorted(found, key=lambda item: item.span.start))
    item = next(places, None)
    for token in tokens:
        while item is not None and item.end <= token.start:
            item = next(places, None)
        if item is not None and item.span.start <= token.start < item.end:
            continue
        if token.type == "NEWLINE" and kept and kept[-1].type == "NEWLINE":
            continue  # a line that holds a comment only is no line
        kept.append(token)
    return kept


# What is found


def _is_code(source: Source, offset: int) -> bool:
    """Whether no comment and no string of ours has begun before an offset on its line, which is none that nobody writes."""
    line, column = source.position(offset)
    if column > _LONGEST:
        return False
    before = source.line(line)[: column - 1]
    return "#" not in before and before.count('"') % 2 == 0 and not _in_comment_of_c(source, offset)


def _in_comment_of_c(source: Source, offset: int) -> bool:
    """Whether ``/*`` is open before an offset: what stands in it is told with it."""
    return source.text.rfind("/*", 0, offset) > source.text.rfind("*/", 0, offset)


def _in_brackets(source: Source, offset: int) -> bool:
    line, column = source.position(offset)
    before = source.line(line)[: column - 1]
    return before.count("(") + before.count("[") > before.count(")") + before.count("]")


def _blocks(source: Source) -> Iterator[_Found]:
    for match in _BLOCKS.finditer(source.text):
        if not _is_code(source, match.start()):
            continue
        closer = _CLOSERS[match[0][0]]
        opener = 4 if closer == "-->" else len(closer)
        rest = source.text[slice(*source.rest_of_line(match.end()))].strip()
        edits = _line_comments(source, match.start(), match.end(), opener, len(closer)) if not rest else ()
        yield _Found(Span(source, match.start(), match.start() + opener), match.end(), edits)


def _line_comments(source: Source, start: int, end: int, opener: int, closer: int) -> tuple[Edit, ...]:
    """``#`` before each line of a comment that has an end of its own."""
    lines = source.text[start + opener : end - closer].rstrip().split("\n")
    written = [f"# {lines[0].strip()}".rstrip()] if lines[0].strip() or len(lines) == 1 else []
    indent = source.text[source.text.rfind("\n", 0, start) + 1 : start]
    blank = indent if not indent.strip() else ""
    written += [
        f"{'' if not written and not index else blank}# {line.strip()}".rstrip() for index, line in enumerate(lines[1:])
    ]
    return (Edit(Span(source, start, end), "\n".join(written)),)


def _lines(source: Source) -> Iterator[_Found]:
    matches = [*_LINES.finditer(source.text), *_BEHIND.finditer(source.text)]
    end = -1
    for match in sorted(matches, key=lambda match: match.start("sign")):
        start = match.start("sign")
        if start < end or not _is_code(source, start) or _in_brackets(source, start):
            continue
        if source.text[max(0, start - 3) : start].rstrip().endswith(('"', "'")):
            continue  # a text that is put together
        if match.re is _BEHIND and not _is_prose(source, match["text"], match["sign"]):
            continue
        if match["sign"] == "--" and match["text"].startswith(">"):
            continue
        span = Span(source, start, match.end("sign"))
        blank = "" if source.text[span.end : span.end + 1] in (" ", "\t", "\n", "") else " "
        end = source.rest_of_line(start)[1]
        yield _Found(span, end, (Edit(span, f"#{blank}"),))


def _is_prose(source: Source, text: str, sign: str) -> bool:
    """Whether what follows a sign are words and no layer, operand or argument."""
    from ..ops import OPERATORS  # only a text with such a sign needs them

    words = re.findall(r"\w+", text)
    if sign == ";":
        return (
            len(words) > 1 and words[0] not in OPERATORS and f"block {words[0]}" not in source.text and "=" not in text
        )
    if not any(word.isalpha() and word not in OPERATORS for word in words):
        return False
    return sign == "--" or len(words) > 1 or not re.search(rf"\b(?:let|for|block)\b[^\n]*\b{words[0]}\b", source.text)


def _bullets(source: Source) -> Iterator[_Found]:
    is_match = re.search(r"\bmatch\b", source.text)
    for match in _BULLETS.finditer(source.text):
        sign = match["sign"].strip()
        if (sign.endswith(":") and is_match) or _in_comment_of_c(source, match.start("sign")):
            continue
        span = Span(source, *match.span("sign"))
        yield _Found(Span(source, span.start, span.start + len(sign)), span.end, (Edit(span, ""),))


def _semicolons(source: Source) -> Iterator[_Found]:
    for match in _ENDS.finditer(source.text):
        alone = source.line(source.position(match.start())[0]).count(";") == 1
        if alone and _is_code(source, match.start()):
            span = Span(source, match.start(), match.start() + 1)
            yield _Found(span, span.end, (Edit(span, ""),))


def _continued(source: Source) -> Iterator[_Found]:
    for pattern in (_GOES_ON, _ARGUMENTS_BELOW):
        for match in pattern.finditer(source.text):
            start, end = match.span("sign")
            if not _is_code(source, start) or (pattern is _ARGUMENTS_BELOW and not _is_deeper(source, start, end)):
                continue
            at = Span(source, end - 1, end) if pattern is _ARGUMENTS_BELOW else Span(source, start, start + 1)
            yield _Found(at.replace(start=start), end, (Edit(Span(source, start, end), " "),))


def _is_deeper(source: Source, start: int, end: int) -> bool:
    """Whether the line that begins at ``end`` is indented more than the one that ends at ``start``, outside of brackets."""
    line = source.line(source.position(start)[0])
    begins = re.match(r"(\s*)[A-Za-z_\"]", line)
    if not begins or source.position(end)[1] - 1 <= len(begins[1]) or _in_brackets(source, start):
        return False
    return not re.search(r"\bmatch\b[^\n]*\{[^{}]*$", source.text[max(0, start - 4000) : start])


# What is said


def _say_comment(found: list[_Found], fix: Fix) -> Diagnostic:
    sign = found[0].span
    message = f"a comment begins with `#`, not with `{sign.text}`"
    fixes = (fix.replace(message="write `#`"),) if all(item.edits for item in found) else ()
    return _said(message, found, "write `#` before the comment, on each of its lines", fixes)


def _say_bullet(found: list[_Found], fix: Fix) -> Diagnostic:
    fixes = (fix.replace(message="remove them" if len(found) > 1 else "remove it"),)
    message = f"a statement begins with its word, not with `{found[0].span.text}`"
    return _said(message, found, "write each layer on its line, without a bullet or number", fixes)


def _say_semicolons(found: list[_Found], fix: Fix) -> Diagnostic:
    fixes = (fix.replace(message="remove them" if len(found) > 1 else "remove it"),)
    help_ = "a statement ends with its line, or with a `|` before the next one"
    return _said("the character `;` has no meaning here", found, help_, fixes).replace(kind=syntax.BAD_CHARACTER)


def _say_continued(found: list[_Found], fix: Fix) -> Diagnostic:
    fixes = (fix.replace(message="join the lines"),)
    help_ = "write it on one line; only `|` begins a line that goes on"
    first = found[0].replace(span=found[0].span.replace(start=found[0].end - 1, end=found[0].end))
    return _said("a statement ends with its line", [first, *found[1:]], help_, fixes)


def _said(message: str, found: list[_Found], help_: str, fixes: tuple[Fix, ...]) -> Diagnostic:
    others = tuple(Label(item.span, "and here") for item in found[1:8])
    return Diagnostic(syntax.UNEXPECTED, message, Label(found[0].span), others, help=(help_,), fixes=fixes)


_Find = Callable[[Source], Iterator[_Found]]
