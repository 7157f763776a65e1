"""How things measure along and across the flow: what differs between top to bottom and left to right."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from ...record import Record
from ..metrics import text_width
from .labels import SHAPE_SIZE, TITLE_LEADING, Figure, box_text, title_lines
from .model import Box, Cluster
from .rows import ENTRY, Slot

__all__ = ["Flow", "Title", "TitleLine"]

_SHAPE_ROOM = 15.0
_LABEL_APART = 14.0
_MARGIN = 6.0

TitleLine = tuple[str, bool]
"""A line of a title, and whether it is bold."""


class Title(Record):
    """The title in a frame: its lines, and how much room they take."""

    lines: tuple[TitleLine, ...] = ()
    width: float = 0.0
    height: float = 0.0


class Flow:
    """The direction of a picture, how long a row may be in it, and what is on the lines after boxes."""

    def __init__(
        self,
        is_across_page: bool,
        page: float,
        labels: Mapping[str, Collection[str]],
        widths: Mapping[str, float],
        figure: Figure,
    ) -> None:
        self.is_across_page = is_across_page
        self.page = page
        self.labels = labels
        self.widths = widths
        self.figure = figure

    def slot(self, box: Box, entering: int) -> Slot:
        """The slot of a box that so many wires enter; labels are beside the lines that leave, within its width."""
        text = box_text(box, self.figure)
        labels = self.labels.get(box.id, ())
        widest = max((text_width(label, SHAPE_SIZE, bold=True) for label in labels), default=0.0)
        apart = _LABEL_APART if self.is_across_page else widest + 2 * _MARGIN
        beside = _MARGIN if self.is_across_page else widest + _MARGIN
        least = max((len(labels) - 1) / 2 * apart + beside, (entering - 1) / 2 * ENTRY + _MARGIN)
        if self.is_across_page:
            half = max(text.height / 2, least)
            slot = Slot(half, half, text.width, widest + 10.0, is_box=True)
        else:
            half = max((text.width + 1) // 2, self.widths.get(box.id, 0.0) / 2, least)
            slot = Slot(half, half, text.height, _SHAPE_ROOM, is_box=True)
        slot.apart = apart
        slot.side_room = _SHAPE_ROOM if self.is_across_page else widest + 12.0
        return slot

    def title(self, cluster: Cluster, room: float) -> Title:
        """The title of a cluster where there is so much room beside the line that enters."""
        lines = title_lines(cluster, 400.0 if self.is_across_page else max(room - _MARGIN, 70.0))
        width = max((text_width(text, SHAPE_SIZE, bold) for text, bold in lines), default=0.0)
        return Title(lines, width + 2 * _MARGIN, TITLE_LEADING * len(lines) + _MARGIN)
