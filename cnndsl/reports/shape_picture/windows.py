"""The picture of a layer that moves windows: input and output side by side, with three windows and what each belongs to."""

from __future__ import annotations

from ...ops.sight import Places
from ...record import Record
from ..diagram.palette import INK, PALE_INK, Paint
from .axes import Axis, first_and_last
from .canvas import MARGIN, MARKS, PADDING, WIDTH, Canvas, hatched
from .explanation import Explanation, edge
from .grid import ONE_ROW, Grid, draw_borders, draw_grid, draw_window, narrow_side, wide_side
from .lettering import text_width
from .scene import Line, Rectangle, Text

__all__ = ["draw_windows"]

_LARGEST_CELL = 26.0
_ROOM = 620.0  # points for the cells of both grids in a row
_HEIGHT = 350.0
_GAP = 96.0


class _Mark(Record):
    """A window that is shown: the number of its position along each axis."""

    row: int
    column: int


def draw_windows(canvas: Canvas, explanation: Explanation) -> None:
    """Both grids, the windows on one and their positions on the other, and the legend."""
    rows, columns = (None, *explanation.axes)[-2:]
    assert columns is not None
    wide, narrow = _grids(canvas, explanation, rows, columns)
    marks = _marks(rows, columns)
    canvas.add(*draw_grid(wide), *draw_grid(narrow))
    _windows(canvas, wide, narrow, rows, columns, marks)
    _captions(canvas, explanation, wide, narrow)
    if explanation.law:
        _stride(canvas, wide, columns, marks)
    canvas.y = max(wide.bottom, narrow.bottom) + 22
    _legend(canvas, rows, columns, marks)


def _grids(canvas: Canvas, explanation: Explanation, rows: Axis | None, columns: Axis) -> tuple[Grid, Grid]:
    """Where the windows lie, and where their positions do; the input is on the left, or above for lines."""
    top = canvas.y + 44
    if rows is None:
        sides = wide_side(columns, 30), narrow_side(columns, 30)
        cell = min(_LARGEST_CELL, (WIDTH - 2 * MARGIN - 40) / max(side.ruler.length for side in sides))
        above, below = (sides[1], sides[0]) if columns.spreads else sides
        upper = Grid(MARGIN + 26, top, cell, ONE_ROW, above)
        lower = Grid(MARGIN + 26, upper.bottom + _GAP, cell, ONE_ROW, below)
        return (lower, upper) if columns.spreads else (upper, lower)
    down, across = (wide_side(rows), narrow_side(rows)), (wide_side(columns), narrow_side(columns))
    cell = min(
        _LARGEST_CELL,
        _ROOM / sum(side.ruler.length for side in across),
        _HEIGHT / max(side.ruler.length for side in down),
    )
    order = (1, 0) if columns.spreads else (0, 1)
    numbers = [max(26.0, text_width(str(side.size - 1), 10) + 8) for side in down]
    left = Grid(MARGIN + numbers[order[0]], top, cell, down[order[0]], across[order[0]])
    caption = text_width(_caption_of(explanation, 0), 12.5, bold=True)
    right = Grid(
        max(left.right + _GAP - 26, left.x + caption - 2) + numbers[order[1]],
        top,
        cell,
        down[order[1]],
        across[order[1]],
    )
    return (right, left) if columns.spreads else (left, right)


def _marks(rows: Axis | None, columns: Axis) -> list[_Mark]:
    """The first window, the next one of its row (or column), and the last."""
    last = _Mark(rows.narrow - 1 if rows else 0, columns.narrow - 1)
    second = _Mark(0, 1) if columns.narrow > 1 else _Mark(min(1, last.row), 0)
    return list(dict.fromkeys((_Mark(0, 0), second, last)))


