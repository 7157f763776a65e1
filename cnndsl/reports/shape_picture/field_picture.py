"""The receptive field of a layer as a picture: the patch on the input, to scale, and the layers that widened it."""

from __future__ import annotations

from ..diagram.palette import INK, PALE_INK
from .canvas import MARGIN, MARKS, PADDING, WIDTH, Canvas
from .field import FieldExplanation, Step
from .lettering import cut, text_width
from .scene import Line, Rectangle, Scene, Text

__all__ = ["draw_field"]

_SIDE = 300.0
_MOST_STEPS = 15
_TABLE = 372.0
_FORMULA = _TABLE + 226.0


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


def _draw_path(canvas: Canvas, steps: tuple[Step, ...], top: float) -> float:
    """A row per layer: its name, how the size came about, and the jump; of a long way the beginning and the end."""
    if not steps:
        return top
    y = top
    for x, text in ((_TABLE, "layer"), (_FORMULA, "r + (F - 1)*j")):
        canvas.add(Text(x, y, text, 11.5, bold=True))
    canvas.add(Text(WIDTH - MARGIN, y, "jump", 11.5, "end", bold=True))
    canvas.add(Line(_TABLE, y + 6, WIDTH - MARGIN, y + 6, PALE_INK, 0.8))
    y += 8
    shown = steps if len(steps) <= _MOST_STEPS else (*steps[:6], None, *steps[-8:])
    for step in shown:
        if step is None:
            y += 16
            canvas.add(Text(_TABLE, y, f"... {len(steps) - 14} layers more ...", 11.5, fill=PALE_INK))
            continue
        y = _draw_step(canvas, step, y)
    return y + 8


def _draw_step(canvas: Canvas, step: Step, y: float) -> float:
    y += 16
    jump = step.jump
    name = f"{step.path}: {step.operator}" if step.path else step.operator
    canvas.add(Text(_TABLE, y, cut(name, 216, 11.5), 11.5))
    canvas.add(Text(WIDTH - MARGIN, y, jump, 11.5, "end"))
    wide = WIDTH - MARGIN - _FORMULA - max(30.0, text_width(jump, 11.5)) - 8
    for number, text in enumerate(step.formulas or (f"{step.field}",)):
        y += 15 if number else 0
        canvas.add(Text(_FORMULA, y, cut(text, wide, 11.5), 11.5))
    return y
