"""Two networks side by side, with what changed between them marked."""

from __future__ import annotations

from ..difference import Difference
from .heat import figure_for
from .layout import Layout
from .look import PAGE
from .marks import signed
from .model import Picture
from .opening import open_blocks
from .picture import draw_picture
from .sheet import Sheet, framed

__all__ = ["draw_difference"]


def draw_difference(found: Difference, names: tuple[str, str], depth: int | None = None) -> tuple[Picture, Layout]:
    """The networks under their names as one picture, their blocks opened equally deep.

    A layer that only has another name is the same here: it computes the same.
    """
    graphs = (found.before.graph, found.after.graph)
    marks = [{layer.node: "same" for layer in cost.layers} for cost in (found.before, found.after)]
    for change in found.changes:
        for side, layer in enumerate((change.before, change.after)):
            if layer is not None and change.kind != "renamed":
                marks[side][layer.node] = change.kind
    depths = (open_blocks(graph, depth, (), (), marks=each).depth for graph, each in zip(graphs, marks, strict=True))
    depth = depth or min(depths)
    pictures = [
        draw_picture(graph, depth=depth, insets=False, marks=each) for graph, each in zip(graphs, marks, strict=True)
    ]
    sides = [
        framed(id_, f"{sign} {name}", signed(picture), figure_for("", picture.cost), page=PAGE["TB"])
        for id_, sign, name, picture in zip(("before", "after"), "-+", names, pictures, strict=True)
    ]
    whole = pictures[1].replace(title=" and ".join(dict.fromkeys(names)), subtitle=_facts(found), children=(), edges=())
    sheet = Sheet(whole, Layout({}, {}, (), (), 0.0, 0.0), sides, is_below=True)
    return sheet.picture(), sheet.layout()


def _facts(found: Difference) -> str:
    pairs = {
        "parameters": (found.before.parameters, found.after.parameters),
        "multiply-accumulates": (found.before.macs, found.after.macs),
    }
    return " | ".join(f"{old:,} -> {new:,} {what}" for what, (old, new) in pairs.items())
