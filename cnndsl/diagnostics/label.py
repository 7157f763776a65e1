"""A position in a source, with something to say about it."""

from __future__ import annotations

from ..record import Record
from ..source import Span

__all__ = ["Label"]


class Label(Record):
    """A position in a source and what there is to say about it."""

    span: Span
    text: str = ""
