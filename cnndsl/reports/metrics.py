"""How wide a text is: the advance widths of Helvetica, which Arial, Arimo and Liberation Sans share.

From Adobe's Core 14 AFM files, Helvetica and Helvetica-Bold, for the printable ASCII characters in thousandths of the size.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable
from typing import TypeVar

__all__ = ["BOLD", "PLAIN", "cut", "evened", "text_width", "wrap", "wrap_items"]

PLAIN = (
    278, 278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333, 278, 278, 556, 556, 556, 556, 556, 556, 556, 556,
    556, 556, 278, 278, 584, 584, 584, 556, 1015, 667, 667, 722, 722, 667, 611, 778, 722, 278, 500, 667, 556, 833, 722, 778,
    667, 778, 722, 667, 611, 722, 667, 944, 667, 667, 611, 278, 278, 278, 469, 556, 333, 556, 556, 500, 556, 556, 278, 556,
    556, 222, 222, 500, 222, 833, 556, 556, 556, 556, 333, 500, 278, 556, 500, 722, 500, 500, 500, 334, 260, 334, 584,
)  # fmt: skip
BOLD = (
    278, 333, 474, 556, 556, 889, 722, 238, 333, 333, 389, 584, 278, 333, 278, 278, 556, 556, 556, 556, 556, 556, 556, 556,
    556, 556, 333, 333, 584, 584, 584, 611, 975, 722, 722, 722, 722, 667, 611, 778, 722, 278, 556, 722, 611, 833, 722, 778,
    667, 778, 722, 667, 611, 722, 667, 944, 667, 667, 611, 333, 278, 333, 584, 556, 333, 556, 611, 556, 611, 556, 333, 611,
    611, 278, 278, 556, 278, 889, 611, 611, 611, 611, 389, 556, 333, 611, 556, 778, 556, 556, 500, 389, 280, 389, 584,
)  # fmt: skip

Line = TypeVar("Line")

_LATIN = 0x250
_WIDE_LATIN = 800  # no accented letter but a few capitals is wider
_WIDE = 1100  # ideographs and pictures fill a square


def text_width(text: str, size: float, bold: bool = False) -> float:
    """The width of a text in points; of characters outside ASCII an upper bound."""
    widths = BOLD if bold else PLAIN
    return size / 1000 * sum(_advance(ord(char), widths) for char in text)


def _advance(code: int, widths: tuple[int, ...]) -> int:
    if 32 <= code < 127:
        return widths[code - 32]
    return _WIDE_LATIN if code < _LATIN else _WIDE


def cut(text: str, width: float, size: float, bold: bool = False) -> str:
    """The text, or as much of its beginning as fits with dots after it."""
    if text_width(text, size, bold) <= width:
        return text
    fitting = bisect_right(range(len(text)), width, key=lambda end: text_width(f"{text[:end]}...", size, bold))
    return f"{text[: max(0, fitting - 1)].rstrip()}..."


def wrap(text: str, width: float, size: float, bold: bool = False) -> list[str]:
    """The text in lines that are not wider; a word that is wider by itself is cut."""
    return wrap_items(text.split(), " ", width, size, bold)


def wrap_items(items: list[str], between: str, width: float, size: float, bold: bool = False) -> list[str]:
    """Items in as few lines as hold them, none torn apart; the dividing text goes away where a line ends, but for a comma."""
    lines: list[str] = []
    for item in items:
        longer = f"{lines[-1]}{between}{item}" if lines else item
        if lines and text_width(longer, size, bold) <= width:
            lines[-1] = longer
            continue
        if lines and between.startswith(","):
            lines[-1] += ","
        lines.append(cut(item, width, size, bold))
    return lines


def evened(lines_of: Callable[[float], list[Line]], least: float, width: float) -> list[Line]:
    """As few lines as this width takes, none much longer than the others.

    ``lines_of`` breaks what there is into lines of a width, and ``least`` is that of the widest piece.
    """
    count = len(lines_of(width))
    while width - least > 1:
        middle = (least + width) / 2
        least, width = (least, middle) if len(lines_of(middle)) <= count else (middle, width)
    return lines_of(width)
