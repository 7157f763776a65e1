"""A network as a picture: blocks are frames, equal ones in a row one with their number, shapes are on the lines.

One way: :mod:`.picture` makes the :mod:`.model` of a graph, :mod:`.layout` gives everything its place, and :mod:`.draw` writes
DOT with these positions, which :mod:`cnndsl.reports.engine` draws. :mod:`.mermaid` and :mod:`.volumes` read the same model.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from .look import DIRECTIONS, FORMATS, STYLES, Look, look_of
from .model import Picture
from .picture import draw_picture
from .rendering import dot_graph, render_picture, render_placed

if TYPE_CHECKING:
    import graphviz

    from ...ir import Graph

__all__ = [
    "DIRECTIONS",
    "FORMATS",
    "STYLES",
    "Look",
    "Picture",
    "diagram",
    "draw_picture",
    "drawn_for",
    "render_picture",
    "render_placed",
]


def diagram(
    graph: Graph,
    *,
    depth: int | None = None,
    expand: Iterable[str] = (),
    collapse: Iterable[str] = (),
    insets: bool = True,
    **look: Any,
) -> graphviz.Digraph:
    """The picture of a network as DOT; ``look`` are fields of :class:`Look`.

    Raises:
        DiagnosticError: E0011 if no block has a name of ``expand`` or ``collapse``.
    """
    looked = look_of(**look)
    return dot_graph(drawn_for(graph, looked, depth, expand=expand, collapse=collapse, insets=insets), looked)


def drawn_for(graph: Graph, look: Look, depth: int | None = None, **options: Any) -> Picture:
    """The picture of a network for a look: volumes show as many levels of blocks as have no branches in them,
    if no number is asked for.

    ``options`` are those of :func:`~.picture.draw_picture`.

    Raises:
        DiagnosticError: E0011 if no block has a name that is asked for.
    """
    picture = draw_picture(graph, depth=depth, **options)
    if look.style != "volumes" or depth is not None:
        return picture
    from .volumes import is_clear_as_volumes

    while picture.depth > 1 and not is_clear_as_volumes(picture):
        picture = draw_picture(graph, depth=picture.depth - 1, **options)
    return picture
