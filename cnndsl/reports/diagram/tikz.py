"""A picture as TikZ, for ``\\input`` in a paper: it takes the fonts of the document, and every part can be edited."""

from __future__ import annotations

from collections.abc import Iterator

from ...diagnostics.text import sanitize
from .heat import figure_for, fill_for, strip_fill
from .labels import STRIP_HEIGHT, TITLE_LEADING, TOP, Row, box_text, strip_text
from .layout import Layout, Rectangle
from .look import Look, scale_for
from .model import Box, Cluster, Edge, Picture
from .palette import Paint, Theme
from .rows import Point
from .solids import Drawing, Polygon, Polyline, Shape

__all__ = ["drawing_to_tikz", "to_tikz"]

_MARGIN = 6.0
_SPECIAL = {
    "\\": r"\textbackslash{}",
    "{": r"\{",
    "}": r"\}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    **{char: f"\\{char}" for char in "&%$#_"},
}

_HEAD = r"""% \usepackage{tikz} and \usetikzlibrary{arrows.meta}, then \input this file.
% For a column: \resizebox{\columnwidth}{!}{\input{FILE}}
\begin{tikzpicture}[x=1bp, y=-1bp, >={Latex[length=5bp]}, line width=0.75bp, every node/.style={inner sep=0pt},
    heading/.style={font=\sffamily\bfseries\fontsize{12bp}{12bp}\selectfont},
    detail/.style={font=\sffamily\fontsize{10bp}{10bp}\selectfont},
    title/.style={font=\sffamily\bfseries\fontsize{10bp}{10bp}\selectfont}]"""


def to_tikz(picture: Picture, layout: Layout, theme: Theme, look: Look) -> str:
    """The picture without its heading, which is the caption's part in a paper."""
    writer = _Writer(picture, layout, theme, look.heat)
    body = [*writer.children(picture.children), *writer.edges()]
    return _document(body, writer.colors, scale_for(look.width, layout.width, layout.height))


def drawing_to_tikz(drawing: Drawing, millimetres: float) -> str:
    """Volumes, without their heading."""
    colors = _Colors()
    shapes = [shape for group in drawing.groups if group.kind != "title" for shape in group.shapes]
    scale = scale_for(millimetres, drawing.width, drawing.height)
    return _document([_shape(shape, colors) for shape in shapes], colors, scale)


def _document(body: list[str], colors: _Colors, scale: float) -> str:
    defined = [f"\\definecolor{{{name}}}{{HTML}}{{{value}}}" for value, name in colors.names.items()]
    lines = [_HEAD, *defined, *body, r"\end{tikzpicture}"]
    if scale < 1.0:
        lines = [f"\\scalebox{{{scale:.4f}}}{{%", *lines, "}"]
    return "\n".join(lines) + "\n"


def _shape(shape: Shape, colors: _Colors) -> str:
    if isinstance(shape, Polygon):
        look = f"draw={colors.name(shape.stroke)}, fill={colors.name(shape.fill)}"
        return rf"\draw[{look}] {' -- '.join(map(_at, shape.points))} -- cycle;"
    if isinstance(shape, Polyline):
        look = ", ".join(filter(None, (colors.name(shape.stroke), "->" * shape.has_arrow, "dashed" * shape.is_dashed)))
        return rf"\draw[{look}] {' -- '.join(map(_at, shape.points))};"
    style = "title" if shape.is_bold else "detail"
    return (
        rf"\node[{style}, anchor=base, text={colors.name(shape.color)}] at {_at(shape.at)} {{{_escape(shape.text)}}};"
    )


class _Colors:
    """The colours of a picture, each with a name."""

    def __init__(self) -> None:
        self.names: dict[str, str] = {}

    def name(self, value: str) -> str:
        """The name of a colour."""
        key = value.removeprefix("#").upper()
        return self.names.setdefault(key, f"cnndsl{_letters(len(self.names))}")


def _letters(number: int) -> str:
    """A name without digits, which a colour of LaTeX may have and a command may not: AA, AB and so on."""
    return "".join(chr(ord("A") + digit) for digit in divmod(number, 26))


