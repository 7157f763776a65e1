"""What a line may mean whose author writes as elsewhere: rows of a table, each an example that is laid beside its tokens."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from functools import cache
from itertools import accumulate
from typing import NamedTuple

from ..diagnostics import Edit
from ..elaborate import STRUCTURES
from ..source import Source, Span
from ..syntax.lexer import Token, tokenize
from ..syntax.tables import KEYWORDS
from .foreign.habits import HABITS, LITERAL

__all__ = ["Meant", "habits", "habits_of"]

_LONGEST, _LONGEST_SHOWN = 40, 64
_BEGINS_AFTER = frozenset(("PIPE", "LBRACE", "COLON"))
_PART = re.compile(r"[0-9]+(?:x[0-9]+)+|[0-9]+|[A-Za-z_]+|.")
_SIZE, _NUMBER, _NAME = r"([0-9]+(?:x[0-9]+)+)", r"([0-9][0-9_]*(?:(?:x[0-9]+)+|\.[0-9]+)?)", r"([A-Za-z_]\w*?)"
_REST = "…‥"


class Meant(NamedTuple):
    """A line as it is written here, why, and the edit that makes it so; ``certain`` if it makes no name, which may be none."""

    line: str
    why: str
    edit: Edit
    certain: bool


class _Row(NamedTuple):
    """An example as a pattern of tokens with blanks between them, the parts that vary, and the tokens that do not."""

    pattern: str
    parts: tuple[str, ...]
    needs: frozenset[str]
    anywhere: bool
    here: str
    why: str


@cache
def _rows() -> tuple[_Row, ...]:
    return tuple(_row(written, here, why) for here, why, examples in HABITS for written in examples.split("  "))


def _row(written: str, here: str, why: str) -> _Row:
    kept = {*_PART.findall(here)} - {*LITERAL, *STRUCTURES, *KEYWORDS}
    kept |= {number for size in kept for number in size.split("x") if number.isdecimal()}
    example = Source("", written)
    texts = [token.text(example) for token in tokenize(example)[0]]
    anywhere = texts[0] == "…"
    parts: list[str] = []
    pattern = "".join(_pattern(part, kept, parts) for part in _PART.findall(" ".join(texts[anywhere:])))
    vary = {*parts, *_REST, *(text for text in texts if {*text.split("x")} & {*parts})}
    needs = frozenset(text for text in texts if vary.isdisjoint(_PART.findall(text)))
    end = r"\Z" if texts[-1] in _REST else r"(?!\S)"
    return _Row(rf"(?<!\S){pattern}{end}", tuple(parts), needs, anywhere, here, why)


def _pattern(part: str, kept: set[str], parts: list[str]) -> str:
    """What a part of an example stands for; one that varies is added to the ``parts``."""
    if part in parts:
        return rf"\{parts.index(part) + 1}"
    if part not in kept and "x" in part and part[0].isdecimal():
        return "x".join(_pattern(number, kept, parts) for number in part.split("x"))
    if part not in kept or not (part[0].isdecimal() or part.isidentifier() or part in _REST):
        return re.escape(part)
    parts.append(part)
    if part[0].isdecimal():
        return _SIZE if "x" in part else _NUMBER
    return _NAME if part.isidentifier() else "(.+?)"


def habits(source: Source, tokens: Sequence[Token], at: int) -> Iterator[Meant]:
    """What the line of a token may mean, the likeliest first: rows of the table that have the token in them."""
    begin, end = _ends_of_line(source, tokens[at].start)
    line = [token for token in tokens[max(0, at - _LONGEST) : at + _LONGEST] if begin <= token.start < end]
    here = sum(token.start < tokens[at].start for token in line)
    texts = [token.text(source) for token in line]
    places = [0, *accumulate(len(text) + 1 for text in texts)]
    starts = [0, *(index + 1 for index, token in enumerate(line) if token.type in _BEGINS_AFTER)]
    joined, known = " ".join(texts), set(texts)
    for row in _rows():
        if row.needs <= known:
            pattern = re.compile(row.pattern)
            for start in range(len(line)) if row.anywhere else starts:
                found = pattern.match(joined, places[start]) if start <= here else None
                if found is not None and found.end() + 1 >= places[here]:
                    yield _meant(source, line, row, found, places)
                    break


def habits_of(span: Span) -> Iterator[Meant]:
    """What the line of a place may mean, if it can be read."""
    source = span.source
    start, end = _ends_of_line(source, span.start)
    tokens = tokenize(source, start, end)[0]
    at = next((index for index, token in enumerate(tokens) if token.end > span.start), None)
    return iter(()) if at is None else habits(source, [*tokens, Token("$END", end, end)], at)


def _ends_of_line(source: Source, offset: int) -> tuple[int, int]:
    return source.text.rfind("\n", 0, offset) + 1, source.rest_of_line(offset)[1]


def _meant(source: Source, line: Sequence[Token], row: _Row, found: re.Match[str], places: list[int]) -> Meant:
    """What is written here in place of what a pattern found."""

    def span(group: int) -> Span:
        begin, end = (bisect_right(places, place) - 1 for place in (found.start(group), found.end(group) - 1))
        return Span(source, line[begin].start, line[end].end)

    def written(part: re.Match[str]) -> str:
        text = part[0]
        if text in row.parts:
            group = row.parts.index(text) + 1
            return span(group).text if text in _REST else found[group]
        is_size = "x" in text and text[0].isdecimal()
        return "x".join(found[row.parts.index(number) + 1] for number in text.split("x")) if is_size else text

    new, place = _PART.sub(written, row.here), span(0)
    before = source.text[place.start - 1 : place.start]
    edit = Edit(place, " " * before.isalnum() + new)
    begin, end = _ends_of_line(source, place.start)
    shown = f"{source.text[begin : place.start]}{edit.replacement}{source.text[place.end : end]}".strip()
    return Meant(shown if len(shown) <= _LONGEST_SHOWN else new.strip(), row.why, edit, not row.here.startswith("let"))