def _windows(canvas: Canvas, wide: Grid, narrow: Grid, rows: Axis | None, columns: Axis, marks: list[_Mark]) -> None:
    """Elements first, from the last window to the first; frames over them, so that each is seen where they overlap."""
    areas = [(rows.at(mark.row) if rows else range(1), columns.at(mark.column)) for mark in marks]
    paints = _paints(len(marks))
    for area, paint in reversed(list(zip(areas, paints, strict=True))):
        canvas.add(*draw_window(wide, *area, paint, filled=True))
    canvas.add(*draw_borders(wide), *draw_borders(narrow))
    for area, paint, mark in zip(areas, paints, marks, strict=True):
        canvas.add(*draw_window(wide, *area, paint, filled=False))
        spot = range(mark.row, mark.row + 1), range(mark.column, mark.column + 1)
        canvas.add(*draw_window(narrow, *spot, paint, filled=True), *draw_window(narrow, *spot, paint, filled=False))


def _paints(count: int) -> tuple[Paint, ...]:
    return (MARKS[0], MARKS[2]) if count == 2 else MARKS[:count]


def _captions(canvas: Canvas, explanation: Explanation, wide: Grid, narrow: Grid) -> None:
    first, second = (narrow, wide) if explanation.axes[0].spreads else (wide, narrow)
    for number, grid in enumerate((first, second)):
        canvas.add(Text(grid.x, grid.y - 26, _caption_of(explanation, number), 12.5, bold=True))
    if len(explanation.axes) == 2:
        left_end = max(first.right + 40, second.x - text_width(str(second.rows.size - 1), 10) - 16)
        y = first.y + min(first.bottom - first.y, second.bottom - second.y) / 2
        canvas.add(Line(first.right + 18, y, left_end, y, PALE_INK, 1.6, arrow=True))


def _caption_of(explanation: Explanation, number: int) -> str:
    """``input 1x32x32`` or ``output 6x28x28``."""
    return f"{('input', 'output')[number]} {explanation.shapes.split(' -> ')[number]}"


def _stride(canvas: Canvas, wide: Grid, columns: Axis, marks: list[_Mark]) -> None:
    """An arrow from where the first window begins to where the next one does."""
    if len(marks) < 2 or marks[1].column != 1 or columns.is_own or columns.sight.period > 1:
        return
    start, end = (columns.at(place) for place in (0, 1))
    if not start or not end or end[0] <= start[0]:
        return
    x1, x2, y = wide.left_of(start[0]), wide.left_of(end[0]), wide.y - 8
    canvas.add(Line(x1, y, x2, y, INK, 1.2, arrow=x2 - x1 > 7))
    canvas.add(Line(x1, y - 3, x1, y + 3, INK, 1.2))
    text = f"stride {columns.sight.advance}"
    canvas.add(Text(x2 + 5, y + 4, text, 11))


def _legend(canvas: Canvas, rows: Axis | None, columns: Axis, marks: list[_Mark]) -> None:
    paints = _paints(len(marks))
    for mark, paint in zip(marks, paints, strict=True):
        swatch = Rectangle(0, 0, 12, 12, paint.fill, paint.border, 1.8)
        canvas.key([swatch], _says(rows, columns, mark))
    axes = [axis for axis in (rows, columns) if axis is not None]
    if any(axis.before or axis.after for axis in axes):
        what = "taken off the output" if columns.spreads else "padding"
        dot = Rectangle(5, 5, 2, 2, PADDING.border)
        canvas.key([Rectangle(0, 0, 12, 12, PADDING.fill, "#b3b3b3"), dot], what)
    if any(axis.unseen for axis in axes):
        canvas.key(hatched(0, 0, 12, 12), "no input reaches these" if columns.spreads else "no output sees these")
    if any(axis.overhang for axis in axes):
        canvas.key([Rectangle(0, 0, 12, 12, "#ffffff", "#b3b3b3")], f"beyond the {edge(axes)}: there is nothing to see")


def _says(rows: Axis | None, columns: Axis, mark: _Mark) -> str:
    """What a window's position sees or reaches."""
    does, who = ("reaches", "input") if columns.spreads else ("sees", "output")
    across = columns.at(mark.column)
    if rows is None:
        return f"{who} {mark.column} {does} {_named('position', across)}"
    down = rows.at(mark.row)
    return f"{who} ({mark.row}, {mark.column}) {does} {_named('row', down)}, {_named('column', across)}"


def _named(noun: str, places: Places) -> str:
    return f"{noun}{'' if len(places) == 1 else 's'} {first_and_last(places)}"
