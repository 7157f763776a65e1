"""Pages of Markdown as text for a terminal: headings, paragraphs and tables as wide as it is, code set apart."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import groupby
from textwrap import wrap

__all__ = ["render_page"]

_BOLD, _CODE, _PLAIN = "\x1b[1m", "\x1b[36m", "\x1b[0m"
_FENCE = "```"
_MOST = 100
"""Lines of prose longer than this are hard to read, however wide the terminal is."""


def render_page(markdown: str, width: int, *, color: bool) -> str:
    """The page in lines of at most so many characters, but for code."""
    pieces = (_piece(kind, lines, width) for kind, lines in _pieces(markdown))
    text = "\n\n".join("\n".join(lines) for lines in pieces) + "\n"
    return _colored(text) if color else text


def _pieces(markdown: str) -> Iterator[tuple[str, list[str]]]:
    """The parts between empty lines, each with its kind; code keeps its empty lines."""
    for number, part in enumerate(re.split(rf"^{_FENCE}.*\n", markdown, flags=re.MULTILINE)):
        if number % 2:
            yield "code", part.rstrip("\n").split("\n")
            continue
        for is_empty, group in groupby(part.split("\n"), key=lambda line: not line.strip()):
            lines = list(group)
            if not is_empty and not lines[0].startswith("<!--"):
                yield _kind(lines[0]), lines


def _kind(line: str) -> str:
    if line.startswith("#"):
        return "heading"
    if line.startswith("|"):
        return "table"
    return "list" if line.startswith(("- ", "1. ")) else "prose"


def _piece(kind: str, lines: list[str], width: int) -> list[str]:
    if kind == "code":
        return [f"    {line}".rstrip() for line in lines]
    if kind == "table":
        return _table(lines, width)
    if kind == "heading":
        return [f"# {_plain(lines[0].lstrip('# '))}"]
    if kind == "list":
        return [part for line in lines for part in wrap(_plain(line), min(width, _MOST), subsequent_indent="  ")]
    return wrap(_plain(" ".join(lines)), min(width, _MOST), break_long_words=False)


def _plain(text: str) -> str:
    """Text without what only a reader of Markdown needs; code keeps its marks."""
    text = re.sub(r"\[([^\]]+)\]\([^)]+\)", r"\1", text)
    return re.sub(r"\\([*|_])", r"\1", text).strip()


def _table(lines: list[str], width: int) -> list[str]:
    """A table with aligned columns; where that is too wide, each row as its first cell and the others below it."""
    head, _, *rows = [[_plain(cell) for cell in re.split(r"(?<!\\)\|", line.strip("|"))] for line in lines]
    widths = [max(map(len, column)) for column in zip(head, *rows, strict=True)]
    if sum(widths) + 2 * len(widths) <= width:
        return [
            "  ".join(cell.ljust(room) for cell, room in zip(row, widths, strict=True)).rstrip()
            for row in (head, *rows)
        ]
    return [line for row in rows for line in _record(head, row, width)]


def _record(head: list[str], row: list[str], width: int) -> Iterator[str]:
    yield row[0]
    room = max(map(len, head[1:])) + 2
    for name, cell in zip(head[1:], row[1:], strict=True):
        if cell:
            first = f"    {name:<{room}}"
            yield from wrap(cell, width, initial_indent=first, subsequent_indent=" " * len(first))


def _colored(text: str) -> str:
    """Headings bold, code in a colour of its own, also where it goes on in the next line."""
    text = re.sub(r"^# (.*)$", rf"{_BOLD}\1{_PLAIN}", text, flags=re.MULTILINE)
    return re.sub(r"`([^`\n]+(?:\n[^`\n]+)?)`", rf"{_CODE}\1{_PLAIN}", text)
