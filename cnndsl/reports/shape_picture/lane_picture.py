"""Lanes, drawn: a column of cells for each input, one for each output, and lines from some outputs to what they see."""

from __future__ import annotations

from ...ops.sight import Places
from ..diagram.palette import INK, PALE_INK, Paint
from .canvas import MARGIN, MARKS, WIDTH, Canvas
from .lanes import Column, Lanes, lanes_text
from .lettering import cut, text_width
from .scene import Line, Rectangle, Text

__all__ = ["draw_lanes"]

_CELL = 20.0
_BREAK = 16.0
_LEFT = MARGIN + 60
_RIGHT = 500.0
_MOST_LINES = 12


class _Stack:
    """The columns of one side, one below the other, and where each position of them lies."""

    def __init__(self, canvas: Canvas, columns: tuple[Column, ...], x: float, y: float, total: int, what: str) -> None:
        self.x, self.y = x, y
        self.width = max(96.0, *(text_width(label, 12) + 16 for column in columns for label in column.labels))
        self.rows: dict[tuple[int, int], float] = {}
        before = -1
        for column in columns:
            if column.number > before + 1:
                self.y += 14
                canvas.add(Text(x, self.y, f"{column.number - before - 1} more", 11, fill=PALE_INK))
                self.y += 8
            before = column.number
            self._draw(canvas, column, what if total == 1 else f"{what} {column.number + 1}")

    def _draw(self, canvas: Canvas, column: Column, what: str) -> None:
        self.y += 16
        canvas.add(Text(self.x, self.y, cut(f"{what} {column.caption}", 240, 12.5, bold=True), 12.5, bold=True))
        self.y += 8
        labels = iter(column.labels)
        for number, (first, last) in enumerate(column.ruler.segments):
            if number:
                middle = self.x + self.width / 2
                canvas.add(Text(middle, self.y + 11, "...", 12, "middle", fill=PALE_INK))
                self.y += _BREAK
            for place in range(first, last + 1):
                canvas.add(Rectangle(self.x, self.y, self.width, _CELL, "#ffffff", "#8c8c8c"))
                canvas.add(Text(self.x + self.width / 2, self.y + 14.5, cut(next(labels), 230, 12), 12, "middle"))
                self.rows[column.number, place] = self.y
                self.y += _CELL
        self.y += 10


def draw_lanes(canvas: Canvas, lanes: Lanes) -> None:
    """Both sides, the lines between them, and what they say."""
    top = canvas.y + 8
    left = _Stack(canvas, lanes.left, _LEFT, top, lanes.inputs, "input")
    right = _Stack(canvas, lanes.right, _RIGHT, top, lanes.outputs, "output")
    paints = _paints(lanes)
    for link, paint in zip(lanes.links, paints, strict=True):
        y = right.rows[link.column, link.place]
        canvas.add(
            Rectangle(right.x + 1.2, y + 1.2, right.width - 2.4, _CELL - 2.4, stroke=paint.border, thickness=2.2)
        )
        for number, places in link.seen:
            for place in _shown(left, number, places):
                ends = left.x + left.width + 2, left.rows[number, place] + _CELL / 2, right.x - 3, y + _CELL / 2
                canvas.add(Line(*ends, paint.border, 1.4))
    canvas.y = max(left.y, right.y) + 2
    for text, paint in list(zip(lanes_text(lanes), paints, strict=True))[:_MOST_LINES]:
        canvas.key([Line(0, 6, 14, 6, paint.border, 2.4)], text)
    assert right.x + right.width < WIDTH, INK


def _paints(lanes: Lanes) -> list[Paint]:
    return [MARKS[number % len(MARKS)] for number in range(len(lanes.links))]


def _shown(stack: _Stack, number: int, places: Places) -> list[int]:
    return [place for column, place in stack.rows if column == number and place in places]
