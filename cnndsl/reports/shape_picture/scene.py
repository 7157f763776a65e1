"""A drawing as data: rectangles, lines and texts at their positions, in points, from the upper left corner."""

from __future__ import annotations

from ...record import Record
from ..diagram.palette import INK
from .lettering import text_width

__all__ = ["Line", "Rectangle", "Scene", "Text"]


class Rectangle(Record):
    """``fill`` and ``stroke`` are colours, empty for none."""

    x: float
    y: float
    width: float
    height: float
    fill: str = ""
    stroke: str = ""
    thickness: float = 1.0
    dashed: bool = False


class Line(Record):
    """From one point to another; with an arrow's head at its end if asked."""

    x1: float
    y1: float
    x2: float
    y2: float
    stroke: str = INK
    thickness: float = 1.0
    dashed: bool = False
    arrow: bool = False


class Text(Record):
    """One line of text on a base line; ``anchor`` says whether x is its start, middle or end."""

    x: float
    y: float
    text: str
    size: float = 12.0
    anchor: str = "start"
    bold: bool = False
    fill: str = INK

    @property
    def box(self) -> tuple[float, float, float, float]:
        """Left, top, right and bottom of the letters, at most."""
        width = text_width(self.text, self.size, bold=self.bold)
        left = self.x - {"start": 0.0, "middle": 0.5, "end": 1.0}[self.anchor] * width
        return left, self.y - 0.76 * self.size, left + width, self.y + 0.22 * self.size


class Scene(Record):
    """A drawing of this size; ``title`` and ``description`` tell those who cannot see it what it shows."""

    width: float
    height: float
    title: str
    description: str
    items: tuple[Rectangle | Line | Text, ...]
