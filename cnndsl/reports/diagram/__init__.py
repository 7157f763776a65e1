"""A network as a picture: a model of it (:mod:`.model`), its layout, and DOT source that :mod:`cnndsl.reports.engine` draws."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from .model import Picture
from .picture import draw_picture

if TYPE_CHECKING:
    import graphviz

    from ...ir import Graph

__all__ = ["Picture", "diagram", "draw_picture"]

_PAGE = 800.0  # the height of a page of A4 less a heading, in points
_WIDE_PAGE = 1000.0


def diagram(
    graph: Graph,
    *,
    depth: int | None = None,
    expand: Iterable[str] = (),
    collapse: Iterable[str] = (),
    heat: str = "",
    theme: str = "light",
    direction: str = "TB",
) -> graphviz.Digraph:
    """The picture of a network as DOT: blocks are frames, equal ones in a row one with their number, shapes on the lines.

    Raises:
        DiagnosticError: E0011 if no block has a name of ``expand`` or ``collapse``.
    """
    from .draw import to_dot
    from .heat import figure_for
    from .layout import lay_out
    from .palette import THEMES

    picture = draw_picture(graph, depth=depth, expand=expand, collapse=collapse)
    across_page = direction == "LR"
    figure = figure_for(heat, picture.cost)
    layout = lay_out(picture, figure=figure, across_page=across_page, page=_WIDE_PAGE if across_page else _PAGE)
    return to_dot(picture, layout, THEMES[theme], heat)
