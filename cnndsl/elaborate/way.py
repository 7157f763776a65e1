"""A change of the spec that would do: what the help of an error suggests."""

from __future__ import annotations

from ..diagnostics import Edit, Fix
from ..record import Record

__all__ = ["Way"]


class Way(Record):
    """A change of the spec that gives what is wanted: in words, and as edits. There are others, so it is not certain."""

    text: str
    edits: tuple[Edit, ...]

    @property
    def fix(self) -> Fix:
        return Fix(self.text, self.edits)
