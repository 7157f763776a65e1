"""The receptive field of a layer as a picture: the patch on the input, to scale, and the layers that widened it."""

from __future__ import annotations

from collections.abc import Iterable

from ..diagram.palette import INK, PALE_INK
from .canvas import MARGIN, MARKS, PADDING, WIDTH, Canvas
from .field import FieldExplanation, Step
from .lettering import cut, text_width
from .scene import Line, Rectangle, Scene, Text

__all__ = ["draw_field"]

_SIDE = 300.0
_MOST_STEPS = 15
_TABLE = 372.0
_COLUMN_GAP = 16.0
_WIDEST_FORMULA = 176.0
_SIZE = 11.5
_HOW, _JUMP = "r + (F - 1)*j", "jump"


def draw_field(explanation: FieldExplanation) -> Scene:
    """The input with the patch on the left, the path on the right, sentences below."""
    canvas = Canvas(explanation.title, explanation.shapes)
    top = canvas.y + 34
    bottom = _draw_input(canvas, explanation, top)
    lowest = _draw_path(canvas, explanation.steps, top - 10)
    canvas.y = max(bottom, lowest) + 6
    paint = MARKS[0]
    if explanation.patch.ends is not None:
        canvas.key([Rectangle(0, 0, 12, 12, paint.fill, paint.border, 1.8)], "what the output sees")
    if _outside(explanation):
        swatch = Rectangle(0, 0, 12, 12, PADDING.fill, paint.border, 1.4, dashed=True)
        canvas.key([swatch], "padding that the windows reach")
    canvas.y += 6
    for sentence in explanation.sentences:
        canvas.paragraph(sentence)
    return canvas.scene(" ".join((explanation.shapes, *explanation.sentences)))


def _outside(explanation: FieldExplanation) -> bool:
    ends = zip(explanation.patch.padded, explanation.extents, strict=False)
    return any(first < 0 or last >= extent for (first, last), extent in ends)


def _draw_input(canvas: Canvas, explanation: FieldExplanation, top: float) -> float:
    """The input and the patch on it, rows down and columns to the right; a line is a strip."""
    extents, patch = explanation.extents[-2:], explanation.patch
    padded = patch.padded[-2:] or tuple((0, extent - 1) for extent in extents)
    first = [min(0, ends[0]) for ends in padded]
    last = [max(extent - 1, ends[1]) for extent, ends in zip(extents, padded, strict=True)]
    scale = _SIDE / max(b - a + 1 for a, b in zip(first, last, strict=True))
    line = len(extents) == 1
    left = MARGIN + 30

    def area(ends: tuple[tuple[int, int], ...]) -> tuple[float, float, float, float]:
        across = ends[-1]
        x, width = left + (across[0] - first[-1]) * scale, (across[1] - across[0] + 1) * scale
        if line:
            return x, top, width, 26.0
        return x, top + (ends[0][0] - first[0]) * scale, width, (ends[0][1] - ends[0][0] + 1) * scale

    whole = area(tuple((0, extent - 1) for extent in extents))
    shape = "x".join(map(str, explanation.input))
    canvas.add(Text(left, top - 12, f"input {shape}", 12.5, bold=True))
    if patch.ends is not None:
        canvas.add(Rectangle(*area(padded), fill=PADDING.fill))
    canvas.add(Rectangle(*whole, fill="#ffffff"))
    if patch.ends is not None:
        canvas.add(Rectangle(*area(patch.ends[-2:]), fill=MARKS[0].fill))
    canvas.add(Rectangle(*whole, stroke=INK, thickness=1.2))
    if patch.ends is not None:
        canvas.add(Rectangle(*area(padded), stroke=MARKS[0].border, thickness=1.4, dashed=True))
        canvas.add(Rectangle(*area(patch.ends[-2:]), stroke=MARKS[0].border, thickness=2.2))
    bottom = top + (26.0 if line else (last[0] - first[0] + 1) * scale)
    _ticks(canvas, whole, extents, bottom, left)
    return bottom + 18


def _ticks(
    canvas: Canvas, whole: tuple[float, float, float, float], extents: tuple[int, ...], bottom: float, left: float
) -> None:
    x, y, width, height = whole
    canvas.add(Text(x + 1, bottom + 13, "0", 10, fill=PALE_INK))
    canvas.add(Text(max(x + width, x + 30), bottom + 13, str(extents[-1] - 1), 10, "end", fill=PALE_INK))
    if len(extents) == 2:
        canvas.add(Text(left - 5, y + 9, "0", 10, "end", fill=PALE_INK))
        canvas.add(Text(left - 5, max(y + height, y + 20), str(extents[0] - 1), 10, "end", fill=PALE_INK))


class _Table:
    """Where the columns of the path begin, and the room in them: names are cut where there is not enough for all."""

    def __init__(self, steps: Iterable[Step]) -> None:
        steps = tuple(steps)
        names = [text_width(_name(step), _SIZE) for step in steps]
        formulas = [text_width(text, _SIZE) for step in steps for text in _how(step)]
        jumps = max(text_width(text, _SIZE, bold=True) for text in (_JUMP, *(step.jump for step in steps)))
        how = min(max(text_width(_HOW, _SIZE, bold=True), *formulas), _WIDEST_FORMULA)
        self.names = min(max(names), WIDTH - MARGIN - _TABLE - how - jumps - 2 * _COLUMN_GAP)
        self.formula = _TABLE + self.names + _COLUMN_GAP
        self.right = self.formula + how + _COLUMN_GAP + jumps


def _name(step: Step) -> str:
    return f"{step.path}: {step.operator}" if step.path else step.operator


def _how(step: Step) -> tuple[str, ...]:
    return step.formulas or (f"{step.field}",)


def _draw_path(canvas: Canvas, steps: tuple[Step, ...], top: float) -> float:
    """A row per layer: its name, how the size came about, and the jump; of a long way the beginning and the end."""
    if not steps:
        return top
    y = top
    shown = steps if len(steps) <= _MOST_STEPS else (*steps[:6], None, *steps[-8:])
    table = _Table(step for step in shown if step is not None)
    for x, text in ((_TABLE, "layer"), (table.formula, _HOW)):
        canvas.add(Text(x, y, text, _SIZE, bold=True))
    canvas.add(Text(table.right, y, _JUMP, _SIZE, "end", bold=True))
    canvas.add(Line(_TABLE, y + 6, table.right, y + 6, PALE_INK, 0.8))
    y += 8
    for step in shown:
        if step is None:
            y += 16
            canvas.add(Text(_TABLE, y, f"... {len(steps) - 14} layers more ...", _SIZE, fill=PALE_INK))
            continue
        y = _draw_step(canvas, step, table, y)
    return y + 8


def _draw_step(canvas: Canvas, step: Step, table: _Table, y: float) -> float:
    y += 16
    canvas.add(Text(_TABLE, y, cut(_name(step), table.names, _SIZE), _SIZE))
    canvas.add(Text(table.right, y, step.jump, _SIZE, "end"))
    for number, text in enumerate(_how(step)):
        y += 15 if number else 0
        canvas.add(Text(table.formula, y, cut(text, _WIDEST_FORMULA, _SIZE), _SIZE))
    return y
