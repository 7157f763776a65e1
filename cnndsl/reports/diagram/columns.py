"""A long row in columns side by side, so that a picture fits a page instead of being a ribbon."""

from __future__ import annotations

from .rows import ARROW, Line, Places, Row

__all__ = ["place_columns"]

_GAP = 40.0
_LED_IN = ARROW + 6.0  # the line from the column before comes down to the first item of the next
_LED_OUT = 10.0
_EXACT = 0.01
_MOST_UNBROKEN = 0.6  # little would stand in the other columns


def place_columns(row: Row, page: float, places: Places, top: float = 0.0) -> tuple[float, float]:
    """Put a row on the axis 0, broken where it is longer than ``page``; gives its reach to the right, and its length.

    All columns but the first keep as far from the beginning as ``top``.

    It breaks only at plain lines.
    """
    x = right = length = 0.0
    parts = _parts(row, page) if page else [slice(0, len(row.items))]
    for number, part in enumerate(parts):
        extents = [*row.slots[part], *row.links[part.start : part.stop - 1]]
        if number:
            gutter = x + right + _GAP / 2
            x += right + _GAP + max(piece.left for piece in extents)
            _lead(row, part.start - 1, places, gutter, top + 2.0)
        right = max(piece.right for piece in extents)
        row.place(places, x, top + _LED_IN if number else 0.0, part=part)
        last = part.stop - 1
        bottom = places.items[row.items[last]][1] + row.slots[last].length
        length = max(length, bottom + (max(row.slots[last].room, _LED_OUT) + 2.0 if number < len(parts) - 1 else 0.0))
    return x + right, length


def _lead(row: Row, number: int, places: Places, gutter: float, high: float) -> None:
    """The line after an item up to the top of the next column."""
    line = row.links[number]
    assert isinstance(line, Line)
    _, top = places.items[row.items[number]]
    turn = top + row.slots[number].length + max(row.slots[number].room, _LED_OUT)
    places.turns[line.wire] = ((gutter, turn), high)


def _parts(row: Row, page: float) -> list[slice]:
    """The columns of a row: as few as leave letters largest when a picture is made to fit a square, which suits paper and
    screen."""
    whole = [slice(0, len(row.items))]
    if row.length <= page or _longest_unbroken(row) > _MOST_UNBROKEN * row.length:
        return whole
    fewest, square = row.length / page, (row.length / (row.left + row.right + _GAP)) ** 0.5
    found, best = whole, 0.0
    for count in range(max(int(min(fewest, square)), 1), int(square) + 3):
        limit = _limit(row, count)
        parts = _evened(row, limit)
        fit = min(1.0, page / limit, page / _breadth(row, parts))
        if fit > best:
            found, best = parts, fit
    return found


def _breadth(row: Row, parts: list[slice]) -> float:
    extents = [[*row.slots[part], *row.links[part.start : part.stop - 1]] for part in parts]
    return sum(max(each.left for each in found) + max(each.right for each in found) + _GAP for found in extents) - _GAP


def _limit(row: Row, count: int) -> float:
    """How long the longest of so many columns must be."""
    least, most = max(slot.length for slot in row.slots), row.length
    while most - least > 1:
        middle = (least + most) / 2
        least, most = (least, middle) if _count(row, middle) <= count else (middle, most)
    return most


def _longest_unbroken(row: Row) -> float:
    """How long the longest part is in which the row cannot break."""
    longest = length = row.slots[0].length
    for link, slot in zip(row.links, row.slots[1:], strict=True):
        length = slot.length if isinstance(link, Line) else length + link.length + slot.length
        longest = max(longest, length)
    return longest


def _count(row: Row, most: float) -> int:
    """How many columns there are if they are filled one after the other, none longer than this if that can be."""
    count = 1
    length, since = row.slots[0].length, 0.0  # of the column, and of what of it comes after the last place to break
    can_break = False
    for link, slot in zip(row.links, row.slots[1:], strict=True):
        if isinstance(link, Line):
            can_break, since = True, -link.length
        length += link.length + slot.length
        since += link.length + slot.length
        if length > most and can_break:
            count, length, can_break = count + 1, since + _LED_IN, False
    return count


def _evened(row: Row, most: float) -> list[slice]:
    """Columns no longer than this if that can be, the squares of what they lack least in sum, as Knuth breaks paragraphs."""
    begins, ends = _offsets(row)
    breaks = [0, *(number for number, link in enumerate(row.links, 1) if isinstance(link, Line)), len(row.items)]
    best: list[tuple[float, int]] = [(0.0, 0)]  # up to each break: the sum, and the break before
    for number in range(1, len(breaks)):
        choices: list[tuple[float, int]] = []
        for before in range(number - 1, -1, -1):
            length = ends[breaks[number] - 1] - begins[breaks[before]] + (_LED_IN if before else 0.0)
            if length > most + _EXACT and choices:
                break
            choices.append((best[before][0] + (most - length) ** 2, before))
        best.append(min(choices))
    parts = []
    number = len(breaks) - 1
    while number:
        before = best[number][1]
        parts.append(slice(breaks[before], breaks[number]))
        number = before
    return parts[::-1]


def _offsets(row: Row) -> tuple[list[float], list[float]]:
    """Where each item of an unbroken row begins and ends."""
    begins, ends = [0.0], [row.slots[0].length]
    for link, slot in zip(row.links, row.slots[1:], strict=True):
        begins.append(ends[-1] + link.length)
        ends.append(begins[-1] + slot.length)
    return begins, ends
