"""The picture of a layer, from its heading to its last sentence."""

from __future__ import annotations

from ...ir import Node
from .canvas import Canvas
from .explanation import Explanation
from .lane_picture import draw_lanes
from .lanes import lanes_of
from .scene import Scene
from .windows import draw_windows

__all__ = ["draw_layer"]


def draw_layer(explanation: Explanation, node: Node) -> Scene:
    """Windows where the layer has them, else lines between the positions of its inputs and outputs."""
    canvas = Canvas(explanation.title, explanation.shapes)
    if explanation.axes:
        draw_windows(canvas, explanation)
    else:
        draw_lanes(canvas, lanes_of(node))
    canvas.y += 6
    _formulas(canvas, explanation)
    for sentence in explanation.sentences:
        canvas.paragraph(sentence)
    return canvas.scene(" ".join((explanation.shapes, *explanation.formulas, *explanation.sentences)))


def _formulas(canvas: Canvas, explanation: Explanation) -> None:
    if explanation.law:
        canvas.paragraph(explanation.law, 15, bold=True)
    for text in explanation.known:
        canvas.paragraph(text, 13)
    for text in explanation.formulas:
        canvas.paragraph(text, 15)
    if explanation.law or explanation.formulas:
        canvas.y += 8
