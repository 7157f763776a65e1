"""What all commands print alike: diagnostics, with colour where a terminal wants it, and JSON."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterable
from typing import Any, TextIO

from ..diagnostics import Diagnostic

__all__ = [
    "MAX_SHOWN",
    "marked_table",
    "print_diagnostics",
    "print_diagnostics_json",
    "print_diff",
    "print_document",
    "print_json",
    "print_page",
    "print_table",
    "print_warning",
    "shortened",
    "table_width",
    "wants_color",
    "write_text",
]

MAX_SHOWN = 50
SCHEMA = 1
"""The version of the form of every JSON document; it grows where a reader of the old form would go wrong."""

_WIDTH = 120
_NARROWEST = 40
_BOLD, _GREY, _PLAIN = "\x1b[1m", "\x1b[90m", "\x1b[0m"


def wants_color(stream: TextIO) -> bool:
    """Whether to colour: NO_COLOR and TERM=dumb say no, FORCE_COLOR says yes, else a terminal does."""
    if os.environ.get("NO_COLOR"):
        return False
    if os.environ.get("FORCE_COLOR"):
        return True
    return stream.isatty() and os.environ.get("TERM") != "dumb"


def print_diagnostics(diagnostics: Iterable[Diagnostic], stream: TextIO) -> None:
    """Render diagnostics, the first fifty of them, with a blank line between."""
    from ..diagnostics.text import render

    items = tuple(diagnostics)
    color = wants_color(stream)
    texts = [render(item, color=color) for item in items[:MAX_SHOWN]]
    if len(items) > MAX_SHOWN:
        texts.append(f"... and {len(items) - MAX_SHOWN} more\n")
    write_text("\n".join(texts), stream)
    stream.flush()


def print_warning(found: Diagnostic) -> None:
    """Render a warning on standard error, where it does not disturb what is printed."""
    print_diagnostics([found], sys.stderr)


def write_text(text: str, stream: TextIO) -> None:
    """Write a text; on a terminal of another encoding, better an escaped character than none."""
    try:
        stream.write(text)
    except UnicodeEncodeError:
        encoding = stream.encoding or "ascii"
        stream.write(text.encode(encoding, "backslashreplace").decode(encoding))


def print_json(data: Any) -> None:
    """One line of JSON on standard output."""
    import json

    sys.stdout.write(json.dumps(data, ensure_ascii=True) + "\n")


def print_document(kind: str, data: dict[str, Any]) -> None:
    """One line of JSON that says what it is: the version of its form, its kind, then the data."""
    print_json({"schema": SCHEMA, "kind": kind, **data})


def print_diagnostics_json(diagnostics: Iterable[Diagnostic], **more: Any) -> None:
    """Diagnostics as a JSON document on standard output, with more to say of them."""
    from ..diagnostics.json import to_json

    print_document("diagnostics", {**more, "diagnostics": [to_json(item) for item in diagnostics]})


def table_width() -> int:
    """How wide a table may be: as wide as the terminal, and 120 columns where there is none."""
    columns = os.environ.get("COLUMNS", "")
    if columns.isdecimal() and int(columns) > 0:
        return max(_NARROWEST, int(columns))
    try:
        return max(_NARROWEST, os.get_terminal_size(sys.stdout.fileno()).columns)
    except (OSError, ValueError):  # standard output is no terminal, or is not a file at all
        return _WIDTH


def print_page(markdown: str, format_: str) -> None:
    """A page on standard output: laid out for reading, or as it is if the format is ``markdown``."""
    from .pages import render_page

    laid_out = format_ != "markdown"
    write_text(
        render_page(markdown, table_width(), color=wants_color(sys.stdout)) if laid_out else markdown, sys.stdout
    )


def print_table(text: str) -> None:
    """A text with a table in it on standard output; on a terminal its headings and totals are bold, its rules grey."""
    write_text((marked_table(text) if wants_color(sys.stdout) else text) + "\n", sys.stdout)


def marked_table(text: str) -> str:
    """A text with a table in it for a terminal: the rules grey; the heading and what is after the second rule bold."""
    parts = re.split(r"^(-{3,})$", text, maxsplit=2, flags=re.MULTILINE)
    if len(parts) < 3:
        return text
    start, gap, heading = parts[0].rpartition("\n\n")
    before = f"{start}{gap}{_bold(heading)}{_GREY}{parts[1]}{_PLAIN}{parts[2]}"
    if len(parts) == 3:
        return before
    totals, gap, rest = parts[4].partition("\n\n")
    return f"{before}{_GREY}{parts[3]}{_PLAIN}{_bold(totals)}{gap}{rest}"


def _bold(lines: str) -> str:
    return re.sub(r"^(.+)$", rf"{_BOLD}\1{_PLAIN}", lines, flags=re.MULTILINE)


def shortened(line: str, width: int) -> str:
    """A line with its end cut off where it is too long."""
    return line if len(line) <= width else f"{line[: width - 3]}..."


def print_diff(name: str, before: bytes, after: bytes) -> None:
    """How a file of UTF-8 text would change, as a unified diff on standard output; nothing if it would not."""
    from difflib import unified_diff

    for line in unified_diff(_lines(before), _lines(after), name, name):
        write_text(line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n", sys.stdout)


def _lines(content: bytes) -> list[str]:
    """Lines with their ends; only line feeds end them, as in the language."""
    lines = [f"{line}\n" for line in content.decode().split("\n")]
    lines[-1] = lines[-1][:-1]
    return lines if lines[-1] else lines[:-1]
