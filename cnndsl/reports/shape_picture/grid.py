"""A grid of positions, drawn: cells, padding, what no window covers, breaks in long axes, and windows on top."""

from __future__ import annotations

from collections.abc import Iterator

from ...ops.sight import Places
from ...record import Record
from ..diagram.palette import INK, PALE_INK, Paint
from .axes import Axis, stretches
from .canvas import PADDING, hatched
from .ruler import Ruler, plain_ruler, ruler_of
from .scene import Line, Rectangle, Text

__all__ = ["Grid", "Side", "draw_borders", "draw_grid", "draw_window", "narrow_side", "wide_side"]

_THIN = "#b3b3b3"
MOST_CELLS = 36
_FEW_CELLS = 7


class Side(Record):
    """One axis of a grid: which positions are shown, how many the value has, the padding, and what no window covers."""

    ruler: Ruler
    size: int
    before: int = 0
    after: int = 0
    unseen: tuple[tuple[int, int], ...] = ()


ONE_ROW = Side(Ruler(((0, 0),)), 1)


def wide_side(axis: Axis, most: int = MOST_CELLS) -> Side:
    """The side of an axis on which windows lie."""
    return Side(ruler_of(axis, most), axis.wide, axis.before, axis.after, axis.unseen)


def narrow_side(axis: Axis, most: int = MOST_CELLS) -> Side:
    """The side of an axis on which single places lie; broken as soon as the other side is, which else would look smaller."""
    broken = len(ruler_of(axis, most).segments) > 1
    return Side(plain_ruler(axis.narrow, _FEW_CELLS if broken else most), axis.narrow)


class Grid(Record):
    """Where a grid lies and how large a cell is."""

    x: float
    y: float
    cell: float
    rows: Side
    columns: Side

    @property
    def right(self) -> float:
        return self.x + self.columns.ruler.length * self.cell

    @property
    def bottom(self) -> float:
        return self.y + self.rows.ruler.length * self.cell

    def left_of(self, place: int) -> float:
        return self.x + self.columns.ruler.offset(place) * self.cell

    def right_of(self, place: int) -> float:
        return self.x + self.columns.ruler.end(place) * self.cell

    def top_of(self, place: int) -> float:
        return self.y + self.rows.ruler.offset(place) * self.cell

    def bottom_of(self, place: int) -> float:
        return self.y + self.rows.ruler.end(place) * self.cell

    def area(self, rows: tuple[int, int], columns: tuple[int, int]) -> tuple[float, float, float, float]:
        """Left, top, width and height of a stretch of rows and columns."""
        left, top = self.left_of(columns[0]), self.top_of(rows[0])
        return left, top, self.right_of(columns[1]) - left, self.bottom_of(rows[1]) - top


def draw_grid(grid: Grid) -> Iterator[Rectangle | Line | Text]:
    """The cells, block by block between the breaks, with the numbers of the first and last row and column."""
    for rows in grid.rows.ruler.segments:
        for columns in grid.columns.ruler.segments:
            yield from _block(grid, rows, columns)
    yield from _bridges(grid)
    for place in dict.fromkeys((0, grid.columns.size - 1)):
        x = (grid.left_of(place) + grid.right_of(place)) / 2
        yield Text(x, grid.bottom + 12, str(place), 10, "middle", fill=PALE_INK)
    if grid.rows.size > 1:
        for place in (0, grid.rows.size - 1):
            y = (grid.top_of(place) + grid.bottom_of(place)) / 2 + 3.5
            yield Text(grid.x - 5, y, str(place), 10, "end", fill=PALE_INK)


def _block(grid: Grid, rows: tuple[int, int], columns: tuple[int, int]) -> Iterator[Rectangle | Line]:
    """The cells between two breaks: the padding below, the value's own on top, then the lines between them."""
    padded = _shared(rows, (-grid.rows.before, grid.rows.size + grid.rows.after - 1))
    beside = _shared(columns, (-grid.columns.before, grid.columns.size + grid.columns.after - 1))
    if padded and beside:
        yield Rectangle(*grid.area(padded, beside), fill=PADDING.fill)
    own_rows, own_columns = _shared(rows, (0, grid.rows.size - 1)), _shared(columns, (0, grid.columns.size - 1))
    if own_rows and own_columns:
        yield Rectangle(*grid.area(own_rows, own_columns), fill="#ffffff")
        step = max(5.0, 0.75 * grid.cell)
        for lost in grid.rows.unseen:
            if found := _shared(own_rows, lost):
                yield from hatched(*grid.area(found, own_columns), step)
        for lost in grid.columns.unseen:
            if found := _shared(own_columns, lost):
                yield from hatched(*grid.area(own_rows, found), step)
    yield from _lines(grid, rows, columns)


