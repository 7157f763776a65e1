"""What a picture of two networks says of each layer, by a colour and a sign."""

from __future__ import annotations

from collections.abc import Iterable

from .model import Box, Cluster, Picture, Strip

__all__ = ["MARKS", "joint_mark", "signed"]

MARKS = {
    "removed": "- removed",
    "added": "+ added",
    "changed": "~ changed",
    "affected": "(~) affected: written the same, of another shape or cost",
    "same": "the same",
}
"""What a legend calls the marks."""


def joint_mark(marks: Iterable[str]) -> str:
    """The mark of a box for several layers: the one of all, or ``changed`` if they have several and more than a shape did."""
    found = set(marks) or {"same"}
    if len(found) == 1:
        return found.pop()
    return "affected" if found == {"same", "affected"} else "changed"


def signed(picture: Picture) -> Picture:
    """The picture with the sign of its mark before each heading, so that it is told in grey too."""
    return picture.replace(children=tuple(map(_signed, picture.children)))


def _signed(part: Box | Cluster) -> Box | Cluster:
    if isinstance(part, Cluster):
        return part.replace(children=tuple(map(_signed, part.children)))
    return part.replace(heading=_heading(part), strips=tuple(map(_signed_strip, part.strips)))


def _signed_strip(strip: Strip) -> Strip:
    return strip.replace(heading=_heading(strip))


def _heading(part: Box | Strip) -> str:
    """The sign is the first word of what the legend says."""
    sign = MARKS[part.mark].split()[0] if part.mark not in ("", "same") else ""
    return f"{sign} {part.heading}".strip()
