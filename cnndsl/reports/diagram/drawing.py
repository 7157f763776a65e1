"""Volumes as SVG, and as DOT whose background they are: so an engine that draws DOT makes a bitmap of them too."""

from __future__ import annotations

from collections.abc import Iterator
from math import hypot
from typing import TYPE_CHECKING

from ...diagnostics.text import sanitize
from .look import scale_for, size_of
from .solids import Drawing, Point, Polygon, Polyline, Shape, Text

if TYPE_CHECKING:
    import graphviz

__all__ = ["drawing_to_dot", "drawing_to_svg"]

_ARROW = (6.0, 2.2)


def drawing_to_svg(drawing: Drawing, name: str, millimetres: float = 0.0) -> str:
    """The drawing as an SVG document, at most so wide if that is not 0; the shapes of a box are a group of class ``node``."""
    width, height = f"{drawing.width:.2f}", f"{drawing.height:.2f}"
    scale = scale_for(millimetres, drawing.width, drawing.height)
    size = f'width="{scale * drawing.width:.2f}pt" height="{scale * drawing.height:.2f}pt"'
    lines = [
        '<?xml version="1.0" encoding="UTF-8" standalone="no"?>',
        f'<svg {size} viewBox="0 0 {width} {height}" xmlns="http://www.w3.org/2000/svg">',
        f"<title>{_escape(name)}</title>",
        f'<polygon fill="{drawing.paper}" stroke="none" points="0,0 {width},0 {width},{height} 0,{height}"/>',
    ]
    for group in drawing.groups:
        class_ = group.kind if group.kind in ("title", "repeat") else f"node {group.kind}"
        lines.append(f'<g id="{group.id}" class="{class_}">')
        lines += [_svg(shape) for shape in group.shapes]
        lines.append("</g>")
    return "\n".join([*lines, "</svg>", ""])


def _svg(shape: Shape) -> str:
    if isinstance(shape, Text):
        weight = ' font-weight="bold"' if shape.is_bold else ""
        font = f'font-family="Helvetica,sans-Serif"{weight} font-size="{shape.size}" fill="{shape.color}"'
        x, y = shape.at
        return f'<text text-anchor="middle" x="{x:.2f}" y="{y:.2f}" {font}>{_escape(shape.text)}</text>'
    if isinstance(shape, Polyline):
        dashes = ' stroke-dasharray="5,2"' if shape.is_dashed else ""
        line = f'<polyline fill="none" stroke="{shape.stroke}"{dashes} points="{_points(_shaft(shape))}"/>'
        head = f'<polygon fill="{shape.stroke}" stroke="{shape.stroke}" points="{_points(_arrow(shape))}"/>'
        return line + head if shape.has_arrow else line
    return f'<polygon fill="{shape.fill}" stroke="{shape.stroke}" points="{_points(shape.points)}"/>'


def _points(points: tuple[Point, ...]) -> str:
    return " ".join(f"{x:.2f},{y:.2f}" for x, y in points)


def _shaft(line: Polyline) -> tuple[Point, ...]:
    """A line up to where its arrow begins, if it has one."""
    (x, y), (dx, dy) = line.points[-1], _direction(line)
    reach = _ARROW[0] * line.has_arrow
    return (*line.points[:-1], (x - reach * dx, y - reach * dy))


def _arrow(line: Polyline) -> tuple[Point, ...]:
    (x, y), (dx, dy) = line.points[-1], _direction(line)
    length, half = _ARROW
    foot = (x - length * dx, y - length * dy)
    return ((x, y), (foot[0] - half * dy, foot[1] - half * dx), (foot[0] + half * dy, foot[1] + half * dx))


def _direction(line: Polyline) -> Point:
    """Where the end of a line points to, as a step of 1."""
    (x, y), (end_x, end_y) = line.points[-2:]
    length = hypot(end_x - x, end_y - y) or 1.0
    return (end_x - x) / length, (end_y - y) / length


def _escape(text: str) -> str:
    return sanitize(text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;")


def drawing_to_dot(drawing: Drawing, name: str, millimetres: float = 0.0) -> graphviz.Digraph:
    """The drawing as the background of an empty graph, in the language of xdot."""
    import graphviz

    from .notebook import Diagram

    operations = " ".join(
        operation for group in drawing.groups for shape in group.shapes for operation in _xdot(shape, drawing.height)
    )
    digraph = Diagram(
        graphviz.escape(sanitize(name)),
        graph_attr={"layout": "nop2", "bgcolor": drawing.paper, "_background": operations, "pad": "0"}
        | size_of(millimetres),
        node_attr={"shape": "none", "label": "", "fixedsize": "true", "width": "0", "height": "0"},
    )
    digraph.node("lower", pos="0,0")
    digraph.node("upper", pos=f"{drawing.width:g},{drawing.height:g}")
    return digraph


def _xdot(shape: Shape, height: float) -> Iterator[str]:
    if isinstance(shape, Text):
        x, y = shape.at
        yield f"F {shape.size} 9 -Helvetica t {int(shape.is_bold)} c 7 -{shape.color}"
        text = shape.text.replace("\\", "/")  # a backslash could escape the quote that ends the attribute
        yield f"T {x:.2f} {height - y:.2f} 0 0 {len(text.encode())} -{text}"
        return
    if isinstance(shape, Polygon):
        yield f"C 7 -{shape.fill} c 7 -{shape.stroke} P {_corners(shape.points, height)}"
        return
    style = "S 6 -dashed " if shape.is_dashed else ""
    yield f"C 7 -{shape.stroke} c 7 -{shape.stroke} {style}L {_corners(_shaft(shape), height)}"
    if shape.is_dashed:
        yield "S 5 -solid"
    if shape.has_arrow:
        yield f"P {_corners(_arrow(shape), height)}"


def _corners(points: tuple[Point, ...], height: float) -> str:
    return " ".join([str(len(points)), *(f"{x:.2f} {height - y:.2f}" for x, y in points)])