def draw_borders(grid: Grid) -> Iterator[Rectangle]:
    """The border of the value and a dot in each cell of the padding, over the windows that lie there."""
    own_rows, own_columns = range(grid.rows.size), range(grid.columns.size)
    rows, columns = _padded(grid.rows), _padded(grid.columns)
    for row in rows:
        for column in columns:
            if row not in own_rows or column not in own_columns:
                x, y = grid.left_of(column) + grid.cell / 2, grid.top_of(row) + grid.cell / 2
                yield Rectangle(x - 1, y - 1, 2, 2, fill=PADDING.border)
    for down in grid.rows.ruler.segments:
        for across in grid.columns.ruler.segments:
            inside = _shared(down, (0, grid.rows.size - 1)), _shared(across, (0, grid.columns.size - 1))
            if inside[0] and inside[1]:
                yield Rectangle(*grid.area(inside[0], inside[1]), stroke=INK, thickness=1.2)


def _padded(side: Side) -> list[int]:
    """The positions that are shown, those beyond the padding left out."""
    return [place for place in side.ruler.places if -side.before <= place < side.size + side.after]


def _lines(grid: Grid, rows: tuple[int, int], columns: tuple[int, int]) -> Iterator[Line]:
    left, top, width, height = grid.area(rows, columns)
    for row in range(rows[0], rows[1] + 2):
        y = top + (row - rows[0]) * grid.cell
        yield Line(left, y, left + width, y, _THIN, 0.6)
    for column in range(columns[0], columns[1] + 2):
        x = left + (column - columns[0]) * grid.cell
        yield Line(x, top, x, top + height, _THIN, 0.6)


def _bridges(grid: Grid) -> Iterator[Line]:
    """Dashes over the breaks, at the border of the value."""
    edges = grid.top_of(0), grid.bottom_of(grid.rows.size - 1)
    for (_, last), (first, _) in zip(grid.columns.ruler.segments, grid.columns.ruler.segments[1:], strict=False):
        for y in edges:
            yield Line(grid.right_of(last) + 2, y, grid.left_of(first) - 1, y, INK, 1.2, dashed=True)
    sides = grid.left_of(0), grid.right_of(grid.columns.size - 1)
    for (_, last), (first, _) in zip(grid.rows.ruler.segments, grid.rows.ruler.segments[1:], strict=False):
        for x in sides:
            yield Line(x, grid.bottom_of(last) + 2, x, grid.top_of(first) - 1, INK, 1.2, dashed=True)


def draw_window(grid: Grid, rows: Places, columns: Places, paint: Paint, *, filled: bool) -> Iterator[Rectangle | Line]:
    """The elements of a window, filled, or its frame alone, which goes around the gaps of a dilated one."""
    if not rows or not columns:
        return
    if not filled:
        yield Rectangle(*grid.area((rows[0], rows[-1]), (columns[0], columns[-1])), stroke=paint.border, thickness=2.4)
        return
    for down in _pieces(rows, grid.rows.ruler):
        for across in _pieces(columns, grid.columns.ruler):
            yield Rectangle(*grid.area(down, across), fill=paint.fill)
            yield from _lines(grid, down, across)


def _pieces(places: Places, ruler: Ruler) -> list[tuple[int, int]]:
    """The stretches of positions that are shown."""
    solid = places[-1] - places[0] == len(places) - 1
    whole = [(places[0], places[-1])] if solid else stretches(places)
    return [found for piece in whole for segment in ruler.segments if (found := _shared(segment, piece))]


def _shared(one: tuple[int, int], other: tuple[int, int]) -> tuple[int, int] | None:
    first, last = max(one[0], other[0]), min(one[1], other[1])
    return (first, last) if first <= last else None
