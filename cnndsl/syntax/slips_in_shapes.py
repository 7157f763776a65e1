"""Shapes in the spelling of other languages and of papers: ``64 x 55 x 55``, ``(64, 55, 55)``, ``[64,55,55]``, ``64*55*55``,
``None x 64 x 55 x 55``. Behind ``->`` all of them mean one thing.
"""

from __future__ import annotations

import re

from ..diagnostics import Diagnostic, Edit, Fix, Label
from ..diagnostics.kinds import syntax
from ..source import Span
from .mistakes import Mistake, Place

__all__ = ["shape_diagnostic", "shape_in_bits"]

_BETWEEN = r"[ \t]*[xX*,\u00d7@][ \t]*|[ \t]+"
_EXTENT = r"\?|[0-9]+"
_BATCH = r"None|null|NULL|N|B|n|b|batch|batch_size|-1|\?"
_SHAPE = re.compile(rf"(?:({_BATCH})(?:{_BETWEEN}))?((?:{_EXTENT})(?:(?:{_BETWEEN})(?:{_EXTENT}))*)")
_GLUED = re.compile(rf"({_BATCH})x((?:{_EXTENT})(?:x(?:{_EXTENT}))+)")
_ENDS = frozenset(("NEWLINE", "PIPE", "RBRACE", "LBRACE", "$END"))
_FEWEST_WITH_BATCH = 2


def shape_diagnostic(span: Span) -> Diagnostic | None:
    """What to say of a text that is meant for a shape; None if it cannot be one."""
    text = span.text.strip()
    inner = text.strip("\"'")
    if inner[:1] + inner[-1:] in ("()", "[]"):
        inner = inner[1:-1]
    found = _SHAPE.fullmatch(inner.strip().rstrip(",")) or _GLUED.fullmatch(inner.strip())
    if found is None:
        return None
    extents = re.findall(_EXTENT, found[2])
    if found[1] == "?" and len(extents) < _FEWEST_WITH_BATCH + 1:  # it may be an extent as well
        extents.insert(0, "?")
    written = "x".join(extents)
    if written == span.text:
        return None
    help_ = f"write `{written}`"
    if found[1] and extents[0] != "?":
        help_ = f"a shape is that of one sample, without the batch: `{written}`"
    fix = Fix(f"write `{written}`", (Edit(span, written),), True)
    message = f"a shape is written with x: `{written}`"
    return Diagnostic(syntax.BAD_NUMBER, message, Label(span), help=(help_,), fixes=(fix,))


def shape_in_bits(place: Place) -> Mistake | None:
    """What stands behind `->` and is more than one value."""
    arrow = _arrow(place)
    if arrow < 0:
        return None
    end = place.index
    while place.tokens[end].type not in _ENDS:
        end += 1
    if end <= arrow + 1:
        return None
    span = place.span(place.tokens[arrow + 1]).to(place.span(place.tokens[end - 1]))
    diagnostic = shape_diagnostic(span)
    return None if diagnostic is None else Mistake(diagnostic, silences_line=True)


def _arrow(place: Place) -> int:
    """The index of the `->` of this statement before the place; negative if there is none."""
    for index in range(place.index - 1, place.beginning - 1, -1):
        if place.tokens[index].type == "ARROW":
            return index
    return -1
