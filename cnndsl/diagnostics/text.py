"""A diagnostic as a person reads it in a terminal: message, place, source lines with carets, notes and help."""

from __future__ import annotations

from typing import Any, Protocol

from ..source import Source
from .label import Label

__all__ = ["Shown", "markup", "render", "sanitize"]


class Shown(Protocol):
    """What is shown of a diagnostic."""

    @property
    def kind(self) -> Any:
        """Its code and severity."""

    @property
    def message(self) -> str:
        """What is wrong."""

    @property
    def primary(self) -> Label | None:
        """Where."""

    @property
    def secondary(self) -> tuple[Label, ...]:
        """What else is to be looked at."""

    @property
    def notes(self) -> tuple[str, ...]:
        """Why."""

    @property
    def help(self) -> tuple[str, ...]:
        """What to do."""


_TAB = "    "
_MAX_LINE = 160
_COLORS = {"error": "1;31", "warning": "1;33", "note": "1", "help": "1;36", "gutter": "1;34", "bold": "1"}

_ENTITIES = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}
_STYLES = {
    "error": "color: #c62828; font-weight: bold",
    "warning": "color: #b26a00; font-weight: bold",
    "note": "font-weight: bold",
    "help": "color: #00798c; font-weight: bold",
    "gutter": "color: #1565c0; font-weight: bold",
    "bold": "font-weight: bold",
}
"""The colours of a terminal on a page, dark enough on white and light enough on black."""


def render(diagnostic: Shown, *, color: bool = False) -> str:
    """The diagnostic as text that ends in a newline; with ANSI colours if asked."""
    severity = diagnostic.kind.severity
    title = _paint(f"{severity}[{diagnostic.kind.code}]", severity, color)
    lines = [f"{title}: {_paint(sanitize(diagnostic.message), 'bold', color)}"]
    width = 1
    if diagnostic.primary is not None:
        labels = (diagnostic.primary, *diagnostic.secondary)
        width = len(str(max(label.span.position[0] for label in labels)))
        lines += _places(diagnostic.primary, diagnostic.secondary, severity, width, color)
    for word, texts in (("note", diagnostic.notes), ("help", diagnostic.help)):
        for text in texts:
            lines += _remark(word, text, width, color)
    return "\n".join(lines) + "\n"


def markup(*diagnostics: Shown) -> str:
    """Diagnostics as HTML for a notebook, in the colours of a terminal."""
    text = "\n".join(render(each, color=True) for each in diagnostics)
    for char, entity in _ENTITIES.items():
        text = text.replace(char, entity)
    for role, code in _COLORS.items():
        text = text.replace(f"\x1b[{code}m", f'<span style="{_STYLES[role]}">')
    text = text.replace("\x1b[0m", "</span>")
    return f'<pre style="line-height: 1.3; overflow-x: auto">{text}</pre>'


def sanitize(text: str) -> str:
    """The text with control characters made visible, so that a file cannot steer the reader's terminal."""
    if text.isprintable():
        return text
    return "".join(char if char.isprintable() or char == "\n" else f"\\x{ord(char):02x}" for char in text)


def _paint(text: str, role: str, color: bool) -> str:
    return f"\x1b[{_COLORS[role]}m{text}\x1b[0m" if color else text


def _remark(word: str, text: str, width: int, color: bool) -> list[str]:
    first, *rest = sanitize(text).split("\n")
    indent = " " * (width + 1)
    head = f"{indent}{_paint('=', 'gutter', color)} {_paint(word + ':', word, color)} {first}"
    return [head, *(f"{indent}  {' ' * (len(word) + 1)} {line}" for line in rest)]


def _places(primary: Label, secondary: tuple[Label, ...], severity: str, width: int, color: bool) -> list[str]:
    """The source lines of all labels, grouped by file, the file of the primary label first."""
    by_source: dict[Source, list[tuple[Label, str]]] = {primary.span.source: [(primary, "^")]}
    for label in secondary:
        by_source.setdefault(label.span.source, []).append((label, "-"))
    lines: list[str] = []
    for source, marked in by_source.items():
        line, column = marked[0][0].span.position
        arrow = "-->" if source is primary.span.source else ":::"
        lines.append(f"{' ' * width}{_paint(arrow, 'gutter', color)} {sanitize(source.name)}:{line}:{column}")
        lines += _excerpt(source, marked, severity, width, color)
    return lines


def _excerpt(source: Source, marked: list[tuple[Label, str]], severity: str, width: int, color: bool) -> list[str]:
    lines: list[str] = []
    shown = 0
    for label, mark in sorted(marked, key=lambda item: item[0].span.start):
        number, column = label.span.position
        if shown and number > shown + 1:
            lines.append(_paint("...", "gutter", color))
        text, start, length = _clip(source.line(number), column - 1, _length(label, number))
        if number != shown:
            lines.append(_paint(f"{number:>{width}} |", "gutter", color) + f" {text}".rstrip())
        marks = mark * max(1, length) + (f" {sanitize(label.text)}" if label.text else "")
        role = severity if mark == "^" else "gutter"
        lines.append(_paint(f"{' ' * width} |", "gutter", color) + f" {' ' * start}{_paint(marks, role, color)}")
        shown = number
    return lines


def _length(label: Label, line: int) -> int:
    """How many characters of the span lie on its first line."""
    start = label.span.position[1]
    end_line, end = label.span.end_position
    return (end if end_line == line else len(label.span.source.line(line)) + 1) - start


def _clip(line: str, start: int, length: int) -> tuple[str, int, int]:
    """A long line is cut around the place; tabs become blanks and wide characters take their two columns."""
    before, marked, after = line[:start], line[start : start + length], line[start + length :]
    if len(line) > _MAX_LINE:
        before = "..." + before[-_MAX_LINE // 2 :] if len(before) > _MAX_LINE // 2 else before
        marked, after = marked[: _MAX_LINE // 2], after[: _MAX_LINE // 2]
    before, marked, after = (sanitize(part.replace("\t", _TAB)) for part in (before, marked, after))
    return before + marked + after, _columns(before), _columns(marked)


def _columns(text: str) -> int:
    if text.isascii():
        return len(text)
    from unicodedata import combining, east_asian_width

    return sum(0 if combining(char) else 2 if east_asian_width(char) in "WF" else 1 for char in text)
