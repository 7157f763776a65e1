"""Collects a drawing from top to bottom: the parts that all pictures of layers share."""

from __future__ import annotations

from collections.abc import Iterable

from ..diagram.palette import INK, KINDS, PALE_INK, Paint
from .lettering import cut, wrapped
from .scene import Line, Rectangle, Scene, Text

__all__ = ["MARGIN", "MARKS", "PADDING", "WIDTH", "Canvas", "hatched"]

WIDTH = 840.0
MARGIN = 28.0
MARKS = (KINDS["conv"], KINDS["merge"], KINDS["dense"])
"""The first, the second and the last window: sky blue, vermilion and bluish green."""
PADDING = Paint("#ededed", "#8c8c8c")


class Canvas:
    """What has been drawn, and how far down it reaches."""

    def __init__(self, title: str, subtitle: str) -> None:
        self.items: list[Rectangle | Line | Text] = []
        self.heading = title
        self.y = MARGIN + 14
        self.text(MARGIN, cut(title, WIDTH - 2 * MARGIN, 18, bold=True), 18, bold=True)
        self.y += 20
        self.text(MARGIN, cut(subtitle, WIDTH - 2 * MARGIN, 13), 13, fill=PALE_INK)
        self.y += 12

    def add(self, *items: Rectangle | Line | Text) -> None:
        self.items += items

    def text(self, x: float, text: str, size: float = 12, *, bold: bool = False, fill: str = INK) -> None:
        """A text at the height that is reached."""
        self.add(Text(x, self.y, text, size, bold=bold, fill=fill))

    def paragraph(self, text: str, size: float = 12.5, *, bold: bool = False) -> None:
        """A text below what is there, in as many lines as it takes."""
        for line in wrapped(text, WIDTH - 2 * MARGIN, size, bold=bold):
            self.y += 1.45 * size
            self.text(MARGIN, line, size, bold=bold)

    def key(self, swatch: Iterable[Rectangle | Line], text: str) -> None:
        """A line of the legend: a sample, drawn in a square of 12 points at the origin, and what it stands for."""
        self.y += 18
        self.add(*(moved(item, MARGIN, self.y - 10) for item in swatch))
        self.text(MARGIN + 20, cut(text, WIDTH - 2 * MARGIN - 20, 12), 12)

    def scene(self, description: str) -> Scene:
        """The drawing, no wider than what is in it."""
        width = min(WIDTH, max(map(_right, self.items)) + MARGIN)
        return Scene(width, self.y + MARGIN, self.heading, description, tuple(self.items))


def _right(item: Rectangle | Line | Text) -> float:
    if isinstance(item, Rectangle):
        return item.x + item.width
    return max(item.x1, item.x2) if isinstance(item, Line) else item.box[2]


def moved(item: Rectangle | Line, dx: float, dy: float) -> Rectangle | Line:
    """The same at another position."""
    if isinstance(item, Rectangle):
        return item.replace(x=item.x + dx, y=item.y + dy)
    return item.replace(x1=item.x1 + dx, y1=item.y1 + dy, x2=item.x2 + dx, y2=item.y2 + dy)


def hatched(x: float, y: float, width: float, height: float, step: float = 5.0) -> list[Rectangle | Line]:
    """A rectangle under slanted lines: what no window covers."""
    lines: list[Rectangle | Line] = [Rectangle(x, y, width, height, "#ffffff", "#595959", 0.8)]
    for number in range(1, int((width + height) / step) + 1):
        reach = number * step
        x1, y1 = (x + reach, y) if reach <= width else (x + width, y + reach - width)
        x2, y2 = (x, y + reach) if reach <= height else (x + reach - height, y + height)
        lines.append(Line(x1, y1, x2, y2, "#595959", 0.7))
    return lines
