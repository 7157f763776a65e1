"""A drawing as DOT in which everything has its place already, so that the programs that draw diagrams draw it as PNG or PDF.

Shapes are the background of an empty graph, in Graphviz's own drawing operations; texts are nodes without a frame.
"""

from __future__ import annotations

from ..diagram.labels import escape
from .lettering import text_width
from .scene import Line, Rectangle, Scene, Text
from .svg import head_of

__all__ = ["to_dot"]


def to_dot(scene: Scene) -> str:
    """The source; ``layout=neato`` keeps nodes where their positions end in an exclamation mark."""
    shapes = [part for item in scene.items if not isinstance(item, Text) for part in _shape(item, scene.height)]
    texts = [item for item in scene.items if isinstance(item, Text)]
    lines = [
        "digraph {",
        f'graph [layout=neato, inputscale=72, pad=0, margin=0, bgcolor=white, _background="{" ".join(shapes)}"]',
        'node [shape=none, margin=0, width=0.01, height=0.01, label="", fontname="Helvetica"]',
        f'upper_left [pos="0,{scene.height:.2f}!"]',
        f'lower_right [pos="{scene.width:.2f},0!"]',
        *(f"text{number} {_text(item, scene.height)}" for number, item in enumerate(texts)),
        "}",
    ]
    return "\n".join(lines) + "\n"


def _text(item: Text, height: float) -> str:
    """A node in the middle of where the text is."""
    half = text_width(item.text, item.size, bold=item.bold) / 2
    x = item.x + {"start": half, "middle": 0.0, "end": -half}[item.anchor]
    label = escape(item.text)
    label = f"<B>{label}</B>" if item.bold else label
    place = f"{x:.2f},{height - item.y + 0.3 * item.size:.2f}"
    return f'[label=<{label}>, pos="{place}!", fontsize={item.size:g}, fontcolor="{item.fill}"]'


def _shape(item: Rectangle | Line, height: float) -> list[str]:
    stroke = item.stroke or "#ffffff00"
    look = [f"c 7 -{stroke}" if item.stroke else f"c 9 -{stroke}", _style("dashed" if item.dashed else "solid")]
    look.append(_style(f"setlinewidth({item.thickness:g})"))
    if isinstance(item, Line):
        line = [*look, _points("L", ((item.x1, item.y1), (item.x2, item.y2)), height)]
        return line if not item.arrow else [*line, f"C 7 -{item.stroke}", _points("P", head_of(item), height)]
    right, bottom = item.x + item.width, item.y + item.height
    corners = ((item.x, item.y), (right, item.y), (right, bottom), (item.x, bottom))
    if item.fill:
        return [*look, f"C 7 -{item.fill}", _points("P" if item.fill else "p", corners, height)]
    return [*look, _points("p", corners, height)]


def _style(text: str) -> str:
    return f"S {len(text)} -{text}"


def _points(operation: str, points: tuple[tuple[float, float], ...], height: float) -> str:
    listed = " ".join(f"{x:.2f} {height - y:.2f}" for x, y in points)
    return f"{operation} {len(points)} {listed}"
