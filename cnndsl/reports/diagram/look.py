"""How a picture looks: what can be chosen, and what the choices are."""

from __future__ import annotations

from typing import Any

from ...diagnostics.suggest import one_of
from ...record import Record
from .heat import HEATS
from .palette import THEMES

__all__ = ["DIRECTIONS", "FORMATS", "HIGHEST", "PAGE", "POINTS", "STYLES", "Look", "look_of", "scale_for", "size_of"]

FORMATS = ("svg", "png", "pdf", "dot", "mmd", "tikz")
DIRECTIONS = ("TB", "LR")
STYLES = ("boxes", "volumes")

PAGE = {"TB": 800.0, "LR": 1000.0}
"""How long a row may be, in points: the height of a page of A4 less a heading, and what is legible across one."""


POINTS = 72 / 25.4
"""Points in a millimetre."""

HIGHEST = 600.0
"""How high a figure can be in the text of most papers with its caption, in points: CVPR's is 639 high, that of NeurIPS 648."""


class Look(Record):
    """How a picture looks: ``heat`` is empty or a key of :data:`~.heat.HEATS`; other words are of the lists here.

    ``title`` and ``legend`` are whether they are there; ``width`` is the most that the picture may be wide, in millimetres, if
    not 0; no picture is enlarged.
    """

    theme: str = "light"
    heat: str = ""
    direction: str = "TB"
    style: str = "boxes"
    title: bool = True
    legend: bool = True
    width: float = 0.0


_CHOICES = {"theme": tuple(THEMES), "heat": ("", *HEATS), "direction": DIRECTIONS, "style": STYLES}


def size_of(millimetres: float) -> dict[str, str]:
    """The attribute of a graph that makes its picture at most so wide and no higher than a page; none if that is 0."""
    return {"size": f"{millimetres * POINTS / 72:g},{HIGHEST / 72:g}"} if millimetres else {}


def scale_for(millimetres: float, width: float, height: float) -> float:
    """What a picture of so many points is multiplied by to be at most so wide, if that is not 0, and no higher than a page."""
    return min(1.0, millimetres * POINTS / width, HIGHEST / height) if millimetres else 1.0


def look_of(**fields: Any) -> Look:
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
