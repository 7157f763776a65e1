"""A picture in every format."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .heat import figure_for
from .look import HIGHEST, PAGE, POINTS, Look
from .model import Picture
from .palette import THEMES
from .tooltips import with_tooltips

if TYPE_CHECKING:
    import graphviz

    from .layout import Layout
    from .solids import Drawing

__all__ = ["dot_graph", "placed", "render_picture", "render_placed"]


_SHAPE = 1.3
"""How much higher than wide a page is, less its margins and a caption."""
_TIMES = (0.5, 0.75, 1, 1.5, 2, 3)
"""Columns of other heights, which are tried where a width is given."""


def placed(picture: Picture, look: Look) -> tuple[Picture, Layout]:
    """The picture with its insets, and the place of everything: where a width is given, so that letters are largest."""
    from .insets import beside
    from .layout import lay_out

    figure, across_page = figure_for(look.heat, picture.cost), look.direction == "LR"
    shape = HIGHEST / (look.width * POINTS) if look.width else _SHAPE
    found = []
    for times in _TIMES if look.width else (1,):
        layout = lay_out(picture, figure=figure, across_page=across_page, page=times * PAGE[look.direction])
        found.append(beside(picture, layout, figure, shape, across_page=across_page))
    return min(found, key=lambda each: max(each[1].width, each[1].height / shape))


def dot_graph(picture: Picture, look: Look) -> graphviz.Digraph:
    """The picture as DOT with the place of everything in it."""
    theme = THEMES[look.theme]
    if look.style == "volumes":
        from .drawing import drawing_to_dot

        return drawing_to_dot(_drawing(picture, look), picture.name, look.width)
    from .draw import to_dot

    return to_dot(*placed(picture, look), theme, look)


def render_picture(picture: Picture, look: Look, format: str) -> bytes:
    """The picture in one of :data:`FORMATS`.

    Raises:
        DiagnosticError: E0005 if nothing draws this format here.
    """
    from ..engine import render

    theme = THEMES[look.theme]
    if format == "mmd":
        from .mermaid import to_mermaid

        shown = picture if look.title else picture.replace(title="")
        return to_mermaid(shown, theme, look.heat, look.direction).encode()
    if look.style == "volumes" and format in ("svg", "pdf"):
        from .drawing import drawing_to_svg

        svg = drawing_to_svg(_drawing(picture, look), picture.name, look.width).encode()
        return (
            with_tooltips(svg, picture)
            if format == "svg"
            else _pdf(svg) or render(dot_graph(picture, look).source, format)
        )
    if look.style == "volumes" and format == "tikz":
        from .tikz import drawing_to_tikz

        return drawing_to_tikz(_drawing(picture, look), look.width).encode()
    if look.style == "volumes":
        return render(dot_graph(picture, look).source, format)
    return render_placed(*placed(picture, look), look, format)


def _drawing(picture: Picture, look: Look) -> Drawing:
    from .volumes import volumes

    return volumes(picture if look.title else picture.replace(title="", subtitle=""), THEMES[look.theme])


def render_placed(picture: Picture, layout: Layout, look: Look, format: str) -> bytes:
    """A picture of boxes whose positions are known, in any of :data:`FORMATS` but Mermaid.

    Raises:
        DiagnosticError: E0005 if nothing draws this format here.
    """
    from ..engine import render
    from .draw import to_dot
    from .tikz import to_tikz

    theme = THEMES[look.theme]
    if format == "tikz":
        return to_tikz(picture, layout, theme, look).encode()
    drawn = render(to_dot(picture, layout, theme, look).source, format)
    return with_tooltips(drawn, picture) if format == "svg" else drawn


def _pdf(svg: bytes) -> bytes:
    """The SVG as PDF, or nothing if it has letters that PDF's own fonts lack."""
    from ..pdf import svg_to_pdf

    try:
        return svg_to_pdf(svg)
    except ValueError:
        return b""
