"""How a picture looks: what can be chosen, and what the choices are."""

from __future__ import annotations

from typing import Any

from ...diagnostics.suggest import one_of
from ...record import Record
from .heat import HEATS
from .palette import THEMES

__all__ = ["DIRECTIONS", "FORMATS", "PAGE", "POINTS", "STYLES", "Look", "look_of", "size_of"]

FORMATS = ("svg", "png", "pdf", "dot", "mmd", "tikz")
DIRECTIONS = ("TB", "LR")
STYLES = ("boxes", "volumes")

PAGE = {"TB": 800.0, "LR": 1000.0}
"""How long a row may be, in points: the height of a page of A4 less a heading, and what is legible across one."""


POINTS = 72 / 25.4
"""Points in a millimetre."""


class Look(Record):
    """How a picture looks: ``heat`` is empty or a key of :data:`~.heat.HEATS`; other words are of the lists here.

    ``title`` and ``legend`` are whether they are there; ``width`` is that of the picture in millimetres, if not 0.
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
    """The attribute of a graph that makes its picture so wide; none if that is 0."""
    return {"size": f"{millimetres * POINTS / 72:g},1000!"} if millimetres else {}


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
