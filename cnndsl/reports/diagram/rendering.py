"""A picture in every format."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .heat import figure_for
from .look import PAGE, Look
from .model import Picture
from .palette import THEMES

if TYPE_CHECKING:
    import graphviz

    from .layout import Layout

__all__ = ["dot_graph", "placed", "render_picture", "render_placed"]


def placed(picture: Picture, look: Look) -> tuple[Picture, Layout]:
    """The picture with its insets, and the place of everything in it."""
    from .insets import beside
    from .layout import lay_out

    figure, across_page = figure_for(look.heat, picture.cost), look.direction == "LR"
    layout = lay_out(picture, figure=figure, across_page=across_page, page=PAGE[look.direction])
    return beside(picture, layout, figure, across_page=across_page)


def dot_graph(picture: Picture, look: Look) -> graphviz.Digraph:
    """The picture as DOT with the place of everything in it.

    Raises:
        DiagnosticError: E0012 if volumes are asked for and it branches.
    """
    theme = THEMES[look.theme]
    if look.style == "volumes":
        from .drawing import drawing_to_dot
        from .volumes import volumes

        return drawing_to_dot(volumes(picture, theme), picture.name)
    from .draw import to_dot

    return to_dot(*placed(picture, look), theme, look)


def render_picture(picture: Picture, look: Look, format: str) -> bytes:
    """The picture in one of :data:`FORMATS`.

    Raises:
        DiagnosticError: E0005 if nothing draws this format here, E0012 if volumes are asked for and the picture branches.
    """
    from ..engine import render

    theme = THEMES[look.theme]
    if format == "mmd":
        from .mermaid import to_mermaid

        return to_mermaid(picture, theme, look.heat, look.direction).encode()
    if look.style == "volumes" and format in ("svg", "pdf"):
        from .drawing import drawing_to_svg
        from .volumes import volumes

        svg = drawing_to_svg(volumes(picture, theme), picture.name).encode()
        return svg if format == "svg" else _pdf(svg) or render(dot_graph(picture, look).source, format)
    if look.style == "volumes" and format != "tikz":
        return render(dot_graph(picture, look).source, format)
    return render_placed(*placed(picture, look), look, format)


def render_placed(picture: Picture, layout: Layout, look: Look, format: str) -> bytes:
    """A picture of boxes whose places are known, in any of :data:`FORMATS` but Mermaid.

    Raises:
        DiagnosticError: E0005 if nothing draws this format here.
    """
    from ..engine import render
    from .draw import to_dot
    from .tikz import to_tikz

    theme = THEMES[look.theme]
    if format == "tikz":
        return to_tikz(picture, layout, theme, look.heat).encode()
    return render(to_dot(picture, layout, theme, look).source, format)


def _pdf(svg: bytes) -> bytes:
    """The SVG as PDF, or nothing if it has letters that PDF's own fonts lack."""
    from ..pdf import svg_to_pdf

    try:
        return svg_to_pdf(svg)
    except ValueError:
        return b""
