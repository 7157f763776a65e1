"""How a picture looks, and its bytes in every format."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...diagnostics.suggest import one_of
from ...record import Record
from .heat import HEATS, figure_for
from .model import Picture
from .palette import THEMES

if TYPE_CHECKING:
    import graphviz

__all__ = ["DIRECTIONS", "FORMATS", "PAGE", "STYLES", "Look", "dot_graph", "look_of", "render_picture"]

FORMATS = ("svg", "png", "pdf", "dot", "mmd")
DIRECTIONS = ("TB", "LR")
STYLES = ("boxes", "volumes")

PAGE = {"TB": 800.0, "LR": 1000.0}
"""How long a row may be, in points: the height of a page of A4 less a heading, and what is legible across one."""


class Look(Record):
    """How a picture looks: ``heat`` is empty or a key of :data:`~.heat.HEATS`; the others are of the lists here."""

    theme: str = "light"
    heat: str = ""
    direction: str = "TB"
    style: str = "boxes"


_CHOICES = {"theme": tuple(THEMES), "heat": ("", *HEATS), "direction": DIRECTIONS, "style": STYLES}


def look_of(**fields: str) -> Look:
    """The look with these fields.

    Raises:
        TypeError: For a field that there is not.
        ValueError: For a value that a field cannot have.
    """
    look = Look(**fields)
    for name, choices in _CHOICES.items():
        value = getattr(look, name)
        if value not in choices:
            raise ValueError(f"{name} must be {one_of(filter(None, choices))}, not {value!r}")
    return look


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
    from .layout import lay_out

    layout = lay_out(
        picture,
        figure=figure_for(look.heat, picture.cost),
        across_page=look.direction == "LR",
        page=PAGE[look.direction],
    )
    return to_dot(picture, layout, theme, look.heat)


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
    return render(dot_graph(picture, look).source, format)


def _pdf(svg: bytes) -> bytes:
    """The SVG as PDF, or nothing if it has letters that PDF's own fonts lack."""
    from ..pdf import svg_to_pdf

    try:
        return svg_to_pdf(svg)
    except ValueError:
        return b""