class _Writer:
    """Writes frames, then what is in them, then lines."""

    def __init__(self, picture: Picture, layout: Layout, theme: Theme, heat: str) -> None:
        self.picture = picture
        self.layout = layout
        self.theme = theme
        self.heat = heat
        self.colors = _Colors()

    def children(self, children: tuple[Box | Cluster, ...]) -> Iterator[str]:
        for child in children:
            if isinstance(child, Cluster):
                yield from self._cluster(child)
                yield from self.children(child.children)
            else:
                yield from self._box(child)

    def _cluster(self, cluster: Cluster) -> Iterator[str]:
        titled = self.layout.clusters[cluster.id]
        place = titled.place
        yield self._rectangle(place, Paint(self.theme.frame_fill, self.theme.frame), "rounded corners=6bp")
        for number, (text, bold) in enumerate(titled.lines):
            at = (place.x + _MARGIN, place.y + 3.0 + TITLE_LEADING * (number + 0.5))
            yield self._text("title" if bold else "detail", at, text, self.theme.ink if bold else self.theme.pale_ink)

    def _box(self, box: Box) -> Iterator[str]:
        place = self.layout.boxes[box.id]
        text = box_text(box, figure_for(self.heat, self.picture.cost))
        fill = fill_for(box, self.theme, self.heat, self.picture.cost)
        paint = Paint(fill, self.theme.kinds[box.kind].border)
        look = "rounded corners=5bp" if box.kind == "io" else "line width=2bp" if box.kind == "block" else ""
        yield self._rectangle(place, paint, look)
        y = place.y + TOP + (place.height - text.height) / 2
        for row in text.rows:
            yield from self._row(row, place, y + row.height / 2, box.kind == "io")
            y += row.height
        top = place.bottom - STRIP_HEIGHT * len(text.strips)
        for number, strips in enumerate(text.strips):
            width = place.width / len(strips)
            for column, strip in enumerate(strips):
                part = Rectangle(place.x + column * width, top + STRIP_HEIGHT * number, width, STRIP_HEIGHT)
                own = Paint(strip_fill(strip, fill, self.theme, self.heat), self.theme.kinds[strip.kind].border)
                yield self._rectangle(part, own, "")
                yield self._text("detail", part.center, strip_text(strip), self.theme.ink, "center")

    def _row(self, row: Row, place: Rectangle, y: float, is_centered: bool) -> Iterator[str]:
        style, color = ("heading", self.theme.ink) if row.is_heading else ("detail", self.theme.pale_ink)
        at = (place.center[0], y) if is_centered else (place.x + _MARGIN, y)
        yield self._text(style, at, row.left, color, "center" if is_centered else "west")
        if row.right:
            yield self._text("detail", (place.right - _MARGIN, y), row.right, self.theme.pale_ink, "east")

    def edges(self) -> Iterator[str]:
        for edge, path, label in zip(self.picture.edges, self.layout.paths, self.layout.labels, strict=True):
            yield self._edge(edge, path)
            if label is not None:
                yield self._text("title" if edge.is_changed else "detail", label[1], label[0], self.theme.ink)

    def _edge(self, edge: Edge, path: tuple[Point, ...]) -> str:
        dashed = ", dashed" if edge.is_skip else ""
        corners = " -- ".join(map(_at, path))
        return rf"\draw[->, rounded corners=5bp, {self.colors.name(self.theme.ink)}{dashed}] {corners};"

    def _rectangle(self, place: Rectangle, paint: Paint, look: str) -> str:
        colors = f"draw={self.colors.name(paint.border)}, fill={self.colors.name(paint.fill)}"
        corners = f"{_at((place.x, place.y))} rectangle {_at((place.right, place.bottom))}"
        return rf"\draw[{', '.join(filter(None, (colors, look)))}] {corners};"

    def _text(self, style: str, at: Point, text: str, color: str, anchor: str = "west") -> str:
        return rf"\node[{style}, anchor={anchor}, text={self.colors.name(color)}] at {_at(at)} {{{_escape(text)}}};"


def _at(point: Point) -> str:
    return f"({point[0]:.2f}, {point[1]:.2f})"


def _escape(text: str) -> str:
    return "".join(_SPECIAL.get(char, char) for char in sanitize(text))
