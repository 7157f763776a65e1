"""A long row in columns side by side, so that a picture fits a page instead of being a ribbon."""

from __future__ import annotations

from .rows import ARROW, Line, Places, Row

__all__ = ["place_columns"]

_GAP = 40.0
_LED_IN = ARROW + 6.0  # the line from the column before comes down to the first item of the next
_LED_OUT = 10.0
_MOST_UNBROKEN = 0.6  # little would stand in the other columns
_SHAPE = 1.25  # a picture of many columns gets so much taller than it is wide


def place_columns(row: Row, page: float, places: Places, top: float = 0.0) -> tuple[float, float]:
    """Put a row on the axis 0, broken where it is longer than ``page``; gives its reach to the right, and its length.

    All columns but the first keep as far from the beginning as ``top``.

    It breaks only at plain lines. Of all breaks into as few columns those are taken that make the longest shortest.
    """
    x = right = length = 0.0
    parts = _parts(row, page) if page else [slice(0, len(row.items))]
    for number, part in enumerate(parts):
        extents = [*row.slots[part], *row.links[part.start : part.stop - 1]]
        if number:
            gutter = x + right + _GAP / 2
            x += right + _GAP + max(piece.left for piece in extents)
            _lead(row, part.start - 1, places, gutter, x, top + 2.0)
        right = max(piece.right for piece in extents)
        row.place(places, x, top + _LED_IN if number else 0.0, part=part)
        last = part.stop - 1
        bottom = places.items[row.items[last]][1] + row.slots[last].length
        length = max(length, bottom + (max(row.slots[last].room, _LED_OUT) + 2.0 if number < len(parts) - 1 else 0.0))
    return x + right, length


def _lead(row: Row, number: int, places: Places, gutter: float, x: float, high: float) -> None:
    """The line behind an item up to the top of the next column."""
    line = row.links[number]
    assert isinstance(line, Line)
    above, top = places.items[row.items[number]]
    turn = top + row.slots[number].length + max(row.slots[number].room, _LED_OUT)
    if line.wire.value is not None:
        places.corners[line.wire] = ((above, turn), (gutter, turn), (gutter, high), (x, high))


def _parts(row: Row, page: float) -> list[slice]:
    width = row.left + row.right + _GAP
    page = max(page, (_SHAPE * row.length * width) ** 0.5)
    if row.length <= page or _longest_unbroken(row) > _MOST_UNBROKEN * row.length:
        return [slice(0, len(row.items))]
    least, most = max(slot.length for slot in row.slots), page
    count = len(_filled(row, most))
    while most - least > 1:
        middle = (least + most) / 2
        least, most = (least, middle) if len(_filled(row, middle)) <= count else (middle, most)
    return _filled(row, most)


def _longest_unbroken(row: Row) -> float:
    """How long the longest part is in which the row cannot break."""
    longest = length = row.slots[0].length
    for link, slot in zip(row.links, row.slots[1:], strict=True):
        length = slot.length if isinstance(link, Line) else length + link.length + slot.length
        longest = max(longest, length)
    return longest


def _filled(row: Row, most: float) -> list[slice]:
    """Columns that are filled one after the other, none longer than this if that can be."""
    parts = []
    start, length = 0, row.slots[0].length
    last_break, since = 0, 0.0  # behind which item the row can break, and how long it is from there on
    for number, (link, slot) in enumerate(zip(row.links, row.slots[1:], strict=True), 1):
        if isinstance(link, Line):
            last_break, since = number, 0.0
        length += link.length + slot.length
        since += (0.0 if last_break == number else link.length) + slot.length
        if length > most and last_break > start:
            parts.append(slice(start, last_break))
            start, length = last_break, since + _LED_IN
    return [*parts, slice(start, len(row.items))]
