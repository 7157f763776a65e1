"""How things measure along and across the flow: what differs between top to bottom and left to right."""

from __future__ import annotations

from collections.abc import Mapping

from ...record import Record
from ..metrics import text_width
from .labels import SHAPE_SIZE, TITLE_LEADING, Figure, box_text, title_lines
from .model import Box, Cluster
from .rows import Slot

__all__ = ["Flow", "Title", "TitleLine"]

_SHAPE_ROOM = 15.0
_MARGIN = 6.0

TitleLine = tuple[str, bool]
"""A line of a title, and whether it is bold."""


class Title(Record):
    """The title in a frame: its lines, and how much room they take."""

    lines: tuple[TitleLine, ...] = ()
    width: float = 0.0
    height: float = 0.0


class Flow:
    """The direction of a picture, how long a row may be in it, and the shapes on the lines behind boxes."""

    def __init__(
        self, is_across_page: bool, page: float, shapes: Mapping[str, str], widths: Mapping[str, float], figure: Figure
    ) -> None:
        self.is_across_page = is_across_page
        self.page = page
        self.shapes = shapes
        self.widths = widths
        self.figure = figure

    def slot(self, box: Box) -> Slot:
        """The slot of a box; the shape stands beside the line, within the width of the box."""
        text = box_text(box, self.figure)
        width, height = text.width, text.height
        shape = text_width(self.shapes.get(box.id, ""), SHAPE_SIZE, bold=True)
        if self.is_across_page:
            return Slot(height / 2, height / 2, width, shape + 10.0, is_box=True)
        half = max((width + 1) // 2, self.widths.get(box.id, 0.0) / 2, shape + _MARGIN)
        return Slot(half, half, height, _SHAPE_ROOM, is_box=True)

    def title(self, cluster: Cluster, room: float) -> Title:
        """The title of a cluster where there is so much room beside the line that enters."""
        lines = title_lines(cluster, 400.0 if self.is_across_page else max(room - _MARGIN, 70.0))
        width = max((text_width(text, SHAPE_SIZE, bold) for text, bold in lines), default=0.0)
        return Title(lines, width + 2 * _MARGIN, TITLE_LEADING * len(lines) + _MARGIN)
