"""A network as a picture: blocks are frames, equal ones in a row one with their number, shapes stand on the lines.

One way: :mod:`.picture` makes the :mod:`.model` of a graph, :mod:`.layout` gives everything its place, and :mod:`.draw` writes
DOT with these places, which :mod:`cnndsl.reports.engine` draws. :mod:`.mermaid` and :mod:`.volumes` read the same model.
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
    return dot_graph(draw_picture(graph, depth=depth, expand=expand, collapse=collapse, insets=insets), look_of(**look))
