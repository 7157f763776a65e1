"""A drawing as SVG: no script, no font, no request to anywhere; the same drawing gives the same bytes."""

from __future__ import annotations

from .scene import Line, Rectangle, Scene, Text

__all__ = ["escape", "head_of", "to_svg"]

_FONTS = "Helvetica, Arial, 'Liberation Sans', sans-serif"
_READER = 'role="img" aria-labelledby="title description"'
_HEAD = 6.0


def to_svg(scene: Scene) -> bytes:
    """The bytes of a standalone file."""
    lines = [
        '<?xml version="1.0" encoding="UTF-8" standalone="no"?>',
        f'<svg xmlns="http://www.w3.org/2000/svg" {_size(scene)} {_READER} font-family="{_FONTS}">',
        f'<title id="title">{escape(scene.title)}</title>',
        f'<desc id="description">{escape(scene.description)}</desc>',
        '<rect width="100%" height="100%" fill="#ffffff"/>',
        *(line for item in scene.items for line in _item(item)),
        "</svg>",
    ]
    return ("\n".join(lines) + "\n").encode()


def _size(scene: Scene) -> str:
    width, height = _number(scene.width), _number(scene.height)
    return f'width="{width}pt" height="{height}pt" viewBox="0 0 {width} {height}"'


def _item(item: Rectangle | Line | Text) -> list[str]:
    if isinstance(item, Rectangle):
        place = (
            f'x="{_number(item.x)}" y="{_number(item.y)}" width="{_number(item.width)}" height="{_number(item.height)}"'
        )
        return [f'<rect {place} fill="{item.fill or "none"}"{_stroke(item)}/>']
    if isinstance(item, Text):
        weight = ' font-weight="bold"' if item.bold else ""
        anchor = f' text-anchor="{item.anchor}"' if item.anchor != "start" else ""
        place = f'x="{_number(item.x)}" y="{_number(item.y)}" font-size="{_number(item.size)}" fill="{item.fill}"'
        return [f"<text {place}{weight}{anchor}>{escape(item.text)}</text>"]
    return [_line(item), *([_head(item)] if item.arrow else [])]


def _line(item: Line) -> str:
    ends = f'x1="{_number(item.x1)}" y1="{_number(item.y1)}" x2="{_number(item.x2)}" y2="{_number(item.y2)}"'
    return f"<line {ends}{_stroke(item)}/>"


def _head(item: Line) -> str:
    """A triangle at the end of a line."""
    points = " ".join(f"{_number(x)},{_number(y)}" for x, y in head_of(item))
    return f'<polygon points="{points}" fill="{item.stroke}"/>'


def head_of(item: Line) -> tuple[tuple[float, float], ...]:
    """The corners of the head of an arrow."""
    along, across = item.x2 - item.x1, item.y2 - item.y1
    length = (along**2 + across**2) ** 0.5 or 1.0
    dx, dy = along / length * _HEAD, across / length * _HEAD
    back = item.x2 - dx, item.y2 - dy
    return (item.x2, item.y2), (back[0] - dy / 2, back[1] + dx / 2), (back[0] + dy / 2, back[1] - dx / 2)


def _stroke(item: Rectangle | Line) -> str:
    if not item.stroke:
        return ""
    dashes = ' stroke-dasharray="3 2"' if item.dashed else ""
    return f' stroke="{item.stroke}" stroke-width="{_number(item.thickness)}"{dashes}'


def escape(text: str) -> str:
    """Text that is text, whatever is in it. Control characters have been made visible before."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;")


def _number(value: float) -> str:
    """At most two decimals, none where there are none."""
    return f"{value:.2f}".rstrip("0").rstrip(".")
